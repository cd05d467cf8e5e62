//! State directories that were lost, put back from an old copy, or copied and run twice: each ends in equality.

use end_to_end::active::{active_set, alter};
use end_to_end::folder::copy;
use end_to_end::process::{AGENT, run};
use end_to_end::world::{Region, World};

use super::{delivered, must_be_accounted_for, must_be_equal, must_hold, once};

/// Lowers a score of a treatment; answers whether it did.
async fn correct(region: &Region, treatment: &'static str) {
    let statement = match treatment {
        "M-000020" => {
            r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-01-01T00:00:00Z' WHERE "svar_id" =
            (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000020' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#
        }
        _ => {
            r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-02-01T00:00:00Z' WHERE "svar_id" =
            (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000021' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#
        }
    };
    assert_eq!(alter(&region.source.file(), statement).await.unwrap(), 1);
}

/// Takes a treatment out of the source with everything that refers to it.
async fn delete(region: &Region, statements: [&'static str; 2]) {
    for statement in statements {
        alter(&region.source.file(), statement).await.unwrap();
    }
}

const FIRST: [&str; 2] =
    [r#"DELETE FROM "svar" WHERE "moment_nummer" = 'M-000003'"#, r#"DELETE FROM "moment" WHERE "nummer" = 'M-000003'"#];

/// A register with nothing but what the region's source shows now.
async fn expected(region: &Region) -> usize {
    let world = World::start("").unwrap();
    let queries = end_to_end::site::Queries::of(&region.plan, &region.source);
    let site = world.enrol(&region.plan.sender, &queries).unwrap();
    std::fs::copy(region.site.folder.join("pseudonym.key"), site.folder.join("pseudonym.key")).unwrap();
    site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    active_set(&world.database()).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_state_directory_ends_in_equality_also_where_the_source_changed_meanwhile() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    let before = active_set(&world.database()).await.unwrap();
    std::fs::remove_dir_all(region.site.state()).unwrap();
    correct(&region, "M-000020").await;
    // Reopened: nobody here remembers that the register has it.
    alter(&region.source.file(), r#"UPDATE "moment" SET "läge" = 'pågående' WHERE "nummer" = 'M-000002'"#)
        .await
        .unwrap();
    for _ in 0..3 {
        once(&region);
    }
    let after = active_set(&world.database()).await.unwrap();
    let changed = before.iter().filter(|(key, content)| after.get(*key).is_some_and(|now| now != *content)).count();
    assert_eq!((after.len(), changed), (before.len() - 1, 1));
    must_be_equal(&region);
    must_be_accounted_for(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanished_while_the_state_was_lost_waits_for_a_person_when_it_is_more_than_a_hundredth() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    std::fs::remove_dir_all(region.site.state()).unwrap();
    delete(&region, FIRST).await;
    for _ in 0..3 {
        once(&region);
    }
    let told = super::reconcile(&region, &[], 3);
    assert_eq!(
        (told["repaired"]["left"].as_u64(), told["left"][0]["how"].as_str()),
        (Some(1), Some("unknown")),
        "{told}"
    );
    super::reconcile(&region, &["--retract-unknown"], 0);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), expected(&region).await);
    must_be_equal(&region);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_of_the_state_put_back_ends_in_equality() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    let old = region.site.folder.join("old");
    copy(&region.site.state(), &old).unwrap();
    correct(&region, "M-000020").await;
    once(&region);
    correct(&region, "M-000021").await;
    once(&region);
    let newest = active_set(&world.database()).await.unwrap();
    copy(&old, &region.site.state()).unwrap();
    for _ in 0..3 {
        once(&region);
    }
    must_hold(&active_set(&world.database()).await.unwrap(), &newest, "");
    must_be_equal(&region);
    must_be_accounted_for(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_that_run_at_once_end_in_equality_once_one_is_stopped() {
    let world = World::start("").unwrap();
    let region = delivered(&world).await;
    let twin = region.site.folder.join("twin");
    copy(&region.site.state(), &twin).unwrap();
    let text = std::fs::read_to_string(region.site.config()).unwrap();
    let config = region.site.folder.join("twin.toml");
    std::fs::write(&config, text.replace("state_dir = \"state\"", "state_dir = \"twin\"")).unwrap();
    let twin = || run(AGENT, Some(&config), &["once"]).unwrap();
    for treatment in ["M-000020", "M-000021"] {
        correct(&region, treatment).await;
        // The second to come meets versions that it did not give out.
        twin();
        region.site.agent(&["once"]).unwrap();
    }
    for _ in 0..3 {
        once(&region);
    }
    assert_eq!(active_set(&world.database()).await.unwrap().len(), super::TREATMENTS);
    must_be_equal(&region);
    must_be_accounted_for(&world);
}
