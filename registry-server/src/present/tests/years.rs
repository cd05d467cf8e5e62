//! A frozen year: who sees what of it, and remarks while the time for them lasts.

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::world::{PASSWORD, World};
use crate::figure::Figure;
use crate::present::Desk;
use crate::report::Parameters;
use crate::report::tests::engines::deliveries::{deliver_crowd, deliver_fixture};
use crate::store::audit::{Event, What};
use crate::store::transfer::{TABLES, Value};
use crate::store::{Calendar, CutStep, NewCut};

/// A year that takes comments for nine days.
pub(super) async fn frozen() -> World {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    freeze(&world).await;
    world
}

/// The same of so many persons that tables of them may leave.
pub(super) async fn frozen_crowd() -> World {
    let world = World::new().await;
    deliver_crowd(&*world.registry.store).await;
    freeze(&world).await;
    world
}

pub(super) async fn freeze(world: &World) {
    let [stop, comments_until] = ["2026-11-01", "2026-12-01"].map(|day| day.parse().unwrap());
    let new = NewCut {
        name: "2025".into(),
        note: None,
        code_lists: world.registry.lists.hash(),
        thresholds: world.registry.lists.thresholds().name,
        definitions: [].into(),
        calendar: Some(Calendar { year: 2025, stop, comments_until, published: None }),
    };
    world.registry.store.freeze(&new, world.registry.environment.stamp()).await.unwrap().unwrap();
}

/// The treatments and persons of a sender in the register.
async fn of_sender(world: &World, code: &str) -> [String; 2] {
    let desk = Desk::new(world.registry.clone(), None);
    let report = desk.whole("groups", Parameters::from_pairs([("by", "region")]).unwrap()).await.unwrap();
    let is_own = |row: &&Vec<Figure>| row.contains(&Figure::text(code));
    let row = report.rows.iter().find(is_own).unwrap();
    ["n_started", "n_persons"].map(|name| {
        let place = report.columns.iter().position(|column| column == name).unwrap();
        format!("<td class=\"n\">{}</td>", report.text(row, place, schemas::language::Language::Sv))
    })
}

#[tokio::test]
async fn a_region_sees_its_own_figures_of_a_frozen_year_and_staff_every_region_s() {
    let world = frozen().await;
    let codes: Vec<String> =
        world.registry.store.senders().await.unwrap().iter().map(|sender| sender.code.to_string()).collect();
    let ([own, persons], [other, _]) = (of_sender(&world, &codes[0]).await, of_sender(&world, &codes[1]).await);
    assert_ne!(own, other);
    let region = world.signed_in(&format!("region:{}", codes[0])).await;
    let staff = world.signed_in("staff").await;
    let list = world.get("/years", &region).await.text;
    assert!(list.contains("<a href=\"/years/c1\"><bdi>2025: 2025</bdi></a>") && list.contains("2026-12-01"), "{list}");
    let page = world.get("/years/c1", &region).await.text;
    assert!(page.contains(&own) && page.contains(&persons) && !page.contains(&other), "{page}");
    assert!(page.contains("<textarea name=\"comment\"") && !page.contains("Underskrift saknas från</dt>"));
    let page = world.get("/years/c1?lang=en", &staff).await.text;
    assert!(page.contains(&own) && page.contains(&other), "the other's figure is there to be seen: {page}");
    let nobody = codes.join(", ");
    assert!(page.contains(&format!("<dt>Not signed by</dt><dd>{nobody}</dd>")) && !page.contains("<textarea"));
    let unit = world.registry.store.facts(&[]).await.unwrap().units.remove(0);
    let unit = world.signed_in(&format!("unit:{}", unit.unit)).await;
    let page = world.get("/years/c1", &unit).await.text;
    assert!(!page.contains(&other) || own == other, "{page}");
    assert_eq!(world.get("/years/c2", &staff).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_remarks_once_changes_it_in_time_and_is_told_when_it_is_too_late() {
    let world = frozen().await;
    let code = world.registry.store.senders().await.unwrap().remove(0).code;
    let secret = world.person("eva@example.se", &format!("region:{code}")).await;
    let region = world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.cookie();
    let (unit, staff) = (world.signed_in("unit:SE9990120000-E001").await, world.signed_in("staff").await);
    let send = async |cookie: &str, text: &str| world.post("/years/c1/comment", cookie, &[("comment", text)]).await;
    for text in ["en enhet saknas", "två enheter\r\nsaknas <b>"] {
        let seen = send(&region, text).await;
        assert!(seen.status == StatusCode::OK && seen.text.contains("Synpunkten är sparad."), "{}", seen.text);
    }
    let refused = send(&region, "19811218-9876 räknas fel").await.text;
    assert!(refused.contains("Skriv 1 till 500 tecken utan personnummer"), "{refused}");
    assert!(send(&unit, "flyttade i mars").await.text.contains("flyttade i mars"));
    let (seen, told) = (world.get("/years/c1", &region).await.text, world.get("/years/c1", &staff).await.text);
    let own = "<bdi>två enheter saknas &#60;b&#62;</bdi>";
    assert!(seen.contains(own) && !seen.contains("flyttade i mars") && !seen.contains("konto 1"), "{seen}");
    assert!(told.contains(own) && told.contains("flyttade i mars") && told.contains("konto 1, region"), "{told}");
    assert!(!told.contains("en enhet saknas") && !told.contains("19811218"));
    let cut = world.registry.store.cuts().await.unwrap().remove(0);
    let below: Vec<&str> = cut.comments.iter().map(|one| one.comment.as_str()).collect();
    assert_eq!(below, ["två enheter saknas <b>", "flyttade i mars"], "what reports of the cut print");
    let events = events(&world).await;
    assert_eq!(events.iter().filter(|what| matches!(what, What::Comment { cut: 1, user: 1 })).count(), 2);

    world.pass(SignedDuration::from_hours(24 * 10));
    let region = world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.cookie();
    let late = send(&region, "för sent").await.text;
    assert!(late.contains("Tiden för synpunkter tog slut 2026-12-01") && !late.contains("<textarea"), "{late}");
    let publish = CutStep::Publish { reason: None };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    assert!(send(&region, "för sent").await.text.contains("synpunkter tas inte emot längre"));
    assert_eq!(world.registry.store.cuts().await.unwrap().remove(0).comments.len(), 2);
}

async fn events(world: &World) -> Vec<What> {
    let table = TABLES.iter().find(|table| table.name == "audit_pending").unwrap();
    let (pages, mut coming) = tokio::sync::mpsc::channel(9);
    world.registry.store.export(table, pages).await.unwrap();
    let rows = coming.recv().await.unwrap_or_default();
    let texts = rows.iter().flatten().filter_map(|value| match value {
        Value::Text(text) => text.as_deref(),
        _ => None,
    });
    texts.filter_map(|text| serde_json::from_str(text).ok()).map(|event: Event| event.what).collect()
}
