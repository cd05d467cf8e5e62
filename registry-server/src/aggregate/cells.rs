//! Cells: made from narrow facts, and grouped like them.
//!
//! Promises: a report from cells is the report from the facts to the bit, for every plan that cells can answer; what they cannot answer
//! is told, never guessed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use schemas::codelist::CodeLists;
use schemas::record::Status;

use super::dimension::Dimension;
use super::gathering::Gathering;
use super::packed::{pack, unpack};
use super::period::Period;
use super::plan::{Attribution, Cohort, Follow, Plan};
use super::structure::Structure;
use crate::fact::cell::{
    CellFacts, CellGroup, CellPlace, CellQuery, CellScores, CellSeries, Cells, CountsFor, Dated, Wanted,
};
use crate::fact::{Facts, Names, TreatmentFact};
use crate::indicator::{Pair, Scores};
use crate::outcome::Comparison;

/// What stands before the HSA-id of a unit whose county its sender does not tell.
const ELSEWHERE: char = '@';

/// The scores that a report needs for these instruments and this comparison.
#[must_use]
pub fn wanted(plan: &Plan, instruments: Option<&[String]>, comparison: Option<Comparison>) -> Wanted {
    let pairs_too = |one| if one == Comparison::Paired { vec![one] } else { vec![Comparison::Paired, one] };
    Wanted {
        // Severity is told by each programme's own instrument, whatever is asked for.
        instruments: instruments.filter(|_| !plan.names(Dimension::Severity)).map(<[String]>::to_vec),
        // The first members of a follow-up, and severity, stand with the pairs.
        comparisons: comparison.map(pairs_too),
    }
}

/// The cells that answer a plan; `None` when only the facts can.
#[must_use]
pub fn query(plan: &Plan, wanted: &Wanted) -> Option<CellQuery> {
    let by_cells = [Dimension::Region, Dimension::Programme, Dimension::Condition];
    let ends_a_month = |day: Date| day == day.last_of_month();
    let whole_months = plan.from.is_none_or(|day| day.day() == 1)
        && plan.to.is_none_or(ends_a_month)
        && match plan.period {
            Period::All | Period::Calendar(_) => true,
            Period::Rolling { to, .. } => ends_a_month(to),
        };
    let mut named = plan.by.iter().copied().chain(plan.only.narrowed().map(|(dimension, _)| dimension));
    let answers = whole_months && plan.structure == Follow::AsWas && named.all(|named| by_cells.contains(&named));
    answers.then(|| CellQuery {
        dated: match plan.cohort {
            Cohort::Started => Dated::Started,
            Cohort::Ended => Dated::Ended,
        },
        counts_for: match plan.attribution {
            Attribution::Start => CountsFor::Start,
            Attribution::End => CountsFor::End,
        },
        wanted: wanted.clone(),
    })
}

/// The cells of one sender's facts.
#[must_use]
pub fn of_sender(facts: &Facts, lists: &CodeLists) -> Cells {
    let places = Places::new(facts, lists);
    let mut groups: Vec<Option<CellGroup>> = vec![None; places.list.len()];
    for (treatment, of_one) in facts.treatments.iter().zip(&places.of_treatment) {
        for place in of_one {
            let place_of = &places.list[*place as usize];
            let day = date(treatment, place_of.dated);
            let empty =
                || CellGroup { place: place_of.clone(), treatments: 0, completed: 0, first_on: day, last_on: day };
            let group = groups[*place as usize].get_or_insert_with(empty);
            group.treatments += 1;
            group.completed += u64::from(treatment.status == Status::Completed);
            group.first_on = group.first_on.min(day);
            group.last_on = group.last_on.max(day);
        }
    }
    let rows = super::row_numbers(&facts.treatments);
    let mut members: HashMap<(u32, &str, Comparison), Members> = HashMap::new();
    for outcome in &facts.outcomes {
        let Some(&index) = rows.get(&outcome.row) else { continue };
        let completed = u64::from(facts.treatments[index].status == Status::Completed);
        for place in &places.of_treatment[index] {
            let one = members.entry((*place, &outcome.instrument, outcome.comparison)).or_default();
            one.take((outcome.first, outcome.second), completed);
        }
    }
    let mut names = Names::default();
    let scores = members.into_iter().map(|((place, instrument, comparison), members)| CellScores {
        place: places.list[place as usize].clone(),
        instrument: names.share(instrument),
        comparison,
        firsts: members.firsts,
        seconds: members.seconds,
        pairs: pack(&members.pairs()),
    });
    let mut cells = Cells { scores: scores.collect(), groups: groups.into_iter().flatten().collect() };
    cells.groups.sort_unstable_by(|a, b| a.place.cmp(&b.place));
    let name = |cell: &CellScores| (cell.place.clone(), Arc::clone(&cell.instrument), cell.comparison);
    cells.scores.sort_by_cached_key(name);
    cells
}

/// Instrument and comparison.
type SeriesCode = (Arc<str>, Comparison);

/// Cells as a store keeps them, ready to be summed; `None` for one that no program wrote.
#[must_use]
pub fn ready(cells: Cells) -> Option<CellFacts> {
    let places: BTreeMap<&CellPlace, u32> = cells.groups.iter().map(|group| &group.place).zip(0..).collect();
    let mut series: BTreeMap<SeriesCode, Vec<(u32, &CellScores)>> = BTreeMap::new();
    for scores in &cells.scores {
        let group = *places.get(&scores.place)?;
        series.entry((Arc::clone(&scores.instrument), scores.comparison)).or_default().push((group, scores));
    }
    let groups = cells.groups.len();
    let series = series.into_iter().map(|(name, scores)| one_series(name, &scores, groups)).collect::<Option<_>>()?;
    drop(places);
    Some(CellFacts { groups: cells.groups, series })
}

fn one_series(
    (instrument, comparison): SeriesCode,
    scores: &[(u32, &CellScores)],
    groups: usize,
) -> Option<CellSeries> {
    let mut gathering = Gathering::default();
    let mut members = Vec::with_capacity(scores.len());
    for (group, cell) in scores {
        members.push((*group, cell.firsts, cell.seconds));
        for pair in unpack(&cell.pairs)? {
            // Never cut short: bytes that tell of more than there can be are of no program.
            u32::try_from(pair.count.max(pair.completed)).ok()?;
            gathering.pair(*group, &pair);
        }
    }
    Some(CellSeries { instrument, comparison, members, counts: gathering.finish(groups) })
}

/// The region of a group, as [`Structure::place`] would tell it of each of its treatments.
pub(super) fn region<'a>(group: &'a CellGroup, structure: &Structure<'a>) -> Option<&'a str> {
    let place = &group.place;
    match place.region.strip_prefix(ELSEWHERE) {
        Some(unit) => structure.region_elsewhere(&place.sender, unit),
        None => Some(&*place.region).filter(|region| !region.is_empty()),
    }
}

/// The first day of a group's month.
pub(super) fn first_day(group: &CellGroup) -> Date {
    group.first_on.first_of_month()
}

/// The day that puts a treatment into a month.
fn date(treatment: &TreatmentFact, dated: Dated) -> Date {
    match dated {
        Dated::Started => treatment.started_on,
        Dated::Ended => treatment.ended_on,
    }
}

/// The groups of each treatment: one for each date, and for each attribution where it was handed over.
struct Places {
    list: Vec<CellPlace>,
    of_treatment: Vec<Vec<u32>>,
}

impl Places {
    fn new(facts: &Facts, lists: &CodeLists) -> Self {
        let mut names = Names::default();
        let [start, end] =
            [Attribution::Start, Attribution::End].map(|attribution| Structure::as_was(facts, lists, attribution));
        let mut numbers: HashMap<CellPlace, u32> = HashMap::new();
        let mut places = Self { list: Vec::new(), of_treatment: Vec::with_capacity(facts.treatments.len()) };
        for treatment in &facts.treatments {
            let began = names.share(start.place(treatment).region.unwrap_or_default());
            let regions = match &treatment.unit_end {
                None => vec![(CountsFor::Both, began)],
                Some(unit) if end.describes(&treatment.sender, unit) => {
                    let went = names.share(end.place(treatment).region.unwrap_or_default());
                    vec![(CountsFor::Start, began), (CountsFor::End, went)]
                }
                Some(unit) => {
                    vec![(CountsFor::Start, began), (CountsFor::End, names.share(&format!("{ELSEWHERE}{unit}")))]
                }
            };
            let mut of_one = Vec::with_capacity(2 * regions.len());
            for dated in Dated::ALL {
                let day = date(treatment, dated);
                let month = names.share(&format!("{:04}-{:02}", day.year(), day.month()));
                for (counts_for, region) in &regions {
                    let place = CellPlace {
                        sender: Arc::clone(&treatment.sender),
                        dated,
                        counts_for: *counts_for,
                        month: Arc::clone(&month),
                        region: Arc::clone(region),
                        programme: Arc::clone(&treatment.programme),
                    };
                    let next = super::next_number(places.list.len());
                    let number = *numbers.entry(place).or_insert_with_key(|place| {
                        places.list.push(place.clone());
                        next
                    });
                    of_one.push(number);
                }
            }
            places.of_treatment.push(of_one);
        }
        places
    }
}

/// First and second members and their pairs, while they are counted.
#[derive(Debug, Default)]
struct Members {
    firsts: u64,
    seconds: u64,
    pairs: Vec<(f64, f64, u64)>,
}

impl Members {
    fn take(&mut self, scores: (Option<f64>, Option<f64>), completed: u64) {
        self.firsts += u64::from(scores.0.is_some());
        self.seconds += u64::from(scores.1.is_some());
        self.pairs.extend(scores.0.zip(scores.1).map(|(first, second)| (first, second, completed)));
    }

    /// The distinct pairs in ascending order.
    fn pairs(mut self) -> Vec<Pair> {
        self.pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let equal =
            |a: &(f64, f64, u64), b: &(f64, f64, u64)| (a.0.to_bits(), a.1.to_bits()) == (b.0.to_bits(), b.1.to_bits());
        let pair = |equal: &[(f64, f64, u64)]| Pair {
            scores: Scores { first: equal[0].0, second: equal[0].1 },
            count: equal.len() as u64,
            completed: equal.iter().map(|(.., completed)| completed).sum(),
        };
        self.pairs.chunk_by(equal).map(pair).collect()
    }
}
