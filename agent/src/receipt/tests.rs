//! Receipts of both kinds, whole and altered, as files.

use schemas::audit::Checkpoint;
use schemas::canonical;
use schemas::receipt::{LineFinding, ReceiptBody, Verdict};
use schemas::signed::SigningKey;
use schemas::withdrawal::ErasureBody;
use serde_json::json;

use super::*;
use crate::outbox::{Finding, Sort};
use schemas::language::Language;

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn checkpoint(signed_by: u8) -> String {
    let at = "2026-11-22T10:00:00Z".parse().unwrap();
    let body = Checkpoint { origin: "test".into(), size: 120, previous: 119, root: [1; 32], at, restored: None };
    body.sign(&key(signed_by)).to_string()
}

fn batch() -> Receipt {
    let verdicts = [Verdict::Accepted, Verdict::Accepted, Verdict::Rejected];
    let body = ReceiptBody {
        schema: receipt::SCHEMA.into(),
        sender: "12".parse().unwrap(),
        environment: "test".into(),
        batch: "0".repeat(64).parse().unwrap(),
        received_at: "2026-11-22T10:00:01Z".into(),
        verdicts: receipt::ranges(&verdicts),
        findings: vec![LineFinding { line: 3, rule: "score-range".into(), field: "score".into() }],
        leaf: Some("a".repeat(64)),
        checkpoint: Some(checkpoint(7)),
    };
    body.sign(&key(7))
}

fn erasure() -> ErasureReceipt {
    let body = ErasureBody {
        schema: RECEIPT_SCHEMA.into(),
        sender: "12".parse().unwrap(),
        environment: "test".into(),
        received_at: "2026-11-22T10:00:02Z".into(),
        case: Some(4),
        persons: 2,
        found: 1,
        treatments: 3,
        commitments: vec!["b".repeat(64); 2],
        text_sv: "Raderat.".into(),
        text_en: "Erased.".into(),
        leaf: None,
        checkpoint: None,
    };
    body.sign(&key(7))
}

fn judged(file: &[u8]) -> Result<(), Unproved> {
    let (document, signed) = Document::read(file).unwrap();
    document.verify(&signed, (&key(7).verifying_key(), "receipt.pub"))
}

#[test]
fn a_receipt_of_either_kind_is_proved_and_said_in_both_languages() {
    let files = [canonical::bytes(&batch()), canonical::bytes(&erasure())];
    let said = files.map(|file| {
        assert_eq!(judged(&file), Ok(()));
        let (document, _) = Document::read(&file).unwrap();
        [Language::Sv, Language::En].map(|language| {
            lines(&document, language).into_iter().map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>()
        })
    });
    let [[batch_sv, batch_en], [erasure_sv, erasure_en]] = said;
    assert!(batch_sv.contains(&"poster: 2 mottagna, 1 avvisade".into()), "{batch_sv:?}");
    assert!(batch_en.contains(&"records: 2 accepted, 1 rejected".into()), "{batch_en:?}");
    assert!(batch_en.contains(&": line 3: score-range (score)".into()), "{batch_en:?}");
    assert!(batch_en.contains(&": the log had 120 entries at 2026-11-22T10:00:00Z".into()), "{batch_en:?}");
    assert!(erasure_sv.contains(&": Raderat.".into()) && erasure_sv.contains(&"ärende: 4".into()), "{erasure_sv:?}");
    assert!(
        erasure_en.contains(&"erased: 3 treatments; of 2 persons asked for, the register held something of 1".into()),
        "{erasure_en:?}"
    );
    assert!(erasure_en.contains(&"audit log: the register kept none when it gave this".into()), "{erasure_en:?}");
}

#[test]
fn an_altered_receipt_proves_nothing_whatever_was_altered() {
    let whole: serde_json::Value = serde_json::to_value(batch()).unwrap();
    let with = |path: &str, value: serde_json::Value| {
        let mut altered = whole.clone();
        *altered.pointer_mut(path).unwrap() = value;
        serde_json::to_vec(&altered).unwrap()
    };
    assert_eq!(judged(&with("/body/findings/0/line", json!(2))), Err(Unproved::Signature));
    assert_eq!(judged(&with("/body/received_at", json!("2027-11-22T10:00:01Z"))), Err(Unproved::Signature));
    let mut added = whole.clone();
    added["body"]["remark"] = json!("what this version does not know is under the signature too");
    assert_eq!(judged(&serde_json::to_vec(&added).unwrap()), Err(Unproved::Signature));
    assert!(matches!(judged(&with("/key_id", json!("0".repeat(16)))), Err(Unproved::OtherKey { .. })));
    // Spelling and order are not content.
    assert_eq!(judged(&serde_json::to_vec_pretty(&whole).unwrap()), Ok(()));
}

#[test]
fn what_the_register_signed_without_sense_is_told() {
    let mut gap = batch().body;
    gap.verdicts[1].from = 5;
    assert_eq!(judged(&canonical::bytes(&gap.sign(&key(7)))), Err(Unproved::Verdicts));
    let foreign = ReceiptBody { checkpoint: Some(checkpoint(8)), ..batch().body };
    assert_eq!(judged(&canonical::bytes(&foreign.sign(&key(7)))), Err(Unproved::Checkpoint));
    let told = judged(&canonical::bytes(&batch().body.sign(&key(8)))).unwrap_err().to_string();
    assert!(told.contains("receipt.pub is key"), "{told}");
    for none in [
        "",
        "{}",
        "[]",
        r#"{"body": {"schema": "registry-receipt/9"}}"#,
        r#"{"body": {"schema": "registry-receipt/1"}}"#,
    ] {
        assert_eq!(Document::read(none.as_bytes()), None, "{none}");
    }
}

#[test]
fn every_finding_is_one_sentence_with_what_to_do() {
    for (sort, said) in [
        (Sort::Shorter, "lost entries: it signed 120 entries at 2026-11-22T10:00:00Z and then showed nothing"),
        (Sort::Other, "was altered"),
        (Sort::Restored, "put back from a backup"),
        (Sort::Unsigned, "did not sign"),
        (Sort::Missing, "does not hold the entry of a receipt"),
    ] {
        let finding = Finding {
            id: 3,
            found_at: "2026-11-22T11:00:00Z".into(),
            sort,
            kept: checkpoint(7),
            shown: String::new(),
            leaf: String::new(),
            accepted_at: None,
            accepted_by: None,
        };
        let sentence = sentence(&finding, Language::En);
        assert!(sentence.contains(said) && sentence.contains("receipt accept 3 --name NAME"), "{sentence}");
        assert_eq!(sentence.contains("queued again"), sort != Sort::Unsigned, "{sentence}");
    }
}
