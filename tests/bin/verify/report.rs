//! Verdicts, and the table at the end.

use std::fmt::Write as _;
use std::time::Duration;

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything held.
    Passed,
    /// Something did not hold; the sentence says what.
    Failed(String),
    /// Something is missing to check it, or to check it whole; the sentence says what and how to get it.
    NotChecked(String),
}

/// What a missing tool leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// In CI: a failure.
    Failure,
    /// At somebody's desk: a sentence.
    Sentence,
}

impl Strictness {
    /// From the value of the variable `CI`.
    pub(crate) fn of(ci: Option<&str>) -> Self {
        if ci == Some("true") { Self::Failure } else { Self::Sentence }
    }
}

/// A step that was run.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// Its name.
    pub(crate) step: &'static str,
    /// How it ended.
    pub(crate) verdict: Verdict,
    /// How long it took.
    pub(crate) took: Duration,
}

/// Whether a verdict lets the run count as passed.
pub(crate) fn is_good(verdict: &Verdict, strictness: Strictness) -> bool {
    match verdict {
        Verdict::Passed => true,
        Verdict::Failed(_) => false,
        Verdict::NotChecked(_) => strictness == Strictness::Sentence,
    }
}

/// The line under a step.
pub(crate) fn sentence(outcome: &Outcome) -> String {
    let Outcome { step, verdict, took } = outcome;
    let seconds = took.as_secs_f64();
    match verdict {
        Verdict::Passed => format!("{step}: passed in {seconds:.1} s"),
        Verdict::Failed(why) => format!("{step}: FAILED after {seconds:.1} s: {why}"),
        Verdict::NotChecked(why) => format!("{step}: NOT CHECKED after {seconds:.1} s: {why}"),
    }
}

/// One line a step, then a sentence for each that did not pass.
pub(crate) fn table(outcomes: &[Outcome]) -> String {
    let mut text = String::from("\n");
    for Outcome { step, verdict, took } in outcomes {
        let word = match verdict {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "FAILED",
            Verdict::NotChecked(_) => "NOT CHECKED",
        };
        writeln!(text, "{step:<8} {word:<12} {:>8.1} s", took.as_secs_f64())
            .expect("writing to a String does not fail");
    }
    for Outcome { step, verdict, .. } in outcomes {
        if let Verdict::Failed(why) | Verdict::NotChecked(why) = verdict {
            writeln!(text, "{step}: {why}").expect("writing to a String does not fail");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(verdict: Verdict) -> Outcome {
        Outcome { step: "units", verdict, took: Duration::from_millis(1_240) }
    }

    #[test]
    fn a_missing_tool_is_a_failure_in_ci_and_a_sentence_elsewhere() {
        let missing = Verdict::NotChecked("install systemd".into());
        assert!(is_good(&missing, Strictness::of(None)) && is_good(&missing, Strictness::of(Some("false"))));
        assert!(!is_good(&missing, Strictness::of(Some("true"))));
        assert!(!is_good(&Verdict::Failed("x".into()), Strictness::Sentence));
        assert!(is_good(&Verdict::Passed, Strictness::Failure));
    }

    #[test]
    fn the_table_names_each_step_and_says_again_what_did_not_pass() {
        let outcomes = [outcome(Verdict::Passed), outcome(Verdict::NotChecked("install systemd".into()))];
        let expected = "\nunits    passed            1.2 s\nunits    NOT CHECKED       1.2 s\nunits: install systemd\n";
        assert_eq!(table(&outcomes), expected);
        assert_eq!(sentence(&outcomes[0]), "units: passed in 1.2 s");
    }
}
