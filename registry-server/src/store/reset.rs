//! A sender's set under new keys, beside the one that counts and then in its place: what is asked, and what is to be done about it.
//!
//! Promises: pure; a key that was used before, or is not later than every one before it, is never taken.

use schemas::id::{KeyId, SenderCode, StateId};
use schemas::key_reset::Step;

/// A step that a sender asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyReset {
    /// Who.
    pub sender: SenderCode,
    /// The new key's id.
    pub kid: KeyId,
    /// The state directory that the new set comes from.
    pub state: StateId,
    /// The step.
    pub step: Step,
}

/// What is stored of the sender's keys and sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// Every key that it has used, and whether it may go on.
    pub(super) keys: Vec<(KeyId, bool)>,
    /// The generation from which on rows are of a set that does not count yet.
    pub(super) coming: Option<u32>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// The key is new: the others are retired, and what came for another new key before goes.
    Start,
    /// The old set goes; the generation is where the new one begins.
    Replace(u32),
    /// It was done before.
    Nothing,
}

impl KeyReset {
    /// What a step means; nothing when the key cannot be taken.
    pub(super) fn deed(&self, stored: &Stored) -> Option<Deed> {
        let known = stored.keys.iter().find(|(kid, _)| *kid == self.kid);
        match (known, self.step, stored.coming) {
            (Some((_, true)), Step::Replace, Some(coming)) => Some(Deed::Replace(coming)),
            (Some((_, true)), _, _) => Some(Deed::Nothing),
            (None, Step::Begin, _) if self.is_later(&stored.keys) => Some(Deed::Start),
            _ => None,
        }
    }

    fn is_later(&self, keys: &[(KeyId, bool)]) -> bool {
        let before = keys.iter().map(|(kid, _)| kid.generation()).max().unwrap_or(1);
        self.kid.belongs_to(&self.sender) && self.kid.generation() > before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_once_it_is_later_than_every_one_before_and_goes_on_until_it_is_retired() {
        let kid = |text: &str| text.parse::<KeyId>().unwrap();
        let stored = |keys: &[(&str, bool)], coming| Stored {
            keys: keys.iter().map(|(id, active)| (kid(id), *active)).collect(),
            coming,
        };
        let (first, both) = ([("r12-g9", true)], [("r12-g9", false), ("r12-g10", true)]);
        for (id, step, stored, expected) in [
            ("r12-g10", Step::Begin, stored(&first, None), Some(Deed::Start)),
            ("r12-g10", Step::Begin, stored(&both, Some(4)), Some(Deed::Nothing)),
            ("r12-g10", Step::Replace, stored(&both, Some(4)), Some(Deed::Replace(4))),
            ("r12-g10", Step::Replace, stored(&both, None), Some(Deed::Nothing)),
            ("r12-g11", Step::Begin, stored(&both, Some(4)), Some(Deed::Start)),
            ("r12-g2", Step::Begin, stored(&[], None), Some(Deed::Start)),
            ("r12-g1", Step::Begin, stored(&[], None), None),
            ("r12-g9", Step::Begin, stored(&both, Some(4)), None),
            ("r12-g8", Step::Begin, stored(&first, None), None),
            ("r12-g11", Step::Replace, stored(&both, Some(4)), None),
            ("r01-g11", Step::Begin, stored(&both, None), None),
        ] {
            let sender = "12".parse().unwrap();
            let reset = KeyReset { sender, kid: kid(id), state: "a".repeat(32).parse().unwrap(), step };
            assert_eq!(reset.deed(&stored), expected, "{id} {step:?}");
        }
    }
}
