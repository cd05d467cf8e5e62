//! The comparisons: which two scores of a treatment stand against each other.
//!
//! Promises: what parses prints the same again.

use std::fmt;
use std::str::FromStr;

/// Which two scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// Pre and post, nothing stands in.
    Paired,
    /// First and last by date among screening, pre, weekly and post.
    FirstLast,
    /// Pre against the last of pre, weekly and post.
    Locf,
    /// Pre and the follow-up after so many months.
    Followup(u8),
}

/// Text that names no comparison.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("comparison is one of paired, first_last, locf, followup-Nm (N from 1 to 99), or all")]
pub struct UnknownComparison;

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paired => f.write_str("paired"),
            Self::FirstLast => f.write_str("first_last"),
            Self::Locf => f.write_str("locf"),
            Self::Followup(months) => write!(f, "followup-{months}m"),
        }
    }
}

impl FromStr for Comparison {
    type Err = UnknownComparison;
    fn from_str(text: &str) -> Result<Self, UnknownComparison> {
        match text {
            "paired" => Ok(Self::Paired),
            "first_last" => Ok(Self::FirstLast),
            "locf" => Ok(Self::Locf),
            _ => text
                .strip_prefix("followup-")
                .and_then(|rest| rest.strip_suffix('m'))
                .filter(|months| matches!(months.len(), 1..=2) && !months.starts_with('0'))
                .filter(|months| months.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|months| months.parse().ok())
                .map(Self::Followup)
                .ok_or(UnknownComparison),
        }
    }
}
