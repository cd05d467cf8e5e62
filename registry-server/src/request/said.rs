//! What is said of a step: the comment, and the diary number of a decision.
//!
//! Promises: pure; a refusal carries its reason and its diary number, each in a field of its own; neither would show otherwise than as it
//! is written. Must not know: who may take the step.

use super::form::{is_diary, is_text};
use super::{Refusal, Step};

/// What somebody says of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The reason or another word; empty where nothing need be said.
    pub comment: String,
    /// The number under which the decision stands in the diary; empty where none was given.
    pub diary: String,
}

impl Said {
    /// A comment alone.
    #[must_use]
    pub fn comment(comment: impl Into<String>) -> Self {
        Self { comment: comment.into(), diary: String::new() }
    }

    /// Whether that is what must be said of a step.
    ///
    /// # Errors
    /// What is missing, or would not show as it is written.
    pub fn suits(&self, step: Step) -> Result<(), Refusal> {
        let needs_reason = matches!(step, Step::Returned | Step::Rejected);
        if !is_text(&self.comment) {
            Err(Refusal::BadComment)
        } else if needs_reason && self.comment.trim().is_empty() {
            Err(Refusal::NoComment)
        } else if !is_diary(&self.diary) {
            Err(Refusal::BadDiary)
        } else if step == Step::Rejected && self.diary.trim().is_empty() {
            Err(Refusal::NoDiary)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(step: Step, comment: &str, diary: &str) -> Result<(), Refusal> {
        Said { comment: comment.to_owned(), diary: diary.to_owned() }.suits(step)
    }

    #[test]
    fn a_refusal_carries_reason_and_diary_number_and_no_other_step_needs_a_number() {
        assert_eq!(of(Step::Rejected, "Därför.", "2026/7"), Ok(()));
        assert_eq!(of(Step::Rejected, "Därför. Dnr 2026/7", " "), Err(Refusal::NoDiary), "it is a field of its own");
        assert_eq!(of(Step::Rejected, " ", "2026/7"), Err(Refusal::NoComment));
        for step in Step::ALL {
            let expected = if step == Step::Rejected { Err(Refusal::NoDiary) } else { Ok(()) };
            assert_eq!(of(step, "Därför.", ""), expected, "{step:?}");
            assert_eq!(of(step, "Därför.", "2026/7"), Ok(()), "{step:?}");
        }
    }

    #[test]
    fn a_diary_number_is_one_short_line_that_shows_as_it_is_written() {
        for wrong in ["a\u{202e}b", "a\u{7}b", "a\nb", &"7".repeat(101)] {
            assert_eq!(of(Step::Rejected, "Därför.", wrong), Err(Refusal::BadDiary));
            assert_eq!(of(Step::Approved, "", wrong), Err(Refusal::BadDiary));
        }
        assert_eq!(of(Step::Rejected, "Därför.", &"7".repeat(100)), Ok(()));
    }
}
