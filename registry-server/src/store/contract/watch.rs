//! What senders are watched by.

use jiff::Timestamp;
use jiff::civil::Date;
use schemas::canonical;
use schemas::receipt::{LineFinding, ReceiptBody, SCHEMA, ranges};
use schemas::rule::today;
use schemas::signed::SigningKey;

use super::{at, delivery, enrol, key, treatment};
use crate::store::audit::Sealed;
use crate::store::watch::{Beat, Day, Heard, Life};
use crate::store::{Delivery, Store};

/// A delivery of one treatment, and one record that broke two rules.
fn partly_rejected(name: u8) -> Delivery {
    told(delivery("12", name, vec![treatment(key("12", name), (1, 1), 1, 5), None]))
}

/// A delivery with a receipt that says so.
fn told(mut delivery: Delivery) -> Delivery {
    delivery.plan.rules = Some("r1".to_owned());
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
    assert_eq!((own.rules.as_deref(), own.heard), (Some("r1"), Some(heard)));
    assert!(own.newest_end.as_ref().is_some_and(|end| end.parse::<Date>().is_ok()), "{own:?}");
    assert_eq!(store.histories(day("2099-01-01")).await.unwrap()[1].days.len(), 0);
    let batches = store.batches(&code, 1).await.unwrap();
    assert_eq!((batches.len(), batches[0].records), (1, 2));
    assert_eq!(store.batches(&code, 9).await.unwrap().len(), 2);
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

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    store.beat(Beat::First, at()).await.unwrap();
    // No treatment, whose number inside one database is another in each.
    store.accept_batch(told(delivery("12", 99, vec![None]))).await.unwrap();
}
