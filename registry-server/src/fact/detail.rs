//! What a treatment's document tells beyond its narrow row: dates before the start, work done, sick leave.
//!
//! Promises: read from the stored document, so that a delivery writes nothing twice; answers are skipped.

use jiff::civil::Date;
use serde::Deserialize;

/// The further fields of one treatment, each as its record holds it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DetailFact {
    /// [`super::TreatmentFact::row`] of the treatment.
    #[serde(skip)]
    pub row: i64,
    /// Date of the referral or own request.
    pub referred_on: Option<Date>,
    /// Date of the assessment before the start.
    pub assessed_on: Option<Date>,
    /// Modules that were opened.
    pub modules_total: Option<u32>,
    /// Modules that were finished.
    pub modules_completed: Option<u32>,
    /// The therapist's time, minutes.
    pub therapist_minutes: Option<u32>,
    /// Messages, both ways.
    pub messages: Option<u32>,
    /// Sick leave before the treatment, per cent.
    pub sick_leave_before: Option<u8>,
    /// Sick leave after it, per cent.
    pub sick_leave_after: Option<u8>,
}

impl DetailFact {
    /// The fields of a stored document; nothing when it is not one.
    #[must_use]
    pub fn of(row: i64, document: &str) -> Option<Self> {
        let detail: Self = serde_json::from_str(document).ok()?;
        Some(Self { row, ..detail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_tells_what_it_holds_and_what_it_does_not() {
        let document = r#"{"ended_on":"2024-05-01","measurements":[{"score":3.0}],"referred_on":"2024-01-02","sick_leave_after":25}"#;
        let detail = DetailFact::of(7, document).unwrap();
        assert_eq!((detail.row, detail.referred_on.unwrap().to_string().as_str()), (7, "2024-01-02"));
        assert_eq!((detail.sick_leave_before, detail.sick_leave_after, detail.messages), (None, Some(25), None));
        assert_eq!(DetailFact::of(7, "not a document"), None);
    }
}
