//! How far treatments came, from the referral to the follow-up.
//!
//! Meaning: how many of the treatments have a date of referral, a date of assessment, were completed, and how many of the completed ones
//! were answered for after the treatment and at a follow-up. Population: ended treatments; those who were referred or assessed and never
//! started are in no register of treatments.

use schemas::language::Text;

use super::definition::Definition;
use super::share::Share;

/// What the stages mean.
pub const FLOW: Definition = Definition {
    name: "referral_known, assessment_known, after, followed",
    meaning: Text::fixed(
        "Hur många av behandlingarna som har ett datum för remiss och för bedömning, och hur många av de fullföljda där patienten \
         skattade sig efteråt och vid någon uppföljning.",
        "How many of the treatments have a date of referral and of assessment, and for how many of the completed ones the patient \
         answered afterwards and at any follow-up.",
    ),
    formula: "referral_known, assessment_known: with the date / treatments; after, followed: completed with the answer / completed",
    population: Text::fixed(
        "avslutade behandlingar; den som remitterades eller bedömdes utan att börja finns inte i registret",
        "ended treatments; whoever was referred or assessed and did not start is not in the register",
    ),
    source: "the register's own rule; the stages are those of NHS Talking Therapies",
    given: Text::fixed(
        "fyra behandlingar: tre med remissdatum, två med bedömning, tre fullföljda, varav två med skattning efter och en med uppföljning",
        "four treatments: three with a date of referral, two with one of assessment, three completed, of whom two answered after and one at a follow-up",
    ),
    gives: &[
        ("referral_known_p", Some(0.75)),
        ("assessment_known_p", Some(0.5)),
        ("after_p", Some(2.0 / 3.0)),
        ("followed_p", Some(1.0 / 3.0)),
    ],
    compute: || {
        let stages = Stages { started: 4, referred: 3, assessed: 2, completed: 3, after: 2, followed: 1 };
        [stages.referred(), stages.assessed(), stages.after(), stages.followed()].map(|share| share.p()).to_vec()
    },
};

/// How many treatments reached each stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stages {
    /// All.
    pub started: u64,
    /// With a date of referral.
    pub referred: u64,
    /// With a date of assessment.
    pub assessed: u64,
    /// Carried through.
    pub completed: u64,
    /// Completed, with an answer after.
    pub after: u64,
    /// Completed, with an answer at a follow-up.
    pub followed: u64,
}

impl Stages {
    /// With a date of referral, of all.
    #[must_use]
    pub fn referred(self) -> Share {
        Share { n: self.referred, d: self.started }
    }

    /// With a date of assessment, of all.
    #[must_use]
    pub fn assessed(self) -> Share {
        Share { n: self.assessed, d: self.started }
    }

    /// Completed, of all.
    #[must_use]
    pub fn completed(self) -> Share {
        Share { n: self.completed, d: self.started }
    }

    /// With an answer after, of the completed.
    #[must_use]
    pub fn after(self) -> Share {
        Share { n: self.after, d: self.completed }
    }

    /// With an answer at a follow-up, of the completed.
    #[must_use]
    pub fn followed(self) -> Share {
        Share { n: self.followed, d: self.completed }
    }
}
