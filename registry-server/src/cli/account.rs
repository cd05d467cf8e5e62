//! `region account CODE`: a sender's accounting as the register has it, and what the register counts itself.

use schemas::exit::Exit;
use schemas::id::SenderCode;
use schemas::language::Language;
use schemas::record::{Reading, Sum, Terms};

use super::{Form, print_json};
use crate::account::{self, Account, Cycle};
use crate::failure::Failure;
use crate::store::Store;

/// Prints it; ends with 5 when something does not agree.
pub(super) async fn run(store: &dyn Store, code: SenderCode, form: Form) -> Result<Exit, Failure> {
    if store.sender_status(&code).await?.is_none() {
        return Err(Failure::usage(format!("sender {code} was never enrolled; `region list` shows those that were")));
    }
    let rows = store.account(&code).await?;
    let account = account::account(code, &rows);
    match form {
        Form::Json => {
            let mut document = serde_json::json!({ "schema": "registry-server-account/1" });
            if let (Some(document), Ok(serde_json::Value::Object(account))) =
                (document.as_object_mut(), serde_json::to_value(&account))
            {
                document.extend(account);
            }
            print_json(&document);
        }
        Form::Text => print(&account),
    }
    Ok(if account.sentences.is_empty() { Exit::Done } else { Exit::Faults })
}

fn print(account: &Account) {
    let Account { sender, full, newest, here, sentences } = account;
    if full.is_none() && newest.is_none() {
        println!("sender {sender} has sent no accounting yet");
    }
    for cycle in full.iter().chain(newest) {
        print_cycle(cycle);
    }
    if let Some(full) = full {
        println!("by month of the end, treatments of that reading and active here:");
        let mut table = table("month", Some("active here"));
        let months = full.months.keys().chain(here.months.keys()).collect::<std::collections::BTreeSet<_>>();
        for month in months {
            let terms = full.months.get(month).copied().unwrap_or_default();
            let active = here.months.get(month).copied().unwrap_or_default();
            table.add_row(row(month, &terms, Some(active)));
        }
        println!("{table}");
    }
    println!(
        "active here: {}{}",
        here.active,
        match here.by_receipts {
            Some(n) => format!(", and {n} by this register's receipts and erasures"),
            None => String::new(),
        }
    );
    if let Some(at) = &here.compared_at {
        println!("compared by the sender: {at}");
    }
    if sentences.is_empty() {
        println!("nothing disagrees");
    }
    for sentence in sentences {
        println!("{}", sentence.pick(Language::En));
    }
}

fn print_cycle(cycle: &Cycle) {
    let Cycle { generation, cycle: number, reading, treatments, answers, received_at, accepted_by_receipts, .. } =
        cycle;
    let what = match reading {
        Reading::Full => "newest reading of everything",
        Reading::Increment => "newest run",
    };
    let received = received_at.as_ref().map(|at| format!(", received {at}")).unwrap_or_default();
    println!("{what}: cycle {number} of generation {generation}{received}");
    let mut table = table("counted", None);
    table.add_row(row("treatments", &treatments.terms, None));
    table.add_row(row("answers", &answers.terms, None));
    println!("{table}");
    println!("accepted by this register's receipts: {accepted_by_receipts}");
    for (Sum { reasons, .. }, what) in [(treatments, "treatments"), (answers, "answers")] {
        for reason in reasons {
            println!("  {} {what} {} by {}", reason.n, word(reason.term), reason.rule);
        }
    }
}

fn word(term: schemas::record::Term) -> String {
    serde_json::to_value(term).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn table(first: &str, last: Option<&str>) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    let terms = ["found", "accepted", "unchanged", "rejected", "held", "excluded", "pending", "difference"];
    table.set_header([first].into_iter().chain(terms).chain(last));
    table
}

fn row(first: &str, terms: &Terms, last: Option<u64>) -> Vec<String> {
    let Terms { found, accepted, unchanged, rejected, held, excluded, pending, difference } = terms;
    let counts = [found, accepted, unchanged, rejected, held, excluded, pending].map(u64::to_string);
    let ends = [difference.to_string()].into_iter().chain(last.map(|n| n.to_string()));
    [first.to_owned()].into_iter().chain(counts).chain(ends).collect()
}
