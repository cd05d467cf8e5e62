//! No page names a record or a person.

use tokio::sync::mpsc;

use super::world::World;
use crate::present::route::{Endpoint, Method, ROUTES, Route};
use crate::report;
use crate::report::tests::engines::deliveries::deliver_fixture;

/// What the names of records and of persons begin with, as they travel.
const NAMES: [&str; 2] = ["rec1.", "psn1."];

#[tokio::test]
async fn no_page_file_or_document_holds_the_name_of_a_record_or_of_a_person() {
    let world = World::new().await;
    let store = &world.registry.store;
    deliver_fixture(&**store, "worked-example").await;
    let code = store.senders().await.unwrap().remove(0).code;
    let (pages, mut coming) = mpsc::channel(100);
    store.active(&code, pages).await.unwrap();
    let held = coming.recv().await.unwrap();
    assert!(held[0].key.as_str().starts_with(NAMES[0]), "the register holds what is looked for");
    let batch = store.batches(&code, 1).await.unwrap().remove(0).digest;
    // The description of both listeners shows how such names look, and is the same for every register.
    let is_described = |route: &Route| matches!(route.endpoint, Endpoint::OpenApi);
    let mut paths: Vec<String> = ROUTES
        .iter()
        .filter(|route| route.method == Method::Get && !route.path.contains("{name}") && !is_described(route))
        .map(|route| route.path.replace("{region}", code.as_str()).replace("{batch}", &batch))
        .collect();
    paths.extend(report::ALL.iter().map(|definition| format!("/api/v1/reports/{}?by=unit", definition.name)));
    let mut seen = 0;
    for role in ["staff".to_owned(), "admin".to_owned(), format!("region:{code}")] {
        let cookie = world.signed_in(&role).await;
        for path in &paths {
            let answer = world.get(path, &cookie).await;
            seen += usize::from(answer.status.is_success());
            for name in NAMES {
                assert!(!answer.text.contains(name), "{role} {path}: {}", answer.text);
            }
        }
    }
    assert!(seen > 46, "{seen}");
}
