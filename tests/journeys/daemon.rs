//! The daemon as it is built, under a service manager: what it says, what it makes up for, and how it stops.

mod manager;
mod memory;
mod pause;
mod stop;

use end_to_end::active::{active_set, alter};
use end_to_end::process::Ended;
use end_to_end::world::{Region, World};
use manager::{Managed, plan};
use rustix::process::Signal;

/// A plan without a run for months to come, or nearly so.
fn seldom() -> &'static str {
    "0 3 29 2 *"
}

/// A region under a plan, never delivered.
async fn planned(treatments: usize, cron: &str) -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), treatments).await.unwrap();
    plan(&region.site.config(), cron);
    (world, region)
}

/// Writes into the daemon's memory that no run has begun since long ago, as if the host had been off.
async fn off_for_years(region: &Region) {
    let sql = "UPDATE meta SET value = json_set(value, '$.planned', '2020-01-01T00:00:00Z') WHERE name = 'run'";
    assert_eq!(alter(&region.site.state().join("outbox.db"), sql).await.unwrap(), 1);
}

fn status(region: &Region) -> serde_json::Value {
    region.site.agent(&["status", "--json"]).and_then(|ended: Ended| ended.json()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_manager_hears_that_the_daemon_is_ready_what_comes_next_that_it_lives_and_that_it_stops() {
    let (_world, region) = planned(20, seldom()).await;
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut daemon = Managed::start(&region.site);
        daemon.hears("READY=1");
        let line = daemon.hears("STATUS=next run ");
        assert!(line.contains("-02-29 03:00; 0 waiting"), "{line}");
        daemon.hears("WATCHDOG=1");
        daemon.forget();
        daemon.hears("WATCHDOG=1");
        assert_eq!(daemon.stop(signal), code);
        daemon.hears("STOPPING=1");
        assert!(daemon.log().contains("stopped; 0 waiting"), "{}", daemon.log());
    }
    assert!(status(&region)["last_run"].is_null(), "a new plan has missed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_was_off_at_night_still_sends_once() {
    let (world, region) = planned(20, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    off_for_years(&region).await;

    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=reading the source");
    daemon.hears("STATUS=delivering");
    daemon.hears("STATUS=next run ");
    assert_eq!(active_set(&world.database()).await.unwrap().len(), 20);
    daemon.forget();
    daemon.hears("WATCHDOG=1");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    let cycles = "UPDATE cycle SET id = id";
    assert_eq!(alter(&region.site.state().join("outbox.db"), cycles).await.unwrap(), 1, "one run for all the years");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_is_tried_again_whatever_ended_it_and_only_a_start_that_cannot_work_ends_the_daemon() {
    let (mut world, region) = planned(20, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    off_for_years(&region).await;
    world.server.running.kill();
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=attempt 2 at ");
    assert_eq!(daemon.stop(Signal::TERM), 143);

    world.restart().unwrap();
    world.registry(&["region", "revoke", "01"]).unwrap().expect(&[0]).unwrap();
    off_for_years(&region).await;
    let mut daemon = Managed::start(&region.site);
    let line = daemon.hears("STATUS=attempt 2 at ");
    assert!(line.contains("does not know the certificate's sender as active"), "{line}");
    assert_eq!(daemon.stop(Signal::TERM), 143);

    let config = region.site.config();
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("region.pem", "other.pem")).unwrap();
    let ended = region.site.agent(&["run"]).unwrap().expect(&[78]).unwrap();
    assert!(ended.stderr.contains("[server] cert"), "{}", ended.stderr);
    std::fs::write(&config, text).unwrap();
    let status = status(&region);
    assert_eq!(status["last_failure"]["exit"], 78, "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_met_a_table_in_the_middle_of_its_reload_is_made_up_for_when_the_table_is_back() {
    let (world, region) = planned(20, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    alter(&region.source.file(), r#"ALTER TABLE "moment" RENAME TO "reloading""#).await.unwrap();
    off_for_years(&region).await;
    let line = daemon.hears("STATUS=attempt 2 at ");
    assert!(line.contains("; the newest run ended: ") && line.contains("no such table"), "{line}");
    let failed = status(&region);
    let failure = &failed["last_failure"];
    assert_eq!((&failed["verdict"], &failure["exit"]), (&"warning".into(), &78.into()), "{failed}");
    assert!(failure["sentence"].as_str().unwrap().contains("no such table"), "{failed}");
    assert!(failure["retry_at"].is_string(), "{failed}");

    daemon.forget();
    alter(&region.source.file(), r#"ALTER TABLE "reloading" RENAME TO "moment""#).await.unwrap();
    off_for_years(&region).await;
    let line = daemon.hears("STATUS=next run ");
    assert!(line.ends_with("; 0 waiting"), "{line}");
    let mended = status(&region);
    assert!(mended["last_failure"].is_null(), "{mended}");
    assert_eq!(active_set(&world.database()).await.unwrap().len(), 20);
    assert_eq!(daemon.stop(Signal::TERM), 143);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_configuration_is_taken_when_it_can_be_used_and_the_old_one_kept_when_not() {
    let (_world, region) = planned(20, seldom()).await;
    let config = region.site.config();
    let right = std::fs::read_to_string(&config).unwrap();
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    for (what, broken, said) in [
        ("not TOML", "[agent\n".to_owned(), "agent.toml"),
        ("a plan that never comes", right.replace(seldom(), "0 3 31 2 *"), "never comes"),
        ("a certificate that is not there", right.replace("region.pem", "other.pem"), "[server] cert"),
        ("another state directory", right.replace("\"state\"", "\"elsewhere\""), "state_dir cannot change"),
    ] {
        println!("{what}");
        daemon.forget();
        std::fs::write(&config, broken).unwrap();
        daemon.signal(Signal::HUP);
        daemon.hears("RELOADING=1");
        daemon.hears("MONOTONIC_USEC=");
        daemon.hears("READY=1");
        let line = daemon.until("the refusal", |line| line.contains("was not taken") && line.contains(said));
        assert!(line.starts_with("STATUS=next run ") && line.contains("-02-29 03:00; "), "{line}");
    }
    daemon.forget();
    std::fs::write(&config, right.replace(seldom(), "30 4 29 2 *")).unwrap();
    daemon.signal(Signal::HUP);
    let line = daemon.until("the new plan", |line| line.contains("-02-29 04:30"));
    assert!(line.ends_with("; 0 waiting"), "{line}");
    assert_eq!(daemon.stop(Signal::TERM), 143);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_daemon_ends_with_75_and_a_run_by_hand_beside_an_idle_one_goes_on() {
    let (_world, region) = planned(20, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    let second = region.site.agent(&["run"]).unwrap().expect(&[75]).unwrap();
    assert!(second.stderr.contains("another run holds"), "{}", second.stderr);
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert!(daemon.running.is_running());
    assert_eq!(daemon.stop(Signal::TERM), 143);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_the_schedule_shows_ten_runs_in_local_time_and_utc() {
    let (_world, region) = planned(20, "30 2 * * *").await;
    let shown = region.site.agent(&["schedule", "preview", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    let runs = shown["runs"].as_array().unwrap();
    assert_eq!((shown["schema"].as_str(), runs.len()), (Some("registry-schedule/1"), 10));
    let moment = |run: &serde_json::Value, key: &str| run[key].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(runs.iter().all(|run| moment(run, "local") == moment(run, "utc")));
    assert!(runs.is_sorted_by(|one, other| moment(one, "utc") < moment(other, "utc")));
    assert_eq!((&runs[0]["reads"], &shown["delay_s"]), (&"everything".into(), &0.into()));
    let lines = region.site.agent(&["schedule", "preview"]).unwrap().expect(&[0]).unwrap().stdout;
    assert_eq!(lines.lines().count(), 10);
    assert!(lines.lines().next().unwrap().ends_with("  reads everything"), "{lines}");
}
