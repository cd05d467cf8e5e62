//! Too much, too often, too full.

use jiff::SignedDuration;
use schemas::canonical;

use super::batch::{batch, treatment};
use super::world::{World, client, put_head, send};

#[tokio::test]
async fn what_is_larger_than_a_limit_is_refused_by_the_limit_s_name() {
    let world = World::new("body = 4000\nrecords = 2\nline = 900\ndepth = 5\nratio = 20").await;
    let one = |number| treatment(number, 1, 5.0);
    let deep = format!("{}\n{}{}\n", super::batch::manifest(1), "[".repeat(6), "]".repeat(6)).into_bytes();
    let zeros = vec![b' '; 100_000];
    let bomb = zstd::encode_all(&zeros[..], 19).unwrap();
    let zstd = format!("{}\nContent-Encoding: zstd\r\n", put_head(&canonical::sha256_hex(&zeros)));
    for (what, answer) in [
        ("more than 4000 bytes", world.put("12", &vec![b'x'; 4001]).await),
        ("more than 4000 bytes", world.put("12", &vec![b'x'; 100_000]).await),
        ("more than 2 records", world.put("12", &batch(&[one(1), one(2), one(3)])).await),
        ("more than 900 bytes", world.put("12", &vec![b'x'; 901]).await),
        ("nests more than 5", world.put("12", &deep).await),
        ("20 times its size", world.request("12", &zstd, &bomb).await),
    ] {
        assert_eq!((answer.status, answer.problem()), (413, "too-large".into()), "{what}");
        assert!(String::from_utf8_lossy(&answer.body).contains(what), "{what}");
    }
    world.handle.stop().await;
}

#[tokio::test]
async fn a_sender_that_asks_too_often_is_told_when_to_come_back() {
    let world = World::new("requests_per_minute = 2").await;
    // The connection's own first request is one of the two.
    let mut open = world.connect(client("12")).await.unwrap();
    assert_eq!(send(&mut open, "GET /v1/me", b"").await.status, 200);
    let answer = send(&mut open, "GET /v1/me", b"").await;
    assert_eq!((answer.status, answer.problem()), (429, "too-many-requests".into()));
    let wait = answer.retry_after.unwrap();
    world.pass(SignedDuration::from_secs(i64::try_from(wait).unwrap()));
    assert_eq!(send(&mut open, "GET /v1/me", b"").await.status, 200);
    world.handle.stop().await;
}

#[tokio::test]
async fn a_busy_register_and_a_full_disk_say_when_to_come_back() {
    for (limits, status, problem) in [
        ("concurrent_batches = 0\nqueue_seconds = 0", 503, "busy"),
        ("min_free = 9000000000000000000", 507, "disk-full"),
    ] {
        let world = World::new(limits).await;
        let answer = world.put("12", &batch(&[treatment(1, 1, 5.0)])).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, problem));
        assert!(answer.retry_after.is_some_and(|seconds| seconds > 0), "{problem}");
        let state = format!("{{\"state_id\":\"{}\"}}", "c".repeat(32));
        let answer = world.request("12", "POST /v1/generation", state.as_bytes()).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, problem), "a generation is written too");
        // What only reads does not wait; the sender still learns what it asks.
        assert_eq!(world.request("12", "GET /v1/me", b"").await.status, 200);
        world.handle.stop().await;
    }
}
