//! Replies that are lost after the commit, and batches that come again, in any order and many at once.

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::active::{active_set, alter, half_stored, receipts};
use end_to_end::fault::rig::LIMITS;
use end_to_end::platform::Random;
use end_to_end::process::Ended;
use end_to_end::wire::{Capture, Exchange, Message, Reached};
use end_to_end::world::{Region, World};

use crate::access::connection::Connection;
use crate::access::curl::Caller;

const SEED: u64 = 23;
/// Who repeats at once, and how often each.
const REPEATERS: usize = 10;
const EACH: usize = 100;
/// Each makes one more version of nearly every treatment.
const EDITS: [&str; 4] = [
    r#"UPDATE "svar" SET "poäng" = "poäng" - 1 WHERE "delsvar" IS NULL AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26"#,
    r#"UPDATE "moment" SET "läge" = 'avbruten' WHERE "läge" = 'avslutad'"#,
    r#"UPDATE "svar" SET "poäng" = "poäng" + 1 WHERE "delsvar" IS NULL AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 25"#,
    r#"UPDATE "moment" SET "läge" = 'avslutad' WHERE "läge" = 'avbruten'"#,
];

fn once(region: &Region) -> Ended {
    region.site.agent(&["once", "--full"]).and_then(|ended| ended.expect(&[0, 3])).unwrap()
}

/// Everything that the agent asked with this method.
fn said(capture: &Capture, method: &str) -> Vec<Message> {
    capture.exchanges().into_iter().map(|said| said.request).filter(|request| request.method() == method).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_replays_ten_at_once_with_versions_shuffled_and_late_have_one_effect_and_the_same_receipts() {
    let world = World::start(LIMITS).unwrap();
    let region = world.invent(SEED, (0, "01"), 30).await.unwrap();
    let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
    once(&region);
    for edit in EDITS {
        alter(&region.source.file(), edit).await.unwrap();
        // The reply is lost after the register has stored the batch; the agent sends the same again.
        capture.swallow_next("PUT");
        once(&region);
    }
    every_lost_reply_came_again(&capture.exchanges());
    let here = receipts(&region.site.state().join("outbox.db")).await.unwrap();
    assert!(here == receipts(&world.database()).await.unwrap());
    let expected = active_set(&world.database()).await.unwrap();

    // Again to the register that has them: the receipts that it gave.
    let named: BTreeMap<String, Message> =
        said(&capture, "PUT").into_iter().map(|batch| (batch.path().to_owned(), batch)).collect();
    let batches: Vec<Message> = named.into_values().collect();
    assert_eq!(batches.len(), here.len());
    let caller = Caller::new((&world.server, &world.authority), &region.site.folder);
    replayed((&world, &caller), &batches).await;
    assert!(here == receipts(&world.database()).await.unwrap());
    assert!(active_set(&world.database()).await.unwrap() == expected);

    // And to one that has none of them: the last version wins whatever came first.
    let other = World::start(LIMITS).unwrap();
    other.registry(&["region", "add", "01"]).unwrap().expect(&[0]).unwrap();
    let caller = Caller::of(&other, "01");
    let first = said(&capture, "POST").into_iter().find(|said| said.path() == "/v1/generation").unwrap();
    assert_eq!(ask(&mut Connection::open(&caller), &first).0, 200);
    replayed((&other, &caller), &batches).await;
    assert!(active_set(&other.database()).await.unwrap() == expected);
    assert_eq!(half_stored(&other.database()).await.unwrap(), 0);
    println!("seed {SEED}: {} batches, {} replays, {REPEATERS} at once", batches.len(), REPEATERS * EACH);
    // The positive control.
    alter(&other.database(), "UPDATE treatment SET document = document || ' ' WHERE id % 7 = 0").await.unwrap();
    assert!(active_set(&other.database()).await.unwrap() != expected);
}

/// Whatever was asked a second time because its reply was lost was the same, and got the same.
fn every_lost_reply_came_again(exchanges: &[Exchange]) {
    let lost: Vec<&Exchange> = exchanges.iter().filter(|said| said.reply_reached == Reached::Proxy).collect();
    assert_eq!(lost.len(), EDITS.len());
    for lost in lost {
        let path = lost.request.path();
        let mut heard = exchanges.iter().filter(|said| said.reply_reached == Reached::Agent);
        let again = heard.find(|said| said.request.path() == path).expect("the agent asked again");
        assert!(again.reply.body == lost.reply.body && again.request.body == lost.request.body, "{path}");
    }
}

/// Replays everything; each answer must be the receipt that the register then holds.
async fn replayed((world, caller): (&World, &Caller), batches: &[Message]) {
    let given = repeat(caller, batches);
    let stored = receipts(&world.database()).await.unwrap();
    assert_eq!((given.len(), stored.len()), (batches.len(), batches.len()));
    for (digest, answers) in given {
        assert!(answers == BTreeSet::from([stored[&digest].clone()]), "{digest}");
    }
}

/// Sends batches again and again, from several connections at once, each in an order of its own. Answers the bodies that came by digest.
fn repeat(caller: &Caller, batches: &[Message]) -> BTreeMap<String, BTreeSet<Vec<u8>>> {
    let from = |repeater: usize| {
        let mut random = Random::new(SEED + repeater as u64);
        let mut connection = Connection::open(caller);
        let mut given = Vec::new();
        while given.len() < EACH {
            let mut order: Vec<&Message> = batches.iter().collect();
            order.sort_by_cached_key(|_| random.number());
            for batch in order.into_iter().take(EACH - given.len()) {
                let (status, body) = ask(&mut connection, batch);
                assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
                given.push((batch.path().rsplit('/').next().unwrap_or_default().to_owned(), body));
            }
        }
        given
    };
    let mut answers: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
    std::thread::scope(|scope| {
        let repeaters: Vec<_> = (0..REPEATERS).map(|repeater| scope.spawn(move || from(repeater))).collect();
        for (digest, body) in repeaters.into_iter().flat_map(|repeater| repeater.join().unwrap()) {
            answers.entry(digest).or_default().insert(body);
        }
    });
    answers
}

fn ask(connection: &mut Connection, request: &Message) -> (u16, Vec<u8>) {
    connection.send(&[request.head.as_bytes(), &request.body].concat());
    connection.answer()
}
