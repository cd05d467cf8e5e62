//! What is wrong with a planted row, and the rule that must find it.

/// A fault of a treatment row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the name says the fault, the rule says what it leads to")]
pub enum TreatmentFault {
    CheckDigit,
    LostZeros,
    ReserveNumber,
    BirthYear,
    UnknownProgramme,
    IdHoldsIdentity,
    UnitName,
    UnknownStatus,
    NoStart,
    ImpossibleDate,
    Reversed,
    Future,
    BeforeTwoThousand,
    UnreadableMark,
    SharedId,
    Ongoing,
    Support,
    TestPatient,
    Protected,
    OptedOut,
    PersonOptedOut,
}

/// A fault of an answer row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the name says the fault, the rule says what it leads to")]
pub enum AnswerFault {
    UnknownInstrument,
    UnknownTimepoint,
    OutOfRange,
    Text,
    Fraction,
    NoScore,
    NoDate,
    FutureDate,
    ItemsDisagree,
    NoTreatment,
}

/// What a fault of a treatment leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// It stays in the region.
    Held,
    /// It does not belong in the register.
    Excluded,
}

/// Every fault of a treatment.
pub const TREATMENT_FAULTS: [TreatmentFault; 21] = {
    use TreatmentFault as F;
    [
        F::CheckDigit,
        F::LostZeros,
        F::ReserveNumber,
        F::BirthYear,
        F::UnknownProgramme,
        F::IdHoldsIdentity,
        F::UnitName,
        F::UnknownStatus,
        F::NoStart,
        F::ImpossibleDate,
        F::Reversed,
        F::Future,
        F::BeforeTwoThousand,
        F::UnreadableMark,
        F::SharedId,
        F::Ongoing,
        F::Support,
        F::TestPatient,
        F::Protected,
        F::OptedOut,
        F::PersonOptedOut,
    ]
};

/// Every fault of an answer.
pub const ANSWER_FAULTS: [AnswerFault; 10] = {
    use AnswerFault as F;
    [
        F::UnknownInstrument,
        F::UnknownTimepoint,
        F::OutOfRange,
        F::Text,
        F::Fraction,
        F::NoScore,
        F::NoDate,
        F::FutureDate,
        F::ItemsDisagree,
        F::NoTreatment,
    ]
};

impl TreatmentFault {
    /// The rule that must find it, and whether it holds or excludes.
    #[must_use]
    pub fn rule(self) -> (&'static str, Leads) {
        match self {
            Self::CheckDigit => ("identity-invalid", Leads::Held),
            Self::LostZeros => ("identity-lost-zeros", Leads::Held),
            Self::ReserveNumber => ("identity-reserve-without-system", Leads::Held),
            Self::BirthYear => ("identity-birth-year", Leads::Held),
            Self::UnknownProgramme | Self::IdHoldsIdentity => ("programme-unknown", Leads::Held),
            Self::UnitName => ("unit-form", Leads::Held),
            Self::UnknownStatus => ("status-unknown", Leads::Held),
            Self::NoStart => ("date-missing", Leads::Held),
            Self::ImpossibleDate => ("date-invalid", Leads::Held),
            Self::Reversed => ("dates-reversed", Leads::Held),
            Self::Future => ("date-future", Leads::Held),
            Self::BeforeTwoThousand => ("date-early", Leads::Held),
            Self::UnreadableMark => ("flag-unreadable", Leads::Held),
            Self::SharedId => ("treatment-id-shared", Leads::Held),
            Self::Ongoing => ("status-ongoing", Leads::Excluded),
            Self::Support => ("programme-support", Leads::Excluded),
            Self::TestPatient => ("test-patient", Leads::Excluded),
            Self::Protected => ("protected-identity", Leads::Excluded),
            Self::OptedOut | Self::PersonOptedOut => ("objection", Leads::Excluded),
        }
    }
}

impl AnswerFault {
    /// The rule that must hold the answer.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::UnknownInstrument => "instrument-unknown",
            Self::UnknownTimepoint => "timepoint-unknown",
            Self::OutOfRange => "score-range",
            Self::Text => "score-not-number",
            Self::Fraction => "score-fraction",
            Self::NoScore => "score-missing",
            Self::NoDate => "answer-date-missing",
            Self::FutureDate => "answer-date-invalid",
            Self::ItemsDisagree => "items-disagree",
            Self::NoTreatment => "answer-without-treatment",
        }
    }
}
