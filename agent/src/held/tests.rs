//! What stays is told by its cause and under the source's own ids.

use schemas::receipt::{LineFinding, Receipt, ReceiptBody, SCHEMA, Verdict, ranges};

use jiff::Timestamp;

use super::*;
use crate::outbox::Outbox;
use crate::tests::{NOW, Region};

async fn queued(region: &Region) -> Outbox {
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    outbox
}

/// The register's answer to the one queued record.
async fn reject(region: &Region, outbox: &mut Outbox) {
    let sender = region.setup.config.agent.region.clone();
    let sealed = outbox.next(&sender).await.unwrap().unwrap();
    let body = ReceiptBody {
        schema: SCHEMA.into(),
        sender,
        environment: "test".into(),
        batch: sealed.digest.clone(),
        received_at: NOW.into(),
        verdicts: ranges(&[Verdict::Rejected]),
        findings: vec![LineFinding { line: 1, rule: "unit-form".into(), field: "unit".into() }],
        leaf: None,
        checkpoint: None,
    };
    let receipt = Receipt { body, key_id: String::new(), signature: String::new() };
    outbox.close(sealed.id, (&receipt, b"receipt"), &[Verdict::Rejected], now()).await.unwrap();
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

#[tokio::test]
async fn one_unknown_programme_behind_many_treatments_is_one_line_with_the_nearest_codes() {
    let region = Region::new().await;
    for (id, who) in [("M-1", 1), ("M-2", 2), ("M-3", 3)] {
        region.treatment(id, who, &[("programme", "Depressonshjälpen")]).await;
    }
    region.treatment("M-4", 4, &[("status", "vilande")]).await;
    drop(queued(&region).await);
    let held = held(&region.setup, 2).await.unwrap();
    let first = &held.causes[0];
    assert_eq!((first.n, first.word.as_deref(), first.field.as_str()), (3, Some("Depressonshjälpen"), "programme"));
    assert_eq!(first.nearest.first().map(String::as_str), Some("depressionshjalpen"));
    assert_eq!(first.treatments, ["M-1", "M-2"]);
    assert_eq!(held.causes.len(), 2);
    let text = text(&held, schemas::language::Language::Sv);
    assert!(text.contains("M-1, M-2 ...") && text.contains("närmast: depressionshjalpen"), "{text}");
}

#[tokio::test]
async fn spellings_of_one_word_are_one_cause_and_several_sources_are_named() {
    let region = Region::new().await;
    for (id, who, word) in [("M-1", 1, "Lugna stunden"), ("M-2", 2, "LUGNA  STUNDEN"), ("M-3", 3, "Lugna stunden")] {
        region.treatment(id, who, &[("programme", word)]).await;
    }
    drop(queued(&region).await);
    let mut held = held(&region.setup, 5).await.unwrap();
    assert_eq!(held.causes.len(), 1, "{:?}", held.causes);
    assert_eq!((held.causes[0].n, held.causes[0].word.as_deref()), (3, Some("Lugna stunden")));
    assert_eq!(held.causes[0].treatments.len(), 3);
    assert!(!text(&held, schemas::language::Language::En).contains("[main]"));
    let other = described(outbox_cause("old"), vec![], &region.setup);
    held.add(other, 5);
    assert!(text(&held, schemas::language::Language::En).contains("[main]"));
}

fn outbox_cause(source: &str) -> HeldCause {
    HeldCause {
        scope: "treatment".into(),
        source: source.into(),
        rule: "programme-unknown".into(),
        field: "programme".into(),
        word: "Lugna stunden".into(),
        n: 1,
        found_at: NOW.into(),
    }
}

#[tokio::test]
async fn no_value_of_a_person_is_kept_with_a_held_row() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("person_id", "19121212-1213"), ("birth_year", "1777")]).await;
    region.answer("M-1", "pre", "tolv", &[]).await;
    let mut outbox = queued(&region).await;
    let ones = outbox.held_ones(None).await.unwrap();
    assert!(!ones.is_empty());
    assert!(ones.iter().all(|one| one.word.is_empty()), "{ones:?}");
}

#[tokio::test]
async fn a_rejected_record_is_told_under_the_source_s_own_id_and_goes_again_when_asked() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = queued(&region).await;
    reject(&region, &mut outbox).await;
    drop(outbox);
    let told = held(&region.setup, 5).await.unwrap();
    assert_eq!(told.rejected[0].treatment.as_deref(), Some("M-1"));
    assert_eq!((told.rejected.len(), told.rejected[0].rule.as_str()), (1, "unit-form"));

    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    assert_eq!(outbox.depth().await.unwrap().1, 0, "an unchanged record was sent again unasked");
    outbox.try_again(None).await.unwrap();
    region.cycle(&mut outbox).await;
    assert_eq!(outbox.depth().await.unwrap().1, 1);
}

#[tokio::test]
async fn the_rows_of_a_held_treatment_are_shown_with_its_person_masked() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("programme", "Lugna stunden")]).await;
    region.answer("M-1", "pre", "12", &[]).await;
    region.answer("M-2", "pre", "13", &[]).await;
    let rows = show(&region.setup, "M-1", now()).await.unwrap();
    assert_eq!(rows.len(), 2);
    let person = rows[0].iter().find(|cell| cell.column == "person_id").unwrap();
    assert!(person.value[4..].chars().all(|c| c == '*') && person.value.len() > 4, "{}", person.value);
    assert!(rows[0].iter().any(|cell| cell.value == "Lugna stunden"));
}

#[tokio::test]
async fn each_held_row_of_a_treatment_is_told_under_its_own_word() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    for word in ["Lugn-9", "Oro-7"] {
        region.answer("M-1", "pre", "12", &[("instrument", word)]).await;
    }
    region.treatment("M-2", 2, &[("unit_id", "VC Norr")]).await;
    region.answer("M-2", "före", "12", &[]).await;
    let mut outbox = queued(&region).await;
    let mut told: Vec<(String, String, String)> =
        outbox.held_ones(None).await.unwrap().into_iter().map(|one| (one.local_id, one.field, one.word)).collect();
    told.sort();
    let expected = [
        ("M-1", "instrument", "Lugn-9"),
        ("M-1", "instrument", "Oro-7"),
        ("M-2", "timepoint", "före"),
        ("M-2", "unit_id", "VC Norr"),
    ];
    assert_eq!(told, expected.map(|(id, field, word)| (id.to_owned(), field.to_owned(), word.to_owned())));
}

#[tokio::test]
async fn a_rejected_record_whose_treatment_stays_now_is_rejected_no_more_and_goes_again_when_it_is_ready() {
    for (column, stays, good) in [("status", "ongoing", "completed"), ("unit_id", "VC Norr", "SE9990120000-E001")] {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[]).await;
        let mut outbox = queued(&region).await;
        reject(&region, &mut outbox).await;
        region.sql(&format!("UPDATE treatments SET {column} = '{stays}'")).await;
        region.cycle(&mut outbox).await;
        assert_eq!(outbox.rejected_ones().await.unwrap(), [], "{column}");
        assert_eq!(outbox.rejected().await.unwrap(), [], "{column}");
        region.sql(&format!("UPDATE treatments SET {column} = '{good}'")).await;
        region.cycle(&mut outbox).await;
        assert_eq!(outbox.depth().await.unwrap().1, 1, "{column}: the register never got it");
    }
}
