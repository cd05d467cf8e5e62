//! `kill -9` of either program in the middle of a large delivery, and a restart.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use end_to_end::active::{ActiveSet, active_set, alter, half_stored, stored_batches};
use end_to_end::process::{AGENT, Running, command};
use end_to_end::world::{Region, World};

const TREATMENTS: usize = 4_000;

/// An uninterrupted delivery of a region, to compare with.
async fn uninterrupted() -> (World, Region, ActiveSet) {
    let world = World::start("").unwrap();
    let region = world.invent(5, (0, "01"), TREATMENTS).await.unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let set = active_set(&world.database()).await.unwrap();
    assert!(set.len() > TREATMENTS * 9 / 10);
    (world, region, set)
}

/// The same region at a new register, with the same keys, nothing delivered yet.
async fn again(other: &Region) -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(5, (0, "01"), TREATMENTS).await.unwrap();
    std::fs::copy(other.site.folder.join("pseudonym.key"), region.site.folder.join("pseudonym.key")).unwrap();
    (world, region)
}

/// Starts `once` beside the test.
fn start(region: &Region) -> Running {
    let agent = command(AGENT, Some(&region.site.config()), &["once"]).unwrap();
    Running::start(agent, &region.site.folder.join("agent.log")).unwrap()
}

/// Waits until something has come about; fails the test when the program ends before.
#[expect(clippy::disallowed_methods, reason = "a limit for a test that would otherwise hang")]
async fn until(running: &mut Running, what: &str, come_about: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !come_about().await {
        assert!(running.is_running(), "the program ended before {what}");
        assert!(begun.elapsed() < Duration::from_mins(2), "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(running.is_running(), "the program ended with {what}");
}

/// Whether a process has a file open that stood at this path and has no name any more.
fn holds_unlinked(process: u32, path: &Path) -> bool {
    let gone = PathBuf::from(format!("{} (deleted)", path.display()));
    let Ok(open) = std::fs::read_dir(format!("/proc/{process}/fd")) else { return false };
    open.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|target| target == gone))
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |metadata| metadata.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_while_reading_queueing_or_sending_loses_and_doubles_nothing() {
    let (_first, other, expected) = uninterrupted().await;
    let (world, region) = again(&other).await;
    let state = region.site.state();

    let mut agent = start(&region);
    let id = agent.id();
    until(&mut agent, "a working file for what is read", async || holds_unlinked(id, &state.join("scratch"))).await;
    agent.kill();
    assert_eq!(stored_batches(&world.database()).await.unwrap(), 0);

    let mut agent = start(&region);
    until(&mut agent, "pages in the outbox's log", async || size(&state.join("outbox.db-wal")) > 100_000).await;
    agent.kill();

    for _ in 0..2 {
        let before = stored_batches(&world.database()).await.unwrap();
        let mut agent = start(&region);
        until(&mut agent, "one more stored batch", async || stored_batches(&world.database()).await.unwrap() > before)
            .await;
        agent.kill();
    }

    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert_eq!(active_set(&world.database()).await.unwrap(), expected);
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
    let last = region.site.agent(&["once", "--json", "--full"]).unwrap().expect(&[3]).unwrap().json().unwrap();
    assert_eq!(last["records_delivered"], 0);

    // The positive control: one missing treatment is seen.
    alter(&world.database(), "DELETE FROM treatment WHERE id = (SELECT max(id) FROM treatment)").await.unwrap();
    assert_ne!(active_set(&world.database()).await.unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_killed_in_the_middle_of_a_delivery_loses_and_doubles_nothing() {
    let (first, other, expected) = uninterrupted().await;
    let all = stored_batches(&first.database()).await.unwrap();
    for batches in 0..=2 {
        let (mut world, region) = again(&other).await;
        let mut agent = start(&region);
        let queued = region.site.state().join("outbox.db");
        until(&mut agent, "a delivery under way", async || {
            size(&queued) > 100_000 && stored_batches(&world.database()).await.unwrap() >= batches
        })
        .await;
        world.server.running.kill();
        assert!(stored_batches(&world.database()).await.unwrap() < all, "the register was killed after the delivery");
        world.restart().unwrap();
        // The agent tries again by itself; whether it still gets through or leaves the queue to the next run is the same to the outcome.
        agent.wait().unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        assert_eq!(active_set(&world.database()).await.unwrap(), expected);
        assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
    }
}
