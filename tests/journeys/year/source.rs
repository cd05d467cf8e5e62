//! A region's rows as the script knows them, and what the register must hold of them: worked out here in other code than the agent's.
//!
//! Promises: a document is written down from the row alone; who has left is in none.

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::platform::Person;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::secret::Secrets;

/// How a treatment stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Completed,
    Discontinued,
    Ongoing,
    /// Its status says that the person objects.
    OptedOut,
    TestPatient,
    Protected,
    /// It names no unit, so that it is held; what was delivered of it before stands.
    NoUnit,
}

/// An answer that counts.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) on: Date,
    pub(super) score: u32,
}

/// One treatment's rows.
#[derive(Debug, Clone)]
pub(super) struct Treatment {
    pub(super) person: Person,
    pub(super) unit: usize,
    pub(super) unit_end: Option<usize>,
    pub(super) programme: usize,
    pub(super) state: State,
    pub(super) started: Date,
    pub(super) ended: Date,
    /// By instrument and place in [`TIMEPOINTS`].
    pub(super) answers: BTreeMap<(&'static str, usize), Answer>,
    /// Whether there is one more answer, which no scale has.
    pub(super) bad_answer: bool,
    pub(super) touched: Timestamp,
    /// The month of the script in which it came.
    pub(super) came: usize,
    /// What the register keeps of it while it is held.
    pub(super) stands: Option<String>,
}

/// The times of answers in their order.
pub(super) const TIMEPOINTS: [&str; 4] = ["pre", "weekly-3", "post", "followup-6m"];
/// Codes of programmes.
pub(super) const PROGRAMMES: [&str; 3] = ["angesthjalpen", "depressionshjalpen", "oroshjalpen"];
/// Units of a region.
pub(super) const UNITS: usize = 4;

/// A region's source.
pub(super) struct Source {
    pub(super) sender: &'static str,
    pub(super) secrets: Secrets,
    pub(super) treatments: BTreeMap<String, Treatment>,
    /// The list of objections: number and reason.
    pub(super) list: Vec<(String, &'static str)>,
    /// Everybody who has left by whatever way.
    pub(super) left: BTreeSet<String>,
}

/// What was found, held and excluded, of treatments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) found: u64,
    pub(super) at_register: u64,
    pub(super) held: u64,
    pub(super) excluded: u64,
}

impl Source {
    /// What the register must hold of this region: sender, key, hash, person and document of each treatment.
    pub(super) fn truth(&self) -> Vec<String> {
        let staying = self.treatments.iter().filter(|(_, treatment)| !self.left.contains(&treatment.person.number));
        let line = |(id, treatment): (&String, &Treatment)| {
            let document = match treatment.state {
                State::Completed | State::Discontinued => self.document(treatment),
                State::NoUnit => treatment.stands.clone()?,
                State::Ongoing | State::OptedOut | State::TestPatient | State::Protected => return None,
            };
            let hash = schemas::canonical::sha256_hex(format!("treatment\0{document}").as_bytes());
            let (key, person) = (self.secrets.record(self.sender, id), self.secrets.person(&treatment.person.number));
            Some(format!("{} {key} {hash} {person} {document}", self.sender))
        };
        staying.filter_map(line).collect()
    }

    /// Keys of the treatments of everybody who has left.
    pub(super) fn gone(&self) -> impl Iterator<Item = String> {
        let theirs = self.treatments.iter().filter(|(_, treatment)| self.left.contains(&treatment.person.number));
        theirs.map(|(id, _)| self.secrets.record(self.sender, id))
    }

    /// Where the accounting of a whole reading must put its treatments.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = Sums { found: self.treatments.len() as u64, ..Sums::default() };
        for treatment in self.treatments.values() {
            let has_left = self.left.contains(&treatment.person.number);
            *match treatment.state {
                State::NoUnit => &mut sums.held,
                State::Completed | State::Discontinued if !has_left => &mut sums.at_register,
                _ => &mut sums.excluded,
            } += 1;
        }
        sums
    }

    /// The treatment's content without its pseudonym, as RFC 8785 writes it: names in order, nothing between, whole numbers.
    pub(super) fn document(&self, treatment: &Treatment) -> String {
        let answer = |((instrument, timepoint), answer): (&(&str, usize), &Answer)| {
            json!({
                "instrument": instrument, "timepoint": TIMEPOINTS[*timepoint], "answered_on": answer.on.to_string(),
                "score": answer.score,
            })
        };
        let mut document = json!({
            "programme": PROGRAMMES[treatment.programme], "unit": self.unit(treatment.unit), "status": treatment.status(),
            "started_on": treatment.started.to_string(), "ended_on": treatment.ended.to_string(),
            "sex": treatment.person.sex, "birth_year": treatment.person.birth_year,
            "measurements": treatment.answers.iter().map(answer).collect::<Vec<Value>>(),
        });
        if let Some(unit) = treatment.unit_end {
            document["unit_end"] = self.unit(unit).into();
        }
        document.to_string()
    }

    pub(super) fn unit(&self, number: usize) -> String {
        format!("SE9990{}0000-E00{}", self.sender, number + 1)
    }
}

impl Treatment {
    /// The word in the column `status`.
    pub(super) fn status(&self) -> &'static str {
        match self.state {
            State::Ongoing => "ongoing",
            State::OptedOut => "opted_out",
            State::Discontinued => "discontinued",
            State::Completed | State::TestPatient | State::Protected | State::NoUnit => "completed",
        }
    }
}
