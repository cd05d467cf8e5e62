//! Whether what a cycle queues waits for a person.
//!
//! Promises: decided in the transaction that queues; what nothing new stands in is not held by `hold = "change"`.

use schemas::canonical;
use serde_json::json;

use super::{Counts, CycleError};
use crate::config::Hold;
use crate::outbox::{Queueing, Term};
use crate::release::{Because, RUNS, Words, is_unusual};
use crate::setup::Setup;

/// Kept of what was released, for the meaning of words.
const MAPPING: &str = "mapping";

/// Where the words of what is queued are gathered: only where they decide.
pub(super) fn words(setup: &Setup) -> Option<Words> {
    (setup.config.release.hold == Hold::Change).then(Words::default)
}

/// Freezes what was queued where it has to wait.
pub(super) async fn look(
    setup: &Setup,
    queueing: &mut Queueing<'_>,
    (words, counts): (Option<Words>, &Counts),
) -> Result<(), CycleError> {
    let mapping = mapping(setup);
    let because = match (setup.config.release.hold, words) {
        (Hold::Always, _) => vec![Because::Always],
        (Hold::Change, Some(words)) => changes(queueing, &words, (&mapping, records(counts))).await?,
        _ => Vec::new(),
    };
    if !because.is_empty() {
        queueing.wait(&because, &mapping);
    }
    Ok(())
}

async fn changes(
    queueing: &mut Queueing<'_>,
    words: &Words,
    (mapping, records): (&str, u64),
) -> Result<Vec<Because>, CycleError> {
    let released = queueing.released().await?;
    let mut because = words.new_beside(&released);
    let before = released.iter().find(|(kind, _)| kind == MAPPING);
    if before.is_some_and(|(_, before)| before != mapping) {
        because.push(Because::Mapping);
    }
    if records > 0 {
        because.extend(is_unusual(records, &queueing.volumes(RUNS).await?).map(Because::Volume));
    }
    Ok(because)
}

/// One hash over what words of the source mean.
fn mapping(setup: &Setup) -> String {
    canonical::sha256_hex(&canonical::bytes(&json!([setup.config.map, setup.lists.hash()])))
}

fn records(counts: &Counts) -> u64 {
    let sent = counts.iter().filter(|((term, _), _)| matches!(term, Term::Queued | Term::Retracted));
    sent.map(|(_, n)| n).sum()
}
