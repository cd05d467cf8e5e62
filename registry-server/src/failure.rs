//! How a command ends when it cannot go on: an exit code and one sentence.
//!
//! Promises: the sentence says what to do and holds no value of a person.

use schemas::exit::Exit;
use schemas::settings::BadSettings;

use crate::store::StoreError;

/// Why a command stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// The program's exit code.
    pub exit: Exit,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Failure {
    /// A configuration that cannot be used, or a file that is not there (78).
    #[must_use]
    pub fn config(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Config, sentence: sentence.into() }
    }

    /// A command line that means nothing (2).
    #[must_use]
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, sentence: sentence.into() }
    }

    /// A key file or authority that must not be used (77).
    #[must_use]
    pub fn not_allowed(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::NotAllowed, sentence: sentence.into() }
    }

    /// Anything else (1).
    #[must_use]
    pub fn other(sentence: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, sentence: sentence.into() }
    }
}

impl From<BadSettings> for Failure {
    fn from(error: BadSettings) -> Self {
        Self::config(error.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Schema(sentence) => Self::config(sentence),
            StoreError::Unreachable(_) => Self { exit: Exit::Unreachable, sentence: error.to_string() },
            StoreError::Busy | StoreError::Collided => Self { exit: Exit::Locked, sentence: error.to_string() },
            error => Self::other(error.to_string()),
        }
    }
}
