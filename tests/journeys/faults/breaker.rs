//! A register that stays away: what is shown of it, that it is tried less often, that erasures are tried all the same, and that one run
//! which gets through ends it.

use end_to_end::active::{active_set, alter};
use end_to_end::process::{AGENT, Ended, Running, command};
use end_to_end::world::{Region, World};

const EDIT: &str = r#"UPDATE "moment" SET "läge" = 'avbruten' WHERE "läge" = 'avslutad'"#;
const BACK: &str = r#"UPDATE "moment" SET "läge" = 'avslutad' WHERE "läge" = 'avbruten'"#;
/// What a run says before it tries a batch again.
const AGAIN: &str = "not delivered yet";

fn once(region: &Region, code: i32) -> Ended {
    region.site.agent(&["once", "--full"]).and_then(|ended| ended.expect(&[code])).unwrap()
}

/// What `status` shows of the way to the register.
fn register(region: &Region) -> serde_json::Value {
    region.site.agent(&["status", "--json"]).and_then(|ended: Ended| ended.json()).unwrap()["register"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_stays_away_is_shown_since_when_and_tried_once_a_run_until_a_run_gets_through() {
    let mut world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), 30).await.unwrap();
    once(&region, 3);
    let well = register(&region);
    assert!(well["silent_since"].is_null() && well["in_vain"] == 0 && well["next_try"].is_null(), "{well}");
    world.server.running.kill();
    for in_vain in 1..=4 {
        once(&region, 69);
        let silent = register(&region);
        assert_eq!(silent["in_vain"], in_vain, "{silent}");
        assert!(silent["silent_since"].is_string() && silent["next_try"].is_string(), "{silent}");
    }
    let text = region.site.agent(&["status", "--language", "sv"]).unwrap().stdout;
    assert!(text.contains("tyst sedan ") && text.contains(", 4 försök utan svar, nästa försök "), "{text}");

    assert!(alter(&region.source.file(), EDIT).await.unwrap() > 0);
    let said = once(&region, 69).stderr;
    assert!(!said.contains(AGAIN), "{said}");
    let person = &region.plan.treatments.iter().rev().find(|one| one.fault.is_none()).unwrap().person.number;
    let said = region.site.agent_told(person, &["withdraw"]).unwrap().expect(&[69, 3]).unwrap();
    assert!(format!("{}{}", said.stdout, said.stderr).contains("not reachable"), "{}{}", said.stdout, said.stderr);

    let before = active_set(&world.database()).await.unwrap();
    world.restart().unwrap();
    once(&region, 3);
    let after = active_set(&world.database()).await.unwrap();
    assert!(after.len() < before.len(), "the person has left");
    let well = register(&region);
    assert!(well["silent_since"].is_null() && well["in_vain"] == 0, "{well}");
    // And then it is tried as often as any, which is also the control of the word above.
    world.server.running.kill();
    alter(&region.source.file(), BACK).await.unwrap();
    let log = region.site.folder.join("agent.log");
    let agent = command(AGENT, Some(&region.site.config()), &["once", "--full"]).unwrap();
    let mut agent = Running::start(agent, &log).unwrap();
    while !std::fs::read_to_string(&log).unwrap().contains(AGAIN) {
        assert!(agent.is_running(), "the run ended without another attempt");
        tokio::task::yield_now().await;
    }
}
