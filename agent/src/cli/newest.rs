//! How the newest cycle ended, kept for `status` when it did not come to its end.
//!
//! Promises: every cycle and the start of `run` leave their failure here, a cycle that came to its end takes it away; nothing kept could
//! name a person; keeping it never changes what a command came to. Must not know: what a cycle does.

use std::path::Path;

use schemas::exit::Exit;

use super::failure::Failure;
use super::now;
use crate::guard;
use crate::outbox::{FailureNote, Outbox};

/// Answers what a command came to that was to run a cycle, having noted it.
pub(super) async fn noted(state_dir: &Path, ended: Result<Exit, Failure>) -> Result<Exit, Failure> {
    match &ended {
        Ok(exit) => note(state_dir, *exit, "").await,
        Err(failure) => note(state_dir, failure.exit(), failure.sentence()).await,
    }
    ended
}

/// Notes what a cycle came to, in the sentence that was said. A stop that was asked for and another run that is going on say nothing
/// about deliveries.
pub(super) async fn note(state_dir: &Path, exit: Exit, sentence: &str) {
    let failure = match exit {
        Exit::Locked | Exit::Interrupted | Exit::Terminated => return,
        Exit::Done | Exit::Partly => None,
        _ => Some(FailureNote { at: now(), exit: exit as u8, sentence: without_persons(sentence) }),
    };
    let kept = async { Outbox::open_for_notes(state_dir).await?.set_failure_note(failure.as_ref()).await };
    if let Err(error) = kept.await {
        tracing::warn!("`status` will not show how this ended: {error}");
    }
}

fn without_persons(sentence: &str) -> String {
    match guard::looks(sentence) {
        None => sentence.to_owned(),
        Some(_) => {
            "the sentence could name a person and is not kept; `registry-agent check --connect` may say it again".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(state_dir: &Path) -> Option<FailureNote> {
        Outbox::open_for_notes(state_dir).await.unwrap().failure_note().await.unwrap()
    }

    #[tokio::test]
    async fn a_failure_is_kept_until_a_cycle_comes_to_its_end_and_a_stop_or_another_run_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let failed = |exit| noted(&state, Err(Failure::new(exit, format!("ended with {}", exit as i32))));
        for exit in [Exit::NotAllowed, Exit::Config, Exit::Unreachable, Exit::Failed] {
            assert!(failed(exit).await.is_err_and(|failure| failure.exit() == exit));
            let note = kept(&state).await.unwrap();
            assert_eq!((i32::from(note.exit), note.sentence), (exit as i32, format!("ended with {}", exit as i32)));
        }
        for exit in [Exit::Locked, Exit::Interrupted, Exit::Terminated] {
            assert!(failed(exit).await.is_err());
            assert_eq!(kept(&state).await.unwrap().exit, Exit::Failed as u8, "the failure before stays");
        }
        assert!(noted(&state, Ok(Exit::Partly)).await.is_ok());
        assert_eq!(kept(&state).await, None);
    }

    #[tokio::test]
    async fn a_state_that_cannot_be_written_leaves_the_failure_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        std::fs::write(&state, "not a folder").unwrap();
        let ended = noted(&state, Err(Failure::new(Exit::Config, "mend this"))).await;
        assert!(ended.is_err_and(|failure| failure.exit() == Exit::Config && failure.sentence() == "mend this"));
    }

    #[test]
    fn a_sentence_is_kept_as_it_was_said_unless_it_could_name_a_person() {
        for said in [
            "no answer from https://localhost:18443 (connection refused); the queue waits",
            "the treatments query failed: no such table: treatments (code 1)",
            "nothing from 10.20.30.40:5432 within 30 s",
        ] {
            assert_eq!(without_persons(said), said);
        }
        let person = crate::tests::person(3);
        assert!(!without_persons(&format!("cannot read {person} as a date")).contains(&person));
    }
}
