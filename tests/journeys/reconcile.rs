//! Both ends hold the same: what was done to the register behind its back is found, named and mended, and no lost, old or doubled state
//! directory and no restored register leaves a difference behind.

/// A register that was put back from an old copy.
mod restored;
/// State directories that were lost, put back or copied.
mod state;

use databases::Postgres;
use end_to_end::active::{self, ActiveSet};
use end_to_end::platform::{Engine, Plan};
use end_to_end::process::Ended;
use end_to_end::world::{Region, World};

/// So few that no treatment has a planted fault; some answers have, and so every run ends with 3.
const TREATMENTS: usize = 40;

/// What is done to the register's rows: how many treatments differ then.
pub(crate) const DEEDS: [(&str, u64); 4] = [
    (r#"UPDATE treatment SET document = replace(document, '"status":"completed"', '"status":"discontinued"')
        WHERE record_key = (SELECT min(record_key) FROM treatment WHERE status = 'completed')"#, 1),
    ("DELETE FROM treatment WHERE record_key IN (SELECT record_key FROM treatment ORDER BY record_key DESC LIMIT 3)", 3),
    ("INSERT INTO treatment (id, sender, record_key, generation, counter, content_hash, subject, programme, unit, status, started_on, ended_on, document)
      SELECT 1000000, sender, substr(record_key, 1, 8) || substr(record_key, 10) || 'x', generation, counter, content_hash, subject,
        programme, unit, status, started_on, ended_on, document
      FROM treatment WHERE record_key = (SELECT max(record_key) FROM treatment)", 1),
    ("UPDATE outcome SET post = 0 WHERE treatment = (SELECT treatment FROM outcome WHERE post > 0 ORDER BY treatment LIMIT 1)", 1),
];

/// A region whose tables are clean, with its first delivery done.
async fn delivered(world: &World) -> Region {
    let plan = Plan::invent(23, (0, "01"), TREATMENTS);
    assert!(plan.treatments.iter().all(|treatment| treatment.fault.is_none()));
    let region = world.invent_on(Engine::Sqlite, plan).await.unwrap();
    once(&region);
    region
}

fn once(region: &Region) {
    region.site.agent(&["once"]).and_then(|ended| ended.expect(&[3])).unwrap();
}

fn reconcile(region: &Region, more: &[&str], code: i32) -> serde_json::Value {
    let arguments = [&["reconcile", "--json"], more].concat();
    region.site.agent(&arguments).and_then(|ended: Ended| ended.expect(&[code])).unwrap().json().unwrap()
}

/// What the agent says of both ends must be what the register's rows are.
fn must_be_equal(region: &Region) {
    let told = reconcile(region, &["--dry-run"], 0);
    assert_eq!((told["equal"].as_bool(), told["here"] == told["there"]), (Some(true), true), "{told}");
}

/// The keys that differ are told, not the whole sets.
fn must_hold(now: &ActiveSet, expected: &ActiveSet, when: &str) {
    let keys: std::collections::BTreeSet<_> = now.keys().chain(expected.keys()).collect();
    let differ: Vec<_> = keys.into_iter().filter(|key| now.get(*key) != expected.get(*key)).collect();
    assert!(differ.is_empty(), "{when}: {} of {} differ: {differ:?}", differ.len(), expected.len());
}

fn must_be_accounted_for(world: &World) {
    let account = world.registry(&["region", "account", "01", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    assert_eq!(account["sentences"], serde_json::json!([]), "{account}");
    assert_eq!(account["full"]["treatments"]["difference"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_altered_deleted_or_doubled_behind_the_register_s_back_are_found_named_and_mended() {
    let world = World::start("").unwrap();
    let database = world.database();
    let region = delivered(&world).await;
    let whole = active::active_set(&database).await.unwrap();
    must_be_accounted_for(&world);
    for (deed, differ) in DEEDS {
        active::alter(&database, deed).await.unwrap();
        // The receipts tell the register that rows came or went; a row that was only altered shows to its sender alone.
        let account = world.registry(&["region", "account", "01"]).unwrap();
        assert_eq!(account.code, if deed.starts_with("UPDATE") { 0 } else { 5 }, "{}", account.stdout);
        let before = active::active_set(&database).await.unwrap();
        must_be_told(&region, differ);
        must_hold(&active::active_set(&database).await.unwrap(), &before, "a dry run changes nothing");
        let mended = reconcile(&region, &[], 0);
        assert_eq!(mended["differences"].as_array().map(Vec::len), usize::try_from(differ).ok(), "{deed}: {mended}");
        must_hold(&active::active_set(&database).await.unwrap(), &whole, deed);
        must_be_equal(&region);
    }
    must_be_accounted_for(&world);
    assert_eq!(active::half_stored(&database).await.unwrap(), 0);
}

/// The number of differences, each named by a treatment of the source where the source has it.
fn must_be_told(region: &Region, differ: u64) {
    let told = reconcile(region, &["--dry-run"], 3);
    let differences = told["differences"].as_array().unwrap();
    assert_eq!(differences.len() as u64, differ, "{told}");
    for difference in differences {
        let known = difference["how"] != "unknown";
        let named = difference["treatment"].as_str();
        let is_in_source = named.is_some_and(|id| region.plan.treatments.iter().any(|treatment| treatment.id == id));
        assert_eq!((known, named.is_some()), (is_in_source, known), "{told}");
    }
    let text = region.site.agent(&["--language", "en", "reconcile", "--dry-run"]).unwrap().expect(&[3]).unwrap().stdout;
    assert!(text.contains("the register holds"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_in_postgresql_is_compared_and_mended_likewise() {
    let url = Postgres::shared().unwrap().database("reconcile").unwrap();
    let world = World::start_on(&url).unwrap();
    let region = delivered(&world).await;
    let whole = active::postgres::active_set(&url).await.unwrap();
    for (deed, differ) in DEEDS {
        active::postgres::alter(&url, deed).await.unwrap();
        must_be_told(&region, differ);
        reconcile(&region, &[], 0);
        must_hold(&active::postgres::active_set(&url).await.unwrap(), &whole, deed);
        must_be_equal(&region);
    }
    must_be_accounted_for(&world);
    assert_eq!(active::postgres::half_stored(&url).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_of_everything_looks_for_differences_by_itself_and_status_shows_them() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    let compared = || region.site.agent(&["status", "--json"]).unwrap().json().unwrap()["compared"].clone();
    assert_eq!(compared(), serde_json::Value::Null, "what a first delivery brought is known from its receipts");
    let full = || region.site.agent(&["once", "--full"]).and_then(|ended| ended.expect(&[3])).unwrap();
    full();
    assert_eq!(compared()["missing"], 0);
    active::alter(&world.database(), DEEDS[1].0).await.unwrap();
    full();
    let (told, kept) = (compared(), TREATMENTS as u64 - 3);
    assert_eq!((told["missing"].as_u64(), told["there"].as_u64()), (Some(3), Some(kept)), "{told}");
    assert_eq!(active::active_set(&world.database()).await.unwrap().len() as u64, kept, "it looks and sends nothing");
    let said = region.site.agent(&["--language", "en", "status"]).unwrap();
    assert!(said.stdout.contains("reconcile"), "{}", said.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_read_whole_by_every_run_is_compared_as_often_as_a_sweep_is_planned() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    let since = |line: &str| line.starts_with("WHERE") && line.ends_with(":since");
    let whole: String = config.split_inclusive('\n').filter(|line| !since(line.trim_end())).collect();
    assert_ne!(whole, config);
    std::fs::write(region.site.config(), &whole).unwrap();
    let compared = || {
        once(&region);
        region.site.agent(&["status", "--json"]).unwrap().json().unwrap()["compared"].clone()
    };
    let first = compared();
    assert_eq!(
        first["missing"], 0,
        "other queries are another basis: everything was read, and nothing was compared before"
    );
    assert_eq!(compared(), first, "no sweep was planned since");
}
