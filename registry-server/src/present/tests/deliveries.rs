//! The pages of deliveries: named figures of a small register, one sender down to its batches, and alarms that are acknowledged.

use axum::http::StatusCode;
use jiff::SignedDuration;
use schemas::id::SenderCode;

use super::world::World;
use crate::report::tests::engines::deliveries::deliver_fixture;
use crate::store::alarm::{AlarmKind, Condition, Contact, ContactRole, Mark};
use crate::store::watch::Heard;

/// The codes of a register with deliveries, the first of which told its clock and certificate, and has a contact and an alarm.
async fn delivered() -> (World, Vec<SenderCode>) {
    let world = World::new().await;
    let store = &world.registry.store;
    deliver_fixture(&**store, "worked-example").await;
    let codes: Vec<SenderCode> = store.senders().await.unwrap().into_iter().map(|sender| sender.code).collect();
    let now = world.registry.environment.now();
    let certificate_until = now + SignedDuration::from_hours(24 * 20 + 1);
    store.note_heard(&codes[0], &Heard { at: now, skew_s: Some(-90), certificate_until }).await.unwrap();
    let contact = Contact {
        number: 0,
        sender: codes[0].clone(),
        role: ContactRole::Technical,
        name: "Åsa <b>".to_owned(),
        email: "asa@example.se".to_owned(),
        deputy_of: None,
        confirmed_at: now,
        confirmed_by: None,
    };
    let mark = Mark { stamp: world.registry.environment.stamp(), person: None };
    store.add_contact(&contact, mark).await.unwrap();
    let condition = Condition { sender: codes[0].clone(), kind: AlarmKind::Clock, since: now };
    store.set_alarms(&[condition], now).await.unwrap();
    (world, codes)
}

#[tokio::test]
async fn the_deliveries_show_each_sender_s_weeks_volumes_certificate_and_clock() {
    let (world, codes) = delivered().await;
    let cookie = world.signed_in("staff").await;
    for (path, words) in [
        ("/deliveries", ["Kom varje vecka det som väntades?", "nya behandlingar per vecka", "Avvisat, per regel"]),
        (
            "/deliveries?lang=en",
            ["Did every week bring what was expected?", "new treatments by week", "Rejected, by rule"],
        ),
    ] {
        let page = world.get(path, &cookie).await.text;
        for word in words {
            assert!(page.contains(word), "{word}: {page}");
        }
        for code in &codes {
            assert!(page.contains(&format!("<a href=\"/deliveries/{code}\">{code}</a>")), "{code}: {page}");
        }
        assert!(page.contains("<td class=\"n\">20</td>") && page.contains("<span class=\"warn\">-90</span>"), "{page}");
        assert_eq!(page.matches("sparkline").count(), codes.len());
        assert!(!page.contains(">active<") || path.ends_with("en"), "{page}");
    }
}

#[tokio::test]
async fn one_sender_is_shown_down_to_its_batches_with_contacts_alarms_and_schedule() {
    let (world, codes) = delivered().await;
    let cookie = world.signed_in("staff").await;
    let path = format!("/deliveries/{}", codes[0]);
    let page = world.get(&path, &cookie).await.text;
    let batches = world.registry.store.batches(&codes[0], 10).await.unwrap();
    assert!(!batches.is_empty());
    for batch in &batches {
        assert!(page.contains(&format!("<code>{}</code>", &batch.digest[..12])), "{page}");
        assert!(page.contains(&format!("<td class=\"n\">{}</td>", batch.records)), "{page}");
    }
    assert!(page.contains("Åsa &#60;b&#62;") && page.contains("asa@example.se") && page.contains("teknik"), "{page}");
    assert!(page.contains("klockan går fel") && page.contains("20 dagar kvar") && page.contains("-90 s"), "{page}");
    assert!(page.contains("action=\"/deliveries/alarm\""), "{page}");
    assert_eq!(world.get("/deliveries/25", &cookie).await.status, StatusCode::NOT_FOUND);

    let wrong = world.post("/deliveries/alarm", &cookie, &[("alarm", "1"), ("note", "")]).await.text;
    assert!(wrong.contains("Skriv vad som görs åt det"), "{wrong}");
    let seen = world.post("/deliveries/alarm", &cookie, &[("alarm", "1"), ("note", "ringt <i>driften</i>")]).await.text;
    assert!(seen.contains("Larmet är kvitterat."), "{seen}");
    assert!(seen.contains("staff@example.se: ringt &#60;i&#62;driften&#60;/i&#62;"), "{seen}");
    let none = world.post("/deliveries/alarm", &cookie, &[("alarm", "9"), ("note", "x")]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_region_s_reader_sees_its_own_page_without_a_form_and_no_other_s() {
    let (world, codes) = delivered().await;
    let cookie = world.signed_in(&format!("region:{}", codes[0])).await;
    let page = world.get(&format!("/deliveries/{}", codes[0]), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("klockan går fel") && !page.text.contains("/deliveries/alarm"), "{}", page.text);
    for other in [codes[1].as_str(), "25", "x"] {
        let status = world.get(&format!("/deliveries/{other}"), &cookie).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{other}");
    }
    let refused = world.post("/deliveries/alarm", &cookie, &[("alarm", "1"), ("note", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let auditor = world.signed_in("auditor").await;
    let read = world.get(&format!("/deliveries/{}", codes[0]), &auditor).await.text;
    assert!(read.contains("klockan går fel") && !read.contains("/deliveries/alarm"), "{read}");
}

#[tokio::test]
async fn the_overview_names_open_alarms_with_a_link_and_the_last_twelve_whole_months() {
    let (world, codes) = delivered().await;
    let cookie = world.signed_in("staff").await;
    let page = world.get("/", &cookie).await.text;
    let line = format!(
        "<strong><a href=\"/deliveries/{0}\">{0}</a></strong>: klockan går fel sedan 2026-11-22 11:00 CET.",
        codes[0]
    );
    assert!(page.contains(&line), "{page}");
    assert!(page.contains("2025-11-01–2026-10-31, jämfört med 2024-11-01–2025-10-31"), "{page}");
    let other = world.signed_in(&format!("region:{}", codes[1])).await;
    assert!(!world.get("/", &other).await.text.contains("klockan går fel"));
}
