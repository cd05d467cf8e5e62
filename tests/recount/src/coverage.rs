//! The report `coverage`: what is in the register, of what others and the senders themselves count.
//!
//! Promises: each row is counted anew from the treatments and lines that fall in it, month by month.

use std::collections::BTreeSet;

use crate::delivered::{Found, Outside};
use crate::selection::ALL;
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

/// What coverage is counted from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Everything that the sources hold.
    pub found: &'a [Found],
    /// What others count.
    pub outside: &'a [Outside],
    /// Every region code.
    pub regions: &'a [String],
}

/// What a row is about.
struct Row<'a> {
    period: &'a str,
    region: &'a str,
    unit: &'a str,
}

/// By region, over everything: also what the senders count themselves.
#[must_use]
pub fn by_region(sources: Sources<'_>) -> Table {
    let regions = sources.regions.iter().map(String::as_str).chain([ALL]);
    let lines = regions.map(|region| {
        let row = Row { period: ALL, region, unit: ALL };
        let mut line = Line::new(&[ALL, region]);
        outside(&mut line, &row, sources);
        own(&mut line, &row, sources);
        line
    });
    let own = ["held", "rejected", "pending", "opted_out", "protected", "test"];
    let columns = [
        named(&["period", "region"]),
        outside_columns(),
        named(&["found", "own_eligible"]),
        share_columns("transfer").collect(),
        named(&own),
    ];
    Table::new(columns.concat(), lines.collect(), 2)
}

/// By region, unit and year of the end: what is told from outside.
#[must_use]
pub fn by_unit_and_year(sources: Sources<'_>) -> Table {
    let Sources { found, outside: told, regions } = sources;
    let accepted = found.iter().filter(|one| one.is_accepted());
    let places = accepted.map(|one| (&one.month[..4], one.sender.as_str(), Some(one.unit.as_str())));
    let told = told.iter().map(|line| (&line.month[..4], line.region.as_str(), line.unit.as_deref()));
    let mut keys = BTreeSet::new();
    for (year, region, unit) in places.chain(told) {
        for period in [year, ALL] {
            keys.extend(regions.iter().map(|region| (period, region.as_str(), ALL)));
            for region in [region, ALL] {
                keys.extend([Some(ALL), unit].into_iter().flatten().map(|unit| (period, region, unit)));
            }
        }
    }
    let lines = keys.into_iter().map(|(period, region, unit)| {
        let mut line = Line::new(&[period, region, unit]);
        outside(&mut line, &Row { period, region, unit }, sources);
        line
    });
    Table::new([named(&["period", "region", "unit"]), outside_columns()].concat(), lines.collect(), 3)
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn outside_columns() -> Vec<String> {
    [named(&["eligible", "accepted"]), share_columns("coverage").collect(), named(&["source"])].concat()
}

impl Row<'_> {
    fn holds(&self, month: &str, region: &str, unit: Option<&str>) -> bool {
        (self.period == ALL || month.starts_with(self.period))
            && (self.region == ALL || self.region == region)
            && (self.unit == ALL || Some(self.unit) == unit)
    }
}

/// Eligible, accepted, the share and who told.
fn outside(line: &mut Line, row: &Row, sources: Sources) {
    let accepted: Vec<&Found> =
        sources.found.iter().filter(|f| f.is_accepted() && row.holds(&f.month, &f.sender, Some(&f.unit))).collect();
    let told: Vec<&Outside> = sources
        .outside
        .iter()
        .filter(|o| row.holds(&o.month, &o.region, o.unit.as_deref()) && (row.unit == ALL || o.unit.is_some()))
        .collect();
    let months: BTreeSet<(&str, &str)> = accepted
        .iter()
        .map(|f| (f.sender.as_str(), f.month.as_str()))
        .chain(told.iter().map(|o| (o.region.as_str(), o.month.as_str())))
        .collect();
    let ended: Option<usize> = months.into_iter().map(|month| of_a_month(&accepted, &told, month)).sum();
    let whole = ended.filter(|_| !told.is_empty());
    match whole {
        Some(ended) => line.count(ended),
        None => line.figure(None),
    }
    line.count(accepted.len());
    let share = whole.map(|d| Share { n: accepted.len(), d });
    line.share(share.filter(|share| share.n <= share.d));
    let names: BTreeSet<&str> = told.iter().map(|o| o.source.as_str()).collect();
    line.text(&match (whole, told.is_empty()) {
        (Some(_), _) => names.into_iter().collect::<Vec<_>>().join(", "),
        (None, true) => "no outside source".to_owned(),
        (None, false) => "outside source in part".to_owned(),
    });
}

/// What is told of a region's month: one line for all of it, or a line for each unit and programme that has treatments.
fn of_a_month(accepted: &[&Found], told: &[&Outside], (region, month): (&str, &str)) -> Option<usize> {
    let lines: Vec<&&Outside> = told.iter().filter(|o| o.region == region && o.month == month).collect();
    if let Some(all) = lines.iter().find(|o| o.unit.is_none() && o.programme.is_none()) {
        return Some(all.ended);
    }
    let is_told = |f: &&&Found| {
        lines.iter().any(|o| o.unit.as_ref() == Some(&f.unit) && o.programme.as_ref().is_none_or(|p| *p == f.programme))
    };
    let here = accepted.iter().filter(|f| f.sender == region && f.month == month);
    here.clone().all(|f| is_told(&f)).then(|| lines.iter().map(|o| o.ended).sum())
}

/// What the senders count themselves; nothing where no sender has counted.
fn own(line: &mut Line, row: &Row, sources: Sources) {
    let found: Vec<&Found> = sources.found.iter().filter(|f| row.holds(&f.month, &f.sender, Some(&f.unit))).collect();
    if found.is_empty() {
        line.figure(None);
        line.figure(None);
        line.share(None);
        (0..6).for_each(|_| line.figure(None));
        return;
    }
    let none_of_ours = ["test-patient", "status-ongoing", "programme-support"];
    let eligible = found.iter().filter(|f| !f.is_excluded_by(&none_of_ours)).count();
    line.count(found.iter().filter(|f| !f.is_excluded_by(&["programme-support"])).count());
    line.count(eligible);
    line.share(Some(Share { n: found.iter().filter(|f| f.is_accepted()).count(), d: eligible }));
    line.count(found.iter().filter(|f| f.is_held()).count());
    line.count(0);
    line.count(0);
    for rule in ["objection", "protected-identity", "test-patient"] {
        line.count(found.iter().filter(|f| f.is_excluded_by(&[rule])).count());
    }
}
