//! Every way to end early has its documented exit code and one sentence.

use schemas::problem::Problem;

use super::*;
use crate::source::SourceError;

fn problem(kind: ProblemType) -> ClientError {
    ClientError::Problem(Box::new(Problem::new(kind, "Do this.")))
}

#[test]
fn every_error_of_a_cycle_has_its_exit_code() {
    let cases: Vec<(CycleError, Exit)> = vec![
        (SourceError::Unreachable("x".into()).into(), Exit::Unreachable),
        (SourceError::NotAllowed("x".into()).into(), Exit::NotAllowed),
        (SourceError::Query("x".into()).into(), Exit::Config),
        (OutboxError::Locked("x".into()).into(), Exit::Locked),
        (OutboxError::Damaged(1).into(), Exit::Failed),
        (OutboxError::Inconsistent("x").into(), Exit::Failed),
        (ClientError::Files("x".into()).into(), Exit::Config),
        (ClientError::TooOpen("x".into()).into(), Exit::NotAllowed),
        (ClientError::Refused("x".into()).into(), Exit::NotAllowed),
        (ClientError::Unreachable("x".into()).into(), Exit::Unreachable),
        (problem(ProblemType::SenderNotActive).into(), Exit::NotAllowed),
        (problem(ProblemType::SenderMismatch).into(), Exit::NotAllowed),
        (problem(ProblemType::SchemaVersion).into(), Exit::Config),
        (problem(ProblemType::Busy).into(), Exit::Unreachable),
        (problem(ProblemType::BadRequest).into(), Exit::Failed),
        (CycleError::Clock(30), Exit::Failed),
        (CycleError::Mapping(BadSettings("x".into())), Exit::Config),
    ];
    for (error, exit) in cases {
        let sentence = error.to_string();
        let failure = Failure::from(error);
        assert_eq!(failure.exit, exit, "{sentence}");
        assert!(!failure.sentence.contains('\n'), "{sentence}");
    }
}

#[test]
fn settings_and_keys_have_their_exit_codes() {
    let config = |error: SetupError| Failure::from(CheckError::from(error)).exit;
    assert_eq!(config(BadSettings("x".into()).into()), Exit::Config);
    assert_eq!(config(KeyError::Missing("x".into()).into()), Exit::Config);
    assert_eq!(config(KeyError::TooOpen { path: "x".into(), mode: 0o644 }.into()), Exit::NotAllowed);
    assert_eq!(config(SetupError::TooOpen { path: "x".into(), mode: 0o644 }), Exit::NotAllowed);
    let other = crate::check::CertificateError::Other { found: "a".into(), wanted: "b".into() };
    assert_eq!(Failure::from(CheckError::from(other)).exit, Exit::NotAllowed);
    let unusable = crate::check::CertificateError::Unusable("x".into());
    assert_eq!(Failure::from(CheckError::from(unusable)).exit, Exit::Config);
}

#[test]
fn a_signal_has_the_exit_code_of_a_shell() {
    assert_eq!((Failure::stopped(130).exit, Failure::stopped(143).exit), (Exit::Interrupted, Exit::Terminated));
}
