//! What a queue speaks of that somebody may want to look at the first time: fields, units and programmes.
//!
//! Promises: a field counts as spoken of where it stands, also inside an answer; the value of no other field is kept.

use std::collections::BTreeSet;

use schemas::batch::Kind;
use serde_json::Value;

use super::{Because, Volume};

/// Runs whose volumes a new one is held against.
pub const RUNS: usize = 8;

/// What some records speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    fields: BTreeSet<String>,
    units: BTreeSet<String>,
    programmes: BTreeSet<String>,
}

impl Words {
    /// Adds a record: its kind, its key and its content.
    pub fn add(&mut self, kind: Kind, key: &str, content: &[u8]) {
        let Ok(content) = serde_json::from_slice::<Value>(content) else { return };
        self.fields_of(kind, &content);
        if kind == Kind::Unit {
            self.units.insert(key.to_owned());
        }
        let text = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
        self.units.extend(text("unit").into_iter().chain(text("unit_end")));
        self.programmes.extend(text("programme"));
    }

    fn fields_of(&mut self, kind: Kind, content: &Value) {
        match content {
            Value::Object(members) => {
                for (name, value) in members {
                    self.fields.insert(format!("{} {name}", kind.word()));
                    self.fields_of(kind, value);
                }
            }
            Value::Array(several) => several.iter().for_each(|one| self.fields_of(kind, one)),
            _ => {}
        }
    }

    /// Each word with its kind, as it is kept once it was released.
    pub fn kept(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = self.fields.iter().map(|word| ("field", word.as_str()));
        let units = self.units.iter().map(|word| ("unit", word.as_str()));
        let programmes = self.programmes.iter().map(|word| ("programme", word.as_str()));
        fields.chain(units).chain(programmes)
    }

    /// The words that were never released, as reasons to wait.
    #[must_use]
    pub fn new_beside(&self, released: &BTreeSet<(String, String)>) -> Vec<Because> {
        let new = self.kept().filter(|(kind, word)| !released.contains(&((*kind).to_owned(), (*word).to_owned())));
        new.map(|(kind, word)| match kind {
            "field" => Because::Field(word.into()),
            "unit" => Because::Unit(word.into()),
            _ => Because::Programme(word.into()),
        })
        .collect()
    }
}

/// Whether a number of records is outside twice the range of the runs before, which queued something each; nothing before is no range.
#[must_use]
pub fn is_unusual(records: u64, before: &[u64]) -> Option<Volume> {
    let (fewest, most) = (*before.iter().min()?, *before.iter().max()?);
    (records > 2 * most || 2 * records < fewest).then_some(Volume { records, fewest, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_new_until_they_were_released() {
        let mut words = Words::default();
        let content = br#"{"measurements":[{"score":3}],"programme":"p","sex":"F","unit":"U1","unit_end":"U2"}"#;
        words.add(Kind::Treatment, "rec1.12.x", content);
        words.add(Kind::Unit, "U3", br#"{"name":"Norra"}"#);
        let new = words.new_beside(&BTreeSet::new());
        for expected in ["U1", "U2", "U3"] {
            assert!(new.contains(&Because::Unit(expected.into())), "{new:?}");
        }
        for expected in ["treatment measurements", "treatment score", "treatment sex", "unit name"] {
            assert!(new.contains(&Because::Field(expected.into())), "{new:?}");
        }
        assert!(new.contains(&Because::Programme("p".into())));
        let mut released: BTreeSet<_> = words.kept().map(|(kind, word)| (kind.to_owned(), word.to_owned())).collect();
        assert_eq!(words.new_beside(&released), []);
        released.remove(&("programme".to_owned(), "p".to_owned()));
        assert_eq!(words.new_beside(&released), [Because::Programme("p".into())]);
    }

    #[test]
    fn a_volume_is_unusual_outside_twice_the_range() {
        for (records, before, unusual) in [
            (7, &[][..], false),
            (20, &[3, 10], false),
            (21, &[3, 10], true),
            (2, &[3, 10], false),
            (1, &[3, 10], true),
            (5, &[5], false),
        ] {
            assert_eq!(is_unusual(records, before).is_some(), unusual, "{records} after {before:?}");
        }
    }
}
