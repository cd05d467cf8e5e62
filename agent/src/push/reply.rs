//! What an answer of the register means for a batch: pure, so that every case is a line of a table.
//!
//! Promises: only a verified receipt closes; a refusal that no repetition changes stops the run with a sentence for the administrator.

use std::time::Duration;

use schemas::problem::{Problem, ProblemType};
use schemas::receipt::{NotVerified, Receipt, Verdict};

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The batch is done; one verdict a record.
    Close(Box<Receipt>, Vec<Verdict>),
    /// Send it in two halves.
    Split,
    /// The register holds later versions: ask for a new generation and send everything again.
    BeginAnew,
    /// Try again, after the given time where the register asked for one.
    Wait(Option<Duration>, String),
    /// Stop; somebody must do something.
    Stop(Refusal, String),
}

/// Who must do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The sender is not allowed (77).
    NotAllowed,
    /// Configuration or version (78).
    Config,
    /// Anything else (1).
    Failed,
}

/// Decides on an answer. `verify` checks a receipt's signature and content.
pub fn decide(answer: &Answer, verify: impl FnOnce(&Receipt) -> Result<Vec<Verdict>, NotVerified>) -> Decision {
    if answer.status == 200 {
        let Ok(receipt) = serde_json::from_slice::<Receipt>(&answer.body) else {
            return Decision::Stop(Refusal::Failed, "the register's answer is no receipt; check [server] url".into());
        };
        return match verify(&receipt) {
            Ok(verdicts) => Decision::Close(Box::new(receipt), verdicts),
            Err(error) => Decision::Stop(
                Refusal::NotAllowed,
                format!("{error}; see whether [server] url and receipt_key are the register's own"),
            ),
        };
    }
    let Ok(problem) = serde_json::from_slice::<Problem>(&answer.body) else {
        if answer.status == ProblemType::TooLarge.status() {
            // A proxy's own limit; halves may pass.
            return Decision::Split;
        }
        let sentence = format!("something between here and the register answers with HTTP status {}", answer.status);
        return Decision::Wait(answer.retry_after, sentence);
    };
    let sentence = sentence(&problem);
    match problem.kind {
        ProblemType::TooLarge => Decision::Split,
        ProblemType::VersionConflict => Decision::BeginAnew,
        kind if kind.is_temporary() => Decision::Wait(answer.retry_after, sentence),
        ProblemType::SenderNotActive | ProblemType::SenderMismatch => Decision::Stop(Refusal::NotAllowed, sentence),
        ProblemType::SchemaVersion | ProblemType::KeyUnknown => Decision::Stop(Refusal::Config, sentence),
        _ => Decision::Stop(Refusal::Failed, sentence),
    }
}

/// A problem as part of a sentence: what is wrong, then what to do.
pub(super) fn sentence(problem: &Problem) -> String {
    let mut title = problem.title.chars();
    let first = title.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}; {}", title.as_str(), problem.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(kind: ProblemType) -> Decision {
        let body = serde_json::to_vec(&Problem::new(kind, "Detail.")).unwrap();
        decide(&Answer { status: kind.status(), retry_after: Some(Duration::from_secs(7)), body }, |_| unreachable!())
    }

    #[test]
    fn every_problem_has_its_decision() {
        use ProblemType as P;
        for kind in [P::TooManyRequests, P::Busy, P::DiskFull, P::Internal] {
            assert!(matches!(on(kind), Decision::Wait(Some(_), _)), "{kind:?}");
        }
        assert_eq!(on(P::TooLarge), Decision::Split);
        assert_eq!(on(P::VersionConflict), Decision::BeginAnew);
        for kind in [P::SenderNotActive, P::SenderMismatch] {
            assert!(matches!(on(kind), Decision::Stop(Refusal::NotAllowed, _)), "{kind:?}");
        }
        for kind in [P::SchemaVersion, P::KeyUnknown] {
            assert!(matches!(on(kind), Decision::Stop(Refusal::Config, _)), "{kind:?}");
        }
        for kind in
            [P::DigestMismatch, P::BatchConflict, P::LineUnreadable, P::ManifestInvalid, P::NotFound, P::BadRequest]
        {
            assert!(matches!(on(kind), Decision::Stop(Refusal::Failed, _)), "{kind:?}");
        }
    }

    #[test]
    fn an_answer_that_is_no_receipt_closes_nothing() {
        let answer = Answer { status: 200, retry_after: None, body: b"<html>welcome</html>".to_vec() };
        assert!(matches!(decide(&answer, |_| Ok(vec![])), Decision::Stop(Refusal::Failed, _)));
        let answer = Answer { status: 502, retry_after: None, body: b"bad gateway".to_vec() };
        assert!(matches!(decide(&answer, |_| Ok(vec![])), Decision::Wait(None, _)));
    }

    #[test]
    fn a_batch_that_a_proxy_finds_too_large_is_sent_in_halves() {
        let answer = Answer { status: 413, retry_after: None, body: b"<h1>Request Entity Too Large</h1>".to_vec() };
        assert_eq!(decide(&answer, |_| unreachable!()), Decision::Split);
    }
}
