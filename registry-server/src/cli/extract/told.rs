//! Requests as they are printed.

use jiff::Timestamp;
use schemas::language::Language;

use super::{Printed, day};
use crate::cli::print_json;
use crate::request::difference::Difference;
use crate::request::form::{APPEAL, Table};
use crate::request::{Request, Standing};
use crate::store::User;
use crate::store::job::Job;

/// Every request, a line each.
pub(super) fn list(requests: &[Request], people: &[User], (now, form): (Timestamp, Printed)) {
    match form {
        Printed::Json => {
            let rows: Vec<_> = requests.iter().map(|request| document(request, people, now)).collect();
            print_json(&serde_json::json!({ "schema": "registry-server-requests/1", "requests": rows }));
        }
        Printed::Text if requests.is_empty() => {
            println!("no request was written down; `extract form` prints an empty form");
        }
        Printed::Text => {
            let mut table = comfy_table::Table::new();
            table.load_style(comfy_table::presets::NOTHING);
            table.set_header(["number", "stands", "approved by", "decision by", "asked by", "title"]);
            for request in requests {
                table.add_row([
                    request.number.to_string(),
                    request.standing(now).word().to_owned(),
                    request.approvals().count().to_string(),
                    request.decide_by(now).map(day).unwrap_or_default(),
                    request.requester().map(|person| email(people, person)).unwrap_or_default(),
                    request.form().map(|form| form.title.clone()).unwrap_or_default(),
                ]);
            }
            println!("{table}");
        }
    }
}

/// One request whole: what it states, as its file, then what was done with it.
pub(super) fn show(
    (request, amended, job): (&Request, Option<&Request>, Option<&Job>),
    people: &[User],
    (now, form): (Timestamp, Printed),
) {
    let difference = amended.map(|amended| difference(amended, request));
    if form == Printed::Json {
        let mut document = document(request, people, now);
        document["difference"] = difference.as_ref().map_or(serde_json::Value::Null, told_difference);
        document["job"] = job.map_or(serde_json::Value::Null, super::job::document);
        document["schema"] = "registry-server-request/1".into();
        return print_json(&document);
    }
    println!("request {} is {}", request.number, request.standing(now).word());
    if let Some(job) = job {
        println!("{}", super::job::sentence(job));
    }
    if let Some(stated) = request.form().and_then(|form| toml::to_string_pretty(form).ok()) {
        println!("\n{}", stated.trim_end());
    }
    if let (Some(amended), Some(difference)) = (amended, &difference) {
        println!("\nit amends request {}; to be decided on is the difference only:", amended.number);
        print_difference(difference);
    }
    println!();
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["day", "what", "by", "diary number", "comment"]);
    for taken in &request.steps {
        table.add_row([
            day(taken.at),
            taken.step.word().to_owned(),
            email(people, taken.person),
            taken.said.diary.clone(),
            taken.said.comment.clone(),
        ]);
    }
    println!("{table}");
    if request.standing(now) == Standing::Rejected {
        println!("\n{}", APPEAL.pick(Language::En));
    }
}

/// Where a request stands now.
pub(super) fn standing(request: &Request, (now, form): (Timestamp, Printed)) {
    let (number, standing) = (request.number, request.standing(now));
    if form == Printed::Json {
        return print_json(&serde_json::json!({
            "schema": "registry-server-request/1", "number": number, "standing": standing.word(),
        }));
    }
    let more = match (standing, request.approvals().count()) {
        (Standing::Submitted, 0) => {
            request.decide_by(now).map(|until| format!("; a decision is promised by {}", day(until)))
        }
        (Standing::Submitted, _) => Some("; one approver has agreed, another must".to_owned()),
        (Standing::Approved, _) => request.approved_until().map(|until| format!(" until {}", day(until))),
        _ => None,
    };
    println!("request {number} is {}{}", standing.word(), more.unwrap_or_default());
}

fn difference(amended: &Request, request: &Request) -> Difference {
    let of = |request: &Request| request.form().cloned().unwrap_or_default();
    Difference::of(&of(amended), &of(request))
}

fn print_difference(difference: &Difference) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["what", "", "before", "after"]);
    for changed in &difference.fields {
        table.add_row([changed.field.clone(), "changed".into(), changed.before.to_string(), changed.after.to_string()]);
    }
    let side = |table: Option<&Table>| table.map(|table| serde_json::json!(table).to_string()).unwrap_or_default();
    for beside in &difference.tables {
        let (before, after) = beside.sides();
        let word = if before == after { "decided already" } else { beside.word() };
        table.add_row(["a table".to_owned(), word.to_owned(), side(before), side(after)]);
    }
    println!("{table}");
}

fn told_difference(difference: &Difference) -> serde_json::Value {
    let fields = difference
        .fields
        .iter()
        .map(|changed| serde_json::json!({ "field": changed.field, "before": changed.before, "after": changed.after }));
    let tables = difference.tables.iter().map(|beside| {
        let (before, after) = beside.sides();
        serde_json::json!({ "change": beside.word(), "before": before, "after": after })
    });
    serde_json::json!({ "fields": fields.collect::<Vec<_>>(), "tables": tables.collect::<Vec<_>>() })
}

fn document(request: &Request, people: &[User], now: Timestamp) -> serde_json::Value {
    let steps = request.steps.iter().map(|taken| {
        serde_json::json!({
            "step": taken.step.word(), "at": taken.at, "by": email(people, taken.person), "comment": taken.said.comment,
            "diary": taken.said.diary,
        })
    });
    serde_json::json!({
        "number": request.number, "standing": request.standing(now).word(), "approvals": request.approvals().count(),
        "decide_by": request.decide_by(now), "approved_until": request.approved_until(), "form": request.form(),
        "steps": steps.collect::<Vec<_>>(),
        "appeal": (request.standing(now) == Standing::Rejected).then(|| APPEAL.pick(Language::En)),
    })
}

/// Who somebody is; their number where they were forgotten since.
fn email(people: &[User], person: u32) -> String {
    people.iter().find(|user| user.number == person).map_or_else(|| person.to_string(), |user| user.email.clone())
}
