//! What the daemon holds between runs.

use rustix::process::Signal;

use super::manager::Managed;
use super::{off_for_years, planned, seldom};

const TREATMENTS: usize = 6_000;
/// Issue 3: a daemon that waits holds less than this.
const MOST_KIB: u64 = 20 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn between_runs_the_daemon_holds_less_than_20_mb_also_after_a_large_one() {
    let (_world, region) = planned(TREATMENTS, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    let before = anonymous_kib(daemon.running.id());
    assert_eq!(daemon.stop(Signal::TERM), 143);
    off_for_years(&region).await;

    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=delivering; ");
    daemon.hears("STATUS=next run ");
    let after = anonymous_kib(daemon.running.id());
    println!(
        "anonymous memory: {before} KiB before the first run, {after} KiB after a run over {TREATMENTS} treatments"
    );
    assert!(before < MOST_KIB && after < MOST_KIB, "{before} KiB, {after} KiB");
    assert_eq!(daemon.stop(Signal::TERM), 143);
}

/// `RssAnon` of a process.
fn anonymous_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
