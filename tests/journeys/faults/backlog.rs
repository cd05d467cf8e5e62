//! A register behind a black hole, run after run: the outbox grows, memory does not, and one run catches up when the way is open again.
//!
//! Promises: nothing happens by time: a run is looked at while its batches are in the hole, and killed there.

use end_to_end::active::{active_set, alter, count, half_stored};
use end_to_end::fault::rig::{LIMITS, lead_through};
use end_to_end::fault::{Fault, FaultProxy};
use end_to_end::process::{AGENT, Ended, Running, command};
use end_to_end::world::{Region, World};

const TREATMENTS: usize = 500;
const RUNS: usize = 4;
/// What the highest peak may be above the lowest, kibibytes: pages are compressed by some hundred records at a time.
const SPREAD_KIB: u64 = 8 << 10;
/// Each gives nearly every treatment another content.
const EDITS: [&str; 2] = [
    r#"UPDATE "svar" SET "poäng" = "poäng" - 1 WHERE "delsvar" IS NULL AND CAST("poäng" AS INTEGER) BETWEEN 1 AND 26"#,
    r#"UPDATE "svar" SET "poäng" = "poäng" + 1 WHERE "delsvar" IS NULL AND CAST("poäng" AS INTEGER) BETWEEN 0 AND 25"#,
];

fn once(region: &Region) -> serde_json::Value {
    let ended = region.site.agent(&["once", "--full", "--json"]).and_then(|ended: Ended| ended.expect(&[3]));
    ended.unwrap().json().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_black_hole_the_outbox_grows_and_memory_does_not_and_one_run_catches_up() {
    let world = World::start(LIMITS).unwrap();
    let region = world.invent(11, (0, "01"), TREATMENTS).await.unwrap();
    once(&region);
    let outbox = region.site.state().join("outbox.db");
    let proxy = FaultProxy::start(world.server.regions).unwrap();
    lead_through(&region.site, (world.server.regions.port(), proxy.address().port())).unwrap();

    let (mut waiting, mut peaks) = (vec![0], Vec::new());
    for run in 0..RUNS {
        alter(&region.source.file(), EDITS[run % 2]).await.unwrap();
        let met = proxy.connections();
        // The first question is refused, and both batches under way fall into the hole.
        proxy.next([Fault::Refuse, Fault::Hold { after: 0 }, Fault::Hold { after: 0 }]);
        let agent = command(AGENT, Some(&region.site.config()), &["once", "--full"]).unwrap();
        let mut agent = Running::start(agent, &region.site.folder.join("agent.log")).unwrap();
        while proxy.connections() < met + 2 && agent.is_running() {
            tokio::task::yield_now().await;
        }
        peaks.push(peak_kib(agent.id()));
        agent.kill();
        proxy.forget();
        waiting
            .push(count(&outbox, "SELECT coalesce(sum(records), 0) FROM batch WHERE receipt IS NULL").await.unwrap());
    }
    println!("records that wait after each run: {waiting:?}; largest resident size, KiB: {peaks:?}");
    assert!(waiting.windows(2).all(|pair| pair[0] + 300 < pair[1]), "{waiting:?}");
    let spread = peaks.iter().max().unwrap() - peaks.iter().min().unwrap();
    assert!(spread < SPREAD_KIB, "{peaks:?}");

    let report = once(&region);
    assert!(report["records_delivered"].as_i64().unwrap() >= waiting[RUNS], "{report}");
    assert_eq!(once(&region)["records_delivered"], 0);
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
    // As if there had never been a hole.
    let caught_up = active_set(&world.database()).await.unwrap();
    assert_eq!(caught_up, directly(&region).await);
}

/// What another register holds of the same source.
async fn directly(region: &Region) -> end_to_end::active::ActiveSet {
    let world = World::start(LIMITS).unwrap();
    let other = world.invent(11, (0, "01"), TREATMENTS).await.unwrap();
    std::fs::copy(region.source.file(), other.source.file()).unwrap();
    std::fs::copy(region.site.folder.join("pseudonym.key"), other.site.folder.join("pseudonym.key")).unwrap();
    once(&other);
    active_set(&world.database()).await.unwrap()
}

/// The largest resident size of a process so far.
fn peak_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
