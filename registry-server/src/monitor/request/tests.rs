//! Mails about a request as a real mail server receives them, from handing in to the decision.

use super::*;
use crate::environment::Stamp;
use crate::monitor::mail::tests::{Server, head, way};
use crate::monitor::quarter::tests::text;
use crate::request::form::tests::whole;
use crate::request::{Said, Taken};
use crate::store::alarm::Mark;
use crate::store::contract::users::somebody;
use crate::store::{UserStep, sqlite};

/// Who took which step, and how many are told of it.
const TAKEN: [((Step, u32), u32); 8] = [
    ((Step::Drafted, 1), 0),
    ((Step::Submitted, 1), 2),
    ((Step::Approved, 2), 2),
    ((Step::Returned, 3), 1),
    ((Step::Mended, 1), 0),
    ((Step::Submitted, 1), 2),
    ((Step::Approved, 3), 2),
    ((Step::Approved, 2), 1),
];

fn at(minute: i64) -> Timestamp {
    "2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

async fn step(store: &dyn Store, behind: usize, (step, person): (Step, u32), minute: i64) {
    let form = (step == Step::Drafted).then(whole);
    let said = Said { comment: "hemlig anledning".to_owned(), diary: "hemligt 2026/7".to_owned() };
    let taken = Taken { step, at: at(minute), person, said, form };
    let salt = [u8::try_from(100 + behind).unwrap(); 32];
    let mark = Mark { stamp: Stamp { at: at(minute), salt }, person: Some(person) };
    match step {
        Step::Drafted => assert_eq!(store.add_request(&taken, mark).await.unwrap(), 1),
        _ => assert!(store.take_step(1, behind, &taken, mark).await.unwrap()),
    }
}

/// A store with two who ask and three who decide, of whom one was removed.
async fn desk(path: &std::path::Path) -> std::sync::Arc<dyn Store> {
    let store = sqlite::tests::fresh(path).await;
    for (number, email, role) in [
        (1, "asks@example.se", "researcher"),
        (2, "first@example.se", "approver"),
        (3, "second@example.se", "approver"),
        (4, "gone@example.se", "approver"),
        (5, "other@example.se", "researcher"),
        (6, "staff@example.se", "staff"),
    ] {
        somebody(&*store, (number, email, role)).await;
    }
    let gone = UserStep::Remove { email: "gone@example.se".to_owned() };
    let stamp = Stamp { at: at(0), salt: [200; 32] };
    assert!(store.set_user(&gone, stamp).await.unwrap().is_some());
    store
}

#[tokio::test]
async fn each_step_of_a_request_is_told_once_to_whoever_asked_and_to_those_who_must_decide() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let (mail, path) = (way(server.address), folder.path().join("register.db"));
    let mut store = desk(&path).await;
    for (behind, (one, told)) in TAKEN.into_iter().enumerate() {
        let minute = i64::try_from(behind).unwrap();
        step(&*store, behind, one, minute).await;
        assert_eq!(tell(&*store, None, at(minute)).await.unwrap(), 0, "there is no mail server");
        assert_eq!(tell(&*store, Some(&mail), at(minute)).await.unwrap(), told, "{one:?}");
        store.close().await;
        store = sqlite::tests::fresh(&path).await;
        assert_eq!(tell(&*store, Some(&mail), at(minute)).await.unwrap(), 0, "told once: {one:?}");
    }
    store.close().await;
    let mails = server.received();
    let line = |mail: &String| (head(mail, "Message-ID").replace("Message-ID: ", ""), head(mail, "To:"));
    let expected = [
        (2, 2, "first"),
        (2, 3, "second"),
        (3, 1, "asks"),
        (3, 3, "second"),
        (4, 1, "asks"),
        (6, 2, "first"),
        (6, 3, "second"),
        (7, 1, "asks"),
        (7, 2, "first"),
        (8, 1, "asks"),
    ];
    let expected = expected.map(|(place, person, to)| {
        (format!("<request-1-{place}-{person}@example.se>"), format!("To: {to}@example.se"))
    });
    assert_eq!(mails.iter().map(line).collect::<Vec<_>>(), expected);
    for (mail, words) in mails.iter().zip([
        "utlovat senast 2026-12-13",
        "Your decision is needed",
        "godkändes av en godkännare",
        "väntar på beslut",
        "ändra den och lämna in den igen",
        "väntar på beslut",
        "väntar på beslut",
        "approved by one approver",
        "waits for two approvers",
        "är godkänd av två godkännare",
    ]) {
        let body = text(mail);
        assert!(body.contains(words) && body.contains("https://register.example.se/extracts/1\n"), "{words}: {body}");
        for private in ["hemlig", "Uppföljning", "Öst", "example.se\n", "first@", "second@", "asks@"] {
            let rest = body.replace("https://register.example.se/extracts/1\n", "");
            assert!(!rest.contains(private), "{private}: {body}");
        }
    }
}

#[tokio::test]
async fn a_mail_server_that_is_away_loses_no_mail_and_who_need_not_decide_any_more_gets_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = desk(&folder.path().join("register.db")).await;
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    step(&*store, 0, (Step::Drafted, 1), 0).await;
    step(&*store, 1, (Step::Submitted, 1), 1).await;
    assert_eq!(tell(&*store, Some(&way(nowhere)), at(1)).await.unwrap(), 0);
    step(&*store, 2, (Step::Rejected, 2), 2).await;
    let server = Server::start().await;
    assert_eq!(tell(&*store, Some(&way(server.address)), at(60)).await.unwrap(), 1);
    let mails = server.received();
    assert_eq!(mails.iter().map(|mail| head(mail, "To:")).collect::<Vec<_>>(), ["To: asks@example.se"]);
    let refusal = text(&mails[0]);
    for part in [
        "Begäran om uttag 1 avslogs. Diarienummer: hemligt 2026/7. Skäl:\n\nhemlig anledning\n\nEtt avslag är skriftligt och överklagas till kammarrätten inom tre veckor",
        "1 was refused. Diary number: hemligt 2026/7. The reason:\n\nhemlig anledning\n\nA refusal is in writing, and is appealed to the administrative court of appeal within three weeks",
    ] {
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
    assert_eq!(tell(&*store, Some(&way(server.address)), at(8 * 24 * 60)).await.unwrap(), 0, "old steps are not told");
    store.close().await;
}
