//! Treatments that vanished, in words for a terminal.

use std::fmt::Write as _;

use crate::language::Language;
use crate::outbox::VanishedRow;

/// A line for each, those that wait first, with its number for a decision.
#[must_use]
pub fn list(rows: &[VanishedRow], language: Language) -> String {
    let mut text = String::new();
    for chunk in rows.chunk_by(|one, other| one.state == other.state) {
        writeln!(text, "{}", heading(&chunk[0].state, language)).ok();
        let several = chunk.iter().any(|row| row.source != chunk[0].source);
        for VanishedRow { id, source, treatment, unit, programme, month, since, .. } in chunk {
            let source = if several { format!(" [{source}]") } else { String::new() };
            let day = since.get(..10).unwrap_or(since);
            let gone = language.pick("borta sedan", "gone since");
            writeln!(text, "{id:>6}  {treatment:<20} {unit:<20} {programme:<24} {month:<8} {gone} {day}{source}").ok();
        }
    }
    if rows.is_empty() {
        text.push_str(language.pick("inget har försvunnit ur källan\n", "nothing has vanished from the source\n"));
    }
    text
}

fn heading(state: &str, language: Language) -> &'static str {
    match state {
        "waiting" => language.pick(
            "väntar på beslut: `vanished retract ID` återtar, `vanished keep ID` behåller; --all gäller alla som väntar",
            "waiting for a decision: `vanished retract ID` takes back, `vanished keep ID` keeps; --all means all that wait",
        ),
        "retract" => language.pick("återtas", "to be taken back"),
        _ => language.pick("behålls hos registret", "kept at the register"),
    }
}
