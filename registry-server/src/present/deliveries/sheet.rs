//! What stands on `/deliveries`, table by table, for its file.
//!
//! Promises: every cell is a text of the page.

use schemas::language::Language;

use super::course::{Reject, Row};
use super::{Line, Page};
use crate::present::tables::Table;

/// The tables: weeks, senders, what was rejected, accounting, then the report.
pub(super) fn tables(page: Page, [weeks, report]: [Table; 2], language: Language) -> Vec<Table> {
    let lines = page.senders.into_iter().map(|one| (one.code.clone(), line(one, language))).collect();
    let lines = Table::new(language.pick("Bokföring", "Accounting"), &language.pick(LINE.0, LINE.1), lines);
    vec![weeks, senders(page.rows, language), rejects(page.rejects, language), lines, report]
}

/// Where senders stand.
pub(super) fn senders(rows: Vec<Row>, language: Language) -> Table {
    let rows = rows.into_iter().map(|row| (row.code.clone(), sender(row, language))).collect();
    Table::new(language.pick("Avsändare", "Senders"), &language.pick(SENDER.0, SENDER.1), rows)
}

/// What was rejected.
pub(super) fn rejects(rejects: Vec<Reject>, language: Language) -> Table {
    let rows = rejects.into_iter().map(|one| (one.rule.clone(), reject(one))).collect();
    let title = language.pick("Avvisat, per regel", "Rejected, by rule");
    Table::new(title, &language.pick(REJECT.0, REJECT.1), rows)
}

/// The heads of a table in both languages.
pub(super) type Heads<const N: usize> = ([&'static str; N], [&'static str; N]);

const SENDER: Heads<10> = (
    [
        "Läge",
        "Senaste leverans",
        "Nyaste avslut",
        "Förra veckan",
        "Avvisade",
        "Agent",
        "Schema",
        "Regler",
        "Certifikat, dagar",
        "Klocka, s",
    ],
    [
        "Standing",
        "Last delivery",
        "Newest end",
        "Last week",
        "Rejected",
        "Agent",
        "Schema",
        "Rules",
        "Certificate, days",
        "Clock, s",
    ],
);
const REJECT: Heads<4> = (
    ["Vad som är fel", "Senaste 7 dagarna", "Per vecka före det", "Trend"],
    ["What is wrong", "Last 7 days", "A week before that", "Trend"],
);
pub(super) const LINE: Heads<10> = (
    [
        "I källan",
        "Godkända",
        "Oförändrade",
        "Avvisade",
        "Kvar i regionen",
        "Ska inte med",
        "Väntar på kvitto",
        "Saknas i bokföringen",
        "Finns här",
        "Stämmer",
    ],
    [
        "In the source",
        "Accepted",
        "Unchanged",
        "Rejected",
        "Held in the region",
        "Not to be sent",
        "Waiting for a receipt",
        "Not accounted for",
        "Here",
        "Agrees",
    ],
);
/// Terms of a line of accounting, which its heads begin with.
pub(super) const TERMS: usize = 8;

fn sender(row: Row, language: Language) -> Vec<String> {
    let marked = |text: String, mark: &str| if mark.is_empty() { text } else { format!("{text} {mark}") };
    let old = if row.is_old { language.pick("gammal", "old") } else { "" };
    let rules = match row.rules {
        Some(true) => language.pick("registrets", "the register's"),
        Some(false) => language.pick("andra", "others"),
        None => "",
    };
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        row.standing.to_owned(),
        row.seen,
        row.newest,
        row.added,
        row.rejected,
        marked(row.agent, old),
        marked(row.schema, row.other_schema),
        rules.to_owned(),
        number(row.certificate),
        number(row.skew),
    ]
}

fn reject(one: Reject) -> Vec<String> {
    vec![one.text, one.week, one.before, one.trend.to_owned()]
}

/// Its terms, what is here, and whether it agrees, or else what does not.
fn line(one: Line, language: Language) -> Vec<String> {
    let none = || vec![String::new(); TERMS];
    let agrees = if one.sentences.is_empty() {
        language.pick("ja", "yes").to_owned()
    } else {
        format!("{}: {}", language.pick("nej", "no"), one.sentences.join("; "))
    };
    one.terms.unwrap_or_else(none).into_iter().chain([one.active, agrees]).collect()
}
