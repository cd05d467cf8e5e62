//! A register that was put back from a day-old copy (R11): its senders notice, and fill it again without a step per region.

use end_to_end::active::{active_set, alter};
use end_to_end::world::World;

use super::{delivered, must_be_accounted_for, must_be_equal, must_hold, once};

#[tokio::test(flavor = "multi_thread")]
async fn a_register_restored_from_a_day_old_backup_is_equal_again_after_three_runs_of_each_agent() {
    let mut world = World::start("").unwrap();
    let region = delivered(&world).await;
    world.back_up().unwrap();
    // A day passes: a correction, a treatment that is opened again, one that is new.
    for statement in [
        r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-01-01T00:00:00Z' WHERE "svar_id" =
            (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000020' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#,
        r#"UPDATE "moment" SET "läge" = 'pågående', "ändrad" = '2099-01-01T00:00:00Z' WHERE "nummer" = 'M-000002'"#,
    ] {
        assert_eq!(alter(&region.source.file(), statement).await.unwrap(), 1);
    }
    once(&region);
    let newest = active_set(&world.database()).await.unwrap();
    assert_eq!(newest.len(), super::TREATMENTS - 1);

    world.put_back().unwrap();
    assert!(active_set(&world.database()).await.unwrap() != newest);
    for _ in 0..3 {
        region.site.agent(&["once"]).unwrap();
    }
    must_hold(&active_set(&world.database()).await.unwrap(), &newest, "");
    must_be_equal(&region);
    must_be_accounted_for(&world);
}
