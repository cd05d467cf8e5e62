//! Two numbers of one person: the same person with a new number, or two persons after all.
//!
//! Promises: a line that is not certainly two persons is refused with its number, and never with what stands in it; who objects stays
//! out, under whatever number; what was said reaches the register once and again where it has forgotten it.
//! Must not know: how the register keeps persons together.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use schemas::batch::Kind;
use schemas::canonical;
use schemas::codelist::CodeLists;
use schemas::record::SubjectPair;

use crate::identity::IdentityNumber;
use crate::map::Reason;
use crate::objections::{Collected, Objections, ObjectionsError, Origin, Said};
use crate::outbox::{Again, Outbox, OutboxError, Pair, Says};
use crate::pseudonymise::{Objector, Objectors, pseudonym_of};
use crate::setup::Setup;
use crate::withdraw::{self, BadLine};

/// Why pairs are not taken.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A line is not two numbers.
    #[error(
        "line {0}: write the number used before and the number used now, separated by a semicolon, a comma or a space"
    )]
    Line(usize),
    /// A number that is none.
    #[error(transparent)]
    Number(BadLine),
    /// Both are the same person.
    #[error("line {0}: both numbers are the same person's already; write two different ones")]
    Same(usize),
    /// Somebody who objects.
    #[error("line {0}: the person objects to the register under one of the numbers; withdraw the other number too")]
    Objects(usize),
    /// Nobody whom a source shows.
    #[error(
        "line {0}: no source shows a treatment under either number; look for a slip of the pen, or run `registry-agent once` first"
    )]
    Unknown(usize),
    /// The list of objections fails.
    #[error(transparent)]
    Objections(#[from] ObjectionsError),
    /// The state fails.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

/// Reads pairs, one a line; empty lines are passed over. Each comes with its line.
///
/// # Errors
/// The first line that is not two persons.
pub fn pairs(text: &str, lists: &CodeLists) -> Result<Vec<(usize, [IdentityNumber; 2])>, MergeError> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let halves: Vec<&str> = match line.find([';', ',', '\t']) {
            Some(at) => vec![&line[..at], &line[at + 1..]],
            None => line.split_whitespace().collect(),
        };
        let [old, new] = halves[..] else { return Err(MergeError::Line(number)) };
        let [old, new] = [person(number, old, lists)?, person(number, new, lists)?];
        pairs.push((number, [old, new]));
    }
    Ok(pairs)
}

fn person(line: usize, text: &str, lists: &CodeLists) -> Result<IdentityNumber, MergeError> {
    let read = withdraw::persons(text, lists).map_err(|bad| {
        MergeError::Number(match bad {
            BadLine::TenDigits(_) => BadLine::TenDigits(line),
            BadLine::Rule { rule, .. } => BadLine::Rule { line, rule },
        })
    })?;
    let [one] = <[IdentityNumber; 1]>::try_from(read).map_err(|_| MergeError::Line(line))?;
    Ok(one)
}

/// Keeps what is said of pairs, so that the next delivery tells the register. `random` gives bytes that nobody had before. Answers the
/// keys of the records that will tell it.
///
/// # Errors
/// The first pair that is not taken; then none is.
pub async fn keep(
    setup: &Setup,
    outbox: &mut Outbox,
    (said, says): (&[(usize, [IdentityNumber; 2])], Says),
    random: impl Fn() -> [u8; 32],
) -> Result<Vec<String>, MergeError> {
    let objecting: BTreeSet<[u8; 32]> = match Objections::open_to_read(&setup.config.state_dir(), &setup.keys).await? {
        Some(mut objections) => objections.hashes().await?.into_iter().collect(),
        None => BTreeSet::new(),
    };
    let mut kept = Vec::new();
    for (line, persons) in said {
        let [old, new] = [&persons[0], &persons[1]].map(|person| setup.keys.objector(person));
        if old.person == new.person {
            return Err(MergeError::Same(*line));
        }
        if objecting.contains(&old.hash) || objecting.contains(&new.hash) {
            return Err(MergeError::Objects(*line));
        }
        if !outbox.knows_person(&old.person).await? && !outbox.knows_person(&new.person).await? {
            return Err(MergeError::Unknown(*line));
        }
        kept.push(Pair { old, new, says, key: URL_SAFE_NO_PAD.encode(random()) });
    }
    outbox.set_pairs(&kept).await?;
    Ok(kept.into_iter().map(|pair| pair.key).collect())
}

/// Queues what the register is to be told of pairs.
///
/// # Errors
/// When the state fails.
pub async fn queue(setup: &Setup, outbox: &mut Outbox, now: Timestamp) -> Result<(), OutboxError> {
    let pairs = outbox.pairs_to_queue().await?;
    if pairs.is_empty() {
        return Ok(());
    }
    let left_out = outbox.left_out().await?;
    let mut records = Vec::new();
    for Pair { old, new, says, key } in pairs {
        let [old, new] = [old, new].map(|one: Objector| pseudonym_of(setup.keys.id(), one.person));
        let kind = if says == Says::Merge { Kind::SubjectMerge } else { Kind::SubjectSplit };
        let content = canonical::bytes(&SubjectPair { old, new });
        if left_out.strip(kind, content.clone()) != content {
            tracing::warn!(
                "pairs of numbers wait until somebody approves their fields; run `registry-agent release --fields`"
            );
            return Ok(());
        }
        records.push(Again { kind, key, content });
    }
    outbox.queue_again(&records, now).await
}

/// Lets everybody who objects under one number object under the others too.
///
/// # Errors
/// When the state fails.
pub async fn join(
    outbox: &mut Outbox,
    objectors: &mut Objectors,
    collected: &mut Collected,
) -> Result<(), OutboxError> {
    let asked = objectors.hashes().copied().collect();
    for objector in outbox.other_numbers(&asked).await? {
        objectors.add(objector.hash);
        let earlier = Vec::new();
        let said = Said { objector, earlier, origin: Origin::Stdin, reason: Reason::Objection, registered_on: None };
        collected.persons.entry(objector.hash).or_insert(said);
    }
    Ok(())
}
