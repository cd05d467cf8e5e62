//! Which of two accounts of the same record counts.
//!
//! Promises: pure; no clock and no order of arrival takes part, so that versions sent late or shuffled end in the same state.

use schemas::id::Version;

/// One account of a record, as far as the decision needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Its version.
    pub version: Version,
    /// SHA-256 over its kind and its content without the pseudonym.
    pub content: [u8; 32],
    /// The person, when the record has one. The hash leaves the pseudonym out, so the person is compared by itself.
    pub subject: Option<i64>,
}

/// What becomes of an account that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The first one: store it.
    Accept,
    /// A later one: store it in place of the other.
    Replace,
    /// The stored one again.
    Unchanged,
    /// An earlier one than the stored.
    Stale,
    /// The stored version with other content: somebody's state is broken.
    Conflict,
}

/// Decides between the stored account and the one that arrives.
#[must_use]
pub fn decide(stored: Option<&Account>, offered: &Account) -> Decision {
    match stored {
        None => Decision::Accept,
        Some(stored) if offered.version > stored.version => Decision::Replace,
        Some(stored) if offered.version < stored.version => Decision::Stale,
        Some(stored) if stored == offered => Decision::Unchanged,
        Some(_) => Decision::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(generation: u32, counter: u64, content: u8, subject: i64) -> Account {
        Account { version: Version { generation, counter }, content: [content; 32], subject: Some(subject) }
    }

    #[test]
    fn the_higher_version_wins_and_the_same_version_must_be_the_same() {
        let stored = account(2, 5, 1, 7);
        for (offered, decision) in [
            (account(2, 6, 1, 7), Decision::Replace),
            (account(3, 1, 2, 7), Decision::Replace),
            (account(2, 4, 9, 7), Decision::Stale),
            (account(1, 99, 1, 7), Decision::Stale),
            (account(2, 5, 1, 7), Decision::Unchanged),
            (account(2, 5, 2, 7), Decision::Conflict),
            (account(2, 5, 1, 8), Decision::Conflict),
        ] {
            assert_eq!(decide(Some(&stored), &offered), decision, "{offered:?}");
        }
        assert_eq!(decide(None, &stored), Decision::Accept);
    }
}
