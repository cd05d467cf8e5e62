//! A series: the counts of one group, period after period, from its first to the last of all.
//!
//! Promises: a change is there only where both periods are whole and have treatments, and both are named.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::figure::Figure;
use super::super::{ReportData, notes};
use crate::aggregate::ALL;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::Plan;
use crate::fact::SeriesBreak;
use crate::indicator::growth::growth;

/// One group's counts.
pub(super) struct Series<'a> {
    pub(super) data: &'a ReportData<'a>,
    pub(super) plan: &'a Plan,
    /// One a dimension.
    pub(super) labels: &'a [Arc<str>],
    /// By ordinal; a period without treatments is not there.
    pub(super) counts: &'a BTreeMap<i32, u64>,
    /// The last period in which anybody has treatments.
    pub(super) last: i32,
}

/// A period that can be compared, and its count.
type Counted = (i32, u64);

impl Series<'_> {
    /// A row a period, and the total.
    pub(super) fn rows(&self) -> Vec<Vec<Figure>> {
        let Some(first) = self.counts.keys().next() else { return Vec::new() };
        let (mut base, mut previous): (Option<Counted>, Option<Counted>) = (None, None);
        let mut rows = Vec::new();
        for period in *first..=self.last {
            let n = self.counts.get(&period).copied().unwrap_or(0);
            let mark = self.mark(period, n);
            let compared = mark.is_none().then_some((period, n));
            let row = Compared { previous, base, own: compared };
            rows.push(self.row(&self.plan.period.label(period), n, (row, mark)));
            previous = compared.or(previous);
            base = base.or(compared);
        }
        let total = Compared { previous: None, base, own: previous };
        rows.push(self.row(ALL, self.counts.values().sum(), (total, None)));
        rows
    }

    fn mark(&self, period: i32, n: u64) -> Option<&'static str> {
        let (first, last) = self.plan.period.days(period)?;
        let cut = self.plan.from.is_some_and(|from| from > first) || self.plan.to.is_some_and(|to| to < last);
        if cut || last >= notes::day(self.data) { Some("partial") } else { (n == 0).then_some("gap") }
    }

    fn row(&self, period: &str, n: u64, (compared, mark): (Compared, Option<&str>)) -> Vec<Figure> {
        let Compared { previous, base, own: compared } = compared;
        let name = |counted: Option<Counted>| {
            counted.map_or(Figure::Undefined, |(period, _)| Figure::text(self.plan.period.label(period)))
        };
        // A period is not compared with itself.
        let base = base.filter(|base| Some(*base) != compared);
        let change = |from: Option<Counted>| {
            from.zip(compared).and_then(|((_, from), (_, to))| growth(from as f64, to as f64)).into()
        };
        let (previous, base) = (previous.filter(|_| compared.is_some()), base.filter(|_| compared.is_some()));
        let mut row = vec![Figure::text(period)];
        row.extend(self.labels.iter().map(Figure::from));
        row.extend([
            Figure::Count(n),
            name(previous),
            change(previous),
            name(base),
            name(compared.filter(|_| base.is_some())),
            change(base),
            mark.map_or(Figure::Undefined, Figure::text),
            self.breaks(base, compared),
        ]);
        row
    }

    /// The days of the breaks within two periods and between them that concern this group.
    fn breaks(&self, from: Option<Counted>, to: Option<Counted>) -> Figure {
        let days = from
            .zip(to)
            .and_then(|((from, _), (to, _))| Some((self.plan.period.days(from)?.0, self.plan.period.days(to)?.1)));
        let Some((first, last)) = days else { return Figure::Undefined };
        let between = |of: &&SeriesBreak| first < of.on && of.on <= last && self.concerns(of);
        let days: Vec<String> = self.data.facts.breaks.iter().filter(between).map(|of| of.on.to_string()).collect();
        if days.is_empty() { Figure::Undefined } else { Figure::text(days.join(" ")) }
    }

    /// A break of one region, unit or programme concerns its own rows and those that sum over it.
    fn concerns(&self, of: &SeriesBreak) -> bool {
        self.plan.by.iter().zip(self.labels).filter(|(_, label)| &***label != ALL).all(|(dimension, label)| {
            let named = match dimension {
                Dimension::Region => of.region.as_deref(),
                Dimension::Unit => of.unit.as_deref(),
                Dimension::Programme => of.programme.as_deref(),
                _ => None,
            };
            named.is_none_or(|named| named == &**label)
        })
    }
}

/// What a row compares: its own period with the one before and with the base.
struct Compared {
    previous: Option<Counted>,
    base: Option<Counted>,
    own: Option<Counted>,
}
