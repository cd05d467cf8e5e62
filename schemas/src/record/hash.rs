//! The hash by which both ends tell whether they hold the same content of a record.
//!
//! Promises: the pseudonym is no part of it, because the register keeps none; the same content has the same hash on both ends, whether
//! its pseudonym still stands in it or not.

use sha2::{Digest as _, Sha256};

use crate::batch::Kind;

/// The name of the member that is left out, as it stands in canonical JSON.
const MEMBER: &[u8] = b"\"pseudonym\":";

/// SHA-256 over the kind's word, a zero byte and the canonical content without its member `pseudonym`.
#[must_use]
pub fn content_hash(kind: Kind, canonical: &[u8]) -> [u8; 32] {
    let (before, after) = around_pseudonym(canonical);
    let mut hash = Sha256::new();
    hash.update(kind.word());
    hash.update(b"\0");
    hash.update(before);
    hash.update(after);
    hash.finalize().into()
}

/// What stands before and after the member `pseudonym` of a treatment's canonical content: together the content without it. All of it,
/// and nothing, where there is none.
#[must_use]
pub fn around_pseudonym(canonical: &[u8]) -> (&[u8], &[u8]) {
    // A quotation mark inside a JSON text is escaped, so these bytes stand nowhere but at the member itself; little comes after it.
    let Some(at) = canonical.windows(MEMBER.len()).rposition(|bytes| bytes == MEMBER) else {
        return (canonical, &[]);
    };
    let (before, rest) = canonical.split_at(at);
    let value = &rest[MEMBER.len()..];
    // No pseudonym holds a comma, and `started_on` always stands behind it.
    let end = value.iter().position(|byte| *byte == b',').map_or(value.len(), |comma| comma + 1);
    (before, &value[end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;
    use crate::record::{Retraction, RetractionReason, Treatment};

    fn treatment(programme: &str) -> (Vec<u8>, serde_json::Value) {
        let value = serde_json::json!({
            "pseudonym": format!("psn1.r12-g1.{}", "a".repeat(43)), "programme": programme, "unit": "SE9990120000-E002",
            "status": "completed", "started_on": "2024-01-01", "ended_on": "2024-02-01", "measurements": [],
        });
        let content: Treatment = serde_json::from_value(value.clone()).unwrap();
        (canonical::bytes(&content), value)
    }

    #[test]
    fn everything_but_the_pseudonym_is_hashed_whether_it_stands_there_or_not() {
        for programme in ["sovhjalpen", r#""pseudonym":"psn1","#, r#"\"pseudonym\":"#] {
            let (content, mut value) = treatment(programme);
            value.as_object_mut().unwrap().remove("pseudonym");
            let without = canonical::bytes(&value);
            let (before, after) = around_pseudonym(&content);
            assert_eq!([before, after].concat(), without);
            assert_eq!(around_pseudonym(&without), (without.as_slice(), [].as_slice()));
            let expected = canonical::sha256(&[b"treatment\0", without.as_slice()].concat());
            assert_eq!(
                [content_hash(Kind::Treatment, &content), content_hash(Kind::Treatment, &without)],
                [expected; 2]
            );
        }
    }

    #[test]
    fn the_kind_is_part_of_it() {
        let content = canonical::bytes(&Retraction { reason: RetractionReason::Vanished });
        assert_ne!(content_hash(Kind::Retraction, &content), content_hash(Kind::Unit, &content));
    }
}
