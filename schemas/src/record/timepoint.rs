//! The planned times of measurement, as text and in the order in which they are meant to happen.
//!
//! Promises: what parses prints the same again; the order decides between answers of one day.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::id::WrongForm;

/// `screening`, `pre`, `weekly-1`..`weekly-99`, `post`, `followup-1m`..`followup-99m`; no leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Timepoint {
    /// Before the assessment.
    Screening,
    /// At the start.
    Pre,
    /// During week N of the treatment.
    Weekly(u8),
    /// At the end.
    Post,
    /// N months after the end.
    FollowupMonths(u8),
}

impl fmt::Display for Timepoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Screening => f.write_str("screening"),
            Self::Pre => f.write_str("pre"),
            Self::Weekly(n) => write!(f, "weekly-{n}"),
            Self::Post => f.write_str("post"),
            Self::FollowupMonths(n) => write!(f, "followup-{n}m"),
        }
    }
}

impl FromStr for Timepoint {
    type Err = WrongForm;
    fn from_str(text: &str) -> Result<Self, WrongForm> {
        let wrong = WrongForm("timepoint such as pre, weekly-3, post or followup-12m");
        match text {
            "screening" => Ok(Self::Screening),
            "pre" => Ok(Self::Pre),
            "post" => Ok(Self::Post),
            _ => {
                let weekly = text.strip_prefix("weekly-").and_then(small_number).map(Self::Weekly);
                let months = || text.strip_prefix("followup-")?.strip_suffix('m');
                weekly.or_else(|| months().and_then(small_number).map(Self::FollowupMonths)).ok_or(wrong)
            }
        }
    }
}

impl TryFrom<String> for Timepoint {
    type Error = WrongForm;
    fn try_from(text: String) -> Result<Self, WrongForm> {
        text.parse()
    }
}

impl From<Timepoint> for String {
    fn from(timepoint: Timepoint) -> Self {
        timepoint.to_string()
    }
}

impl JsonSchema for Timepoint {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timepoint".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(screening|pre|post|weekly-[1-9][0-9]?|followup-[1-9][0-9]?m)$"
        })
    }
}

fn small_number(text: &str) -> Option<u8> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timepoints_print_as_they_parse_and_refuse_leading_zeros() {
        for text in ["screening", "pre", "weekly-1", "weekly-99", "post", "followup-3m", "followup-12m"] {
            assert_eq!(text.parse::<Timepoint>().unwrap().to_string(), text);
        }
        for text in ["Pre", "weekly-0", "weekly-01", "weekly-100", "followup-3", "followup-m", "followup-012m", ""] {
            assert!(text.parse::<Timepoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_order_of_one_day_is_screening_pre_weekly_post() {
        let order = ["screening", "pre", "weekly-1", "weekly-2", "weekly-10", "post", "followup-3m", "followup-12m"];
        let parsed: Vec<Timepoint> = order.iter().map(|t| t.parse().unwrap()).collect();
        assert!(parsed.is_sorted());
    }
}
