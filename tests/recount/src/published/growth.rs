//! The report `growth` by calendar years that have all ended.

use std::collections::BTreeMap;

use super::cross::{cells, cross, group};
use super::{Counting, named};
use crate::selection::{ALL, Period, Selection, year};
use crate::table::{Line, Table};

const FIGURES: [&str; 8] = [
    "n_started",
    "previous_period",
    "change_previous",
    "base_period",
    "compared_period",
    "change_base",
    "mark",
    "breaks",
];

pub(super) fn growth(counting: &Counting, keys: &[&str]) -> Table {
    let selection = Selection { period: Period::Year, ..counting.selection };
    let members = cross(&counting.episodes, selection, group);
    let mut series: BTreeMap<&[String], BTreeMap<u16, usize>> = BTreeMap::new();
    for (key, members) in members.iter().filter(|(key, _)| key[0] != ALL) {
        series.entry(&key[1..]).or_default().insert(year(&key[0]), members.len());
    }
    let last = series.values().filter_map(|counts| counts.keys().next_back()).max().copied().unwrap_or(0);
    let mut lines = Vec::new();
    for (labels, counts) in &series {
        let first = *counts.keys().next().unwrap_or(&last);
        for at in first..=last {
            let n = counts.get(&at).copied();
            let earlier = counts.range(..at).next_back().map(|(year, _)| *year);
            let row = Row { label: at.to_string(), n: n.unwrap_or(0), previous: earlier, base: first, compared: at };
            lines.push(row.line(labels, counts, counting.breaks));
        }
        let latest = *counts.keys().next_back().unwrap_or(&last);
        let total =
            Row { label: ALL.to_owned(), n: counts.values().sum(), previous: None, base: first, compared: latest };
        lines.push(total.line(labels, counts, counting.breaks));
    }
    Table::new([named(keys), named(&FIGURES)].concat(), lines, keys.len())
}

struct Row {
    label: String,
    n: usize,
    previous: Option<u16>,
    base: u16,
    compared: u16,
}

impl Row {
    fn line(&self, labels: &[String], counts: &BTreeMap<u16, usize>, breaks: &[(String, Option<String>)]) -> Line {
        let mut line = Line::new(&[&[self.label.as_str()], cells(labels).as_slice()].concat());
        line.count(self.n);
        let there = counts.get(&self.compared);
        let change = |from: u16| Some(*there? as f64 / *counts.get(&from)? as f64 * 100.0 - 100.0);
        let previous = self.previous.filter(|_| there.is_some());
        line.text(&previous.map(|year| year.to_string()).unwrap_or_default());
        line.figure(previous.and_then(change));
        let base = Some(self.base).filter(|base| there.is_some() && *base != self.compared);
        line.text(&base.map(|year| year.to_string()).unwrap_or_default());
        line.text(&base.map(|_| self.compared.to_string()).unwrap_or_default());
        line.figure(base.and_then(change));
        line.text(if self.n == 0 { "gap" } else { "" });
        let concerned = |(day, region): &&(String, Option<String>)| {
            let inside =
                base.is_some_and(|base| *day > format!("{base}-01-01") && *day <= format!("{}-12-31", self.compared));
            inside && region.as_ref().is_none_or(|region| labels[0] == ALL || labels[0] == *region)
        };
        let days: Vec<&str> = breaks.iter().filter(concerned).map(|(day, _)| day.as_str()).collect();
        line.text(&days.join(" "));
        line
    }
}
