//! What later cycles read, send and keep silent about.

use super::*;

const CHANGED: &str = "2024-05-20T00:00:00Z";

#[tokio::test]
async fn a_second_cycle_sends_nothing_and_one_changed_score_sends_one_whole_record() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    let second = region.cycle(&mut outbox).await;
    assert_eq!(counted(&second), counts([("found", 3), ("unchanged", 2), ("excluded status-ongoing", 1)]));
    assert!(delivered(&region, &mut outbox).await.is_empty());

    region.sql("UPDATE measurements SET score = '3', updated_at = '2024-05-20T00:00:00Z' WHERE rowid = 2").await;
    assert_eq!(
        counted(&region.cycle(&mut outbox).await),
        counts([("found", 1 + 2), ("queued", 1), ("unchanged", 1), ("excluded status-ongoing", 1)])
    );
    let records = delivered(&region, &mut outbox).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].1["measurements"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_increment_reads_what_changed_within_the_overlap_and_no_more() {
    let region = some_treatments().await;
    region.treatment("M-8", 8, &[("updated_at", "2024-05-19T00:00:00Z")]).await;
    region.treatment("M-9", 9, &[("updated_at", CHANGED)]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["found"], 5);
    assert_eq!(counted(&region.cycle(&mut outbox).await), counts([("found", 2), ("unchanged", 2)]));
    let (_, _, _, payload) = outbox.last_cycle().await.unwrap().unwrap();
    assert_eq!(payload, schemas::canonical::sha256_hex(b""));
}

#[tokio::test]
async fn each_pass_over_the_source_gives_signs_of_life() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    // Objectors; in the second cycle also what changed, in both tables.
    for expected in [1, 3] {
        let (now, looked) = (NOW.parse::<Timestamp>().unwrap(), std::sync::atomic::AtomicU32::new(0));
        let progress = |progress: Progress| {
            if matches!(progress, Progress::Looked) {
                looked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        };
        let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &progress };
        read_and_queue(&region.setup, Extent::Planned, &mut outbox, &surroundings).await.unwrap();
        assert_eq!(looked.into_inner(), expected);
    }
}

#[tokio::test]
async fn an_edit_without_a_touched_time_is_found_when_the_sweep_is_due() {
    let region = some_treatments().await;
    region.treatment("M-9", 9, &[("updated_at", CHANGED)]).await;
    let mut outbox = region.outbox().await;
    region.cycle_at(&mut outbox, "2024-06-03T00:15:00Z").await;
    region.sql("UPDATE measurements SET score = '3' WHERE rowid = 2").await;
    let nightly = region.cycle_at(&mut outbox, "2024-06-08T00:15:00Z").await;
    assert_eq!(counted(&nightly), counts([("found", 1), ("unchanged", 1)]));
    // The sample's sweep is on Sundays at 4.
    let after_sunday = region.cycle_at(&mut outbox, "2024-06-10T00:15:00Z").await;
    assert_eq!(
        counted(&after_sunday),
        counts([("found", 4), ("queued", 1), ("unchanged", 2), ("excluded status-ongoing", 1)])
    );
}

#[tokio::test]
async fn a_changed_mapping_reads_everything_again_so_that_held_rows_go() {
    let region = some_treatments().await;
    region.treatment("M-4", 4, &[("programme", "Depp lokal")]).await;
    region.treatment("M-9", 9, &[("updated_at", CHANGED)]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["held programme-unknown"], 1);
    let mut region = region;
    region.setup.config.map.programme.insert("Depp lokal".into(), "depressionshjalpen".into());
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(
        counted(&queued),
        counts([("found", 5), ("queued", 1), ("unchanged", 3), ("excluded status-ongoing", 1)])
    );
    assert!(outbox.held("12").await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_held_stays_told_by_cycles_that_do_not_read_it() {
    let region = some_treatments().await;
    region.treatment("M-4", 4, &[("unit_id", "VC Norr")]).await;
    region.answer("M-1", "weekly-1", "99", &[]).await;
    region.treatment("M-9", 9, &[("updated_at", CHANGED)]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    assert_eq!(counted(&region.cycle(&mut outbox).await), counts([("found", 1), ("unchanged", 1)]));
    let held: Vec<(String, String)> =
        outbox.held("12").await.unwrap().into_iter().map(|row| (row.scope, row.rule)).collect();
    assert_eq!(held, [("treatment".into(), "unit-form".into()), ("answer".into(), "score-range".into())]);
    region.sql("UPDATE treatments SET unit_id = 'SE9990120000-E001', updated_at = '2024-05-20T00:00:00Z' WHERE treatment_id = 'M-4'").await;
    region.cycle(&mut outbox).await;
    assert_eq!(outbox.held("12").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_treatment_that_was_sent_is_taken_back_with_its_reason_and_comes_back_as_a_later_version() {
    for (column, value, rule, reason) in [
        ("status", "ongoing", "status-ongoing", "reopened"),
        ("test_patient", "x", "test-patient", "test_patient"),
        ("protected_identity", "ja", "protected-identity", "protected_identity"),
        ("programme", "Sjukskrivningskollen", "programme-support", "support_programme"),
    ] {
        let region = some_treatments().await;
        let mut outbox = region.outbox().await;
        region.cycle(&mut outbox).await;
        delivered(&region, &mut outbox).await;
        let update = |value: &str| {
            format!("UPDATE treatments SET {column} = {value}, updated_at = '{CHANGED}' WHERE treatment_id = 'M-1'")
        };
        region.sql(&update(&format!("'{value}'"))).await;
        let queued = counted(&region.cycle(&mut outbox).await);
        assert_eq!(queued[&format!("retracted {rule}")], 1, "{queued:?}");
        assert_eq!(
            delivered(&region, &mut outbox).await,
            [("retraction".to_owned(), serde_json::json!({ "reason": reason }))]
        );
        let again = counted(&region.cycle(&mut outbox).await);
        assert_eq!(again[&format!("excluded {rule}")], 1, "{again:?}");
        assert!(delivered(&region, &mut outbox).await.is_empty(), "a retraction was sent twice");

        let back = match column {
            "status" => "'completed'",
            "programme" => "'Depressionshjälpen'",
            _ => "NULL",
        };
        region.sql(&update(back)).await;
        region.cycle(&mut outbox).await;
        assert_eq!(delivered(&region, &mut outbox).await[0].0, "treatment");
    }
}

#[tokio::test]
async fn a_treatment_that_was_sent_and_is_held_now_keeps_its_version() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    region
        .sql("UPDATE treatments SET unit_id = 'x', updated_at = '2024-05-20T00:00:00Z' WHERE treatment_id = 'M-1'")
        .await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["held unit-form"], 1);
    assert!(delivered(&region, &mut outbox).await.is_empty());
    assert_eq!(outbox.at_register().await.unwrap(), 2);
}

#[tokio::test]
async fn after_a_new_generation_everything_is_sent_again() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    outbox.begin_anew().await.unwrap();
    drop(outbox);
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["queued"], 2);
}

#[tokio::test]
async fn a_retraction_whose_batch_is_lost_is_queued_again() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    region
        .sql("UPDATE treatments SET status = 'ongoing', updated_at = '2024-05-20T00:00:00Z' WHERE treatment_id = 'M-1'")
        .await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["retracted status-ongoing"], 1);
    let sender = &region.setup.config.agent.region;
    let lost = outbox.next(sender).await.unwrap().unwrap();
    outbox.drop_damaged(lost.id).await.unwrap();
    assert_eq!(counted(&region.cycle(&mut outbox).await)["retracted status-ongoing"], 1);
    assert_eq!(delivered(&region, &mut outbox).await[0].0, "retraction");
    assert_eq!(outbox.at_register().await.unwrap(), 1);
}

#[tokio::test]
async fn a_change_dated_in_the_future_does_not_hide_later_changes() {
    let region = some_treatments().await;
    let mut outbox = region.outbox().await;
    region.sql("UPDATE treatments SET updated_at = '2099-01-01T00:00:00Z' WHERE treatment_id = 'M-2'").await;
    region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    region
        .sql("UPDATE treatments SET status = 'ongoing', updated_at = '2024-05-20T00:00:00Z' WHERE treatment_id = 'M-1'")
        .await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["retracted status-ongoing"], 1);
}

#[tokio::test]
async fn an_increment_that_reads_many_held_rows_again_keeps_each_of_them_once() {
    let region = Region::new().await;
    region
        .sql(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
             INSERT INTO treatments (treatment_id, status, programme, started_on, updated_at)
             SELECT 'M-' || i, 'klar', 'Lugn', '2024-01-10', '2024-05-20T00:00:00Z' FROM n;
             INSERT INTO measurements (treatment_id, instrument, timepoint, answered_on, score, updated_at)
             SELECT treatment_id, 'PHQ-9', 'pre', '2024-01-11', '99', updated_at FROM treatments",
        )
        .await;
    let mut outbox = region.outbox().await;
    for reading in ["full", "increment"] {
        region.cycle(&mut outbox).await;
        let mut held: Vec<(String, i64)> =
            outbox.held("12").await.unwrap().into_iter().map(|row| (row.field, row.n)).collect();
        held.sort();
        let expected = ["ended_on", "person_id", "programme", "score", "status", "unit_id"];
        assert_eq!(held, expected.map(|field| (field.to_owned(), 300)), "{reading}");
    }
}
