//! What agents do when the register tells them to come back: they keep away for as long as they are asked to, and lose nothing.
//!
//! Promises: a real agent before a real register that refuses of its own accord; what is said is heard on the wire, so that nobody's own
//! word is taken for how long it waited.

use end_to_end::active::{active_set, alter, half_stored, stored_batches};
use end_to_end::process::{AGENT, Ended, command, ended};
use end_to_end::wire::{Capture, Wait, waits};
use end_to_end::world::{Region, World};
use schemas::canonical;

use crate::access::batch::{batch, treatment};
use crate::access::connection::Connection;
use crate::access::curl::Caller;

fn listen_in(world: &World, region: &Region) -> Capture {
    Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap()
}

/// Runs one agent beside the test. Some of its answers are held, so that a run that leaves nothing ends with 3.
fn run(region: &Region) -> std::thread::JoinHandle<Ended> {
    let once = command(AGENT, Some(&region.site.config()), &["once", "--json", "--full"]).unwrap();
    std::thread::spawn(|| ended(once).unwrap())
}

fn must_have_waited(said: &[Wait], status: u16) {
    let met: Vec<&Wait> = said.iter().filter(|wait| wait.status == status).collect();
    assert!(!met.is_empty(), "no answer {status} among {said:?}");
    assert!(met.iter().all(|wait| wait.kept.is_some()), "an answer {status} ended the run: {said:?}");
    assert!(said.iter().all(Wait::is_obeyed), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_that_deliver_at_once_beyond_their_rate_come_back_when_they_were_asked_to_and_lose_nothing() {
    // Batches that are too large are halved, so that a few treatments make more requests than a sender has.
    let world = World::start("[limits]\nrecords = 8\nrequests_per_minute = 14").unwrap();
    let mut regions = Vec::new();
    for (at, sender) in ["01", "12", "25"].into_iter().enumerate() {
        let region = world.invent(7, (at, sender), 60).await.unwrap();
        regions.push((listen_in(&world, &region), region));
    }
    let runs: Vec<_> = regions.iter().map(|(_, region)| run(region)).collect();
    let reports: Vec<_> =
        runs.into_iter().map(|run| run.join().unwrap().expect(&[3]).unwrap().json().unwrap()).collect();
    let stored = active_set(&world.database()).await.unwrap();
    for ((capture, region), report) in regions.iter().zip(reports) {
        must_have_waited(&waits(&capture.exchanges()), 429);
        let of_sender = stored.keys().filter(|(sender, _)| *sender == region.plan.sender).count();
        assert_eq!(report["counts"]["queued"], of_sender, "{report}");
        assert!(of_sender > 30, "{report}");
    }
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_meets_a_busy_register_comes_back_when_it_was_asked_to_and_is_taken() {
    let world = World::start("[limits]\nbatches_per_sender = 1\nqueue_seconds = 0").unwrap();
    let region = world.invent(11, (0, "01"), 30).await.unwrap();
    run(&region).join().unwrap().expect(&[3]).unwrap();
    let (before, batches) =
        (active_set(&world.database()).await.unwrap(), stored_batches(&world.database()).await.unwrap());
    let touched = r#"UPDATE "moment" SET "läge" = 'avbruten' WHERE "nummer" = 'M-000002'"#;
    assert_eq!(alter(&region.source.file(), touched).await.unwrap(), 1);
    let capture = listen_in(&world, &region);
    // Its sender's only turn is taken by a body that does not come.
    let mut open = Connection::open(&Caller::new((&world.server, &world.authority), &region.site.folder));
    let held = batch("01", &[treatment("01", 1, 5)]);
    open.announce(&canonical::sha256_hex(&held), held.len());
    assert_eq!(open.answer().0, 100);
    let run = run(&region);
    // Ends when the agent has been refused, or is over without it.
    while waits(&capture.exchanges()).is_empty() && !run.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(open);
    run.join().unwrap().expect(&[3]).unwrap();
    must_have_waited(&waits(&capture.exchanges()), 503);
    assert_eq!(active_set(&world.database()).await.unwrap().len(), before.len());
    assert_eq!(stored_batches(&world.database()).await.unwrap(), batches + 1);
}
