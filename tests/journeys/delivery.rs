//! Delivery: what changed is sent once, what did not is not sent, and no kill loses or doubles anything.

mod kill;

use end_to_end::active::{active_set, alter, half_stored};
use end_to_end::process::Ended;
use end_to_end::world::{Region, World};

/// A region with its first delivery done. Some of its answers are held, so every run ends with 3.
async fn delivered(treatments: usize) -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), treatments).await.unwrap();
    once(&region, &[]);
    (world, region)
}

fn once(region: &Region, more: &[&str]) -> serde_json::Value {
    let arguments = [&["once", "--json"], more].concat();
    region.site.agent(&arguments).and_then(|ended: Ended| ended.expect(&[3])).unwrap().json().unwrap()
}

fn sent(report: &serde_json::Value) -> u64 {
    report["records_delivered"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_sends_nothing_and_one_changed_score_sends_one_record() {
    let (world, region) = delivered(50).await;
    let before = active_set(&world.database()).await.unwrap();
    assert_eq!(before.len(), 50);
    assert_eq!(sent(&once(&region, &[])), 0);
    assert_eq!(sent(&once(&region, &["--full"])), 0);

    let touched = r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-01-01T00:00:00Z' WHERE "svar_id" =
        (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000020' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#;
    assert_eq!(alter(&region.source.file(), touched).await.unwrap(), 1);
    assert_eq!(sent(&once(&region, &[])), 1, "an increment finds a touched row");
    let after = active_set(&world.database()).await.unwrap();
    assert_eq!(before.iter().filter(|(key, content)| after.get(*key) != Some(*content)).count(), 1);
    assert_eq!(after.len(), before.len());

    let silent = r#"UPDATE "svar" SET "poäng" = "poäng" - 1 WHERE "svar_id" =
        (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000030' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#;
    assert_eq!(alter(&region.source.file(), silent).await.unwrap(), 1);
    assert_eq!(sent(&once(&region, &["--full"])), 1, "a full reading finds an edit that touched no time");
    assert_eq!(sent(&once(&region, &["--full"])), 0);
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_treatment_leaves_the_register_and_comes_back_when_it_ends_again() {
    let (world, region) = delivered(30).await;
    let before = active_set(&world.database()).await.unwrap();
    let reopen = r#"UPDATE "moment" SET "läge" = 'pågående' WHERE "nummer" = 'M-000002'"#;
    let end = r#"UPDATE "moment" SET "läge" = 'avslutad' WHERE "nummer" = 'M-000002'"#;
    let was_completed = region.plan.treatments[2].status == "completed";
    alter(&region.source.file(), reopen).await.unwrap();
    let report = once(&region, &["--full"]);
    assert_eq!(report["by_rule"]["retracted"]["status-ongoing"], 1);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), before.len() - 1);
    alter(&region.source.file(), end).await.unwrap();
    assert_eq!(sent(&once(&region, &["--full"])), 1);
    let after = active_set(&world.database()).await.unwrap();
    assert_eq!(after.len(), before.len());
    assert_eq!(after == before, was_completed, "it is back as the source has it now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_put_back_from_a_backup_is_filled_again_by_the_next_run() {
    let (world, region) = delivered(30).await;
    let before = active_set(&world.database()).await.unwrap();
    alter(&world.database(), "DELETE FROM treatment WHERE id % 2 = 0").await.unwrap();
    alter(&world.database(), "DELETE FROM generation").await.unwrap();
    assert!(active_set(&world.database()).await.unwrap().len() < before.len());
    once(&region, &[]);
    assert_eq!(active_set(&world.database()).await.unwrap(), before);
    assert_eq!(sent(&once(&region, &[])), 0);
}
