//! What is printed of attacks and of what tables still tell: one line a register.

use super::found::Found;
use super::register::Attacked;
use super::utility::Utility;
use crate::crowd::shape::Shape;

/// The heads of the lines of attacks.
pub const ATTACKED: &str = "\
| register | persons | tables | cells | hidden | neutral | pessimistic | shown | pairs | whole persons | only the few hidden: found exactly | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

/// The heads of the lines of utility.
pub const UTILITY: &str = "\
| register | persons | split by | as asked | cells | mean absolute error | bias of totals | few, % | hidden, % | kept |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";

/// One register's attack, with the seconds where they were measured: of each kind how many were attacked, and of these known exactly / known too well / left open.
#[must_use]
pub fn attacked(shape: Shape, attacked: &Attacked, seconds: Option<f64>) -> String {
    let found = |found: Found| format!("{}: {} / {} / {}", found.attacked, found.exact, found.known, found.open);
    let Attacked { tables, cells, hidden, control, .. } = attacked;
    let kinds = [attacked.neutral, attacked.pessimistic, attacked.shown, attacked.pairs, attacked.whole].map(found);
    let kinds = kinds.join(" | ");
    let seconds = seconds.map_or_else(String::new, |seconds| format!("{seconds:.0}"));
    let control = format!("{} of {}", control.exact, control.attacked);
    format!("| {} | {} | {tables} | {cells} | {hidden} | {kinds} | {control} | {seconds} |", shape.name, shape.persons)
}

/// What one register's table still tells.
#[must_use]
pub fn utility(shape: Shape, utility: &Utility) -> String {
    let Utility { split_by, cells, off, bias, hidden, few, whole, keys } = utility;
    let kept = if utility.is_kept() { "yes" } else { "NO" };
    let (few, per_cent) = (few * 100.0, hidden * 100.0);
    format!(
        "| {} | {} | {split_by} | {whole} of {keys} | {cells} | {off:.2} | {bias:+.3} | {few:.1} | {per_cent:.1} | {kept} |",
        shape.name, shape.persons
    )
}
