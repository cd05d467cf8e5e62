//! What senders are watched by.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemas::canonical;
use schemas::id::HsaId;
use schemas::receipt::{LineFinding, ReceiptBody, SCHEMA, ranges};
use schemas::rule::today;
use schemas::signed::SigningKey;

use super::{at, delivery, enrol, key, treatment, unit};
use crate::store::audit::Sealed;
use crate::store::watch::batch::ToldBatch;
use crate::store::watch::unit::UnitArrivals;
use crate::store::watch::{Beat, Day, Heard, Life, StoredBatch};
use crate::store::{Delivery, Store};

/// A delivery of one treatment, and one record that broke two rules.
pub(crate) fn partly_rejected(name: u8) -> Delivery {
    told(delivery("12", name, vec![treatment(key("12", name), (1, 1), 1, 5), None]))
}

/// A delivery with a receipt that says so.
fn told(mut delivery: Delivery) -> Delivery {
    (delivery.plan.rules, delivery.plan.schema) = (Some("r1".to_owned()), Some("s1".to_owned()));
    delivery.plan.payload = Some("p1".to_owned());
    let seal = delivery.seal;
    let (batch, received_at) = (delivery.batch.clone(), delivery.received_at.to_string());
    let finding = |rule: &str| LineFinding { line: 2, rule: rule.to_owned(), field: "score".to_owned() };
    delivery.seal = Box::new(move |verdicts, found, checkpoint| {
        let Sealed { entry, .. } = seal(verdicts, found, checkpoint);
        let body = ReceiptBody {
            schema: SCHEMA.to_owned(),
            sender: "12".parse().unwrap(),
            environment: "test".to_owned(),
            batch: batch.clone(),
            received_at: received_at.clone(),
            verdicts: ranges(verdicts),
            findings: vec![finding("score-range"), finding("score-range"), finding("date-order")],
            leaf: None,
            checkpoint: None,
        };
        Sealed { receipt: canonical::bytes(&body.sign(&SigningKey::from_bytes(&[7; 32]))), entry }
    });
    delivery
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) async fn a_delivery_is_counted_on_its_day_with_what_rejected_it_once(store: &dyn Store) {
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    let heard = Heard { at: at(), skew_s: Some(-90), certificate_until: at() };
    let code = "12".parse().unwrap();
    store.note_heard(&code, &Heard { skew_s: None, ..heard }).await.unwrap();
    for name in [1, 1, 2] {
        store.accept_batch(partly_rejected(name)).await.unwrap();
    }
    store.note_heard(&code, &heard).await.unwrap();
    let histories = store.histories(day("2020-01-01")).await.unwrap();
    assert_eq!((histories.len(), histories[0].heard, histories[0].days.len()), (2, None, 0));
    let own = &histories[1];
    let expected = Day { batches: 2, records: 4, added: 2, rejected: 2 };
    assert_eq!(own.days.iter().collect::<Vec<_>>(), [(&today(at()), &expected)]);
    let rejects: Vec<_> = own.rejects.iter().map(|((_, rule), n)| (rule.as_str(), *n)).collect();
    assert_eq!(rejects, [("date-order", 2), ("score-range", 2)]);
    assert_eq!((own.rules.as_deref(), own.schema.as_deref(), own.heard), (Some("r1"), Some("s1"), Some(heard)));
    assert_eq!(histories[0].schema, None);
    assert!(own.newest_end.as_ref().is_some_and(|end| end.parse::<Date>().is_ok()), "{own:?}");
    assert_eq!(store.histories(day("2099-01-01")).await.unwrap()[1].days.len(), 0);
    let batches = store.batches(&code, 1).await.unwrap();
    assert_eq!((batches.len(), batches[0].records), (1, 2));
    assert_eq!(store.batches(&code, 9).await.unwrap().len(), 2);
}

pub(super) async fn one_batch_is_told_with_what_its_manifest_said_and_to_its_sender_alone(store: &dyn Store) {
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    let sent = partly_rejected(4);
    let batch = sent.batch.clone();
    let receipt = store.accept_batch(sent).await.unwrap();
    let [other, code] = ["01", "12"].map(|code| code.parse().unwrap());
    let text = |text: &str| Some(text.to_owned());
    let stored = StoredBatch { digest: batch.to_string(), received_at: at().to_string(), records: 2, receipt };
    let (schema, rules, agent, payload) = (text("s1"), text("r1"), text("0.1.0"), text("p1"));
    let (built, added, removed) = (Some((1, 4)), Some(1), Some(0));
    let expected = ToldBatch { stored, built, added, removed, schema, rules, agent, payload };
    assert_eq!(store.told_batch(&code, &batch).await.unwrap(), Some(expected));
    assert_eq!(store.told_batch(&other, &batch).await.unwrap(), None);
    let unknown = canonical::sha256_hex(b"another").parse().unwrap();
    assert_eq!(store.told_batch(&code, &unknown).await.unwrap(), None);
}

pub(super) async fn a_pause_before_a_process_s_first_sign_of_life_was_an_outage_and_no_other(store: &dyn Store) {
    let minute = |minutes: i64| -> Timestamp { at() + jiff::SignedDuration::from_mins(minutes) };
    assert_eq!(store.life().await.unwrap(), None);
    for (beat, minutes, began, down) in [
        (Beat::First, 0, 0, None),
        (Beat::Again, 90, 0, None),
        (Beat::First, 100, 0, None),
        (Beat::First, 111, 111, Some(100)),
        (Beat::Again, 112, 111, Some(100)),
    ] {
        store.beat(beat, minute(minutes)).await.unwrap();
        let expected = Life { began_at: minute(began), down_at: down.map(minute) };
        assert_eq!(store.life().await.unwrap(), Some(expected), "{minutes}");
    }
}

pub(super) async fn what_came_of_units_is_counted_by_the_hour_of_its_first_receipt(store: &dyn Store) {
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    let own: HsaId = "SE9990120000-E002".parse().unwrap();
    let other: HsaId = "SE9990120000-E009".parse().unwrap();
    assert_eq!(store.unit_arrivals(std::slice::from_ref(&own)).await.unwrap(), []);
    let later = |name, hours: i64, records| {
        let delivery = delivery("12", name, records);
        let received_at = at() + SignedDuration::from_hours(hours);
        Delivery { received_at, ..delivery }
    };
    let of = |number: u8, version, post| treatment(key("12", number), (1, version), number, post);
    let first = vec![unit(own.as_str(), (1, 1), "12"), of(1, 2, 5), of(2, 3, 5)];
    store.accept_batch(later(1, 0, first)).await.unwrap();
    // One corrected, which came before, and one that is new.
    store.accept_batch(later(2, 49, vec![of(1, 4, 6), of(3, 5, 5)])).await.unwrap();
    // A sender that only describes the unit, and another unit.
    let described = vec![unit(own.as_str(), (1, 1), "01"), unit(other.as_str(), (1, 2), "01")];
    store.accept_batch(delivery("01", 1, described)).await.unwrap();
    let last = at() + SignedDuration::from_hours(49);
    let seen = store.unit_arrivals(std::slice::from_ref(&own)).await.unwrap();
    let none = UnitArrivals {
        sender: "01".parse().unwrap(),
        unit: own.clone(),
        hours: BTreeMap::new(),
        untold: 0,
        newest: None,
    };
    let came = UnitArrivals {
        sender: "12".parse().unwrap(),
        hours: [(at(), 2), (last, 1)].into(),
        newest: Some(last),
        ..none.clone()
    };
    assert_eq!(seen, [none, came]);
    let of_other: Vec<_> = store.unit_arrivals(std::slice::from_ref(&other)).await.unwrap();
    assert_eq!(of_other.iter().map(|one| (&one.unit, one.newest)).collect::<Vec<_>>(), [(&other, None)]);
    assert_eq!(store.unit_arrivals(&[own, other]).await.unwrap().len(), 3);
    assert_eq!(store.unit_arrivals(&[]).await.unwrap(), []);
}

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    store.beat(Beat::First, at()).await.unwrap();
    // No treatment, whose number inside one database is another in each.
    store.accept_batch(told(delivery("12", 99, vec![None]))).await.unwrap();
}
