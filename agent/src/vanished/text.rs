//! Treatments that vanished, in words for a terminal.

use std::fmt::Write as _;

use schemas::rule::Rule;

use super::{Listed, State, VANISHED};
use crate::map::Cell;
use schemas::language::Language;

/// The words behind a rule's id, or behind the reason of a retraction that no rule asks for.
#[must_use]
pub fn because(rule: &str, language: Language) -> &'static str {
    match Rule::by_id(rule).map(Rule::describe) {
        Some(rule) => language.pick(rule.sv, rule.en),
        None if rule == VANISHED => {
            language.pick("Källan har inte kvar behandlingen.", "The source has the treatment no more.")
        }
        None => "",
    }
}

/// A line for each, those that wait first, with its number for a decision.
#[must_use]
pub fn list(rows: &[Listed], language: Language) -> String {
    let mut text = String::new();
    for chunk in rows.chunk_by(|one, other| one.state == other.state) {
        writeln!(text, "{}", heading(chunk[0].state, language)).ok();
        let several = chunk.iter().any(|row| row.source != chunk[0].source);
        for Listed { id, source, treatment, cell: Cell { unit, programme, month }, since, .. } in chunk {
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

fn heading(state: State, language: Language) -> &'static str {
    match state {
        State::Waiting => language.pick(
            "väntar på beslut: `vanished retract ID` återtar, `vanished keep ID` behåller; --all gäller alla som väntar",
            "waiting for a decision: `vanished retract ID` takes back, `vanished keep ID` keeps; --all means all that wait",
        ),
        State::Retract => language.pick("återtas", "to be taken back"),
        State::Keep => language.pick("behålls hos registret", "kept at the register"),
    }
}
