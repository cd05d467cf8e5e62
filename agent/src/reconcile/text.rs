//! What a comparison found and what was done about it, in words and as a document.
//!
//! Promises: names treatments by the source's own ids, which stay in the region, or by the beginning of their key.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Comparison, Difference, Different, Repaired};
use schemas::language::Language;

/// Ids that are named of each kind.
const SOME: usize = 20;

/// The ways to differ, in the order in which they are told.
const WAYS: [Difference; 5] =
    [Difference::Missing, Difference::Other, Difference::NotTakenBack, Difference::Unaccounted, Difference::Unknown];

/// In words: what was found first, what was done, and what is left.
#[must_use]
pub fn text(found: &Comparison, done: Option<(Repaired, &Comparison)>, language: Language) -> String {
    let mut text = String::new();
    let Comparison { here, there, .. } = found;
    let sums = language.pick(
        format!("registret har {there} behandlingar härifrån, {here} ska finnas där\n"),
        format!("the register holds {there} treatments from here, {here} should be there\n"),
    );
    text.push_str(&sums);
    for how in WAYS {
        let ids: Vec<&str> = ids(found, how).take(SOME).collect();
        let n = found.count(how);
        if n > 0 {
            let more = if n > SOME as u64 { " ..." } else { "" };
            writeln!(text, "{n} {}: {}{more}", words(how, language), ids.join(", ")).ok();
        }
    }
    if let Some((repaired, after)) = done {
        write_done(&mut text, repaired, language);
        let left = after.differences.len();
        let end = match left {
            0 => language.pick("nu skiljer ingenting\n".to_owned(), "now nothing differs\n".to_owned()),
            _ => language.pick(format!("nu skiljer {left}\n"), format!("now {left} differ\n")),
        };
        text.push_str(&end);
    } else if found.is_equal() {
        text.push_str(language.pick("ingenting skiljer\n", "nothing differs\n"));
    }
    text
}

fn write_done(text: &mut String, repaired: Repaired, language: Language) {
    let Repaired { sent_again, taken_back, read_again, left, lost } = repaired;
    for (n, sv, en) in [
        (sent_again, "sändes igen", "were sent again"),
        (read_again, "lästes igen ur källan", "were read again from the source"),
        (taken_back, "togs tillbaka", "were taken back"),
        (
            lost,
            "finns varken i registret, i en källa eller kvar här; återställ källan eller låt dem vara",
            "are neither at the register, nor in a source, nor kept here; restore the source or let them be",
        ),
        (
            left,
            "som ingen känner till här är kvar i registret; visar källorna allt som ska finnas där, kör `registry-agent reconcile --retract-unknown`",
            "that nobody knows here stay at the register; when the sources show all that should be there, run `registry-agent reconcile --retract-unknown`",
        ),
    ] {
        if n > 0 {
            writeln!(text, "{n} {}", language.pick(sv, en)).ok();
        }
    }
}

/// As a document; everything is named.
#[must_use]
pub fn document(found: &Comparison, done: Option<(Repaired, &Comparison)>) -> Value {
    let differences = |comparison: &Comparison| -> Vec<Value> {
        let one = |(key, one): (&String, &Different)| json!({ "treatment": one.local_id, "record": short(key), "how": one.how });
        comparison.differences.iter().map(one).collect()
    };
    let mut document = json!({
        "schema": "registry-reconcile/1", "here": found.here, "there": found.there, "differences": differences(found),
        "equal": done.map_or(found, |(_, after)| after).is_equal(),
    });
    if let (Some((repaired, after)), Some(document)) = (done, document.as_object_mut()) {
        document.insert("repaired".into(), json!(repaired));
        document.insert("left".into(), json!(differences(after)));
    }
    document
}

fn ids(comparison: &Comparison, how: Difference) -> impl Iterator<Item = &str> {
    let those = comparison.differences.iter().filter(move |(_, one)| one.how == how);
    those.map(|(key, one)| one.local_id.as_deref().unwrap_or_else(|| short(key)))
}

/// The beginning of a key's last part.
fn short(key: &str) -> &str {
    let last = key.rsplit('.').next().unwrap_or(key);
    last.get(..10).unwrap_or(last)
}

fn words(how: Difference, language: Language) -> &'static str {
    match how {
        Difference::Missing => language.pick("som registret saknar", "that the register lacks"),
        Difference::Other => language.pick("som registret har annorlunda", "that the register holds otherwise"),
        Difference::NotTakenBack => {
            language.pick("som togs tillbaka men finns kvar", "that were taken back and are still there")
        }
        Difference::Unaccounted => language.pick(
            "som finns i registret och i källan men inte är kända som levererade",
            "that are at the register and in the source, but not known as delivered",
        ),
        Difference::Unknown => language.pick(
            "som finns i registret och som ingen känner till här",
            "that are at the register and nobody knows here",
        ),
    }
}
