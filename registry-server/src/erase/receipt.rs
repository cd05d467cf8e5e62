//! The erasure receipt: counts, commitments, and what an erasure means, in the person's own words.
//!
//! Promises: it says what this sender's erasure covers and where to turn for what others have sent; it names nobody.

use std::sync::Arc;

use schemas::canonical;
use schemas::id::SenderCode;
use schemas::withdrawal::{ErasureBody, RECEIPT_SCHEMA};

use crate::environment::Stamp;
use crate::registry::Registry;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::erasure::{Erased, SealErasure};

/// Makes the receipt of a request with these commitments.
pub(super) fn seal(
    registry: &Arc<Registry>,
    (sender, stamp): (SenderCode, Stamp),
    commitments: Vec<String>,
) -> SealErasure {
    let on = Arc::clone(registry);
    Box::new(move |erased, checkpoint| {
        let persons = u32::try_from(commitments.len()).unwrap_or(u32::MAX);
        let Erased { case, found, treatments } = *erased;
        let words = Words { sender: &sender, contact: on.contact.as_deref(), found, persons, treatments };
        let body = ErasureBody {
            schema: RECEIPT_SCHEMA.to_owned(),
            sender: sender.clone(),
            environment: on.stage.clone(),
            received_at: stamp.at.to_string(),
            case,
            persons,
            found,
            treatments,
            commitments: commitments.clone(),
            text_sv: words.swedish(),
            text_en: words.english(),
            leaf: None,
            checkpoint: None,
        };
        let what = What::Erasure {
            receipt: body.digest(),
            persons: persons.into(),
            found: found.into(),
            treatments: treatments.into(),
            case: case.map(u64::from),
        };
        let entry = Entry::new(stamp, Some(&sender), what);
        let body = ErasureBody { leaf: Some(canonical::hex(&entry.leaf)), checkpoint, ..body };
        Sealed { receipt: canonical::bytes(&body.sign(&on.receipt_key)), entry }
    })
}

/// What is told.
struct Words<'a> {
    sender: &'a SenderCode,
    contact: Option<&'a str>,
    found: u32,
    persons: u32,
    treatments: u32,
}

impl Words<'_> {
    fn swedish(&self) -> String {
        let Self { sender, found, persons, treatments, .. } = self;
        let treatments = match treatments {
            1 => "1 behandling".to_owned(),
            number => format!("{number} behandlingar"),
        };
        let contact = self.contact.map(|contact| format!(" ({contact})")).unwrap_or_default();
        format!(
            "Det som avsändaren {sender} har skickat till registret om {} är raderat: {treatments}. Registret tar inte emot något mer \
             därifrån om dem som har lämnat det. Uppgifter från andra avsändare omfattas inte; registret{contact} svarar på hur de raderas.",
            match (persons, found) {
                (1, 0) => "personen, som inte fanns i registret,".to_owned(),
                (1, _) => "personen".to_owned(),
                _ => format!("{persons} personer, varav {found} fanns i registret,"),
            }
        )
    }

    fn english(&self) -> String {
        let Self { sender, found, persons, treatments, .. } = self;
        let treatments = match treatments {
            1 => "1 treatment".to_owned(),
            number => format!("{number} treatments"),
        };
        let contact = self.contact.map(|contact| format!(" ({contact})")).unwrap_or_default();
        format!(
            "What sender {sender} has sent to the register of {} is erased: {treatments}. The register takes nothing more from there of \
             those who have left it. What other senders have sent is not covered; the register{contact} tells how it is erased.",
            match (persons, found) {
                (1, 0) => "the person, who was not in the register,".to_owned(),
                (1, _) => "the person".to_owned(),
                _ => format!("{persons} persons, {found} of whom were in the register,"),
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_tell_whose_records_are_gone_and_where_to_turn_for_others() {
        let sender = "12".parse().unwrap();
        let words =
            |contact, persons, found, treatments| Words { sender: &sender, contact, found, persons, treatments };
        assert_eq!(
            words(Some("registret@example.se"), 1, 1, 1).swedish(),
            "Det som avsändaren 12 har skickat till registret om personen är raderat: 1 behandling. Registret tar inte emot något mer \
             därifrån om dem som har lämnat det. Uppgifter från andra avsändare omfattas inte; registret (registret@example.se) svarar på hur de raderas."
        );
        assert!(
            words(None, 1, 0, 0)
                .swedish()
                .contains("om personen, som inte fanns i registret, är raderat: 0 behandlingar.")
        );
        assert!(
            words(None, 3, 2, 5)
                .swedish()
                .contains("om 3 personer, varav 2 fanns i registret, är raderat: 5 behandlingar.")
        );
        assert!(
            words(None, 3, 2, 5)
                .english()
                .contains("of 3 persons, 2 of whom were in the register, is erased: 5 treatments.")
        );
        assert!(words(None, 1, 1, 1).english().ends_with("is not covered; the register tells how it is erased."));
    }
}
