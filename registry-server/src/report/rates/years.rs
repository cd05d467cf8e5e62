//! Which three calendar years stand side by side.
//!
//! Promises: the last is the newest year that had ended, of those that the selection reaches and has treatments in; the others are the
//! two before it, and one of which the selection leaves days out is no whole year.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::super::{ReportData, Text, notes};
use crate::aggregate::period::Period;
use crate::aggregate::plan::Plan;

/// Three calendar years in a row.
#[derive(Debug)]
pub(super) struct Years {
    last: i16,
    from: Option<Date>,
}

impl Years {
    /// The years for a selection, on the day of the facts.
    pub(super) fn choose(data: &ReportData, asked: &Plan) -> Self {
        let today = notes::day(data);
        // A year that ends today has not ended.
        let passed = today.saturating_sub(1.day());
        let end = asked.to.map_or(passed, |to| to.min(passed));
        let newest = if end == last_day(end.year()) { end.year() } else { end.year() - 1 };
        let everything = Plan { period: Period::All, ..asked.clone() };
        let days = data.facts.treatments.iter().map(|treatment| asked.cohort.date(treatment));
        let reached = days.filter(|day| everything.period_of(*day).is_some()).map(Date::year);
        let last = reached.filter(|year| *year <= newest).max().unwrap_or(newest);
        Self { last, from: asked.from }
    }

    /// The selection narrowed to the years.
    pub(super) fn only(&self, asked: &Plan) -> Plan {
        let (first, last) = (date(self.last - 2, 1, 1), last_day(self.last));
        let from = Some(asked.from.map_or(first, |from| from.max(first)));
        Plan { period: Period::All, from, to: Some(last), ..asked.clone() }
    }

    /// Which of the three a day is in.
    pub(super) fn place(&self, day: Date) -> Option<usize> {
        usize::try_from(day.year() - (self.last - 2)).ok().filter(|place| *place < 3)
    }

    /// The calendar year at a place.
    pub(super) fn number(&self, place: usize) -> i16 {
        self.last - 2 + i16::try_from(place).unwrap_or(2)
    }

    /// The calendar year at a place, if all of it is in the selection.
    pub(super) fn whole(&self, place: usize) -> Option<i16> {
        let year = self.number(place);
        self.from.is_none_or(|from| from <= date(year, 1, 1)).then_some(year)
    }

    /// The newest of the three.
    pub(super) fn last(&self) -> i16 {
        self.last
    }

    /// First and last day.
    pub(super) fn label(&self) -> String {
        format!("{}..{}", date(self.last - 2, 1, 1), last_day(self.last))
    }

    /// What is compared with what, and what is left out.
    pub(super) fn notes(&self) -> Vec<Text> {
        let [first, middle, last] = [0, 1, 2].map(|place| self.number(place));
        let mut notes = vec![Text::made(
            format!(
                "År bredvid varandra: {first}, {middle} och {last}. Ändring i procent är från hela {first} till hela {last}."
            ),
            format!(
                "Years side by side: {first}, {middle} and {last}. Changes in per cent are from all of {first} to all of {last}."
            ),
        )];
        let left: Vec<String> =
            (0..3).filter(|place| self.whole(*place).is_none()).map(|place| self.number(place).to_string()).collect();
        if !left.is_empty() {
            let left = left.join(", ");
            notes.push(Text::made(
                format!("Urvalet omfattar inte hela året, som därför är tomt: {left}."),
                format!("The selection does not hold the whole year, which is left empty: {left}."),
            ));
        }
        notes
    }
}

fn last_day(year: i16) -> Date {
    date(year, 12, 31)
}
