//! What a reading has not met: decides on it, and puts what is to be taken back among what was read, in the order of the keys.
//!
//! Promises: only the whole reading of a source that holds everything misses anything; each source is looked at for itself; nothing is
//! written, so that a preview takes back what the next cycle does.

use std::vec::IntoIter;

use super::CycleError;
use super::read::ReadSources;
use crate::config::Content;
use crate::episode::{Episode, EpisodeError, Episodes, Joined, Read, State as Came};
use crate::extract::Scope;
use crate::map::{Course, LocalWords};
use crate::outbox::{Outbox, Queueing};
use crate::setup::Setup;
use crate::vanished::{Around, Fate, Missing, State, decide};

/// What was not met, and what becomes of it.
#[derive(Default)]
pub(super) struct Gone {
    /// Of each source, by its index.
    fates: Vec<(usize, Missing, Fate)>,
    /// What is to be taken back, in the order of keys.
    take_back: Vec<Episode>,
    /// How many files with rows each source has that was read whole.
    files: Vec<(usize, u64)>,
    sender: String,
}

/// Looks for what a reading has not met.
///
/// # Errors
/// When the state fails.
pub(super) async fn look(
    setup: &Setup,
    read: &ReadSources,
    episodes: &mut Episodes,
    outbox: &mut Outbox,
) -> Result<Gone, CycleError> {
    let sender = setup.config.agent.region.to_string();
    let mut gone = Gone { sender: sender.clone(), ..Gone::default() };
    let index = |system: &str| setup.places.iter().position(|place| place.config.system == system);
    for (system, one) in outbox.to_take_back(&sender).await? {
        let Some(source) = index(&system) else { continue };
        if !episodes.ids.missing(std::iter::once(one.key.as_str())).is_empty() {
            gone.take_back.push(episode(source, &one));
        }
    }
    for (source, place) in setup.places.iter().enumerate() {
        let config = &place.config;
        if read.scopes[source].0 != Scope::Everything || config.content == Some(Content::Delta) {
            continue;
        }
        let files = read.gathered.files[source];
        gone.files.push((source, files));
        let of = (sender.as_str(), config.system.as_str());
        let missing = outbox.missing(of, &mut episodes.ids).await?;
        if missing.is_empty() {
            continue;
        }
        let around = Around {
            standing: if missing.iter().any(|one| one.at_register) { outbox.standing(of).await? } else { Vec::new() },
            lacks_file: files < outbox.files(&config.system).await?,
            left_until: config.keeps.left_until(read.today),
        };
        let fates = decide(&missing, &around);
        for (one, fate) in missing.into_iter().zip(fates) {
            if fate == Fate::TakenBack {
                gone.take_back.push(episode(source, &one));
            }
            gone.fates.push((source, one, fate));
        }
    }
    gone.take_back.sort_by(|one, other| one.read.key.cmp(&other.read.key));
    Ok(gone)
}

fn episode(source: usize, one: &Missing) -> Episode {
    let read = Read {
        source,
        key: one.key.clone(),
        local_id: one.local_id.clone(),
        person: None,
        objects: false,
        cell: one.cell.clone(),
        course: Course::default(),
        answers: 0,
        bad_answers: 0,
    };
    Episode { read, words: LocalWords::default(), state: Came::Vanished }
}

impl Gone {
    /// Writes what was decided.
    pub(super) async fn note(&self, queueing: &mut Queueing<'_>) -> Result<(), CycleError> {
        let keys = |wanted: [Fate; 2]| -> Vec<String> {
            let ones = self.fates.iter().filter(|(.., fate)| wanted.contains(fate));
            ones.map(|(_, one, _)| one.key.clone()).collect()
        };
        let forgotten = keys([Fate::Forgotten, Fate::Left]);
        if !forgotten.is_empty() {
            queueing.forget_found(&self.sender, &forgotten).await?;
        }
        for (source, files) in &self.files {
            queueing.note_files(*source, *files).await?;
        }
        for chunk in self.fates.chunk_by(|(one, ..), (other, ..)| one == other) {
            let state = |fate: &Fate| match fate {
                Fate::TakenBack => Some(State::Retract),
                Fate::Waits => Some(State::Waiting),
                Fate::Forgotten | Fate::Left | Fate::AsDecided => None,
            };
            let noted: Vec<_> = chunk.iter().filter_map(|(_, one, fate)| Some((one, state(fate)?))).collect();
            if !noted.is_empty() {
                queueing.note_vanished(chunk[0].0, &noted).await?;
            }
        }
        Ok(())
    }

    /// What was read, with what is to be taken back in its place.
    pub(super) fn among(self, episodes: Episodes) -> Ordered {
        let lacks = self.fates.iter().any(|(.., fate)| *fate == Fate::Waits);
        Ordered { episodes, gone: self.take_back.into_iter(), lacks }
    }
}

/// Episodes in the order of their keys, those that vanished among them.
pub struct Ordered {
    episodes: Episodes,
    gone: IntoIter<Episode>,
    /// Whether a person has yet to decide on some that were not met: they may only be missing.
    pub lacks: bool,
}

impl Ordered {
    /// Episodes of which none vanished.
    #[must_use]
    pub fn all_here(episodes: Episodes) -> Self {
        Self { episodes, gone: Vec::new().into_iter(), lacks: false }
    }

    /// Some more of them; nothing when there are no more.
    ///
    /// # Errors
    /// [`EpisodeError`] when the working file cannot be read or was altered.
    pub async fn next(&mut self) -> Result<Option<Joined>, EpisodeError> {
        let Some(mut joined) = self.episodes.next().await? else {
            let episodes: Vec<Episode> = self.gone.by_ref().collect();
            return Ok((!episodes.is_empty()).then(|| Joined { episodes, ..Joined::default() }));
        };
        let Some(last) = joined.episodes.last().map(|episode| episode.read.key.clone()) else {
            return Ok(Some(joined));
        };
        let before = self.gone.as_slice().partition_point(|episode| episode.read.key < last);
        if before > 0 {
            joined.episodes.extend(self.gone.by_ref().take(before));
            joined.episodes.sort_by(|one, other| one.read.key.cmp(&other.read.key));
        }
        Ok(Some(joined))
    }
}
