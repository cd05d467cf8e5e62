//! The treatments that were met lately, with their keys: a treatment's answers stand near each other in most sources, and hashing its id
//! for every one of them is what pseudonymising would cost most.
//!
//! Promises: forgets; memory is bounded; an id that could be an identity number is not remembered.

use std::collections::HashMap;

use schemas::id::RecordKey;

/// Ids that are remembered before all of them are forgotten: as many treatments as go on at one time in a large region.
const MOST: usize = 16_384;

/// Treatments by the source's id.
#[derive(Default)]
pub(super) struct Met {
    /// Places among the names.
    known: HashMap<String, usize>,
    names: Vec<Named>,
    other: Option<Named>,
}

/// A treatment's names.
pub(super) struct Named {
    /// Its key.
    pub(super) key: RecordKey,
    /// The source's id, or the short record key where the id could be an identity number.
    pub(super) shown: String,
}

impl Met {
    /// The names of a treatment; `name` makes them.
    pub(super) fn meet(&mut self, local_id: &str, name: impl FnOnce() -> Named) -> &Named {
        if let Some(place) = self.known.get(local_id) {
            return &self.names[*place];
        }
        let named = name();
        if named.shown != local_id {
            return self.meet_once(named);
        }
        if self.names.len() >= MOST {
            self.known.clear();
            self.names.clear();
        }
        let place = self.names.len();
        self.known.insert(local_id.to_owned(), place);
        self.names.push(named);
        &self.names[place]
    }

    /// Names that are not remembered.
    pub(super) fn meet_once(&mut self, named: Named) -> &Named {
        self.other.insert(named)
    }
}
