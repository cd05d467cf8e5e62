//! The report `participation`: a row a sender.
//!
//! Promises: counted from the treatments that must stand in the register and from plain rows. It must not know schedules: a caller
//! says who is late.

use std::collections::{BTreeMap, BTreeSet};

use crate::delivered::Found;
use crate::selection::ALL;
use crate::table::{Line, Table};

/// A sender as the caller knows it.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    /// Code.
    pub code: String,
    /// `never`, `silent`, `late`, `on_time` or `paused`.
    pub status: String,
    /// Whether it may deliver, and the days of its enrolment, first and last acceptance and newest batch; empty where there is none.
    pub days: [String; 5],
    /// Units that it describes.
    pub described: usize,
}

const COLUMNS: [&str; 13] = [
    "period",
    "region",
    "status",
    "enrolment",
    "enrolled",
    "first_accepted",
    "last_accepted",
    "last_seen",
    "units_connected",
    "units_described",
    "accepted",
    "inhabitants",
    "population_covered",
];

/// A row a sender, and the sums.
#[must_use]
pub fn participation(senders: &[Sender], found: &[Found], inhabitants: &BTreeMap<String, f64>) -> Table {
    let accepted = |code: &str| found.iter().filter(|f| f.is_accepted() && (code == ALL || f.sender == code)).count();
    let units = |code: &str| {
        let of = found.iter().filter(|f| f.is_accepted() && (code == ALL || f.sender == code));
        of.map(|f| &f.unit).collect::<BTreeSet<_>>().len()
    };
    let mut lines = Vec::new();
    for sender in senders {
        let mut line = Line::new(&[ALL, &sender.code]);
        line.text(&sender.status);
        sender.days.iter().for_each(|day| line.text(day));
        line.count(units(&sender.code));
        line.count(sender.described);
        line.count(accepted(&sender.code));
        line.figure(inhabitants.get(&sender.code).copied());
        line.figure(None);
        lines.push(line);
    }
    let living = |wanted: &dyn Fn(&Sender) -> bool| -> f64 {
        senders.iter().filter(|sender| wanted(sender)).filter_map(|sender| inhabitants.get(&sender.code)).sum()
    };
    let (all, connected) = (living(&|_| true), living(&|sender| sender.status != "never"));
    let mut line = Line::new(&[ALL, ALL]);
    (0..6).for_each(|_| line.text(""));
    line.count(units(ALL));
    line.count(senders.iter().map(|sender| sender.described).sum());
    line.count(accepted(ALL));
    line.figure(Some(all));
    line.figure(Some(connected / all));
    lines.push(line);
    Table::new(COLUMNS.map(str::to_owned).to_vec(), lines, 2)
}
