//! Several servers on one PostgreSQL, and one that is stopped under them.

use std::path::Path;
use std::sync::Arc;

use databases::{Postgres as Server, Stop};
use futures_util::future::join_all;
use tokio::sync::watch;

use super::batch::{batch, treatment};
use super::world::{World, put_head};
use crate::fact::Part;
use crate::server::Handle;
use crate::store::{self, Location, Opening};

const LIMITS: &str = "connections_per_sender = 64\nconcurrent_batches = 16\nrequests_per_minute = 100000";

/// Batches of sender 12: each has treatments of its own, and all correct the same one.
fn batches() -> Vec<Vec<u8>> {
    let own = |number: u32| (0..4).map(move |place| treatment(10 * number + place, 1, 5.0));
    let shared = |number: u32| treatment(999, u64::from(number), f64::from(number));
    (1..=9).map(|number| batch(&own(number).chain([shared(number)]).collect::<Vec<_>>())).collect()
}

/// The outcomes report of a database.
async fn outcomes(location: &Location) -> String {
    let store = store::open(location, Opening::Existing).await.unwrap();
    let facts = store.facts(Part::ALL).await.unwrap();
    store.close().await;
    let scores = facts.outcomes.iter().filter(|outcome| outcome.second == Some(9.0)).count();
    format!("{} treatments, {} outcomes, {scores} corrected last", facts.treatments.len(), facts.outcomes.len())
}

#[tokio::test]
async fn three_servers_on_one_postgresql_come_to_what_one_server_comes_to() {
    let alone = World::new(LIMITS).await;
    for bytes in batches() {
        assert_eq!(alone.put("12", &bytes).await.status, 200);
    }
    let url = Server::shared().unwrap().database("several").unwrap();
    let world = World::on(&format!("url = \"{url}\""), LIMITS).await;
    let others: [Handle; 2] = [world.another().await, world.another().await];
    let addresses = [world.handle.region_addr, others[0].region_addr, others[1].region_addr];
    let batches = batches();
    // Every batch to every server, all at once.
    let all = batches.iter().flat_map(|bytes| addresses.map(|address| world.put_at(address, "12", bytes)));
    let answers = join_all(all).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    for (bytes, receipts) in batches.iter().zip(answers.chunks(addresses.len())) {
        assert!(receipts.iter().all(|receipt| receipt == &receipts[0]));
        let head = put_head(&schemas::canonical::sha256_hex(bytes)).replace("PUT", "GET") + "/receipt";
        assert_eq!(world.request("12", &head, b"").await.body, receipts[0].body);
    }
    let together = outcomes(&Location::read(&url, Path::new("")).unwrap()).await;
    assert_eq!(together, outcomes(&Location::Sqlite(alone.path("register.db"))).await);
    assert_eq!(together, "37 treatments, 111 outcomes, 3 corrected last");
    for handle in others {
        handle.stop().await;
    }
    world.handle.stop().await;
    alone.handle.stop().await;
}

#[tokio::test]
async fn a_postgresql_that_is_stopped_and_started_loses_and_doubles_nothing() {
    let server = Arc::new(Server::start(&[]).unwrap());
    let url = server.database("stopped").unwrap();
    let world = World::on(&format!("url = \"{url}\""), LIMITS).await;
    // What was answered so far: good receipts, and the last refusal's number.
    let (tell, mut told) = watch::channel((0_usize, 0_usize));
    let deliver = async {
        let (mut receipts, mut refusals) = (Vec::new(), 0);
        for number in 0..30 {
            let bytes = batch(&[treatment(2 * number, 1, 5.0), treatment(2 * number + 1, 1, 6.0)]);
            loop {
                let answer = world.put("12", &bytes).await;
                if answer.status == 200 {
                    receipts.push((bytes, answer));
                    break;
                }
                let asked = (answer.status, answer.problem(), answer.retry_after.is_some());
                assert_eq!(asked, (503, "busy".to_owned(), true));
                refusals += 1;
                tell.send_replace((receipts.len(), refusals));
            }
            tell.send_replace((receipts.len(), refusals));
        }
        (receipts, refusals)
    };
    let disturb = async {
        for (after, how) in [(5, Stop::Crash), (15, Stop::Orderly)] {
            told.wait_for(|(receipts, _)| *receipts >= after).await.unwrap();
            let refused = told.borrow().1;
            let stopping = Arc::clone(&server);
            tokio::task::spawn_blocking(move || stopping.stop(how)).await.unwrap().unwrap();
            told.wait_for(|(_, refusals)| *refusals > refused).await.unwrap();
            let starting = Arc::clone(&server);
            tokio::task::spawn_blocking(move || starting.start_again()).await.unwrap().unwrap();
        }
    };
    let ((receipts, refusals), ()) = tokio::join!(deliver, disturb);
    assert!(refusals >= 2, "the server was away twice");
    for (bytes, receipt) in receipts {
        assert_eq!(world.put("12", &bytes).await, receipt, "a repeated batch gets its first receipt");
    }
    assert_eq!(
        outcomes(&Location::read(&url, Path::new("")).unwrap()).await,
        "60 treatments, 180 outcomes, 0 corrected last"
    );
    world.handle.stop().await;
}
