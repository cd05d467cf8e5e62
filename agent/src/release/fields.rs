//! The fields that a newer version knows and nobody has approved yet.
//!
//! Promises: such a field is left out of every record, wherever it stands in it; where every field is approved, nothing is touched.

use std::collections::BTreeSet;

use schemas::batch::Kind;
use schemas::canonical;
use serde_json::Value;

use crate::guard;

/// Fields that are left out of what is queued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut(BTreeSet<String>);

impl LeftOut {
    /// What this version knows beside the approved fields; nothing before the first were approved.
    #[must_use]
    pub fn beside(approved: &BTreeSet<String>) -> Self {
        if approved.is_empty() {
            return Self::default();
        }
        Self(known().filter(|name| !approved.contains(name)).collect())
    }

    /// Their names, each behind the kind of record.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// A content without them.
    #[must_use]
    pub fn strip(&self, kind: Kind, content: Vec<u8>) -> Vec<u8> {
        if self.0.is_empty() {
            return content;
        }
        let mut value = serde_json::from_slice(&content).unwrap_or(Value::Null);
        self.prune(kind, &mut value);
        canonical::bytes(&value)
    }

    fn prune(&self, kind: Kind, value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| !self.0.contains(&named(kind, name)));
                members.values_mut().for_each(|value| self.prune(kind, value));
            }
            Value::Array(several) => several.iter_mut().for_each(|value| self.prune(kind, value)),
            _ => {}
        }
    }

    /// A hash of what decides over a row, with what is left out of it.
    #[must_use]
    pub fn with(&self, basis: String) -> String {
        if self.0.is_empty() { basis } else { canonical::sha256_hex(&canonical::bytes(&(basis, &self.0))) }
    }
}

/// Every field that this version knows.
pub fn known() -> impl Iterator<Item = String> {
    guard::fields().map(|(kind, name)| named(kind, name))
}

fn named(kind: Kind, name: &str) -> String {
    format!("{} {name}", kind.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_nobody_approved_is_left_out_wherever_it_stands_and_no_other() {
        let content =
            br#"{"measurements":[{"instrument":"PHQ-9","score":12}],"name":"x","sex":"F","status":"completed"}"#;
        let mut approved: BTreeSet<String> = known().collect();
        assert_eq!(LeftOut::beside(&approved).strip(Kind::Treatment, content.to_vec()), content);
        for name in ["treatment score", "treatment sex", "unit name"] {
            assert!(approved.remove(name), "{name}");
        }
        let left_out = LeftOut::beside(&approved);
        let rest = br#"{"measurements":[{"instrument":"PHQ-9"}],"name":"x","status":"completed"}"#;
        assert_eq!(left_out.strip(Kind::Treatment, content.to_vec()), rest);
        assert_eq!(left_out.names().count(), 3);
        assert_ne!(left_out.with("basis".into()), "basis");
        assert_eq!(LeftOut::beside(&BTreeSet::new()), LeftOut::default());
    }
}
