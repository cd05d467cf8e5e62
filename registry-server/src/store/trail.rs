//! Looking into the audit log, and the monthly reviews of it.
//!
//! Promises: what was read is noted once, however often its writing is tried again; a review is signed once, together with its event.
//! An event's text begins with its time and names its kind before its number, because it is canonical JSON: what is searched for rests
//! on that. Must not know: which events matter, how a sample is drawn.

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::audit::Hash;
use schemas::id::SenderCode;

use super::StoreError;
use super::audit::Entry;
use crate::environment::Stamp;

/// Which events are looked for; the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Not before this second.
    pub from: Timestamp,
    /// Before this second.
    pub until: Timestamp,
    /// Of these kinds, four at the most; of any when there is none.
    pub kinds: Vec<String>,
    /// By or about this person.
    pub person: Option<u32>,
    /// About this sender or by its people.
    pub sender: Option<SenderCode>,
    /// Before this place in the log.
    pub before: Option<u64>,
    /// So many at the most.
    pub most: u32,
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its place in the log, from 0.
    pub position: u64,
    /// Its hash in the tree.
    pub leaf: Hash,
    /// The event, canonical JSON.
    pub event: String,
}

/// A month's review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// `YYYY-MM`.
    pub month: String,
    /// When it was signed, RFC 3339.
    pub signed_at: String,
    /// Number of the person who signed.
    pub person: u32,
    /// Their name as they wrote it.
    pub name: String,
    /// What they found.
    pub remark: String,
    /// Events that were looked at.
    pub sample: u64,
    /// Events of which they were drawn.
    pub events: u64,
    /// What they were drawn by, hexadecimal.
    pub seed: String,
}

/// The log as it is looked into.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Notes events that changed nothing else; one that is noted already, or has its place, is left as it is.
    async fn note_events(&self, entries: &[Entry]) -> Result<(), StoreError>;

    /// Events that have their place.
    async fn events(&self, look: &Look) -> Result<Vec<Placed>, StoreError>;

    /// The first checkpoint, in its text form, that covers every event of this time; nothing while there is none.
    async fn checkpoint_over(&self, from: Timestamp, until: Timestamp) -> Result<Option<String>, StoreError>;

    /// Every review, the newest month first.
    async fn reviews(&self) -> Result<Vec<Review>, StoreError>;

    /// Keeps a review; tells whether the month had none before.
    async fn sign_review(&self, review: &Review, stamp: Stamp) -> Result<bool, StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const NOTE: &str = "INSERT INTO audit_pending (leaf, event, salt)
        SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM audit_leaf WHERE leaf = $1) ON CONFLICT DO NOTHING";
    pub(in crate::store) const EVENTS: &str = "SELECT position, leaf, event FROM audit_leaf
        WHERE position < $1 AND substr(event, 8, 19) >= $2 AND substr(event, 8, 19) < $3
            AND (event LIKE $4 OR event LIKE $5 OR event LIKE $6 OR event LIKE $7)
            AND (event LIKE $8 OR event LIKE $9 OR event LIKE $10) AND (event LIKE $11 OR event LIKE $12)
        ORDER BY position DESC LIMIT $13";
    pub(in crate::store) const COVERS: &str = "SELECT signed FROM audit_checkpoint
        WHERE size > (SELECT MAX(position) FROM audit_leaf
            WHERE substr(event, 8, 19) >= $1 AND substr(event, 8, 19) < $2)
        ORDER BY size LIMIT 1";
    pub(in crate::store) const REVIEWS: &str =
        "SELECT month, signed_at, web_user, name, remark, sample, events, seed FROM audit_review ORDER BY month DESC";
    pub(in crate::store) const SIGN: &str = "INSERT INTO audit_review
        (month, signed_at, web_user, name, remark, sample, events, seed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
}

/// What the statement that finds events is given, in its order, behind the place.
pub(super) struct Patterns {
    /// From and until.
    pub(super) seconds: [String; 2],
    /// What an event's text is like: of a kind, by a person, about a sender.
    pub(super) like: [String; 9],
}

impl Look {
    /// What the statement is given.
    pub(super) fn patterns(&self) -> Patterns {
        let any = || "%".to_owned();
        let kind = |place: usize| {
            let kind = self.kinds.get(place).or(self.kinds.first());
            kind.map_or_else(any, |kind| format!("%\"kind\":\"{kind}\"%"))
        };
        let [by, about, remark] = self.person.map_or_else(
            || [any(), any(), any()],
            |number| {
                let account = format!("%\"kind\":\"user\",\"number\":{number},%");
                [format!("%\"person\":{number},%"), account, format!("%\"user\":{number}}}")]
            },
        );
        let [own, theirs] = self.sender.as_ref().map_or_else(
            || [any(), any()],
            |code| [format!("%\"sender\":\"{code}\"%"), format!("%\"role\":\"region:{code}\"%")],
        );
        let like = [kind(0), kind(1), kind(2), kind(3), by, about, remark, own, theirs];
        Patterns { seconds: [self.from, self.until].map(second), like }
    }

    /// The place before which events are looked for.
    pub(super) fn place(&self) -> i64 {
        self.before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX)
    }
}

/// A second as events write it.
pub(super) fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// An event as it is read.
pub(super) type PlacedRow = (i64, Vec<u8>, String);

impl TryFrom<PlacedRow> for Placed {
    type Error = StoreError;

    fn try_from((position, leaf, event): PlacedRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "audit_leaf", column, id: position };
        let leaf = leaf.as_slice().try_into().map_err(|_| wrong("leaf"))?;
        Ok(Self { position: u64::try_from(position).map_err(|_| wrong("position"))?, leaf, event })
    }
}

/// A review as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ReviewRow {
    month: String,
    signed_at: String,
    web_user: i64,
    name: String,
    remark: String,
    sample: i64,
    events: i64,
    seed: String,
}

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        Self {
            month: row.month,
            signed_at: row.signed_at,
            person: u32::try_from(row.web_user).unwrap_or_default(),
            name: row.name,
            remark: row.remark,
            sample: row.sample.unsigned_abs(),
            events: row.events.unsigned_abs(),
            seed: row.seed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::audit::What;

    #[test]
    fn an_event_s_text_stands_as_the_search_expects_it() {
        let stamp = Stamp { at: "2026-11-22T10:00:00.123Z".parse().unwrap(), salt: [1; 32] };
        let sender: SenderCode = "12".parse().unwrap();
        let read = What::Read {
            page: "/deliveries/12".into(),
            filter: String::new(),
            cut: None,
            person: 7,
            role: "region:12".into(),
        };
        let user = What::User { number: Some(7), step: "refused".into(), role: None };
        let look = Look {
            from: stamp.at,
            until: stamp.at,
            kinds: vec!["read".into(), "user".into()],
            person: Some(7),
            sender: Some(sender.clone()),
            before: None,
            most: 1,
        };
        let Patterns { seconds, like } = look.patterns();
        let inner = |pattern: &String| pattern.trim_matches('%').to_owned();
        let [read_kind, user_kind, again, _, by, about, _, own, theirs] = like.each_ref().map(inner);
        assert_eq!(read_kind, again);
        for (what, found) in [(read, [&read_kind, &by, &own, &theirs].as_slice()), (user, &[&user_kind, &about, &own])]
        {
            let text = Entry::new(stamp, Some(&sender), what).event;
            assert_eq!(text.get(7..26), Some(seconds[0].as_str()), "{text}");
            for needle in found {
                assert!(text.contains(needle.as_str()), "{needle} in {text}");
            }
        }
    }
}
