//! What a platform may know of a treatment beyond what is needed: referral, end reason, diagnosis, sick leave.
//!
//! Promises: drawn from a stream of its own, so that everything else that a seed gives stays what it was; some of it is always missing.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Random;

/// The further fields of one treatment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Further {
    /// Date of the referral; now and then after the start, as somebody typed it.
    pub referred: Option<Date>,
    /// Code of the end reason.
    pub end_reason: Option<&'static str>,
    /// ICD-10-SE code.
    pub diagnosis: Option<&'static str>,
    /// Sick leave before and after, per cent.
    pub sick_leave: (Option<u8>, Option<u8>),
}

const DEGREES: [u8; 5] = [0, 25, 50, 75, 100];
const DIAGNOSES: [&str; 6] = ["F32.1", "F33.0", "F41.1", "F40.1", "F51.0", "F43.8"];
const EARLY: [&str; 4] = ["patient_ended_early", "no_contact", "therapist_ended_early", "other"];

impl Further {
    /// Invents them for a treatment that starts on a day.
    ///
    /// # Panics
    /// Never: the dates are in range.
    #[must_use]
    pub fn invent(seed: u64, started: Date, status: &str) -> Self {
        let mut random = Random::new(seed);
        let waited = random.between(-3, 140);
        let referred = started.checked_sub(waited.days()).expect("in range");
        let completed = status == "completed";
        let reason = if completed { "agreed_completion" } else { random.one_of(&EARLY) };
        let before = random.between(0, 6).clamp(0, 4);
        let after = (before - random.between(-1, 3)).clamp(0, 4);
        let degree = |at: i64| DEGREES[usize::try_from(at).expect("clamped")];
        // Most persons in these treatments work.
        let (before, after) = if random.chance(60) { (0, 0) } else { (degree(before), degree(after)) };
        Self {
            referred: random.chance(88).then_some(referred),
            end_reason: random.chance(94).then_some(reason),
            diagnosis: random.chance(80).then(|| *random.one_of(&DIAGNOSES)),
            sick_leave: (random.chance(85).then_some(before), random.chance(75).then_some(after)),
        }
    }
}
