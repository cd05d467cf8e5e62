//! One episode from its treatment row and its answers.
//!
//! Promises: measurements in the order of instrument and timepoint; an id that two persons share holds all of its rows.

use schemas::record::{Measurement, Treatment};
use schemas::rule::Rule;

use super::findings;

/// One treatment id of the source.
#[derive(Debug)]
pub struct Episode {
    /// Index of its source.
    pub source: usize,
    /// The last part of the record key, 43 characters.
    pub key: String,
    /// The source's id, or the short record key.
    pub local_id: String,
    /// What it came to.
    pub state: State,
}

/// What an episode came to.
#[derive(Debug)]
pub enum State {
    /// A whole record; optional fields that were left out are named.
    Ready(Box<Treatment>, Vec<(Rule, String)>),
    /// Rules and fields that hold it.
    Held(Vec<(Rule, String)>),
    /// The rule that excludes it.
    Excluded(Rule),
}

/// A row of the scratch database.
#[derive(sqlx::FromRow)]
pub(super) struct Raw {
    source: i64,
    key: String,
    local_id: String,
    state: i64,
    content: String,
    findings: String,
    shared: i64,
    answers: String,
}

impl Raw {
    pub(super) fn assemble(self) -> Episode {
        let found = findings(&self.findings);
        let state = match (self.shared, self.state) {
            (0, 2) => State::Excluded(found.first().map_or(Rule::Objection, |(rule, _)| *rule)),
            (0, 0) => match whole(&self.content, &self.answers) {
                Some(treatment) => State::Ready(Box::new(treatment), found),
                None => State::Held(vec![(Rule::RecordShape, "treatment".into())]),
            },
            (0, _) => State::Held(found),
            _ => State::Held(vec![(Rule::TreatmentIdShared, "treatment_id".into())]),
        };
        Episode {
            source: usize::try_from(self.source).unwrap_or_default(),
            key: self.key,
            local_id: self.local_id,
            state,
        }
    }
}

fn whole(content: &str, answers: &str) -> Option<Treatment> {
    let mut treatment: Treatment = serde_json::from_str(content).ok()?;
    let answers: Vec<(String, String, String, String)> = serde_json::from_str(answers).ok()?;
    let measurements: Option<Vec<Measurement>> = answers
        .into_iter()
        .map(|(instrument, timepoint, answered_on, score)| {
            Some(Measurement {
                instrument,
                timepoint: timepoint.parse().ok()?,
                answered_on: answered_on.parse().ok()?,
                score: score.parse().ok()?,
            })
        })
        .collect();
    treatment.measurements = measurements?;
    treatment.measurements.sort_by(|a, b| (&a.instrument, a.timepoint).cmp(&(&b.instrument, b.timepoint)));
    Some(treatment)
}
