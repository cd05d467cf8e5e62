//! The report `usage`: treatments started, ended and ongoing, month by month.
//!
//! Promises: every month is counted anew by a look at every treatment. Which rows are treatments at all, and which days are days, is the
//! caller's to say.

use std::collections::{BTreeMap, BTreeSet};

use crate::selection::ALL;
use crate::table::{Line, Table};

/// One treatment of a source, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Code of the sender, which is its units' region.
    pub sender: String,
    /// HSA-id and programme code; nothing where either cannot be told.
    pub place: Option<[String; 2]>,
    /// `YYYY-MM` of the start.
    pub started: Option<String>,
    /// How it ended.
    pub end: End,
}

/// How a treatment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Ongoing,
    /// In a month, `YYYY-MM`.
    In(String),
    /// That cannot be told.
    Unknown,
}

/// Month, unit and programme, with started, ended and ongoing.
pub type Count = ([String; 3], [usize; 3]);

const COLUMNS: [&str; 5] = ["period", "region", "n_started", "n_ended", "n_ongoing"];

impl Moment {
    fn months(&self) -> impl Iterator<Item = &String> {
        let end = if let End::In(month) = &self.end { Some(month) } else { None };
        self.started.iter().chain(end)
    }

    fn happens(&self, month: &str) -> bool {
        self.months().any(|own| own == month) || self.is_ongoing(month)
    }

    fn is_ongoing(&self, month: &str) -> bool {
        let begun = self.started.as_deref().is_some_and(|started| started <= month);
        match &self.end {
            End::Ongoing => begun,
            End::In(end) => begun && end.as_str() > month,
            End::Unknown => false,
        }
    }
}

/// By region, for each month (`digits` 7) or year (4), and for all of them. Each sender counts until its own newest month.
#[must_use]
pub fn by_region(moments: &[Moment], regions: &[String], digits: usize) -> Table {
    let told: Vec<&Moment> = moments.iter().filter(|moment| moment.place.is_some()).collect();
    let newest: BTreeMap<&str, &str> = moments
        .iter()
        .map(|one| (one.sender.as_str(), last(moments.iter().filter(|other| other.sender == one.sender))))
        .collect();
    let months = calendar(moments);
    let happened = |month: &str| told.iter().any(|one| one.happens(month) && month <= newest[one.sender.as_str()]);
    let periods: BTreeSet<&str> = months.iter().filter(|month| happened(month)).map(|month| &month[..digits]).collect();
    let mut lines = Vec::new();
    for period in periods.into_iter().chain([ALL]) {
        let inside: Vec<&str> =
            months.iter().map(String::as_str).filter(|month| period == ALL || month.starts_with(period)).collect();
        let is_inside = |month: &str| inside.contains(&month);
        for region in regions.iter().map(String::as_str).chain([ALL]) {
            let mut counted = [0; 3];
            for one in told.iter().filter(|one| region == ALL || one.sender == region) {
                let own = newest[one.sender.as_str()];
                let at_end = inside.iter().rfind(|month| **month <= own);
                counted[0] += usize::from(one.started.as_deref().is_some_and(is_inside));
                counted[1] += usize::from(matches!(&one.end, End::In(month) if is_inside(month)));
                counted[2] += usize::from(at_end.is_some_and(|month| one.is_ongoing(month)));
            }
            let mut line = Line::new(&[period, region]);
            for n in counted {
                line.count(n);
            }
            lines.push(line);
        }
    }
    Table::new(COLUMNS.map(str::to_owned).to_vec(), lines, 2)
}

/// What a platform would count itself of one sender: each month, unit and programme in which anything is to be told.
#[must_use]
pub fn counts(moments: &[Moment]) -> Vec<Count> {
    let places: BTreeSet<&[String; 2]> = moments.iter().filter_map(|moment| moment.place.as_ref()).collect();
    let mut counts = Vec::new();
    for place in places {
        let here: Vec<&Moment> = moments.iter().filter(|moment| moment.place.as_ref() == Some(place)).collect();
        for month in calendar(moments).into_iter().filter(|month| here.iter().any(|one| one.happens(month))) {
            let started = here.iter().filter(|one| one.started.as_deref() == Some(&month)).count();
            let ended = here.iter().filter(|one| one.end == End::In(month.clone())).count();
            let ongoing = here.iter().filter(|one| one.is_ongoing(&month)).count();
            counts.push(([month, place[0].clone(), place[1].clone()], [started, ended, ongoing]));
        }
    }
    counts
}

/// Every month from the first in which anything happened to the last.
fn calendar(moments: &[Moment]) -> Vec<String> {
    let first = moments.iter().flat_map(Moment::months).min().cloned().unwrap_or_default();
    let last = last(moments.iter());
    std::iter::successors(Some(first), |month| Some(next(month))).take_while(|month| month.as_str() <= last).collect()
}

fn last<'a>(moments: impl Iterator<Item = &'a Moment>) -> &'a str {
    moments.flat_map(Moment::months).map(String::as_str).max().unwrap_or_default()
}

fn next(month: &str) -> String {
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    let months = number(&month[..4]) * 12 + number(&month[5..]);
    format!("{:04}-{:02}", months / 12, months % 12 + 1)
}
