//! The examples of leaving the register: one person is withdrawn, the person's treatment is shown before that, and a case is answered.

use schemas::canonical;
use schemas::id::{Pseudonym, RecordKey, Salt, Version};
use schemas::record::Record;
use schemas::withdrawal::{
    CaseAnswer, CaseReply, EXTRACT_SCHEMA, ErasureBody, ErasureReceipt, ExtractRequest, ExtractedDocument, Lift,
    Lifted, PersonExtract, RECEIPT_SCHEMA, ReplacedVersion, SCHEMA, Withdrawal, WithdrawnPerson,
};

use super::{record::records, sender, signing_key, state_id};

/// What a sender asks for when a person objects.
pub(crate) fn withdrawal() -> Withdrawal {
    let salt = Salt::of(canonical::sha256(b"the salt of the example"));
    let persons = vec![WithdrawnPerson { pseudonym: treatment().1, salt }];
    Withdrawal { schema: SCHEMA.into(), state_id: state_id(), case: Some(7), persons }
}

/// The signed answer.
pub(crate) fn erasure() -> ErasureReceipt {
    let body = ErasureBody {
        schema: RECEIPT_SCHEMA.into(),
        sender: sender(),
        environment: "test".into(),
        received_at: "2026-01-15T01:17:43Z".into(),
        case: Some(7),
        persons: 1,
        found: 1,
        treatments: 2,
        commitments: withdrawal().persons.iter().map(WithdrawnPerson::commitment).collect(),
        text_sv: "Det som avsändaren 12 har skickat till registret om personen är raderat.".into(),
        text_en: "What sender 12 has sent to the register of the person is erased.".into(),
        leaf: None,
        checkpoint: None,
    };
    body.sign(&signing_key())
}

/// The person is back.
pub(crate) fn lift() -> Lift {
    Lift { state_id: state_id(), persons: vec![treatment().1] }
}

/// What became of that.
pub(crate) fn lifted() -> Lifted {
    Lifted { lifted: 1 }
}

/// Somebody asks what is held of the person.
pub(crate) fn extract_request() -> ExtractRequest {
    ExtractRequest { persons: vec![treatment().1] }
}

/// What is held.
pub(crate) fn person_extract() -> PersonExtract {
    let (key, _, mut content) = treatment();
    content.as_object_mut().unwrap().remove("pseudonym");
    let document = ExtractedDocument {
        key,
        version: Version { generation: 1, counter: 2 },
        first_received: Some("2025-10-02T01:15:09Z".into()),
        replaced: vec![ReplacedVersion {
            version: Version { generation: 1, counter: 1 },
            replaced_at: "2026-01-15T01:17:42Z".into(),
        }],
        content,
    };
    PersonExtract { schema: EXTRACT_SCHEMA.into(), found: 1, withdrawn: 0, documents: vec![document] }
}

/// A sender has looked for the person of a case.
pub(crate) fn case_reply() -> CaseReply {
    CaseReply { answer: CaseAnswer::NoneFound }
}

/// The first treatment of the example batch: key, person and content.
fn treatment() -> (RecordKey, Pseudonym, serde_json::Value) {
    let treatment = records().into_iter().find_map(|record| match record {
        Record::Treatment { key, content, .. } => Some((key, content)),
        _ => None,
    });
    let (key, content) = treatment.expect("the example batch holds treatments");
    let value = serde_json::to_value(&content).unwrap();
    (key, content.pseudonym, value)
}
