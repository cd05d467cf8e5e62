//! A cut as the disclosure engine takes it: the vocabulary with its codes and measures, and who stands where.
//!
//! Promises: a measure's verdicts are the register's own; whoever stands at no listed code is in no table, whatever it is split by, so that
//! no two tables differ by them. Must not know: keys, what was released.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;
use schemas::codelist::CodeLists;
use schemas::record::Status;

use super::codes::Codes;
use super::cohort::{Cohort, Person};
use super::exclusion::{self, Exclusion};
use super::measure::{self, Measure, YES};
use super::vocabulary::DIMENSIONS;
use crate::disclose::engine::means::Scored;
use crate::disclose::engine::tally::{Contributor, Facts as Counted, Units, Unusable};
use crate::disclose::engine::vocabulary::{Dimension, Kind, Unregistered, Vocabulary};
use crate::fact::Facts;
use crate::indicator::Scores;

/// Why a cut is none to the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A code list that is no hierarchy.
    #[error(transparent)]
    Vocabulary(#[from] Unregistered),
    /// Persons that do not fit it.
    #[error(transparent)]
    Facts(#[from] Unusable),
}

/// A cut, ready for tables of some measures.
#[derive(Debug)]
pub struct Population {
    /// What its tables are split by.
    pub vocabulary: Vocabulary,
    /// Who is in them.
    pub facts: Counted,
    /// Persons who are in no table.
    pub left_out: u64,
}

impl Population {
    /// The population of a cut for these measures.
    ///
    /// # Errors
    /// Codes or persons that contradict each other.
    pub fn new(cut: (&Facts, &Cohort, &Codes), measures: &[Measure], lists: &CodeLists) -> Result<Self, Unfit> {
        let (facts, cohort, codes) = cut;
        let mut seen = BTreeSet::new();
        let own = |measure: &&Measure| measure.dimension().is_some_and(|own| seen.insert(own.name));
        let crossed: Vec<&Measure> = measures.iter().filter(own).collect();
        let dimensions = dimensions(codes, &crossed)?;
        let verdicts: Vec<Verdicts> = crossed.iter().map(|measure| Verdicts::of(measure, facts, lists)).collect();
        let finest = codes.finest(cohort);
        let numbers: BTreeMap<&str, u32> = (0..)
            .zip(cohort.persons.iter().map(|person| person.unit.as_str()).collect::<BTreeSet<_>>())
            .map(|(number, unit)| (unit, number))
            .collect();
        let contributor = |person: &Person| {
            let own = finest.of(person)?;
            let judged = verdicts.iter().map(|verdicts| verdicts.code(person));
            let all = own.into_iter().chain(judged);
            let codes = dimensions.iter().zip(all).map(|(known, code)| known.code(code));
            Some(Contributor {
                subject: person.subject.clone(),
                unit: numbers[person.unit.as_str()],
                codes: codes.collect::<Option<_>>()?,
            })
        };
        let contributors: Vec<Contributor> = cohort.persons.iter().filter_map(contributor).collect();
        let left_out = (cohort.persons.len() - contributors.len()) as u64;
        let public = cohort.persons.iter().filter(|person| person.is_public);
        let public = public.map(|person| numbers[person.unit.as_str()]).collect();
        let region = super::vocabulary::REGION.name;
        let mut silent = codes.silent.iter();
        let vocabulary = silent.try_fold(Vocabulary::new(dimensions), |known, code| known.silent((region, code)))?;
        let vocabulary = measures.iter().try_fold(vocabulary, |known, measure| scored(known, measure, lists))?;
        let found = contributors.iter().map(|one| &one.codes[DIMENSIONS.len()..]);
        let vocabulary = exclusions(vocabulary, (&crossed, lists), &found.collect::<Vec<_>>())?;
        let mut counted = Counted::new(contributors, Units { public, open: BTreeSet::new() }, &vocabulary)?;
        for measure in measures {
            let Some(name) = measure.scored() else { continue };
            let persons = cohort.persons.iter().filter(|person| finest.of(person).is_some());
            let pairs = pairs(measure, facts);
            let scores =
                persons.filter_map(|person| Some((person.subject.clone(), *pairs.get(&person.row)?))).collect();
            counted = counted.scored(&name, &scores, &vocabulary)?;
        }
        Ok(Self { vocabulary, facts: counted, left_out })
    }
}

/// The vocabulary with what no two measures can say of one person, so that their tables are held against each other; what the lists in
/// force exclude and somebody shows all the same, such as a score between two whole ones, is not taken for excluded.
fn exclusions(
    known: Vocabulary,
    (measures, lists): (&[&Measure], &CodeLists),
    found: &[&[usize]],
) -> Result<Vocabulary, Unregistered> {
    let own: Vec<_> = measures.iter().map(|measure| measure.dimension()).collect();
    let mut vocabulary = known;
    // The first node of a dimension is the whole.
    let node = |of: &measure::Dimension, code: &str| {
        of.codes.iter().position(|(known, _)| *known == code).map(|place| place + 1)
    };
    for Exclusion { sides: [(one, its), (other, others)] } in exclusion::all(measures, lists) {
        let (Some(of_one), Some(of_other)) = (&own[one], &own[other]) else { continue };
        let both = (node(of_one, its), node(of_other, others));
        if !found.iter().any(|codes| (Some(codes[one]), Some(codes[other])) == both) {
            vocabulary = vocabulary.excluding((&of_one.name, its), (&of_other.name, others))?;
        }
    }
    Ok(vocabulary)
}

fn dimensions(codes: &Codes, measures: &[&Measure]) -> Result<Vec<Dimension>, Unregistered> {
    let mut dimensions = Vec::new();
    for (known, listed) in DIMENSIONS.into_iter().zip(&codes.dimensions) {
        let codes: Vec<(&str, &str)> = listed.codes.iter().map(|(code, above)| (&**code, &**above)).collect();
        let dimension = Dimension::new(known.name, known.kind, known.levels, &codes)?;
        let least = known.least.filter(|_| !codes.is_empty());
        dimensions.push(match least {
            Some(least) => dimension.tighten(None, least)?,
            None => dimension,
        });
    }
    for own in measures.iter().filter_map(|measure| measure.dimension()) {
        dimensions.push(Dimension::new(&own.name, Kind::Outcome, own.levels, own.codes)?);
    }
    Ok(dimensions)
}

/// The vocabulary with a measure's scores, where means are asked of it.
///
/// # Errors
/// An instrument that has no range.
pub(super) fn scored(known: Vocabulary, measure: &Measure, lists: &CodeLists) -> Result<Vocabulary, Unregistered> {
    let (Some(name), Some(own), Measure::Scores { instrument, .. }) = (measure.scored(), measure.dimension(), measure)
    else {
        return Ok(known);
    };
    let unknown = || Unregistered::Name(instrument.clone());
    let range = lists.instrument(instrument).ok_or_else(unknown)?;
    known.scored(Scored {
        name: &name,
        of: instrument,
        pairs: (&own.name, YES),
        lowest: range.lowest,
        highest: range.highest,
        higher_is_better: range.higher_is_better,
    })
}

/// Both scores of each treatment that has them.
fn pairs(measure: &Measure, facts: &Facts) -> HashMap<i64, (f64, f64)> {
    let Measure::Scores { instrument, comparison, .. } = measure else { return HashMap::default() };
    let outcomes = facts.outcomes.iter();
    let own = outcomes.filter(|one| &*one.instrument == instrument.as_str() && one.comparison == *comparison);
    own.filter_map(|one| Some((one.row, (one.first?, one.second?)))).collect()
}

/// What a measure says of each treatment.
enum Verdicts {
    Completed,
    /// The code of each that has both scores, and of every other.
    Scored(HashMap<i64, &'static str>, &'static str),
}

impl Verdicts {
    fn of(measure: &Measure, facts: &Facts, lists: &CodeLists) -> Self {
        let Measure::Scores { instrument, .. } = measure else { return Self::Completed };
        let scale = lists.thresholds().instrument(instrument).map(|known| measure::scale(known, lists));
        let pairs = pairs(measure, facts).into_iter();
        let code = |(row, (first, second))| (row, measure.verdict(scale.as_ref(), Some(Scores { first, second })));
        Self::Scored(pairs.map(code).collect(), measure.verdict(scale.as_ref(), None))
    }

    fn code(&self, person: &Person) -> &'static str {
        match self {
            Self::Completed if person.status == Status::Completed => "completed",
            Self::Completed => "discontinued",
            Self::Scored(codes, missing) => codes.get(&person.row).copied().unwrap_or(missing),
        }
    }
}
