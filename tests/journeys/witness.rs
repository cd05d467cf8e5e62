//! The audit log and its witnesses: a region notices by itself when the register is no longer what it was.

use std::fs;
use std::path::Path;

use end_to_end::active::{active_set, alter};
use end_to_end::world::{Region, World};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// A region with its first delivery done. Some of its answers are held, so every run ends with 3.
async fn delivered() -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), 30).await.unwrap();
    once(&region);
    (world, region)
}

fn once(region: &Region) -> Value {
    region.site.agent(&["once", "--json"]).unwrap().expect(&[3]).unwrap().json().unwrap()
}

/// What the region's agent has seen of the log.
fn witness(region: &Region) -> Value {
    region.site.agent(&["receipt", "witness", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap()
}

/// Entries of the newest checkpoint that the agent keeps.
fn seen(region: &Region) -> u64 {
    let witness = witness(region);
    let line = witness["checkpoint"].as_str().unwrap_or("- - 0");
    line.split(' ').nth(2).unwrap().parse().unwrap()
}

/// Runs the agent until it has seen so many entries; the register signs what is new within a second.
fn until_seen(region: &Region, size: u64) {
    for _ in 0..60 {
        if seen(region) >= size {
            return;
        }
        once(region);
    }
    panic!("{} entries after a minute of contacts", seen(region));
}

async fn number(database: &Path, query: &'static str) -> u64 {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await.unwrap();
    let number: i64 = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    u64::try_from(number).unwrap()
}

/// Entries that the register has noted.
async fn entries(world: &World) -> u64 {
    let query = "SELECT (SELECT count(*) FROM audit_leaf) + (SELECT count(*) FROM audit_pending)";
    number(&world.database(), query).await
}

/// Delivers, makes a backup, delivers more, and puts the register back to the backup.
async fn put_back() -> (World, Region) {
    let (mut world, region) = delivered().await;
    until_seen(&region, entries(&world).await);
    world.back_up().unwrap();
    let edit = r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-01-01T00:00:00Z' WHERE CAST("poäng" AS INTEGER) BETWEEN 2 AND 26"#;
    alter(&region.source.file(), edit).await.unwrap();
    once(&region);
    until_seen(&region, entries(&world).await);
    world.put_back().unwrap();
    (world, region)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_put_back_behind_everybody_s_back_is_noticed_refilled_and_stays_noticed() {
    let (world, region) = put_back().await;
    let (before, known) = (active_set(&world.database()).await.unwrap(), seen(&region));
    once(&region);
    // What the source holds is at the register again, and the next run has nothing to add.
    let after = active_set(&world.database()).await.unwrap();
    assert_ne!(before, after);
    assert_eq!(once(&region)["records_delivered"], 0);
    let found = witness(&region)["findings"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["sort"]), (1, &Value::from("shorter")), "{found}");
    for signed in ["kept", "shown"] {
        let line = found[0][signed].as_str().unwrap();
        assert!(line.starts_with("registry-checkpoint/1 test "), "both sides are evidence: {line}");
    }
    assert!(found[0]["kept"].as_str().unwrap().contains(&format!(" {known} ")));
    let status = region.site.agent(&["status"]).unwrap().expect(&[5]).unwrap();
    assert!(status.stdout.contains("audit log lost entries"), "{}", status.stdout);

    region.site.agent(&["receipt", "accept", "1", "--name", "Anna Exempel"]).unwrap().expect(&[0]).unwrap();
    region.site.agent(&["status"]).unwrap().expect(&[4]).unwrap();
    assert_eq!(witness(&region)["findings"][0]["accepted_by"], "Anna Exempel", "it is accepted, not gone");
    region.site.agent(&["receipt", "accept", "1", "--name", "Bo"]).unwrap().expect(&[2]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_says_that_it_was_put_back_needs_nobody_in_the_region() {
    let (world, region) = put_back().await;
    world.registry(&["audit", "restored", "--reason", "disken byttes"]).unwrap().expect(&[0]).unwrap();
    let said = entries(&world).await;
    // The word is in the log before the region asks.
    for _ in 0..600 {
        if number(&world.database(), "SELECT count(*) FROM audit_leaf").await >= said {
            break;
        }
        world.registry(&["audit", "verify"]).unwrap().expect(&[0]).unwrap();
    }
    once(&region);
    assert_eq!(once(&region)["records_delivered"], 0);
    assert_eq!(witness(&region)["findings"][0]["sort"], "restored");
    let status = region.site.agent(&["status"]).unwrap().expect(&[4]).unwrap();
    assert!(status.stdout.contains("put back from a backup"), "{}", status.stdout);
    let told = world.registry(&["audit", "verify"]).unwrap().expect(&[0]).unwrap();
    assert!(told.stdout.contains("it was put back from a backup"), "{}", told.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_s_own_proof_names_the_place_and_fails_beside_what_a_region_keeps() {
    let (world, region) = delivered().await;
    until_seen(&region, entries(&world).await);
    let kept = world.folder().join("kept.txt");
    fs::write(&kept, witness(&region)["checkpoint"].as_str().unwrap()).unwrap();
    let kept = kept.to_str().unwrap();
    let verify =
        |codes: &[i32]| world.registry(&["audit", "verify", "--checkpoint", kept]).unwrap().expect(codes).unwrap();
    let whole = verify(&[0]);
    assert!(whole.stdout.contains("the audit log is whole") && whole.stdout.contains("it holds the checkpoint"));
    let json = world.registry(&["audit", "verify", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    assert_eq!(
        (&json["whole"], &json["receipts"]),
        (&Value::from(true), &number(&world.database(), "SELECT count(*) FROM batch").await.into())
    );

    alter(&world.database(), "UPDATE audit_leaf SET event = replace(event, '12', '21') WHERE position = 2")
        .await
        .unwrap();
    alter(&world.database(), "UPDATE audit_leaf SET salt = zeroblob(32) WHERE position = 2").await.unwrap();
    let told = verify(&[1]);
    assert!(told.stderr.contains("entry 2: event and salt do not give the leaf"), "{}", told.stderr);
    world.registry(&["audit", "verify", "--checkpoint", "/nonexistent"]).unwrap().expect(&[2]).unwrap();
    world.registry(&["audit", "restored", "--reason", " "]).unwrap().expect(&[2]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_verified_without_the_register_and_an_altered_one_is_told() {
    let (mut world, region) = delivered().await;
    let mut connection = SqliteConnectOptions::new().filename(world.database()).connect().await.unwrap();
    let receipt: Vec<u8> = sqlx::query_scalar("SELECT receipt FROM batch ORDER BY length(receipt) DESC LIMIT 1")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    world.server.running.kill();
    let file = world.folder().join("receipt.json");
    let verify = |bytes: &[u8], more: &[&str], code: i32| {
        fs::write(&file, bytes).unwrap();
        let arguments = [&["receipt", "verify", file.to_str().unwrap()], more].concat();
        region.site.agent(&arguments).unwrap().expect(&[code]).unwrap()
    };
    let said = verify(&receipt, &[], 0);
    assert!(
        said.stdout.contains("the signature is the register's") && said.stdout.contains("accepted"),
        "{}",
        said.stdout
    );
    let swedish = verify(&receipt, &["--language", "sv"], 0);
    assert!(swedish.stdout.contains("signaturen är registrets"), "{}", swedish.stdout);
    assert_eq!(verify(&receipt, &["--json"], 0).json().unwrap()["verified"], true);
    let altered = String::from_utf8(receipt).unwrap().replacen("\"accepted\"", "\"rejected\"", 1);
    let told = verify(altered.as_bytes(), &["--json"], 1);
    assert_eq!(told.json().unwrap()["verified"], false);
    assert!(told.stderr.contains("proves nothing"), "{}", told.stderr);
    verify(b"{}", &[], 2);
}
