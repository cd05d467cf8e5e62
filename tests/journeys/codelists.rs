//! The register's code lists: what it adds reaches an agent at its next run, when its signature holds and only then.
//!
//! Promises: real programs over mutual TLS; the lists are changed as the register's staff would, by a file and a restart.

use std::fs;
use std::path::PathBuf;

use end_to_end::active::{active_set, alter};
use end_to_end::pki::Authority;
use end_to_end::world::{Region, World};
use serde_json::Value;

const NEW: &str = r#"UPDATE "moment" SET "program" = 'Helt ny hjälp' WHERE "moment_id" = 5"#;

/// A region that has delivered all but one treatment, whose programme no list knows.
async fn held() -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), 30).await.unwrap();
    assert_eq!(alter(&database(&region), NEW).await.unwrap(), 1);
    once(&region);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), 29);
    (world, region)
}

/// The file that the region's queries read.
fn database(region: &Region) -> PathBuf {
    let config = fs::read_to_string(region.site.config()).unwrap();
    let url = config.lines().find_map(|line| line.strip_prefix("url = \"sqlite://")).unwrap();
    url.trim_end_matches('"').into()
}

/// Some of the answers are held, so every run ends with 3.
fn once(region: &Region) -> Value {
    region.site.agent(&["once", "--json"]).and_then(|ended| ended.expect(&[3])).unwrap().json().unwrap()
}

fn status(region: &Region) -> Value {
    region.site.agent(&["status", "--json"]).and_then(|ended| ended.expect(&[4])).unwrap().json().unwrap()
}

/// Lets the register have the new programme, with a last day or none.
fn publish(world: &mut World, valid_to: &str) {
    let list = format!("code,name,kind,condition,valid_to\nhelt-ny-hjalp,Helt ny hjälp,treatment,worry,{valid_to}\n");
    fs::write(world.folder().join("programmes.csv"), list).unwrap();
    let config = fs::read_to_string(world.config()).unwrap();
    if !config.contains("[codelists]") {
        fs::write(world.config(), format!("{config}\n[codelists]\nprogrammes = \"programmes.csv\"\n")).unwrap();
    }
    world.restart().unwrap();
}

fn meaning(region: &Region) -> Value {
    let ended = region.site.agent(&["map", "--json"]).and_then(|ended| ended.expect(&[0, 3])).unwrap();
    let words = ended.json().unwrap()["kinds"][0]["words"].as_array().unwrap().clone();
    words.into_iter().find(|word| word["local_value"] == "Helt ny hjälp").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programme_that_the_register_adds_and_ends_is_so_for_the_agent_from_its_next_run() {
    let (mut world, region) = held().await;
    assert_eq!(meaning(&region)["origin"], "unknown");
    assert_eq!(status(&region)["codelists"]["from"], "built-in");
    publish(&mut world, "");
    assert_eq!(once(&region)["records_delivered"], 1);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), 30);
    let lists = status(&region)["codelists"].clone();
    assert_eq!(lists["from"], "register");
    assert_eq!(lists["difference"][0]["added"], serde_json::json!(["helt-ny-hjalp"]));
    assert_eq!(once(&region)["records_delivered"], 0);

    publish(&mut world, "2001-12-31");
    let report = once(&region);
    assert_eq!(report["by_rule"]["held"]["programme-not-in-use"], 1, "{report}");
    assert_eq!(status(&region)["codelists"]["difference"][0]["ended"], serde_json::json!(["helt-ny-hjalp"]));
    assert_eq!(active_set(&world.database()).await.unwrap().len(), 30, "what was accepted stands");

    world.server.running.kill();
    let meaning = meaning(&region);
    assert_eq!(
        (&meaning["code"], &meaning["origin"]),
        (&"helt-ny-hjalp".into(), &"alias".into()),
        "without the register"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_the_register_s_key_did_not_sign_are_not_used_and_that_is_told() {
    let (mut world, region) = held().await;
    let key = region.site.folder.join("receipt.pub");
    let right = fs::read(&key).unwrap();
    Authority::make(&world.folder().join("stranger")).unwrap();
    fs::copy(world.folder().join("stranger/receipt.pub"), &key).unwrap();
    publish(&mut world, "");
    // The accounting lines of the run cannot be closed under that key either.
    let run = region.site.agent(&["once", "--json"]).and_then(|ended| ended.expect(&[77])).unwrap().json().unwrap();
    assert_eq!(run["records_delivered"], 0);
    // A checkpoint that was seen under that key is a finding until somebody accepts it.
    let told = || region.site.agent(&["status", "--json"]).and_then(|ended| ended.expect(&[4, 5])).unwrap();
    let status = told().json().unwrap();
    assert_eq!(status["codelists"]["from"], "built-in");
    let notes = status["notes"].to_string();
    assert!(notes.contains("the register's code lists are not used since") && notes.contains("signature"), "{notes}");

    fs::write(&key, right).unwrap();
    // Beside the record go the accounting lines that waited.
    let delivered = once(&region)["records_delivered"].as_u64();
    assert!(delivered > Some(0), "the same lists are used once their signature holds");
    assert_eq!(told().json().unwrap()["codelists"]["refused"], Value::Null);
}
