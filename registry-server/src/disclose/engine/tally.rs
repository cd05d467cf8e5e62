//! Who stands behind each cell: persons, and units that treated them.
//!
//! Promises: a person counts once, so sums hold; the contributors are a table of one row a person of a sender.
//! Source: disclosure, section 3.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::disclose::engine::cube::Cube;
use crate::disclose::engine::secret::{Secret, Tags};
use crate::disclose::engine::vocabulary::{Dimension, Vocabulary};

/// A person of a sender, as the cut knows them.
#[derive(Clone)]
pub struct Contributor {
    /// The register's name for the person, with the sender.
    pub subject: Vec<u8>,
    /// The unit that treated them.
    pub unit: u32,
    /// The place of their code in each dimension as the vocabulary was given, on its finest level (`Dimension::code`).
    pub codes: Vec<usize>,
}

impl fmt::Debug for Contributor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contributor")
    }
}

/// What units have agreed to.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// Those with a decision to report openly, in force now.
    pub open: BTreeSet<u32>,
    /// Those run by a region.
    pub public: BTreeSet<u32>,
}

/// The facts of a frozen cut.
pub struct Facts {
    /// With their codes in the order of the vocabulary.
    contributors: Vec<Contributor>,
    pub(super) units: Units,
    /// Both scores of each contributor, by measure.
    scores: BTreeMap<String, Vec<Option<(f64, f64)>>>,
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("contributors", &self.contributors.len()).finish_non_exhaustive()
    }
}

/// Facts that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// A contributor without a registered code on the finest level of each dimension.
    #[error("a contributor has no registered code in some dimension")]
    Codes,
    /// A contributor with codes that exclude each other, or where nothing is reported or defined.
    #[error("a contributor has codes that nobody can have")]
    Impossible,
    /// Scores that do not go with the contributors.
    #[error("scores are missing, out of range, of nobody, or of no registered measure")]
    Scores,
    /// The same person twice.
    #[error("a person of a sender is there twice")]
    Twice,
}

impl Facts {
    /// The facts of a cut.
    ///
    /// # Errors
    /// Contributors that the vocabulary does not know, or of whom one is there twice.
    pub fn new(mut contributors: Vec<Contributor>, units: Units, vocabulary: &Vocabulary) -> Result<Self, Unusable> {
        let mut known = BTreeSet::new();
        for contributor in &mut contributors {
            contributor.codes = registered(&contributor.codes, vocabulary).ok_or(Unusable::Codes)?;
        }
        for contributor in &contributors {
            let nodes: Vec<(usize, usize)> = contributor.codes.iter().copied().enumerate().collect();
            if vocabulary.void(&nodes).is_some() {
                return Err(Unusable::Impossible);
            }
            if !known.insert(&contributor.subject) {
                return Err(Unusable::Twice);
            }
        }
        Ok(Self { contributors, units, scores: BTreeMap::new() })
    }

    /// The facts with both scores of everybody who has them, by subject, under a measure of the vocabulary.
    ///
    /// # Errors
    /// No such measure, or scores that are missing, out of range or of somebody who has none.
    pub fn scored(
        mut self,
        measure: &str,
        scores: &BTreeMap<Vec<u8>, (f64, f64)>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, Unusable> {
        let known = vocabulary.measures.iter().find(|known| known.name == measure).ok_or(Unusable::Scores)?;
        let found = known.scores(self.persons(), vocabulary, scores).ok_or(Unusable::Scores)?;
        self.scores.insert(measure.to_owned(), found);
        Ok(self)
    }

    /// The subject and codes of each contributor.
    pub(super) fn persons(&self) -> impl Iterator<Item = (&[u8], &[usize])> {
        self.contributors.iter().map(|one| (one.subject.as_slice(), one.codes.as_slice()))
    }

    /// The codes and both scores of everybody who has them.
    pub(super) fn scores(&self, measure: &str) -> impl Iterator<Item = (&[usize], (f64, f64))> {
        let scores = self.scores.get(measure).into_iter().flatten();
        self.contributors.iter().zip(scores).filter_map(|(one, score)| Some((one.codes.as_slice(), (*score)?)))
    }

    /// Who has both scores of a measure and stands in a cell, by their places.
    pub(super) fn scored_in(&self, measure: &str, name: &[(usize, usize)], vocabulary: &Vocabulary) -> BTreeSet<usize> {
        let scores = self.scores.get(measure).into_iter().flatten();
        let at = |codes: &[usize], (dimension, node): &(usize, usize)| {
            let known = &vocabulary.dimensions[*dimension];
            known.at(codes[*dimension], known.nodes[*node].depth) == *node
        };
        let is_in = |one: &Contributor| name.iter().all(|place| at(&one.codes, place));
        let all = self.contributors.iter().zip(scores).enumerate();
        all.filter(|(_, (one, score))| score.is_some() && is_in(one)).map(|(place, _)| place).collect()
    }

    /// Persons in each finest cell of a cube; nothing elsewhere.
    pub(super) fn finest(&self, cube: &Cube<'_>) -> Vec<u64> {
        let mut counts = vec![0; cube.size()];
        self.contributors.iter().for_each(|contributor| counts[cube.place(&contributor.codes)] += 1);
        counts
    }
}

/// Codes in the order of the vocabulary; nothing where one of them is none.
fn registered(codes: &[usize], vocabulary: &Vocabulary) -> Option<Vec<usize>> {
    let code = |(place, of): (&usize, &Dimension)| {
        let code = *codes.get(*place)?;
        (of.nodes.get(code)?.depth == of.levels.len()).then_some(code)
    };
    let dimensions = vocabulary.given.iter().zip(&vocabulary.dimensions);
    dimensions.map(code).collect::<Option<Vec<usize>>>().filter(|registered| registered.len() == codes.len())
}

/// What stands behind one cell.
#[derive(Clone, Default)]
pub(super) struct Tally {
    pub(super) persons: u64,
    pub(super) tags: Tags,
    pub(super) units: BTreeSet<u32>,
}

/// What stands behind each cell of a table.
pub(super) fn tallies(facts: &Facts, cube: &Cube<'_>, secret: &Secret) -> Vec<Tally> {
    let mut tallies = vec![Tally::default(); cube.size()];
    for contributor in &facts.contributors {
        let tag = secret.tag(&contributor.subject);
        let tally = &mut tallies[cube.place(&contributor.codes)];
        tally.persons += 1;
        tally.tags.iter_mut().zip(tag).for_each(|(sum, one)| *sum ^= one);
        tally.units.insert(contributor.unit);
    }
    for cell in (0..cube.size()).filter(|cell| cube.is_finest(*cell)) {
        let one = tallies[cell].clone();
        for above in cube.above(cell).into_iter().skip(1) {
            let sum = &mut tallies[above];
            sum.persons += one.persons;
            sum.tags.iter_mut().zip(one.tags).for_each(|(sum, one)| *sum ^= one);
            sum.units.extend(&one.units);
        }
    }
    tallies
}
