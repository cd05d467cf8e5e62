//! `[release]`: whether what is queued waits until a person has looked at it.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `[release]`
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Release {
    /// What waits.
    pub hold: Hold,
}

/// What waits for `release`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hold {
    /// Nothing: `false`.
    #[default]
    Never,
    /// Everything.
    Always,
    /// What holds a field, unit or programme that was never released, was mapped in another way, or is unusually much or little.
    Change,
}

impl Serialize for Hold {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Never => serializer.serialize_bool(false),
            Self::Always => serializer.serialize_str("always"),
            Self::Change => serializer.serialize_str("change"),
        }
    }
}

impl<'de> Deserialize<'de> for Hold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Word)
    }
}

struct Word;

impl Visitor<'_> for Word {
    type Value = Hold;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("false, \"always\" or \"change\"")
    }

    fn visit_bool<E: Error>(self, held: bool) -> Result<Hold, E> {
        if held { Err(E::invalid_value(serde::de::Unexpected::Bool(held), &self)) } else { Ok(Hold::Never) }
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Hold, E> {
        match word {
            "false" => Ok(Hold::Never),
            "always" => Ok(Hold::Always),
            "change" => Ok(Hold::Change),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_is_false_always_or_change_and_reads_back_as_it_was_written() {
        for (text, hold) in
            [("hold = false", Hold::Never), ("hold = \"always\"", Hold::Always), ("hold = \"change\"", Hold::Change)]
        {
            let release: Release = toml::from_str(text).unwrap();
            assert_eq!(release.hold, hold);
            assert_eq!(toml::to_string(&release).unwrap().trim(), text);
        }
        assert_eq!(toml::from_str::<Release>("").unwrap().hold, Hold::Never);
        for wrong in ["hold = true", "hold = \"sometimes\""] {
            let error = toml::from_str::<Release>(wrong).unwrap_err().to_string();
            assert!(error.contains("expected false, \"always\" or \"change\""), "{error}");
        }
    }
}
