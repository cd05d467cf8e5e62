//! The audit log through a running register: what receipts hold, what a sender can check, what conflicts leave.

use std::path::Path;

use databases::Postgres as Server;
use futures_util::future::join_all;
use schemas::audit::{CheckpointAnswer, Hash, SignedCheckpoint, extends, includes, read_hex};
use schemas::receipt::Receipt;

use super::batch::{batch, treatment};
use super::world::{World, put_head, soon};
use crate::audit::{Proof, Sound, Witness, signer, verify};
use crate::config::keys;
use crate::environment::Environment;
use crate::server::Handle;
use crate::store::{self, Location, Opening, Store};

const LIMITS: &str = "connections_per_sender = 64\nconcurrent_batches = 16\nrequests_per_minute = 100000";

/// Gives everything that was noted its place, whether or not the register has got round to it.
async fn sequenced(world: &World, store: &dyn Store) {
    let key = keys::receipt_key(&world.path("ca/receipt.key")).unwrap();
    // On PostgreSQL the register may be at it just now; then what is left waits for the next round.
    let sign = signer(key, "test".into(), Environment::system());
    while store.sequence(&sign).await.unwrap().is_some() {}
}

async fn judged(world: &World, store: &dyn Store, witnesses: &[Witness]) -> Sound {
    verify(store, &Proof { key: &world.receipt_key(), origin: "test", witnesses }).await.unwrap()
}

async fn asked(world: &World, question: &str) -> CheckpointAnswer {
    let answer = world.request("12", &format!("GET /v1/checkpoint{question}"), b"").await;
    assert_eq!(answer.status, 200, "{question}");
    serde_json::from_slice(&answer.body).unwrap()
}

fn hashes(texts: &[String]) -> Vec<Hash> {
    texts.iter().map(|text| read_hex(text).unwrap()).collect()
}

fn signed(world: &World, text: Option<&String>) -> SignedCheckpoint {
    let checkpoint: SignedCheckpoint = text.unwrap().parse().unwrap();
    assert!(checkpoint.is_of(&world.receipt_key(), "test"));
    checkpoint
}

#[tokio::test]
async fn a_sender_sees_that_the_log_grew_from_what_its_receipt_says_and_holds_the_receipt_s_entry() {
    let world = World::new(LIMITS).await;
    let store = store::open(&Location::Sqlite(world.path("register.db")), Opening::Existing).await.unwrap();
    sequenced(&world, &*store).await;
    for number in 1..=5 {
        let answer = world.put("12", &batch(&[treatment(number, 1, 5.0)])).await;
        let Receipt { body, .. } = serde_json::from_slice(&answer.body).unwrap();
        let before = signed(&world, body.checkpoint.as_ref()).body;
        let leaf = body.leaf.clone().unwrap();
        sequenced(&world, &*store).await;
        let answer = asked(&world, &format!("?from={}&leaf={leaf}", before.size)).await;
        let now = signed(&world, answer.checkpoint.as_ref()).body;
        assert!(now.size > before.size);
        let proof = hashes(&answer.consistency);
        assert!(extends((before.size, &before.root), (now.size, &now.root), &proof), "batch {number}");
        let inclusion = answer.inclusion.unwrap();
        let entry = (inclusion.position, &read_hex(&leaf).unwrap());
        assert!(includes((now.size, &now.root), entry, &hashes(&inclusion.path)), "batch {number}");
        // The log says of the receipt what the receipt says of itself.
        assert_eq!(judged(&world, &*store, &[]).await.receipts, u64::from(number));
    }
    // Of what it has not seen a sender learns no more than how long it is.
    assert_eq!(asked(&world, "?from=1000").await.consistency, [""; 0]);
    assert_eq!(asked(&world, &format!("?leaf={}", "0".repeat(64))).await.inclusion, None);
    let wrong = world.request("12", "GET /v1/checkpoint?from=a", b"").await;
    assert_eq!((wrong.status, wrong.problem()), (400, "bad-request".into()));
    store.close().await;
    world.handle.stop().await;
}

#[tokio::test]
async fn a_refused_contradiction_leaves_its_event_and_nothing_else() {
    let world = World::new(LIMITS).await;
    let store = store::open(&Location::Sqlite(world.path("register.db")), Opening::Existing).await.unwrap();
    let good = batch(&[treatment(1, 1, 5.0)]);
    assert_eq!(world.put("12", &good).await.status, 200);
    sequenced(&world, &*store).await;
    let before = judged(&world, &*store, &[]).await;
    // Other bytes under a stored address, and other content under a stored version.
    let address = put_head(&schemas::canonical::sha256_hex(&good));
    let other = batch(&[treatment(1, 1, 6.0)]);
    assert_eq!(world.request("12", &address, &other).await.problem(), "batch-conflict");
    assert_eq!(world.put("12", &other).await.problem(), "version-conflict");
    // A batch that is merely wrong is no event.
    assert_eq!(world.put("12", b"{}").await.status, 422);
    sequenced(&world, &*store).await;
    let after = judged(&world, &*store, &[]).await;
    assert_eq!((after.entries - before.entries, after.receipts), (2, before.receipts));
    store.close().await;
    world.handle.stop().await;
}

#[tokio::test]
async fn several_servers_on_one_postgresql_give_the_log_one_order() {
    let url = Server::shared().unwrap().database("one_log").unwrap();
    let world = World::on(&format!("url = \"{url}\""), LIMITS).await;
    let others: [Handle; 2] = [world.another().await, world.another().await];
    let addresses = [world.handle.region_addr, others[0].region_addr, others[1].region_addr];
    let location = Location::read(&url, Path::new("")).unwrap();
    let store = store::open(&location, Opening::Existing).await.unwrap();
    let deliver = async {
        let mut receipts = Vec::new();
        for round in 0..8_u32 {
            let bytes: Vec<_> = (0..6).map(|place| batch(&[treatment(10 * round + place, 1, 5.0)])).collect();
            let puts = bytes.iter().zip(addresses.iter().cycle()).map(|(bytes, to)| world.put_at(*to, "12", bytes));
            receipts.extend(join_all(puts).await);
        }
        receipts
    };
    // Two more sequencers than the servers' own, all at once.
    let sequencers = async {
        for _ in 0..40 {
            tokio::join!(sequenced(&world, &*store), sequenced(&world, &*store));
        }
    };
    let (receipts, ()) = tokio::join!(deliver, sequencers);
    let witnesses: Vec<Witness> = receipts
        .iter()
        .filter_map(|answer| serde_json::from_slice::<Receipt>(&answer.body).unwrap().body.checkpoint)
        .map(|text| Witness { place: "receipt".into(), checkpoint: text.parse().unwrap() })
        .collect();
    // Ends when no server is at it any more.
    let whole = async {
        loop {
            sequenced(&world, &*store).await;
            let sound = judged(&world, &*store, &witnesses).await;
            if sound.waiting == 0 {
                return sound;
            }
        }
    };
    let sound = soon(whole).await;
    assert_eq!((sound.receipts, receipts.len()), (48, 48));
    assert!(witnesses.len() > 1, "receipts hold checkpoints");
    store.close().await;
    for handle in others {
        handle.stop().await;
    }
    world.handle.stop().await;
}
