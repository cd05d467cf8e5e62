//! The pages of deliveries: named figures of a small register, one sender down to its batches, and alarms that are acknowledged.

use axum::http::StatusCode;
use jiff::SignedDuration;
use schemas::id::SenderCode;

use super::world::World;
use crate::report::tests::engines::deliveries::{deliver_fixture, delivery as of_fixture};
use crate::store::alarm::{AlarmKind, Condition, Contact, ContactRole, Mark};
use crate::store::contract::{delivery, enrol, key, run, treatment};
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
async fn the_form_of_a_sender_s_newest_batch_is_shown_and_marked_where_the_register_reads_another() {
    let (world, codes) = delivered().await;
    let cookie = world.signed_in("staff").await;
    let page = world.get("/deliveries", &cookie).await.text;
    assert_eq!(page.matches("<td>registry-batch/1</td>").count(), codes.len(), "{page}");
    let path = format!("/deliveries/{}", codes[0]);
    let page = world.get(&path, &cookie).await.text;
    assert!(page.contains("<dt>Schema</dt><dd>registry-batch/1</dd>"), "{page}");

    let mut older = of_fixture(codes[0].as_str(), 9_999, Vec::new());
    older.plan.schema = Some("registry-batch/0".to_owned());
    world.registry.store.accept_batch(older).await.unwrap();
    let mark = "registry-batch/0 <span class=\"warn\">inte registrets</span>";
    let page = world.get("/deliveries", &cookie).await.text;
    assert_eq!((page.matches(mark).count(), page.matches("<td>registry-batch/1</td>").count()), (1, codes.len() - 1));
    assert!(world.get(&path, &cookie).await.text.contains(&format!("<dt>Schema</dt><dd>{mark}</dd>")));
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

#[tokio::test]
async fn what_does_not_agree_is_told_with_its_terms_and_months_in_the_reader_s_language() {
    let world = World::new().await;
    let store = &*world.registry.store;
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    // Of three that the sender counts as accepted two came.
    let of = |number: u8| treatment(key("12", number), (1, u64::from(number)), number, 5);
    store.accept_batch(delivery("12", 3, vec![of(1), of(2), run("2024-03", (1, 3), 3)])).await.unwrap();
    let said = [
        [
            "12 uppger att 3 behandlingar har godkänts sedan körning 3 i generation 1, registrets kvitton säger 2",
            "1 av de behandlingar som 12 räknar som levererade saknas här",
        ],
        [
            "12 says that 3 treatments were accepted since cycle 3 of generation 1, this register&#39;s receipts say 2",
            "1 of the treatments that 12 counts as delivered are missing here",
        ],
    ];
    let cells = |numbers: &[u64]| {
        let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
        format!("<td class=\"n\">{}</td>", numbers.join("</td><td class=\"n\">"))
    };
    let cookie = world.signed_in("staff").await;
    for (query, told, other) in [("?lang=sv", &said[0], &said[1]), ("?lang=en", &said[1], &said[0])] {
        for path in ["/", "/deliveries", "/deliveries/12"] {
            let page = world.get(&format!("{path}{query}"), &cookie).await.text;
            assert!(told.iter().all(|sentence| page.contains(sentence)), "{path}: {page}");
            assert!(!other.iter().any(|sentence| page.contains(sentence)), "{path}: {page}");
        }
        let page = world.get(&format!("/deliveries{query}"), &cookie).await.text;
        assert!(page.contains(&cells(&[4, 3, 0, 0, 1, 0, 0, 0])), "found is the sum of its terms: {page}");
        assert_eq!(page.matches("#accounting").count(), 2, "{page}");
    }
    let page = world.get("/deliveries/12?lang=sv", &cookie).await.text;
    assert!(page.contains("Behandlingar, allt lästes (körning 3)</th>"), "{page}");
    assert!(page.contains(&format!("2024-03</th>{}", cells(&[0, 3, 2]))), "the month that differs: {page}");
    assert!(page.contains("score-range") && page.contains("kvar i regionen"), "{page}");
    let quiet = world.get("/deliveries/01", &cookie).await.text;
    assert!(quiet.contains("Avsändaren har inte skickat någon bokföring än."), "{quiet}");
    let region = world.signed_in("region:01").await;
    for path in ["/", "/deliveries"] {
        let page = world.get(path, &region).await.text;
        assert!(!page.contains("behandlingar har godkänts"), "{path}: {page}");
    }
}

/// A treatment at a unit, which the cases' own ones are none of.
fn at_unit(number: u8, place: &str) -> Option<crate::store::Arrival> {
    let mut arrival = treatment(key("12", number), (1, u64::from(number)), number, 5)?;
    let crate::store::Payload::Treatment(content) = &mut arrival.payload else { return None };
    content.unit = place.to_owned();
    Some(arrival)
}

#[tokio::test]
async fn a_unit_sees_when_its_own_treatments_came_by_month_and_that_its_region_is_alive() {
    let world = World::new().await;
    let store = &*world.registry.store;
    enrol(store, "12").await;
    let (own, other) = ("SE9990120000-E002", "SE9990120000-E003");
    // Three a month, the second time in the last hour of September in London, which is October in Sweden.
    for (name, at, places) in [
        (1, "2026-09-15T02:00:00Z", vec![own, own, own]),
        (2, "2026-09-30T22:30:00Z", vec![own, own, other]),
        (3, "2026-11-21T02:00:00Z", vec![own, other, other, other, other]),
        (4, "2026-11-22T02:00:00Z", vec![]),
    ] {
        let records = (10 * name..).zip(places).map(|(number, place)| at_unit(number, place)).collect();
        let delivery = delivery("12", name, records);
        store.accept_batch(crate::store::Delivery { received_at: at.parse().unwrap(), ..delivery }).await.unwrap();
    }
    let unit = world.signed_in(&format!("unit:{own}")).await;
    let page = world.get("/deliveries", &unit).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let page = page.text;
    let row = |month: &str, n: u64| format!("<th scope=\"row\">{month}</th><td class=\"n\">{n}</td></tr>");
    for (month, n) in [("2026-11", 1), ("2026-10", 2), ("2026-09", 3), ("2026-08", 0), ("2025-12", 0)] {
        assert!(page.contains(&row(month, n)), "{month}: {page}");
    }
    assert!(!page.contains("2025-11<") && page.contains(&row("Σ tolv månader", 6)), "{page}");
    assert!(page.contains("senaste nya behandlingen kom 2026-11-21 03:00 CET; 6 finns här"), "{page}");
    assert!(
        page.contains("<dt>Region Skåne (12)</dt><dd>i tid; senaste leverans 2026-11-22 03:00 CET</dd>"),
        "an empty run is alive: {page}"
    );
    assert!(page.contains("Hur fullständiga uppgifterna är") && !page.contains("E003"), "{page}");
    // Two units of one reader stand beside each other.
    let both = world.signed_in(&format!("unit:{own},{other}")).await;
    let page = world.get("/deliveries?lang=en", &both).await.text;
    assert!(page.contains("2026-11</th><td class=\"n\">1</td><td class=\"n\">4</td></tr>"), "{page}");
    // A unit that nobody knows has nothing to be told of.
    let unknown = world.signed_in("unit:SE9990120000-E009").await;
    let page = world.get("/deliveries", &unknown).await.text;
    assert!(page.contains("Ingen region har beskrivit enheten än") && page.contains("ingen behandling"), "{page}");
    for path in ["/deliveries/12", "/api/v1/reports/participation"] {
        assert_eq!(world.get(path, &unit).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // The agent stops.
    world.pass(SignedDuration::from_hours(24 * 3));
    let later = world.signed_in(&format!("unit:{own},SE9990120000-E009")).await;
    let late = world.get("/deliveries", &later).await.text;
    assert!(late.contains("<span class=\"warn\">sen</span>") && late.contains("kan vara gamla"), "{late}");
}
