//! Persons who object, and what may be written about anybody.

use super::*;
use crate::tests::person;

#[tokio::test]
async fn a_person_with_one_opted_out_row_is_excluded_whole() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    region.treatment("M-2", 1, &[("status", "opted_out"), ("programme", "?"), ("unit_id", "")]).await;
    region.treatment("M-3", 1, &[("unit_id", "VC Norr")]).await;
    region.treatment("M-4", 1, &[("status", "ongoing")]).await;
    region.treatment("M-5", 2, &[]).await;
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    assert_eq!(counted(&queued), counts([("found", 5), ("queued", 1), ("excluded objection", 4)]));
}

#[tokio::test]
async fn an_objection_in_ten_digits_reaches_a_treatment_in_twelve() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let short = person(1)[2..].to_owned();
    region.treatment("M-2", 1, &[("status", "opted_out"), ("person_id", &short), ("started_on", "")]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["excluded objection"], 2);
}

#[tokio::test]
async fn whoever_said_no_once_stays_out_also_when_the_row_that_said_so_is_gone() {
    let region = some_treatments().await;
    region.treatment("M-7", 1, &[("status", "opted_out"), ("updated_at", "2024-05-21T00:00:00Z")]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["excluded objection"], 2);
    region.sql("DELETE FROM treatments WHERE treatment_id = 'M-7'").await;
    region.sql("UPDATE treatments SET updated_at = '2024-05-30T00:00:00Z' WHERE treatment_id = 'M-1'").await;
    assert_eq!(shown(&region).await.excluded["objection"], 1, "a preview forgot it");
    assert_eq!(counted(&region.cycle(&mut outbox).await)["excluded objection"], 1);
    assert!(outbox.held("12").await.unwrap().is_empty());
}

#[tokio::test]
async fn an_objection_comes_before_what_is_said_of_the_row() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("status", "opted_out")]).await;
    region.treatment("M-2", 1, &[("test_patient", "ja")]).await;
    region.treatment("M-3", 1, &[("protected_identity", "ja")]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await)["excluded objection"], 3);
}

#[tokio::test]
async fn an_id_that_a_person_who_objects_shares_with_another_is_held() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("updated_at", "2024-05-01T00:00:00Z")]).await;
    region.treatment("M-1", 2, &[]).await;
    region.treatment("M-2", 2, &[("status", "opted_out")]).await;
    let mut outbox = region.outbox().await;
    let queued = counted(&region.cycle(&mut outbox).await);
    assert_eq!(queued, counts([("found", 2), ("held treatment-id-shared", 1), ("excluded objection", 1)]));
}

#[tokio::test]
async fn no_identity_number_reaches_the_state_in_any_spelling_also_not_as_a_local_id() {
    let region = Region::new().await;
    let mut numbers = Vec::new();
    for who in 0..6 {
        let number = person(who);
        region.treatment(&number, who, &[("programme_version", &number)]).await;
        region.answer(&number, "pre", "99", &[]).await;
        region.treatment(&format!("{}-{}", &number[2..8], &number[8..]), who, &[("unit_id", "fel")]).await;
        numbers.push(number);
    }
    let mut outbox = region.outbox().await;
    let queued = counted(&region.cycle(&mut outbox).await);
    assert_eq!((queued["queued"], queued["held unit-form"], queued["warning optional-number"]), (6, 6, 6));
    let records = delivered(&region, &mut outbox).await;
    assert_eq!(records.len(), 6);
    let mut hunted = 0;
    for file in std::fs::read_dir(region.path("state")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        hunted += bytes.len();
        for number in &numbers {
            for spelling in [number.clone(), number[2..].to_owned(), format!("{}-{}", &number[2..8], &number[8..])] {
                let found = bytes.windows(spelling.len()).any(|window| window == spelling.as_bytes());
                assert!(!found, "an identity number was written");
            }
        }
    }
    assert!(hunted > 10_000, "there was nothing to hunt in");
    let sent = serde_json::to_string(&records).unwrap();
    assert!(!numbers.iter().any(|number| sent.contains(&number[2..])));
    assert!(std::fs::read(region.path("source.db")).unwrap().windows(12).any(|window| window == numbers[0].as_bytes()));
}
