//! Groups: which treatments stand together in a row, for every combination of dimensions and its totals.
//!
//! Promises: every treatment of the selection is in exactly one finest cell and in each total of it once; the order in which facts
//! arrive changes nothing. One pass over the facts; groups are small numbers until they are printed.
//! Must not know: measures, columns, formats, SQL.

/// Sums by every subset of some labels.
pub mod crossing;
/// What a report can be split by.
pub mod dimension;
/// Cells: made from the facts, and grouped like them.
pub mod cells;
/// Inhabitants and person-years.
pub mod population;
/// Pairs as bytes.
mod packed;
/// First and second scores of a cell, as sorted distinct pairs.
pub mod pairs;
/// Pairs as they come in.
mod gathering;
/// Pairs while they are summed.
mod heap;
/// Finest cells and their totals.
mod lattice;
/// Work on all cores.
pub mod parallel;
/// Calendar periods and rolling windows.
pub mod period;
/// Which treatments, split how.
pub mod plan;
/// Which of them are kept.
pub mod selection;
/// Bands of the first score.
mod severity;
/// Asked of single treatments.
pub mod sieve;
/// Where a treatment belongs: unit, region and programme, as they were or as they are now.
pub mod structure;
/// Any count, added up for a group.
pub mod sum;
/// Treatments and persons of a cell.
pub mod tally;
/// Scores at each timepoint of a cell.
pub mod trajectory;
/// The part of the facts that is somebody's.
pub mod whose;

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::HashMap;
use jiff::civil::Date;
use schemas::codelist::CodeLists;

use crate::fact::{Facts, TreatmentFact};
use dimension::{Dimension, Traits};
pub use lattice::Group;
use plan::Plan;
use severity::Severity;
use structure::Structure;

/// The text of a dimension that is summed over.
pub const ALL: &str = "ALL";
/// The group of those whose value is missing.
pub const UNKNOWN: &str = "unknown";

/// One place for the period and one for every dimension.
const PLACES: usize = Dimension::ALL.len() + 1;

/// A row's group: for the period (place 0) and each dimension the number of a label, 0 for [`ALL`].
type Key = [u32; PLACES];

/// All groups of a plan.
#[derive(Debug)]
pub struct Grouping {
    /// The finest cell of each treatment, in the order of the facts, or of each of their groups of cells; `None` outside the selection.
    pub cell_of: Vec<Option<u32>>,
    /// How many finest cells there are.
    pub cells: usize,
    /// Every group that holds a treatment: the finest in the order of the cells, then totals, each behind the groups that it sums.
    pub groups: Vec<Group>,
    /// The calendar years of the cohort dates in the plan's days, kept by its selection or not.
    pub years: BTreeSet<i16>,
    /// The last period of them (see [`period::Period`]), likewise.
    pub last: Option<i32>,
    /// First and last cohort date of what is kept.
    pub span: Option<(Date, Date)>,
    labels: Vec<Vec<Arc<str>>>,
    periods: Vec<i32>,
    places: usize,
}

impl Grouping {
    /// Sorts every treatment of the selection into its cell and the cells into groups; the groups of cells where the facts have those.
    #[must_use]
    pub fn new(facts: &Facts, lists: &CodeLists, plan: &Plan) -> Self {
        let structure = Structure::new(facts, lists, plan);
        let mut sorting = Sorting::new(plan);
        if let Some(cells) = &facts.cells {
            for group in &cells.groups {
                let of_plan = |dimension: &Dimension| match dimension {
                    Dimension::Region => cells::region(group, &structure),
                    Dimension::Programme => Some(&*group.place.programme),
                    Dimension::Condition => {
                        lists.programme(&group.place.programme).map(|known| known.condition.as_str())
                    }
                    _ => None,
                };
                sorting.place(cells::first_day(group), (group.first_on, group.last_on), of_plan);
            }
            return sorting.finish();
        }
        let severity = Severity::of(facts, lists, plan, &structure);
        for (index, treatment) in facts.treatments.iter().enumerate() {
            let day = plan.cohort.date(treatment);
            let traits = Traits {
                treatment,
                place: structure.place(treatment),
                programme: structure.programme(treatment),
                severity: severity.of_treatment(index),
            };
            sorting.place(day, (day, day), |dimension| dimension.label(&traits, lists));
        }
        sorting.finish()
    }

    /// The texts of a group: the period, then the dimensions in the order of the plan.
    #[must_use]
    pub fn texts(&self, group: &Group) -> Vec<Arc<str>> {
        self.labels(group).cloned().collect()
    }

    /// The same, not copied.
    pub fn labels(&self, group: &Group) -> impl Iterator<Item = &Arc<str>> {
        (0..self.places).map(|place| &self.labels[place][group.key[place] as usize])
    }

    /// The ordinal of a group's period (see [`period::Period`]); `None` for the total.
    #[must_use]
    pub fn period(&self, group: &Group) -> Option<i32> {
        (group.key[0] as usize).checked_sub(1).and_then(|number| self.periods.get(number)).copied()
    }

    /// The ordinals of all periods that occur, apart from the total.
    #[must_use]
    pub fn periods(&self) -> &[i32] {
        &self.periods
    }

    /// Whether a group is the total over every dimension, of one period or of all.
    #[must_use]
    pub fn is_total(&self, group: &Group) -> bool {
        group.key[1..].iter().all(|label| *label == 0)
    }
}

/// Treatments, or groups of cells, on their way into groups.
struct Sorting<'a, 'p> {
    plan: &'p Plan,
    labels: Labels<'a>,
    numbers: HashMap<Key, u32>,
    keys: Vec<Key>,
    cell_of: Vec<Option<u32>>,
    years: BTreeSet<i16>,
    last: Option<i32>,
    span: Option<(Date, Date)>,
}

impl<'a, 'p> Sorting<'a, 'p> {
    fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            labels: Labels::new(plan.by.len()),
            numbers: HashMap::default(),
            keys: Vec::new(),
            cell_of: Vec::new(),
            years: BTreeSet::new(),
            last: None,
            span: None,
        }
    }

    /// Puts the next one into its cell: by a day that decides, the first and last day that it covers, and its label of each dimension.
    fn place(&mut self, day: Date, (first, last): (Date, Date), label: impl Fn(&Dimension) -> Option<&'a str>) {
        let Some(period) = self.plan.period_of(day) else {
            self.cell_of.push(None);
            return;
        };
        self.years.insert(day.year());
        self.last = self.last.max(Some(period));
        if !self.plan.only.takes(|dimension| label(&dimension)) {
            self.cell_of.push(None);
            return;
        }
        self.span = Some(self.span.map_or((first, last), |known| (known.0.min(first), known.1.max(last))));
        let mut key = [0; PLACES];
        key[0] = if self.plan.period.is_all() { 0 } else { self.labels.period(period) };
        for (place, dimension) in self.plan.by.iter().enumerate() {
            key[place + 1] = self.labels.value(place, label(dimension).unwrap_or(UNKNOWN));
        }
        let next = next_number(self.keys.len());
        let cell = *self.numbers.entry(key).or_insert(next);
        if cell == next {
            self.keys.push(key);
        }
        self.cell_of.push(Some(cell));
    }

    fn finish(self) -> Grouping {
        let places = self.plan.by.len() + 1;
        Grouping {
            cell_of: self.cell_of,
            cells: self.keys.len(),
            groups: lattice::groups(&self.keys, usize::from(self.plan.period.is_all())..places),
            years: self.years,
            last: self.last,
            span: self.span,
            labels: self.labels.texts(self.plan),
            periods: self.labels.periods,
            places,
        }
    }
}

/// Labels as they are met, each with a small number from 1.
struct Labels<'a> {
    values: Vec<HashMap<&'a str, u32>>,
    /// The same by where a text lies: a store shares equal texts, so that nearly all were met where they are.
    known: Vec<HashMap<(*const u8, usize), u32>>,
    texts: Vec<Vec<Arc<str>>>,
    periods: Vec<i32>,
    period_numbers: HashMap<i32, u32>,
}

impl<'a> Labels<'a> {
    fn new(dimensions: usize) -> Self {
        Self {
            values: vec![HashMap::default(); dimensions],
            known: vec![HashMap::default(); dimensions],
            texts: vec![vec![Arc::from(ALL)]; dimensions],
            periods: Vec::new(),
            period_numbers: HashMap::default(),
        }
    }

    fn value(&mut self, place: usize, text: &'a str) -> u32 {
        let (texts, values) = (&mut self.texts[place], &mut self.values[place]);
        *self.known[place].entry((text.as_ptr(), text.len())).or_insert_with(|| {
            *values.entry(text).or_insert_with(|| {
                texts.push(Arc::from(text));
                next_number(texts.len() - 1)
            })
        })
    }

    fn period(&mut self, ordinal: i32) -> u32 {
        let periods = &mut self.periods;
        *self.period_numbers.entry(ordinal).or_insert_with(|| {
            periods.push(ordinal);
            next_number(periods.len())
        })
    }

    fn texts(&self, plan: &Plan) -> Vec<Vec<Arc<str>>> {
        let named = self.periods.iter().map(|ordinal| Arc::from(plan.period.label(*ordinal)));
        let periods = std::iter::once(Arc::from(ALL)).chain(named).collect();
        std::iter::once(periods).chain(self.texts.iter().cloned()).collect()
    }
}

/// Where each treatment stands in the list of facts, by its internal number.
pub(crate) fn row_numbers(treatments: &[TreatmentFact]) -> HashMap<i64, usize> {
    treatments.iter().enumerate().map(|(index, treatment)| (treatment.row, index)).collect()
}

/// Where treatments stand in the list of facts, for asking in the order in which a store tells outcomes: mostly the treatment asked for
/// last, or the next one.
pub(crate) struct Rows {
    given: Vec<i64>,
    /// Made for the first one that is asked for out of order.
    sorted: Option<Vec<(i64, u32)>>,
    last: usize,
}

impl Rows {
    /// Those of a list of facts.
    pub(crate) fn new(treatments: &[TreatmentFact]) -> Self {
        Self { given: treatments.iter().map(|treatment| treatment.row).collect(), sorted: None, last: 0 }
    }

    /// The place of a treatment in the list, by its internal number.
    pub(crate) fn find(&mut self, row: i64) -> Option<usize> {
        let near = (self.last..self.last + 2).find(|place| self.given.get(*place) == Some(&row));
        self.last = if let Some(place) = near {
            place
        } else {
            let given = &self.given;
            let sorted = self.sorted.get_or_insert_with(|| {
                let mut sorted: Vec<(i64, u32)> = given.iter().copied().zip(0..).collect();
                // Those of one sender ascend already: what is in runs is only merged.
                sorted.sort_unstable();
                sorted
            });
            let place = sorted.binary_search_by_key(&row, |known| known.0).ok()?;
            sorted[place].1 as usize
        };
        Some(self.last)
    }
}

fn next_number(length: usize) -> u32 {
    u32::try_from(length).expect("there are fewer groups than treatments, and those are numbered in far less")
}

/// Numbers of treatments and of distinct scores, which stay far below four thousand millions.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
