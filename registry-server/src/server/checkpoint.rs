//! The audit log while the register runs: its sequencer, and `GET /v1/checkpoint`.
//!
//! Promises: what was noted is in the log and under a signed checkpoint within a second; however many servers run on one database, the
//! log has one order; a sender learns how many entries the log has, and of their contents nothing but hashes under salts.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use schemas::audit::{CheckpointAnswer, Hash, Inclusion, read_hex};
use schemas::canonical;
use schemas::id::SenderCode;
use tokio_util::sync::CancellationToken;

use crate::audit;
use crate::problem::Refusal;
use crate::registry::Registry;
use crate::store::StoreError;
use crate::store::audit::LogTail;

/// How often the sequencer looks for events: twice in the second that it has.
const PACE: Duration = Duration::from_millis(500);

/// A log of so many entries is proved in some milliseconds.
const QUICK: u64 = 20_000;

/// Gives events their places and signs the log, until the register stops or its disk fails.
pub(super) async fn sequence(registry: Arc<Registry>, stop: CancellationToken) {
    let sign = audit::signer(registry.receipt_key.clone(), registry.stage.clone(), registry.environment.clone());
    let mut told = None;
    // Ends with the register.
    loop {
        match registry.store.sequence(&sign).await {
            Ok(_) => told = None,
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!("the audit log cannot be written: {error}");
                return registry.broken.cancel();
            }
            Err(error) => {
                // Once for a fault that lasts.
                if told.as_ref() != Some(&error) {
                    tracing::error!("the audit log is not signed at the moment: {error}");
                }
                told = Some(error);
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

/// Answers with the newest checkpoint and the proofs asked for.
pub(super) async fn checkpoint(registry: &Registry, sender: &SenderCode, uri: &Uri) -> Result<Vec<u8>, Refusal> {
    let asked = Asked::read(uri.query().unwrap_or_default())
        .ok_or(Refusal::BadRequest("ask as ?from=SIZE, or ?from=SIZE&leaf= and 64 lower-case hexadecimal digits"))?;
    // What is quickly told does not wait behind the sender's own batches: an agent asks before each delivery.
    let size = registry.store.log_tail(u64::MAX).await?.map_or(0, |log| log.size);
    let _held = if size > QUICK {
        Some((registry.admission.turn(sender).await?, registry.admission.place().await?))
    } else {
        None
    };
    let Some(log) = registry.store.log_tail(asked.from).await? else {
        return Ok(canonical::bytes(&CheckpointAnswer { checkpoint: None, consistency: Vec::new(), inclusion: None }));
    };
    if log.tail.is_none() {
        tracing::error!(
            %sender,
            known = asked.from,
            "a sender knows a longer audit log than this; if the database was put back from a backup, say so with `registry-server audit restored`"
        );
    }
    let answer = tokio::task::spawn_blocking(move || canonical::bytes(&prove(log, asked.leaf)));
    answer.await.map_err(|_| Refusal::Unexpected("a proof broke off".to_owned()))
}

/// What a sender asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    from: u64,
    leaf: Option<Hash>,
}

impl Asked {
    fn read(query: &str) -> Option<Self> {
        let mut asked = Self::default();
        for (name, value) in query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('='))
            .collect::<Option<Vec<_>>>()?
        {
            match name {
                "from" => asked.from = value.parse().ok()?,
                "leaf" => asked.leaf = Some(read_hex(value)?),
                _ => return None,
            }
        }
        Some(asked)
    }
}

fn prove(LogTail { newest, tail, .. }: LogTail, leaf: Option<Hash>) -> CheckpointAnswer {
    let hexadecimal = |proof: Vec<Hash>| proof.iter().map(|hash| canonical::hex(hash)).collect();
    let tail = tail.unwrap_or_default();
    let place = leaf.and_then(|leaf| tail.leaves.iter().position(|other| *other == leaf));
    let position = place.map(|place| tail.base.size() + place as u64);
    let inclusion =
        position.and_then(|position| Some(Inclusion { position, path: hexadecimal(tail.inclusion(position)?) }));
    CheckpointAnswer { checkpoint: Some(newest), consistency: hexadecimal(tail.consistency()), inclusion }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_in_its_own_form_only() {
        let leaf = "0a".repeat(32);
        let asked = |from, leaf| Some(Asked { from, leaf });
        for (query, expected) in [
            ("", asked(0, None)),
            ("from=17", asked(17, None)),
            (&format!("from=17&leaf={leaf}"), asked(17, Some([10; 32]))),
            (&format!("leaf={leaf}"), asked(0, Some([10; 32]))),
            ("from=-1", None),
            ("from=", None),
            ("from", None),
            ("to=3", None),
            (&format!("leaf={}", &leaf[1..]), None),
        ] {
            assert_eq!(Asked::read(query), expected, "{query}");
        }
    }
}
