//! A planned silence: the daemon waits, a run by hand goes on, and the register knows.

use end_to_end::world::{Region, World};
use rustix::process::Signal;

use super::manager::Managed;
use super::{off_for_years, planned, seldom, status};

const PAUSE: [&str; 5] = ["pause", "--until", "2999-01-01", "--reason", "byte av journalsystem"];

/// What the register's list says of the sender.
fn listed(world: &World) -> serde_json::Value {
    world.registry(&["region", "list", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap()["senders"][0]["paused"]
        .clone()
}

fn agent(region: &Region, arguments: &[&str], code: i32) -> String {
    let ended = region.site.agent(arguments).unwrap().expect(&[code]).unwrap();
    format!("{}{}", ended.stdout, ended.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_waits_through_a_pause_that_both_sides_show_and_makes_up_for_the_missed_run_after_it() {
    let (world, region) = planned(20, seldom()).await;
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    let said = agent(&region, &PAUSE, 0);
    assert!(said.contains("the register knows"), "{said}");
    assert_eq!(listed(&world)["until"], "2999-01-01");
    assert_eq!(status(&region)["paused"]["until"], "2999-01-01");
    off_for_years(&region).await;
    let line = daemon.hears("STATUS=paused until ");
    assert!(line.contains("2999-01-01 (byte av journalsystem); 0 waiting"), "{line}");
    assert!(status(&region)["last_run"].is_null(), "a missed run waits for the end of the pause");

    let said = agent(&region, &["once", "--planned"], 0);
    assert!(said.contains("paused until 2999-01-01 (byte av journalsystem): nothing was run"), "{said}");
    assert!(status(&region)["last_run"].is_null(), "a timer's run waits too");
    let said = agent(&region, &["once"], 3);
    assert!(said.contains("paused until 2999-01-01") && said.contains("this run was asked for"), "{said}");
    off_for_years(&region).await;
    daemon.forget();
    let said = agent(&region, &["resume"], 0);
    assert!(said.contains("the register knows"), "{said}");
    assert!(listed(&world).is_null());
    daemon.hears("STATUS=reading the source");
    daemon.hears("STATUS=next run ");
    assert_eq!(daemon.stop(Signal::TERM), 143);
    assert!(agent(&region, &["resume"], 0).contains("there is no pause"));
    assert!(
        !agent(&region, &["once", "--planned"], 3).contains("nothing was run"),
        "a timer runs when no pause is in force"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_is_away_is_told_of_pause_and_resume_at_the_next_contact() {
    let (mut world, region) = planned(20, seldom()).await;
    world.server.running.kill();
    let said = agent(&region, &PAUSE, 0);
    assert!(said.contains("is told at the next contact"), "{said}");
    assert_eq!(status(&region)["paused"]["told"], false);
    world.restart().unwrap();
    assert!(listed(&world).is_null());
    agent(&region, &["once"], 3);
    assert_eq!(listed(&world)["reason"], "byte av journalsystem");

    world.server.running.kill();
    assert!(agent(&region, &["resume"], 0).contains("is told at the next contact"));
    world.restart().unwrap();
    assert_eq!(listed(&world)["until"], "2999-01-01");
    let mut daemon = Managed::start(&region.site);
    daemon.hears("STATUS=next run ");
    assert!(listed(&world).is_null(), "the daemon tells it as soon as it looks");
    assert_eq!(daemon.stop(Signal::TERM), 143);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_without_a_reason_with_a_person_in_it_or_in_the_past_is_refused() {
    let (world, region) = planned(20, seldom()).await;
    let person = &region.plan.treatments[0].person.number;
    for (until, reason, said) in [
        ("2999-01-01", format!("ringde {person}"), "could be an identity number"),
        ("2999-01-01", " ".into(), "write a reason"),
        ("2020-01-01", "fel".into(), "not after today"),
    ] {
        let told = agent(&region, &["pause", "--until", until, "--reason", &reason], 2);
        assert!(told.contains(said) && !told.contains(person.as_str()), "{told}");
    }
    agent(&region, &["pause", "--until", "tomorrow", "--reason", "fel"], 2);
    assert!(listed(&world).is_null());
    assert!(!region.site.state().exists(), "nothing was noted");
}
