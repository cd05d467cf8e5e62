//! Accounting: everything that is found is in one place at both ends, what is lost from a table has its name, and what vanished from the
//! source is taken back, or waits for a person when it is too much.

use std::collections::BTreeSet;

use end_to_end::active::{active_set, alter};
use end_to_end::platform::{Engine, Plan};
use end_to_end::world::{Region, World};
use serde_json::{Value, json};

/// Enough that one of them may vanish by itself and two may not; some have a planted fault.
const TREATMENTS: usize = 180;

async fn delivered() -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent_on(Engine::Sqlite, Plan::invent(23, (0, "01"), TREATMENTS)).await.unwrap();
    told(&region, &["once", "--json"], 3);
    (world, region)
}

fn told(region: &Region, arguments: &[&str], code: i32) -> Value {
    region.site.agent(arguments).unwrap().expect(&[code]).unwrap().json().unwrap()
}

/// Sweeps; everything that was found must be accounted for.
fn sweep(region: &Region) -> Value {
    let report = told(region, &["once", "--full", "--json"], 3);
    for counted in ["treatments", "answers"] {
        assert_eq!(report["accounting"][0][counted]["difference"], 0, "{report}");
    }
    report
}

async fn at_register(world: &World) -> usize {
    active_set(&world.database()).await.unwrap().len()
}

fn listed(region: &Region) -> Vec<(i64, String)> {
    let list = told(region, &["vanished", "list", "--json"], 0);
    let one = |row: &Value| (row["id"].as_i64().unwrap(), row["state"].as_str().unwrap().to_owned());
    list["treatments"].as_array().unwrap().iter().map(one).collect()
}

fn delete(ids: &[&str]) -> &'static str {
    Box::leak(format!("DELETE FROM \"moment\" WHERE \"nummer\" IN ('{}')", ids.join("', '")).into_boxed_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanished_is_taken_back_and_too_much_of_it_waits_for_a_person() {
    let (world, region) = delivered().await;
    let whole = at_register(&world).await;
    let source = region.source.file();
    let delivered: Vec<&str> = region
        .plan
        .treatments
        .iter()
        .filter(|one| one.fault.is_none() && !one.twice)
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(alter(&source, delete(&delivered[..1])).await.unwrap(), 1);
    assert_eq!(sweep(&region)["by_rule"]["retracted"], json!({ "vanished": 1 }));
    assert_eq!((at_register(&world).await, listed(&region)), (whole - 1, vec![]));

    assert_eq!(alter(&source, delete(&delivered[1..5])).await.unwrap(), 4);
    assert_eq!(sweep(&region)["vanished_waiting"], 4);
    let waiting = listed(&region);
    assert!(waiting.iter().all(|(_, state)| state == "waiting"), "{waiting:?}");
    assert_eq!(at_register(&world).await, whole - 1);
    let status = told(&region, &["status", "--json"], 4);
    assert!(status["notes"].to_string().contains("`registry-agent vanished list`"), "{status}");

    let id = |place: usize| waiting[place].0.to_string();
    for arguments in [["vanished", "keep", &id(0)], ["vanished", "retract", &id(1)]] {
        region.site.agent(&arguments).unwrap().expect(&[0]).unwrap();
    }
    region.site.agent(&["vanished", "keep", "99"]).unwrap().expect(&[2]).unwrap();
    told(&region, &["once", "--json"], 3);
    assert_eq!(at_register(&world).await, whole - 2);
    region.site.agent(&["vanished", "retract", "--all"]).unwrap().expect(&[0]).unwrap();
    sweep(&region);
    assert_eq!(listed(&region), [(waiting[0].0, "keep".to_owned())]);
    assert_eq!(at_register(&world).await, whole - waiting.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_source_takes_nothing_back() {
    let (world, region) = delivered().await;
    let whole = at_register(&world).await;
    alter(&region.source.file(), r#"DELETE FROM "moment""#).await.unwrap();
    assert_eq!(sweep(&region)["vanished_waiting"], whole);
    assert_eq!(at_register(&world).await, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_lost_from_the_agent_s_state_is_a_fault_with_the_treatment_s_name_until_it_is_read_again() {
    let (_world, region) = delivered().await;
    let state = region.site.state().join("outbox.db");
    let ids: BTreeSet<String> = region.plan.treatments.iter().map(|treatment| treatment.id.clone()).collect();
    // Not of those whose id the agent may not show: who objects, or who stands in the id.
    for table in [
        "record WHERE key = (SELECT max(key) FROM record WHERE kind = 'treatment')",
        "held WHERE key = (SELECT max(key) FROM held WHERE scope = 'treatment' AND local_id LIKE 'M-%')",
        "excluded WHERE key = (SELECT max(key) FROM excluded WHERE rule <> 'objection')",
    ] {
        let delete: &'static str = Box::leak(format!("DELETE FROM {table}").into_boxed_str());
        assert!(alter(&state, delete).await.unwrap() >= 1, "{table}");
        let status = told(&region, &["status", "--json"], 5);
        let account = &status["accounting"][0];
        assert_eq!(account["treatments"]["difference"], 1, "{table}");
        let behind = account["unbalanced"].as_array().unwrap();
        let name = behind[0]["treatment"].as_str().unwrap();
        assert!(behind.len() == 1 && ids.contains(name), "{table}: {behind:?}");
        assert!(status["notes"][0].as_str().unwrap().contains(name), "{status}");
        sweep(&region);
        told(&region, &["status", "--json"], 4);
    }
}
