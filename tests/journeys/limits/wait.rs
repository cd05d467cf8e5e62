//! What agents do when the register tells them to come back: they keep away for as long as they are asked to, and lose nothing.
//!
//! Promises: a real agent before a real register that refuses of its own accord; what is said is heard on the wire, so that nobody's own
//! word is taken for how long it waited. A batch is held at the proxy until the register has reason to refuse it, so that none of this
//! depends on time.

use end_to_end::active::{active_set, alter, half_stored};
use end_to_end::process::{AGENT, Ended, command, ended};
use end_to_end::wire::{Capture, Wait, waits};
use end_to_end::world::{Region, World};
use schemas::canonical;

use crate::access::batch::{batch, treatment};
use crate::access::connection::Connection;
use crate::access::curl::Caller;

/// A region whose agent runs, and has a batch at the proxy that is not let through yet.
struct Held<'a> {
    region: &'a Region,
    capture: Capture,
    run: std::thread::JoinHandle<Ended>,
}

impl<'a> Held<'a> {
    async fn start(world: &World, region: &'a Region) -> Self {
        let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
        capture.hold("PUT");
        let once = command(AGENT, Some(&region.site.config()), &["once", "--json", "--full"]).unwrap();
        let run = std::thread::spawn(|| ended(once).unwrap());
        // Ends when a batch has come, or the agent is over without one.
        while !capture.streams().iter().any(|said| said.windows(4).any(|word| word == b"PUT ")) && !run.is_finished() {
            tokio::task::yield_now().await;
        }
        Self { region, capture, run }
    }

    /// The same sender by itself, without the proxy.
    fn beside(&self, world: &World) -> Connection {
        Connection::open(&Caller::new((&world.server, &world.authority), &self.region.site.folder))
    }

    /// Waits for the end of a run that leaves nothing queued. Some answers are held, so that it ends with 3.
    fn end(self, status: u16) -> serde_json::Value {
        let report = self.run.join().unwrap().expect(&[3]).unwrap().json().unwrap();
        let said = waits(&self.capture.exchanges());
        let came_back = |wait: &Wait| wait.status == status && wait.kept.is_some();
        assert!(said.iter().any(came_back), "nobody came back after an answer {status}: {said:?}");
        assert!(said.iter().all(Wait::is_obeyed), "{said:?}");
        report
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_that_deliver_at_once_beyond_their_rate_come_back_when_they_were_asked_to_and_lose_nothing() {
    let world = World::start("[limits]\nrequests_per_minute = 30").unwrap();
    let mut regions = Vec::new();
    for (at, sender) in ["01", "12", "25"].into_iter().enumerate() {
        regions.push(world.invent(7, (at, sender), 60).await.unwrap());
    }
    let mut runs = Vec::new();
    for region in &regions {
        runs.push(Held::start(&world, region).await);
    }
    for held in &runs {
        let mut often = held.beside(&world);
        while often.get("/v1/me").0 == 200 {}
        held.capture.release();
    }
    let reports: Vec<_> = runs.into_iter().map(|held| held.end(429)).collect();
    let stored = active_set(&world.database()).await.unwrap();
    for (region, report) in regions.iter().zip(reports) {
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
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let before = active_set(&world.database()).await.unwrap();
    let touched = r#"UPDATE "moment" SET "läge" = 'avbruten' WHERE "nummer" = 'M-000002'"#;
    assert_eq!(alter(&region.source.file(), touched).await.unwrap(), 1);
    let held = Held::start(&world, &region).await;
    // Its sender's only turn is taken by a body that does not come.
    let mut slow = held.beside(&world);
    let body = batch("01", &[treatment("01", 1, 5)]);
    slow.announce(&canonical::sha256_hex(&body), body.len());
    assert_eq!(slow.answer().0, 100);
    held.capture.release();
    // Ends when the agent has been refused, or is over without it.
    while waits(&held.capture.exchanges()).is_empty() && !held.run.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(slow);
    held.end(503);
    let after = active_set(&world.database()).await.unwrap();
    let changed = before.iter().filter(|(key, content)| after.get(*key) != Some(*content)).count();
    assert_eq!((after.len(), changed), (before.len(), 1));
}
