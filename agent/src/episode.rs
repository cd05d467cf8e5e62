//! Treatments joined with their answers to whole episodes, after pseudonymisation, so that memory stays bounded whatever the source
//! and its order.
//!
//! Promises: holds pseudonyms, keys, typed values and local ids that passed the identity scan, nothing else; between rows of one id and
//! answers to one timepoint it chooses by the contract's rule (2.0), never by the order of reading; episodes come out in the order of
//! their keys.

mod assemble;
mod store;

#[cfg(test)]
mod tests;

pub use assemble::{Episode, State};
pub use store::Gathering;

use schemas::rule::{Finding, Rule};

/// Why episodes could not be put together: the scratch file failed, which is the disk's fault, not the source's.
#[derive(Debug, thiserror::Error)]
#[error("the working file in the state directory failed ({0}); check that the disk has room and is healthy")]
pub struct EpisodeError(#[from] sqlx::Error);

/// Findings as `rule:field` words, for the scratch file.
fn words(findings: &[Finding]) -> String {
    findings.iter().map(|f| format!("{}:{}", f.rule.id(), f.field)).collect::<Vec<_>>().join(" ")
}

/// Findings as rule and field again.
pub(crate) fn findings(words: &str) -> Vec<(Rule, String)> {
    words
        .split(' ')
        .filter_map(|word| word.split_once(':'))
        .filter_map(|(rule, field)| Some((Rule::by_id(rule)?, field.to_owned())))
        .collect()
}
