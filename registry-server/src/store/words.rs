//! The words that stand in the tables for what the wire's enumerations mean, the same in every engine and the same as on the wire.

use schemas::record::{Counted, Ownership, RetractionReason, Sex, Status};

/// The word of a status.
pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Completed => "completed",
        Status::Discontinued => "discontinued",
    }
}

/// The status of a word.
pub(crate) fn read_status(word: &str) -> Option<Status> {
    [Status::Completed, Status::Discontinued].into_iter().find(|value| status(*value) == word)
}

/// The word of a reason.
pub(crate) fn reason(reason: RetractionReason) -> &'static str {
    match reason {
        RetractionReason::Reopened => "reopened",
        RetractionReason::TestPatient => "test_patient",
        RetractionReason::ProtectedIdentity => "protected_identity",
        RetractionReason::SupportProgramme => "support_programme",
    }
}

/// The word of an ownership.
pub(crate) fn ownership(ownership: Ownership) -> &'static str {
    match ownership {
        Ownership::Public => "public",
        Ownership::Private => "private",
    }
}

/// The ownership of a word.
pub(crate) fn read_ownership(word: &str) -> Option<Ownership> {
    [Ownership::Public, Ownership::Private].into_iter().find(|value| ownership(*value) == word)
}

/// The word of what an accounting line counts.
pub(crate) fn counted(counted: Counted) -> &'static str {
    match counted {
        Counted::Treatments => "treatments",
        Counted::Answers => "answers",
    }
}

/// The sex of a code.
pub(crate) fn read_sex(code: &str) -> Option<Sex> {
    [Sex::F, Sex::M].into_iter().find(|value| value.code() == code)
}
