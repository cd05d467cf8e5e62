//! Alarms, messages and contacts.

use jiff::{Timestamp, ToSpan as _};

use super::{at, enrol, sign, stamp};
use crate::environment::Stamp;
use crate::store::Store;
use crate::store::alarm::{Acknowledged, AlarmKind, AlarmStep, Channel, Condition, Contact, ContactRole, Mark};

fn condition(sender: &str, kind: AlarmKind) -> Condition {
    Condition { sender: sender.parse().unwrap(), kind, since: at() }
}

/// What is noted at the command line, under a salt.
pub(crate) fn mark(salt: u8) -> Mark {
    Mark { stamp: Stamp { salt: [salt; 32], ..stamp() }, person: None }
}

fn later(minutes: i64) -> Timestamp {
    at() + minutes.minutes()
}

pub(super) async fn an_alarm_is_raised_once_and_ends_with_its_condition(store: &dyn Store) {
    for code in ["12", "01"] {
        enrol(store, code).await;
    }
    let late = [condition("01", AlarmKind::Late), condition("12", AlarmKind::Late)];
    let raised = store.set_alarms(&late, at()).await.unwrap();
    assert_eq!(raised, [(1, AlarmStep::Raised), (2, AlarmStep::Raised)]);
    assert_eq!(store.set_alarms(&late, later(1)).await.unwrap(), [], "it is known");
    let seen = Acknowledged { at: later(2).to_string(), by: "A".to_owned(), note: "called them".to_owned() };
    assert!(store.acknowledge_alarm(2, &seen, mark(1)).await.unwrap());
    assert!(!store.acknowledge_alarm(3, &seen, mark(2)).await.unwrap());
    let silent = [condition("12", AlarmKind::Late), condition("12", AlarmKind::Silent)];
    let changed = store.set_alarms(&silent, later(3)).await.unwrap();
    assert_eq!(changed, [(3, AlarmStep::Raised), (1, AlarmStep::Cleared)]);
    store.set_alarms(&[], later(4)).await.unwrap();
    // The same again is another alarm.
    assert_eq!(store.set_alarms(&late[1..], later(5)).await.unwrap(), [(4, AlarmStep::Raised)]);
    let told: Vec<_> = store.alarms().await.unwrap().into_iter().map(|a| (a.cleared_at, a.acknowledged)).collect();
    let over = |minutes| Some(later(minutes).to_string());
    assert_eq!(told, [(over(3), None), (over(4), Some(seen)), (over(4), None), (None, None)]);
}

pub(super) async fn a_message_is_one_server_s_until_it_was_sent_and_is_tried_again_ever_later(store: &dyn Store) {
    enrol(store, "12").await;
    store.set_alarms(&[condition("12", AlarmKind::Late)], at()).await.unwrap();
    store.set_alarms(&[], at()).await.unwrap();
    let (first, second) =
        (store.take_notice(Channel::Mail, at()).await.unwrap(), store.take_notice(Channel::Mail, at()).await.unwrap());
    let steps = [&first, &second].map(|notice| notice.as_ref().map(|notice| (notice.alarm.number, notice.step)));
    assert_eq!(steps, [Some((1, AlarmStep::Raised)), Some((1, AlarmStep::Cleared))]);
    assert_eq!(store.take_notice(Channel::Mail, later(4)).await.unwrap(), None, "both are taken");
    store.notice_sent(Channel::Mail, &second.unwrap(), later(4)).await.unwrap();
    let hook = store.take_notice(Channel::Webhook, later(4)).await.unwrap().unwrap();
    store.notice_sent(Channel::Webhook, &hook, later(4)).await.unwrap();
    assert_eq!(hook.step, AlarmStep::Raised, "another way has its own attempts");
    // Whoever took the other has not come back.
    for (minutes, given) in [(5, true), (14, false), (15, true), (39, false), (40, true), (72 * 60, false)] {
        assert_eq!(store.take_notice(Channel::Mail, later(minutes)).await.unwrap().is_some(), given, "{minutes}");
    }
}

pub(super) async fn contacts_are_numbered_confirmed_and_removed(store: &dyn Store) {
    enrol(store, "12").await;
    let contact = |number, deputy_of| Contact {
        number,
        sender: "12".parse().unwrap(),
        role: ContactRole::Technical,
        name: "Åsa Öst".to_owned(),
        email: "asa@example.se".to_owned(),
        deputy_of,
        confirmed_at: at(),
        confirmed_by: None,
    };
    for number in [1_u8, 2] {
        let deputy_of = (number == 2).then_some(1);
        assert_eq!(store.add_contact(&contact(0, deputy_of), mark(number)).await.unwrap(), u32::from(number));
    }
    assert!(
        store
            .confirm_contact(1, "A", Mark { stamp: Stamp { at: later(1), salt: [3; 32] }, person: Some(7) })
            .await
            .unwrap()
    );
    assert!(!store.confirm_contact(3, "A", mark(4)).await.unwrap());
    let confirmed = Contact { confirmed_at: later(1), confirmed_by: Some("A".to_owned()), ..contact(1, None) };
    assert_eq!(store.contacts().await.unwrap(), [confirmed.clone(), contact(2, Some(1))]);
    assert!(store.remove_contact(2, mark(5)).await.unwrap());
    assert!(!store.remove_contact(2, mark(6)).await.unwrap());
    assert_eq!(store.contacts().await.unwrap(), [confirmed]);
    store.sequence(&sign()).await.unwrap();
    let events = super::audit::events(store).await;
    let steps: Vec<_> = events.iter().filter(|event| event["kind"] == "contact").collect();
    let told = |event: &serde_json::Value| format!("{} {} {}", event["step"], event["number"], event["person"]);
    let mut steps: Vec<String> = steps.into_iter().map(told).collect();
    steps.sort_unstable();
    assert_eq!(steps, ["\"added\" 1 null", "\"added\" 2 null", "\"confirmed\" 1 7", "\"removed\" 2 null"]);
}

/// Fills every table of this part.
pub(crate) async fn fill(store: &dyn Store) {
    store.set_alarms(&[condition("12", AlarmKind::Late)], at()).await.unwrap();
    let contact = Contact {
        number: 0,
        sender: "12".parse().unwrap(),
        role: ContactRole::Clinical,
        name: "A".to_owned(),
        email: "a@example.se".to_owned(),
        deputy_of: None,
        confirmed_at: at(),
        confirmed_by: None,
    };
    store.add_contact(&contact, mark(240)).await.unwrap();
}
