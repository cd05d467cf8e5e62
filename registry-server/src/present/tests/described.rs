//! What other programs are told of the register. Every answer of the tests is held against it where it is asked for.

use axum::http::StatusCode;
use schemas::document::OPENAPI;
use serde_json::Value;

use super::world::World;
use crate::report::ALL;
use crate::report::tests::engines::deliveries::deliver_fixture;

#[tokio::test]
async fn the_description_is_for_everybody_and_is_the_committed_text() {
    let world = World::new().await;
    let seen = world.get("/api/v1/openapi.json", "").await;
    assert_eq!((seen.status, seen.text.as_str()), (StatusCode::OK, OPENAPI));
    let cookie = world.signed_in("unit:SE9990120000-E001").await;
    let page = world.get("/definitions", &cookie).await.text;
    assert!(page.contains("<a href=\"/api/v1/openapi.json\">"), "{page}");
}

#[tokio::test]
async fn every_report_is_given_to_every_role_as_the_description_says() {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    let sender = world.registry.store.senders().await.unwrap()[0].code.clone();
    let mut rows = 0;
    for role in ["staff".to_owned(), format!("region:{sender}")] {
        let cookie = world.signed_in(&role).await;
        for definition in ALL {
            for asked in ["", "by=", "by=region,unit,sex&period=year&comparison=all&cohort=started&structure=current"] {
                let seen = world.get(&format!("/api/v1/reports/{}?{asked}", definition.name), &cookie).await;
                let document: Value = serde_json::from_str(&seen.text).unwrap();
                rows += document["rows"].as_array().map_or(0, Vec::len);
            }
        }
    }
    assert!(rows > 500, "reports with rows were held against it: {rows}");
}
