//! One region's clean tables, kept by each engine in turn, leave as the same bytes.

use end_to_end::platform::{ENGINES, Plan};
use end_to_end::process::{AGENT, run};
use end_to_end::site::{Queries, Site};
use end_to_end::world::World;

/// So few that no fault is planted.
const TREATMENTS: usize = 50;

#[tokio::test]
async fn the_same_clean_tables_leave_all_four_engines_as_the_same_bytes() {
    let world = World::start("").unwrap();
    let plan = Plan::invent(7, (1, "12"), TREATMENTS);
    assert!(plan.treatments.iter().all(|treatment| treatment.fault.is_none()));
    let mut hashes = Vec::new();
    let mut first: Option<Site> = None;
    for (number, engine) in ENGINES.into_iter().enumerate() {
        let source = engine.write(&plan, &world.folder().join(format!("tables-{number}"))).await.unwrap();
        let folder = world.folder().join(format!("site-{number}"));
        let queries = Queries::of(&plan, &source);
        let site = Site::make(&folder, "12", &world.authority, (&queries, world.server.regions)).unwrap();
        // One key, or the same person would have another pseudonym.
        let owner = first.get_or_insert_with(|| site.clone()).folder.join("pseudonym.key");
        if owner != site.folder.join("pseudonym.key") {
            std::fs::copy(owner, site.folder.join("pseudonym.key")).unwrap();
        }
        let shown = run(AGENT, Some(&site.config()), &["preview", "--json"]).unwrap().expect(&[0]).unwrap();
        let shown = shown.json().unwrap();
        assert_eq!(shown["new"], TREATMENTS, "{engine:?}");
        assert_eq!(shown["records"].as_array().map(Vec::len), Some(TREATMENTS), "{engine:?}");
        hashes.push((shown["payload_sha256"].clone(), shown["records"].clone()));
    }
    assert!(hashes.iter().all(|found| *found == hashes[0]), "{hashes:?}");

    let other = Plan::invent(8, (1, "12"), TREATMENTS);
    let source = ENGINES[0].write(&other, &world.folder().join("tables-other")).await.unwrap();
    let folder = world.folder().join("site-other");
    let queries = Queries::of(&other, &source);
    let site = Site::make(&folder, "12", &world.authority, (&queries, world.server.regions)).unwrap();
    std::fs::copy(first.unwrap().folder.join("pseudonym.key"), site.folder.join("pseudonym.key")).unwrap();
    let shown = run(AGENT, Some(&site.config()), &["preview", "--json"]).unwrap().json().unwrap();
    assert_ne!(shown["payload_sha256"], hashes[0].0, "a hash that never differs proves nothing");
}
