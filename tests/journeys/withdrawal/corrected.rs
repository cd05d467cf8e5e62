//! Whose treatment the register has under somebody else's name.

use std::collections::BTreeSet;

use super::*;

async fn alter_to(region: &Region, statement: String) {
    assert_eq!(alter(&region.source.file(), Box::leak(statement.into_boxed_str())).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_treatment_whose_correction_was_held_leaves_with_the_person_whose_it_is_and_with_nobody_else() {
    let (world, region) = delivered(60).await;
    let mut all = persons(&region);
    all.sort_by_key(|(_, theirs)| std::cmp::Reverse(theirs.len()));
    let ((_, first), (number, second)) = (&all[0], &all[1]);
    let (moved, others) = first.split_first().unwrap();
    assert!(!others.is_empty(), "nobody has two treatments");
    let before = active_set(&world.database()).await.unwrap();
    alter_to(
        &region,
        format!(
            r#"UPDATE "moment" SET "invånare_id" = (SELECT "invånare_id" FROM "moment" WHERE "nummer" = '{}'), "program" = 'okänt',
               "ändrad" = '2099-01-01T00:00:00Z' WHERE "nummer" = '{}'"#,
            second[0].id, moved.id
        ),
    )
    .await;
    assert_eq!(once(&region, &[])["records_delivered"], 0, "the correction is held");
    told(&region, &[number], &["withdraw"], &[0]);
    once(&region, &[]);

    let after = active_set(&world.database()).await.unwrap();
    let keys = region.site.keys().unwrap();
    let key = |treatment: &Treatment| keys.record_key("main", &treatment.id).to_string();
    let gone: BTreeSet<String> =
        before.keys().filter(|key| !after.contains_key(*key)).map(|(_, key)| key.clone()).collect();
    let expected: BTreeSet<String> = second.iter().chain([moved]).map(|treatment| key(treatment)).collect();
    assert_eq!(gone, expected, "others left, or somebody stayed");
    region.site.agent(&["reconcile", "--dry-run"]).unwrap().expect(&[0]).unwrap();
    let key = key(moved);
    let hmac = key.rsplit('.').next().unwrap();
    for file in std::fs::read_dir(region.site.state()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!bytes.windows(hmac.len()).any(|part| part == hmac.as_bytes()), "{} names it still", file.display());
    }
    let report = once(&region, &["--full"]);
    let balances = report["accounting"].as_array().unwrap().iter().all(|line| line["treatments"]["difference"] == 0);
    assert!(balances && report["records_delivered"] == 0, "{report}");
}
