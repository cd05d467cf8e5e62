//! How noted events become an ordered log: by their time, behind everything that has its place already.
//!
//! Promises: pure; the tree is never read again, its state is the few hashes that the newest checkpoint keeps.

use jiff::Timestamp;
use schemas::audit::{Hash, Range, Restored, SignedCheckpoint, Tail};
use serde::Deserialize;

use super::Head;
use crate::store::StoreError;

/// An event that has no place yet.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Noted {
    /// Its hash in the tree.
    pub(crate) leaf: Vec<u8>,
    /// The event.
    pub(crate) event: String,
    /// Its salt.
    pub(crate) salt: Vec<u8>,
}

/// The newest checkpoint, with the state of the tree under it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Newest {
    range: Range,
    restored: Option<Restored>,
}

/// Events in their order, and the log with them.
#[derive(Debug)]
pub(crate) struct Ordered {
    /// The place of the first.
    pub(crate) first: u64,
    /// The events.
    pub(crate) events: Vec<Noted>,
    /// What is to be signed.
    pub(crate) head: Head,
    /// The state of the tree.
    pub(crate) peaks: Vec<u8>,
}

impl Newest {
    /// The checkpoint in a row of its table.
    pub(crate) fn read(size: i64, signed: &str, peaks: &[u8]) -> Result<Self, StoreError> {
        let broken = |column| StoreError::Inconsistent { table: "audit_checkpoint", column, id: size };
        let size = u64::try_from(size).map_err(|_| broken("size"))?;
        let checkpoint: SignedCheckpoint = signed.parse().map_err(|_| broken("signed"))?;
        let range = read_peaks(size, peaks).ok_or_else(|| broken("peaks"))?;
        Ok(Self { range, restored: checkpoint.body.restored })
    }
}

/// Gives events their places behind the newest checkpoint.
pub(crate) fn order(newest: Newest, mut noted: Vec<Noted>) -> Result<Ordered, StoreError> {
    // Which of two came first is told by their own time only; whoever looks at the log later must find the same order.
    noted.sort_by_cached_key(|noted| (gist(noted).at.parse::<Timestamp>().ok(), noted.leaf.clone()));
    let Newest { mut range, mut restored } = newest;
    let first = range.size();
    for event in &noted {
        if let Gist { kind: "restored", at } = gist(event)
            && let Ok(at) = at.parse()
        {
            restored = Some(Restored { size: range.size(), at });
        }
        range.push(hash(&event.leaf, "audit_pending")?);
    }
    let head = Head { size: range.size(), previous: first, root: range.root(), restored };
    Ok(Ordered { first, events: noted, head, peaks: range.peaks().as_flattened().to_vec() })
}

/// The log from an earlier state on, out of what a store has kept of that state, if anything, and the leaves behind it. Without the
/// state the leaves are all there are.
pub(crate) fn tail(from: u64, peaks: Option<&[u8]>, leaves: &[Vec<u8>]) -> Result<Tail, StoreError> {
    let mut leaves = leaves.iter().map(|leaf| hash(leaf, "audit_leaf"));
    let base = match peaks.and_then(|peaks| read_peaks(from, peaks)) {
        Some(base) => base,
        None => leaves.by_ref().take(usize::try_from(from).unwrap_or(usize::MAX)).collect::<Result<_, _>>()?,
    };
    Ok(Tail { base, leaves: leaves.collect::<Result<_, _>>()? })
}

fn read_peaks(size: u64, peaks: &[u8]) -> Option<Range> {
    let (hashes, rest) = peaks.as_chunks::<32>();
    if rest.is_empty() { Range::new(size, hashes.to_vec()) } else { None }
}

fn hash(bytes: &[u8], table: &'static str) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Inconsistent { table, column: "leaf", id: 0 })
}

/// What the order needs of an event. One that was altered behind the register's back still gets a place, where it will be found.
#[derive(Debug, Default, Deserialize, PartialEq)]
struct Gist<'a> {
    #[serde(borrow)]
    kind: &'a str,
    #[serde(borrow)]
    at: &'a str,
}

fn gist(noted: &Noted) -> Gist<'_> {
    serde_json::from_str(&noted.event).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use schemas::audit::{Checkpoint, extends};
    use schemas::signed::SigningKey;

    use super::*;
    use crate::environment::Stamp;
    use crate::store::audit::{Entry, What};

    fn noted(at: &str, salt: u8, what: What) -> Noted {
        let Entry { leaf, event, salt } = Entry::new(Stamp { at: at.parse().unwrap(), salt: [salt; 32] }, None, what);
        Noted { leaf: leaf.to_vec(), event, salt: salt.to_vec() }
    }

    fn lift(at: &str, salt: u8) -> Noted {
        noted(at, salt, What::Lift { persons: 1 })
    }

    /// The newest checkpoint as the next round reads it.
    fn kept(ordered: &Ordered) -> Newest {
        let Head { size, previous, root, restored } = ordered.head.clone();
        let body = Checkpoint { origin: "test".into(), size, previous, root, at: Timestamp::UNIX_EPOCH, restored };
        let signed = body.sign(&SigningKey::from_bytes(&[7; 32])).to_string();
        Newest::read(i64::try_from(size).unwrap(), &signed, &ordered.peaks).unwrap()
    }

    #[test]
    fn events_stand_by_their_time_behind_those_that_have_their_place() {
        let (late, early) = (lift("2026-11-22T10:00:02Z", 1), lift("2026-11-22T10:00:01Z", 2));
        let first = order(Newest::default(), vec![late.clone(), early.clone()]).unwrap();
        assert_eq!((first.first, &first.events), (0, &vec![early, late]));
        let older = lift("2026-11-22T09:00:00Z", 3);
        let second = order(kept(&first), vec![older.clone()]).unwrap();
        assert_eq!((second.first, &second.events, second.head.size), (2, &vec![older], 3));
    }

    #[test]
    fn a_log_that_grew_in_rounds_has_the_tree_of_all_its_leaves_and_extends_every_round() {
        let (mut newest, mut leaves, mut heads) = (Newest::default(), Vec::new(), Vec::new());
        for round in 1..=20_u8 {
            let events = (0..=round % 5).map(|salt| lift("2026-11-22T10:00:00Z", round * 8 + salt)).collect();
            let ordered = order(newest, events).unwrap();
            leaves.extend(ordered.events.iter().map(|noted| noted.leaf.clone()));
            newest = kept(&ordered);
            heads.push((ordered.head, ordered.peaks));
        }
        let (last, _) = heads.last().unwrap().clone();
        for (head, peaks) in heads {
            let behind = &leaves[usize::try_from(head.size).unwrap()..];
            let with_state = tail(head.size, Some(&peaks), behind).unwrap();
            assert_eq!(tail(head.size, None, &leaves).unwrap(), with_state);
            assert!(extends((head.size, &head.root), (last.size, &last.root), &with_state.consistency()));
        }
    }

    #[test]
    fn a_log_that_was_put_back_says_so_in_every_later_checkpoint() {
        let before = order(Newest::default(), vec![lift("2026-11-22T10:00:00Z", 1)]).unwrap();
        assert_eq!(before.head.restored, None);
        let restored = noted("2026-11-22T11:00:00Z", 2, What::Restored { reason: "the disk".into() });
        let told = order(kept(&before), vec![restored]).unwrap();
        let expected = Some(Restored { size: 1, at: "2026-11-22T11:00:00Z".parse().unwrap() });
        assert_eq!(told.head.restored, expected);
        assert_eq!(order(kept(&told), vec![lift("2026-11-22T12:00:00Z", 3)]).unwrap().head.restored, expected);
    }

    #[test]
    fn rows_that_are_no_log_are_named() {
        let broken = |column| StoreError::Inconsistent { table: "audit_checkpoint", column, id: 1 };
        assert_eq!(Newest::read(1, "no checkpoint", &[0; 32]).unwrap_err(), broken("signed"));
        let signed = order(Newest::default(), vec![lift("2026-11-22T10:00:00Z", 1)]).unwrap();
        let Head { size, previous, root, restored } = signed.head;
        let body = Checkpoint { origin: "test".into(), size, previous, root, at: Timestamp::UNIX_EPOCH, restored };
        let signed = body.sign(&SigningKey::from_bytes(&[7; 32])).to_string();
        assert_eq!(Newest::read(1, &signed, &[0; 33]).unwrap_err(), broken("peaks"));
        assert!(tail(0, None, &[vec![0; 31]]).is_err());
    }
}
