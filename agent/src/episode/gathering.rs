//! Collects rows while a cycle reads, then yields episodes.
//!
//! Promises: nothing is yielded before everything was read; a working file that fails or was altered ends the yield with an error,
//! never with a record that is not whole.

use std::path::Path;

use schemas::canonical;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::ids::Ids;
use super::row::{self, Age, AnswerRow, CellRow, HeldRow, Origin, Row, TreatmentRow};
use super::spill::{MOST_BYTES, PARTS, Spill};
use super::{EpisodeError, Joined, join, spelt, told};
use crate::map::{Cell, Course, LocalWords};
use crate::pseudonymise::{Fate, KeyedAnswer, Pseudonymised};
use crate::source::Recency;

/// Chunks of episodes that wait for whoever takes them.
const AHEAD: usize = 4;

/// What a cycle has read so far.
pub struct Gathering {
    pub(super) spill: Spill,
    ids: Ids,
}

/// The episodes of everything that was read, in the order of their keys. They are joined on a thread of their own.
pub struct Episodes {
    chunks: mpsc::Receiver<Joined>,
    joining: Option<JoinHandle<Result<(), EpisodeError>>>,
    /// The ids of all of them.
    pub ids: Ids,
}

impl Gathering {
    /// Begins with nothing. What memory does not hold goes to a file at this path, which has no name there any more when this returns;
    /// without a path, as for a preview, which writes nothing, memory holds everything.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(file: Option<&Path>) -> Result<Self, EpisodeError> {
        Spill::begin(file, MOST_BYTES).map(Self::new)
    }

    pub(super) fn new(spill: Spill) -> Self {
        Self { spill, ids: Ids::default() }
    }

    /// Adds one treatment row with what it is counted under and its months, and with the words of a held one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_treatment(
        &mut self,
        row: &Pseudonymised,
        (cell, course): (&Cell, Course),
        words: &LocalWords,
    ) -> Result<(), EpisodeError> {
        let (fate, content, found) = match &row.fate {
            Fate::Ready(treatment, warnings) => (row::Fate::Ready, canonical::bytes(treatment), told(warnings)),
            Fate::Held(findings) => (row::Fate::Held, Vec::new(), told(findings)),
            Fate::Excluded(finding) => (row::Fate::Excluded, Vec::new(), told(&[*finding])),
        };
        self.ids.add(row.key.hmac());
        let treatment = TreatmentRow {
            origin: origin(row.source, &row.local_id),
            age: age(row.recency),
            fate,
            person: row.person.as_ref().map_or("", |person| person.as_str()),
            content: &content,
            cell: CellRow { unit: &cell.unit, programme: &cell.programme, month: &cell.month },
            course: course.to_bytes(),
            findings: &found,
            words: &spelt(words),
        };
        self.add(row.key.as_str(), &Row::Treatment(treatment))
    }

    /// Adds one answer row, with the words of a held one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_answer(&mut self, row: &KeyedAnswer<'_>, words: &LocalWords) -> Result<(), EpisodeError> {
        let origin = origin(row.source, row.local_id);
        match &row.answer {
            Ok(answer) => {
                let answer = AnswerRow { origin, age: age(row.recency), answer: *answer };
                self.add(row.key.as_str(), &Row::Answer(answer))
            }
            Err(findings) => {
                let held = HeldRow { origin, findings: &told(findings), words: &spelt(words) };
                self.add(row.key.as_str(), &Row::HeldAnswer(held))
            }
        }
    }

    /// Ends the reading.
    #[must_use]
    pub fn finish(self) -> Episodes {
        let (sender, chunks) = mpsc::channel(AHEAD);
        let Self { mut spill, ids } = self;
        let joining = tokio::task::spawn_blocking(move || {
            let mut joined = Joined::default();
            for part in 0..PARTS {
                let part = spill.take(part)?;
                if !join::join(&part, &mut joined, |joined| sender.blocking_send(joined).is_ok())? {
                    return Ok(());
                }
            }
            // Nobody misses the last ones when the taker has gone.
            let _ = sender.blocking_send(joined);
            Ok(())
        });
        Episodes { chunks, joining: Some(joining), ids }
    }

    fn add(&mut self, key: &str, row: &Row<'_>) -> Result<(), EpisodeError> {
        let key = key.rsplit('.').next().unwrap_or_default();
        self.spill.add(key, |out| row::write(out, key, row))
    }
}

impl Episodes {
    /// Some more of them; nothing when there are no more.
    ///
    /// # Errors
    /// [`EpisodeError`] when the file cannot be read or was altered.
    pub async fn next(&mut self) -> Result<Option<Joined>, EpisodeError> {
        if let Some(joined) = self.chunks.recv().await {
            return Ok(Some(joined));
        }
        match self.joining.take() {
            Some(joining) => joining.await.unwrap_or(Err(EpisodeError::BrokenOff)).map(|()| None),
            None => Ok(None),
        }
    }
}

fn origin(source: usize, local_id: &str) -> Origin<'_> {
    Origin { source: u32::try_from(source).unwrap_or(u32::MAX), local_id }
}

fn age(recency: Recency) -> Age {
    (recency.order, recency.updated_at.map_or(i64::MIN, jiff::Timestamp::as_microsecond))
}
