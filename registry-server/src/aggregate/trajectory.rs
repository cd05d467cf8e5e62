//! Scores at each timepoint of every finest cell, as sorted distinct scores with counts.
//!
//! Promises: a treatment's score counts once at its timepoint, whether it has one at another or not; sums over the scores give the same
//! bits whatever the order of arrival; memory grows with distinct scores, not with treatments.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use schemas::record::{Status, Timepoint};

use super::{Group, Grouping, Rows};
use crate::fact::{Facts, OutcomeFact};
use crate::outcome::Comparison;

/// Instrument and timepoint.
pub type CourseName = (Arc<str>, Timepoint);

/// How often a score occurs in a cell.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    treatments: u64,
    completed: u64,
}

/// The scores of some treatments at one timepoint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct At {
    /// Distinct scores, ascending, with how many treatments have each.
    pub scores: Vec<(f64, u64)>,
    /// Completed treatments among them.
    pub completed: u64,
}

impl At {
    /// Treatments that have a score.
    #[must_use]
    pub fn treatments(&self) -> u64 {
        self.scores.iter().map(|(_, count)| count).sum()
    }
}

/// The scores of one instrument at one timepoint: of each cell, with the bits of the score, in no order.
type Cells = HashMap<u32, HashMap<u64, Counted>>;

/// The scores of every finest cell.
#[derive(Debug)]
pub struct Courses(BTreeMap<CourseName, Cells>);

impl Courses {
    /// Collects the scores of the instruments that `wanted` names.
    pub fn new(facts: &Facts, grouping: &Grouping, wanted: impl Fn(&str) -> bool) -> Self {
        let mut rows = Rows::new(&facts.treatments);
        let mut courses: BTreeMap<CourseName, Cells> = BTreeMap::new();
        for outcome in facts.outcomes.iter().filter(|outcome| wanted(&outcome.instrument)) {
            let Some(index) = rows.find(outcome.row) else { continue };
            let Some(cell) = grouping.cell_of[index] else { continue };
            let completed = u64::from(facts.treatments[index].status == Status::Completed);
            for (timepoint, score) in told(outcome) {
                let name = (Arc::clone(&outcome.instrument), timepoint);
                let cells = courses.entry(name).or_default().entry(cell).or_default();
                let counted = cells.entry(score.to_bits()).or_default();
                counted.treatments += 1;
                counted.completed += completed;
            }
        }
        Self(courses)
    }

    /// Every instrument and timepoint that somebody has a score at.
    pub fn names(&self) -> impl Iterator<Item = &CourseName> {
        self.0.keys()
    }

    /// The scores of a group.
    #[must_use]
    pub fn of(&self, name: &CourseName, group: &Group) -> At {
        let Some(cells) = self.0.get(name) else { return At::default() };
        let mut all: Vec<(f64, Counted)> = group
            .cells
            .iter()
            .filter_map(|cell| cells.get(cell))
            .flat_map(|scores| scores.iter().map(|(bits, counted)| (f64::from_bits(*bits), *counted)))
            .collect();
        all.sort_unstable_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut at = At::default();
        for (score, Counted { treatments, completed }) in all {
            at.completed += completed;
            match at.scores.last_mut() {
                Some((last, count)) if last.to_bits() == score.to_bits() => *count += treatments,
                _ => at.scores.push((score, treatments)),
            }
        }
        at
    }
}

/// What a row tells that no other row of the treatment tells: scores before and after by its pair, and each follow-up by its own.
fn told(outcome: &OutcomeFact) -> impl Iterator<Item = (Timepoint, f64)> {
    let [first, second] = match outcome.comparison {
        Comparison::Paired => [Some(Timepoint::Pre), Some(Timepoint::Post)],
        Comparison::Followup(months) => [None, Some(Timepoint::FollowupMonths(months))],
        Comparison::FirstLast | Comparison::Locf => [None, None],
    };
    first.zip(outcome.first).into_iter().chain(second.zip(outcome.second))
}
