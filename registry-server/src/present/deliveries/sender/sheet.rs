//! What stands on a sender's page, table by table, for its file.
//!
//! Promises: every cell is a text of the page.

use schemas::language::Language;

use super::accounting::Told as Accounting;
use super::{Batch, Page, Told};
use crate::present::deliveries::sheet::{LINE, TERMS, rejects, senders};
use crate::present::tables::Table;

/// The tables: weeks, where it stands, alarms, batches, what was rejected, accounting.
pub(super) fn tables(page: Page, weeks: Table, language: Language) -> Vec<Table> {
    let Page { row, alarms, batches, rejects: rejected, accounting, .. } = page;
    let mut all = vec![weeks, senders(vec![row], language), table_of(alarms, language), came(batches, language)];
    all.push(rejects(rejected, language));
    all.extend(account(accounting, language));
    all
}

fn table_of(alarms: Vec<Told>, language: Language) -> Table {
    let seen = |(at, by, note): (String, String, String)| format!("{at}, {by}: {note}");
    let row = |alarm: Told| {
        let over = alarm.over.unwrap_or_else(|| language.pick("pågår", "goes on").to_owned());
        (alarm.number.to_string(), vec![alarm.name, alarm.since, over, alarm.seen.map(seen).unwrap_or_default()])
    };
    let heads = language.pick(["Larm", "Sedan", "Över", "Kvitterat"], ["Alarm", "Since", "Over", "Acknowledged"]);
    Table::new(language.pick("Larm", "Alarms"), &heads, alarms.into_iter().map(row).collect())
}

fn came(batches: Vec<Batch>, language: Language) -> Table {
    let row = |batch: Batch| (batch.at, vec![batch.digest, batch.records, batch.kept, batch.rejected, batch.rules]);
    let heads = language.pick(
        ["Kvitto för", "Poster", "Mottagna", "Avvisade", "Regler som bröts"],
        ["Receipt of", "Records", "Taken", "Rejected", "Rules that were broken"],
    );
    let title = language.pick("Senaste leveranserna", "Latest deliveries");
    Table::new(title, &heads, batches.into_iter().map(row).collect())
}

/// Lines, months that differ, reasons.
fn account(told: Accounting, language: Language) -> [Table; 3] {
    let months = told.months.into_iter().map(|month| (month.name, vec![month.difference, month.delivered, month.here]));
    let differ = language.pick(
        ["Saknas i bokföringen", "Levererade enligt avsändaren", "Finns här"],
        ["Not accounted for", "Delivered as the sender says", "Here"],
    );
    let has_changes = told.has_changes;
    let reasons = told.reasons.into_iter().map(|reason| {
        let changes = has_changes.then_some(reason.of_changes);
        let cells = [reason.rule, reason.text].into_iter().chain(changes).chain([reason.of_all]);
        (reason.what, cells.collect())
    });
    let changes = language.pick("Av ändringarna i senaste körningen", "Of the changes in the newest run");
    let heads: Vec<&str> = language
        .pick(["Regel", "Vad regeln säger"], ["Rule", "What the rule says"])
        .into_iter()
        .chain(has_changes.then_some(changes))
        .chain([language.pick("Av hela källan", "Of the whole source")])
        .collect();
    [
        Table::new(language.pick("Bokföring", "Accounting"), &language.pick(LINE.0, LINE.1)[..TERMS], told.lines),
        Table::new(language.pick("Månader som skiljer sig", "Months that differ"), &differ, months.collect()),
        Table::new(language.pick("Skäl", "Reasons"), &heads, reasons.collect()),
    ]
}
