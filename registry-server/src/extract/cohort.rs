//! Who is counted: each person of a sender once, by the first treatment that a cut holds of them, with its place in every dimension.
//!
//! Promises: the same facts give the same persons in the same order; a person's name here is the register's internal number, which means
//! nothing outside its database. Must not know: which codes are listed, tables.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};
use jiff::civil::Date;
use schemas::codelist::CodeLists;
use schemas::record::Status;

use super::vocabulary::{self, DIMENSIONS, Registered};
use crate::aggregate::dimension::{Dimension, Traits};
use crate::aggregate::plan::Attribution;
use crate::aggregate::structure::Structure;
use crate::fact::{Facts, TreatmentFact};
use crate::outcome::Comparison;

/// The code of those whose value is not known.
pub const UNKNOWN: &str = "UNKNOWN";

/// Codes from the coarsest level to the finest; nothing where the value is not known and stands for itself nowhere.
pub type Path = Option<Vec<String>>;

/// A person of a sender.
#[derive(Debug, Clone)]
pub struct Person {
    /// The sender and the register's internal number.
    pub subject: Vec<u8>,
    /// The unit of the treatment.
    pub unit: String,
    /// Whether a public body runs it, as far as known.
    pub is_public: bool,
    /// The treatment that counts.
    pub row: i64,
    /// How it ended.
    pub status: Status,
    /// The place among [`Cohort::paths`] of each dimension.
    paths: Vec<usize>,
}

/// The persons of a cut.
#[derive(Debug)]
pub struct Cohort {
    /// Everybody, by sender and number.
    pub persons: Vec<Person>,
    /// The paths that occur, by dimension.
    paths: Vec<Vec<Path>>,
}

impl Cohort {
    /// The persons behind facts.
    #[must_use]
    pub fn of(facts: &Facts, lists: &CodeLists) -> Self {
        let structure = Structure::as_was(facts, lists, Attribution::Start);
        let severity = severity(facts, lists);
        let mut first: BTreeMap<(&str, i64), &TreatmentFact> = BTreeMap::new();
        let order = |one: &TreatmentFact| (one.started_on, one.ended_on, one.programme.clone(), one.row);
        for treatment in &facts.treatments {
            let counted = first.entry((&treatment.sender, treatment.subject)).or_insert(treatment);
            if order(treatment) < order(counted) {
                *counted = treatment;
            }
        }
        let mut known = vec![Seen::default(); DIMENSIONS.len()];
        let person = |((sender, subject), treatment): ((&str, i64), &TreatmentFact)| {
            let place = structure.place(treatment);
            let traits = Traits {
                treatment,
                place,
                programme: structure.programme(treatment),
                severity: severity.get(&treatment.row).map(String::as_str),
            };
            let path = |(known, seen): (&&Registered, &mut Seen)| seen.place(path(known, &traits, lists));
            Person {
                subject: format!("{sender} {subject}").into_bytes(),
                unit: place.unit.to_owned(),
                is_public: place.ownership == Some(schemas::record::Ownership::Public),
                row: treatment.row,
                status: treatment.status,
                paths: DIMENSIONS.iter().zip(&mut known).map(path).collect(),
            }
        };
        let persons = first.into_iter().map(person).collect();
        Self { persons, paths: known.into_iter().map(|seen| seen.paths).collect() }
    }

    /// The paths that occur in a dimension, by its place among all.
    #[must_use]
    pub fn paths(&self, dimension: usize) -> &[Path] {
        &self.paths[dimension]
    }
}

impl Person {
    /// Which of [`Cohort::paths`] the person stands at in a dimension.
    #[must_use]
    pub fn at(&self, dimension: usize) -> usize {
        self.paths[dimension]
    }
}

/// Paths that were met, each once.
#[derive(Debug, Clone, Default)]
struct Seen {
    paths: Vec<Path>,
    places: HashMap<Path, usize>,
}

impl Seen {
    fn place(&mut self, path: Path) -> usize {
        *self.places.entry(path).or_insert_with_key(|path| {
            self.paths.push(path.clone());
            self.paths.len() - 1
        })
    }
}

fn path(known: &Registered, traits: &Traits<'_>, lists: &CodeLists) -> Path {
    let label = |dimension: Dimension| dimension.label(traits, lists).map(str::to_owned);
    let gathered = |label: Option<String>| Some(vec![label.unwrap_or_else(|| UNKNOWN.to_owned())]);
    match known.name {
        name if name == vocabulary::REGION.name => label(Dimension::Region).map(|code| vec![code]),
        name if name == vocabulary::SEX.name => label(Dimension::Sex).map(|code| vec![code]),
        name if name == vocabulary::AGE.name => label(Dimension::AgeGroup).and_then(|band| aged(band, lists)),
        name if name == vocabulary::PROGRAMME.name => {
            let condition = label(Dimension::Condition).filter(|condition| !condition.is_empty());
            Some(vec![condition.unwrap_or_else(|| UNKNOWN.to_owned()), traits.programme.to_owned()])
        }
        name if name == vocabulary::DIAGNOSIS.name => gathered(label(Dimension::DiagnosisGroup)),
        name if name == vocabulary::SEVERITY.name => gathered(label(Dimension::Severity)),
        name if name == vocabulary::CARE_LEVEL.name => gathered(label(Dimension::CareLevel)),
        name if name == vocabulary::OWNERSHIP.name => gathered(label(Dimension::Ownership)),
        _ => Some(period(traits.treatment.ended_on)),
    }
}

/// A band below its broad band: children, and three parts of a grown person's life.
fn aged(band: String, lists: &CodeLists) -> Path {
    const BROAD: [(u8, &str); 4] = [(65, "65 and over"), (45, "45 to 64"), (18, "18 to 44"), (0, "under 18")];
    let from = lists.age_bands().find(|known| known.code == band)?.from;
    let broad = BROAD.into_iter().find(|(least, _)| *least <= from)?.1;
    Some(vec![broad.to_owned(), band])
}

/// Year, half and quarter of a day.
fn period(day: Date) -> Vec<String> {
    let (year, quarter) = (day.year(), (day.month() - 1) / 3 + 1);
    vec![year.to_string(), format!("{year}H{}", (quarter - 1) / 2 + 1), format!("{year}Q{quarter}")]
}

/// The band of the first score on the primary instrument, by treatment.
fn severity(facts: &Facts, lists: &CodeLists) -> HashMap<i64, String> {
    let programmes: HashMap<i64, &str> = facts.treatments.iter().map(|one| (one.row, &*one.programme)).collect();
    let mut bands = HashMap::new();
    for outcome in facts.outcomes.iter().filter(|outcome| outcome.comparison == Comparison::Paired) {
        let programme = programmes.get(&outcome.row).and_then(|code| lists.programme(code));
        let is_primary = programme.and_then(|known| known.primary_instrument.as_deref()) == Some(&*outcome.instrument);
        let Some(first) = outcome.first.filter(|_| is_primary) else { continue };
        if let Some(band) = lists.severity_band(&outcome.instrument, first) {
            bands.insert(outcome.row, band.code.clone());
        }
    }
    bands
}
