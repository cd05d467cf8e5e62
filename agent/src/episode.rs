//! Treatments joined with their answers to whole episodes, after pseudonymisation, so that memory stays bounded whatever the source
//! and its order.
//!
//! Promises: holds pseudonyms, keys, typed values, and local ids and words that passed the identity scan, nothing else; between rows of one id and
//! answers to one timepoint it chooses by the contract's rule (2.0), never by the order of reading; episodes come out in the order of
//! their keys.

mod gathering;
mod ids;
mod join;
mod row;
mod spill;

#[cfg(test)]
mod tests;

pub use gathering::{Episodes, Gathering};
pub use ids::{Ids, MARK};

use schemas::rule::{Finding, Rule};

use crate::map::{Cell, Course, LocalWords};

/// One treatment id of the source.
#[derive(Debug)]
pub struct Episode {
    /// Which one it is.
    pub read: Read,
    /// Words of the row that stands, when it is held.
    pub words: LocalWords,
    /// What it came to.
    pub state: State,
}

/// What was read of a treatment id, whatever it came to.
#[derive(Debug)]
pub struct Read {
    /// Index of its source.
    pub source: usize,
    /// The last part of the record key, 43 characters.
    pub key: String,
    /// The source's id, or the short record key.
    pub local_id: String,
    /// The person of its rows, 32 bytes under the person key, when they tell one and no other, who does not object.
    pub person: Option<[u8; 32]>,
    /// Whether it stays and one of its rows is of a person who objects, so that nothing may be kept that names it.
    pub objects: bool,
    /// What it is counted under.
    pub cell: Cell,
    /// When it began and ended, for the monthly counts.
    pub course: Course,
    /// Answers that stand, one for an instrument and timepoint.
    pub answers: u32,
    /// Answers that break a rule.
    pub bad_answers: u32,
}

/// What an episode came to.
#[derive(Debug)]
pub enum State {
    /// A whole record.
    Ready {
        /// The canonical bytes of the [`schemas::record::Treatment`] with its measurements.
        content: Vec<u8>,
        /// Optional fields that were left out.
        warnings: Vec<(Rule, String)>,
    },
    /// Rules and fields that hold it.
    Held(Vec<(Rule, String)>),
    /// The rule that excludes it.
    Excluded(Rule),
    /// The source has it no more, and it is to be taken back.
    Vanished,
}

/// One held answer.
#[derive(Debug)]
pub struct HeldAnswer {
    /// Index of its source.
    pub source: usize,
    /// Key of its treatment.
    pub key: String,
    /// The source's id of the treatment, or the short record key.
    pub local_id: String,
    /// What its treatment is counted under.
    pub cell: Cell,
    /// Its number among the held answers of its key.
    pub item: u32,
    /// Rules and fields.
    pub findings: String,
    /// Its own words.
    pub words: LocalWords,
}

/// Answers of a treatment that was not read.
#[derive(Debug)]
pub struct Stray {
    /// Index of their source.
    pub source: usize,
    /// Key of the treatment.
    pub key: String,
    /// The source's id of the treatment, or the short record key.
    pub local_id: String,
    /// How many.
    pub answers: u32,
}

/// Some neighbouring episodes.
#[derive(Debug, Default)]
pub struct Joined {
    /// Treatments, in the order of their keys.
    pub episodes: Vec<Episode>,
    /// Answers that stay: those that break a rule, and those of no treatment. Answers of excluded treatments are not told.
    pub held_answers: Vec<HeldAnswer>,
    /// Keys of which only answers were read; all of these are among the held ones.
    pub strays: Vec<Stray>,
}

impl Joined {
    fn len(&self) -> usize {
        self.episodes.len() + self.held_answers.len()
    }
}

/// Why episodes could not be put together: the working file failed, which is the disk's fault, not the source's.
#[derive(Debug, thiserror::Error)]
pub enum EpisodeError {
    /// It cannot be made, written or read.
    #[error("the working file in the state directory failed ({0}); check that the disk has room and is healthy")]
    File(#[from] std::io::Error),
    /// It does not hold what was written.
    #[error(
        "the working file in the state directory came back altered, and nothing of this run was kept; check the disk"
    )]
    Damaged,
    /// The thread that joins has ended early.
    #[error("joining treatments with their answers was broken off, and nothing of this run was kept; run it again")]
    BrokenOff,
}

/// Findings as `rule:field` words, for the working file.
fn told(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{}:{}", f.rule.id(), f.field)).collect::<Vec<_>>().join(" ")
}

/// Findings as rule and field again.
pub(crate) fn findings(words: &str) -> Vec<(Rule, String)> {
    words
        .split(' ')
        .filter_map(|word| word.split_once(':'))
        .filter_map(|(rule, field)| Some((Rule::by_id(rule)?, field.to_owned())))
        .collect()
}

/// Local words as text, for the working file; nothing for the many rows that have none.
fn spelt(words: &LocalWords) -> String {
    if words.is_empty() { String::new() } else { serde_json::json!(words).to_string() }
}

/// Local words again.
fn unspelt(text: &str) -> LocalWords {
    serde_json::from_str(text).unwrap_or_default()
}
