//! What takes time to make, made once for everybody who asks.
//!
//! Promises: one thing is made by one at a time, and whoever asks for it meanwhile waits for that; whoever goes away leaves it to be
//! finished. Nobody is shown a thing that somebody stood in who had left when the page was asked for. A thing is made again as soon as
//! the data have changed, apart from one that took long: that is shown, with the moment that it is of, as long as `patience` says, and
//! then while the next is made, up to [`OLDEST`].
//! Memory: finished things up to `ROOM` figures.
//! Must not know: what is made, who may see it.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use jiff::{SignedDuration, Timestamp};

use super::fault::Fault;
use crate::fact::DataState;
use crate::reader::patience;
use crate::registry::Registry;

/// Figures that are kept, about 24 bytes each.
const ROOM: usize = 2_000_000;
/// What is told by the clock too is made again after this.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Nothing is shown for longer than this after the data have changed.
pub(super) const OLDEST: SignedDuration = SignedDuration::from_mins(10);
/// Times that a thing is begun in which somebody leaves while it is made.
const ATTEMPTS: usize = 5;

/// What is asked for. The text tells everything that it is made from, the day included where it counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// What.
    pub(super) text: String,
    /// How long the answer holds.
    pub(super) holds: Holds,
}

/// How long an answer holds while nobody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holds {
    /// Until the data change.
    UntilChange,
    /// Until the data change, and no longer than a minute.
    AMinute,
    /// As long as nobody leaves: the data are frozen.
    Always,
}

/// A finished thing.
#[derive(Debug)]
pub(super) struct Made<T> {
    /// The thing.
    pub(super) thing: Arc<T>,
    /// What it stands on.
    pub(super) state: DataState,
    /// The moment that it is of.
    pub(super) as_of: Timestamp,
    /// How long it took.
    pub(super) took: SignedDuration,
    /// Figures in it.
    pub(super) size: usize,
}

/// The making of a thing.
pub(super) type Making<T> = BoxFuture<'static, Result<Made<T>, Fault>>;

/// Finished things, and those that are being made.
pub(super) struct Kept<T> {
    registry: Arc<Registry>,
    shelf: Mutex<Shelf<T>>,
}

struct Shelf<T> {
    made: HashMap<Question, (Made<T>, u64)>,
    making: HashMap<Question, Shared<Making<T>>>,
    /// Counts the looks, so that what nobody looks at goes first.
    looks: u64,
}

/// What becomes of a question.
enum Found<T> {
    Shown(Arc<T>),
    /// Shown while the next is made.
    Old(Arc<T>),
    Nothing,
}

impl<T> Clone for Made<T> {
    fn clone(&self) -> Self {
        Self { thing: Arc::clone(&self.thing), state: self.state.clone(), ..*self }
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// Nothing yet.
    pub(super) fn new(registry: &Arc<Registry>) -> Self {
        let shelf = Shelf { made: HashMap::new(), making: HashMap::new(), looks: 0 };
        Self { registry: Arc::clone(registry), shelf: Mutex::new(shelf) }
    }

    /// The thing that a question asks for, where the page that shows it was asked for in a state of the data.
    ///
    /// # Errors
    /// Those of its making; [`Fault::Busy`] where people leave faster than it is made.
    pub(super) async fn get(
        self: &Arc<Self>,
        question: &Question,
        asked_in: &DataState,
        recipe: impl Fn() -> Making<T>,
    ) -> Result<Arc<T>, Fault> {
        let mut state = asked_in.clone();
        for _ in 0..ATTEMPTS {
            let found = self.shelf().find(question, &state, self.registry.environment.now());
            match found {
                Found::Shown(thing) => return Ok(thing),
                Found::Old(thing) => {
                    drop(self.begin(question, &recipe));
                    return Ok(thing);
                }
                Found::Nothing => {}
            }
            let made = self.begin(question, &recipe).await?;
            // Whoever leaves while it is made may stand in it.
            state = self.registry.store.data_state().await?;
            if made.state.left == state.left {
                return Ok(made.thing);
            }
        }
        Err(Fault::Busy)
    }

    /// Lets go of everything that was made before somebody left.
    pub(super) fn forget(&self, state: &DataState) {
        self.shelf().made.retain(|_, (made, _)| made.state.left == state.left);
    }

    /// The making of a thing, begun now unless it is being made.
    fn begin(self: &Arc<Self>, question: &Question, recipe: &impl Fn() -> Making<T>) -> Shared<Making<T>> {
        let mut known = self.shelf();
        if let Some(making) = known.making.get(question) {
            return making.clone();
        }
        let (kept, asked, making) = (Arc::clone(self), question.clone(), recipe());
        let making = async move {
            // Whoever waits shares it: what breaks off must not be waited for ever after.
            let made = AssertUnwindSafe(making).catch_unwind().await;
            let made = made.unwrap_or_else(|_| Err(Fault::Unexpected("what a page shows broke off".to_owned())));
            kept.shelf().finish(asked, made.as_ref().ok());
            made
        };
        let begun = making.boxed().shared();
        known.making.insert(question.clone(), begun.clone());
        tokio::spawn(begun.clone());
        begun
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf<T>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Shelf<T> {
    fn find(&mut self, question: &Question, state: &DataState, now: Timestamp) -> Found<T> {
        self.looks += 1;
        let Some((made, looked)) = self.made.get_mut(question) else { return Found::Nothing };
        *looked = self.looks;
        let (age, patience) = (now.duration_since(made.as_of), patience(made.took));
        let is_current = match question.holds {
            Holds::Always => true,
            Holds::UntilChange => made.state == *state,
            Holds::AMinute => made.state == *state && age < MINUTE,
        };
        let thing = Arc::clone(&made.thing);
        if made.state.left != state.left {
            Found::Nothing
        } else if is_current || age < patience {
            Found::Shown(thing)
        } else if !patience.is_zero() && age < OLDEST {
            Found::Old(thing)
        } else {
            Found::Nothing
        }
    }

    fn finish(&mut self, question: Question, made: Option<&Made<T>>) {
        self.making.remove(&question);
        let Some(made) = made else { return };
        self.made.insert(question, (made.clone(), self.looks));
        let mut kept: usize = self.made.values().map(|(made, _)| made.size).sum();
        while kept > ROOM {
            let unseen = self.made.iter().min_by_key(|(_, (_, looked))| *looked).map(|(question, _)| question.clone());
            let Some((gone, _)) = unseen.and_then(|question| self.made.remove(&question)) else { break };
            kept -= gone.size;
        }
    }
}
