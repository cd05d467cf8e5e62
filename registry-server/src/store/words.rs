//! The words that stand in the tables for what the wire's enumerations mean, the same in every engine and the same as on the wire.

use schemas::canonical;
use schemas::record::{Ownership, Reason, RetractionReason, Sex, Status};

use super::PairSays;

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
        RetractionReason::Vanished => "vanished",
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

/// The reasons of an accounting line, as JSON.
pub(crate) fn reasons(reasons: &[Reason]) -> String {
    String::from_utf8(canonical::bytes(&reasons)).expect("canonical JSON is UTF-8")
}

/// What is said of a pair of persons.
pub(crate) fn says(says: PairSays) -> &'static str {
    match says {
        PairSays::Merge => "merge",
        PairSays::Split => "split",
    }
}

/// The sex of a code.
pub(crate) fn read_sex(code: &str) -> Option<Sex> {
    [Sex::F, Sex::M].into_iter().find(|value| value.code() == code)
}
