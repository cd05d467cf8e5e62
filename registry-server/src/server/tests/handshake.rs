//! Who is let in: certificates, standing, environment.

use jiff::SignedDuration;

use super::world::{Client, World, client, read, send, soon};
use crate::store::SenderStatus;

const ME: &str = "GET /v1/me";

#[tokio::test]
async fn a_handshake_without_a_good_certificate_never_reaches_http() {
    let world = World::new("").await;
    world.issue("expired", "12", -1);
    world.issue_by_stranger("test", "foreign", "12");
    assert!(world.connect(client("12")).await.is_ok());
    for (what, client) in [
        ("none", Client { certificate: None, version: &rustls::version::TLS13 }),
        ("expired", client("expired")),
        ("another authority", client("foreign")),
        ("TLS 1.2", Client { certificate: Some("12"), version: &rustls::version::TLS12 }),
    ] {
        assert!(world.connect(client).await.is_err(), "{what}");
    }
    world.handle.stop().await;
}

#[tokio::test]
async fn a_server_s_certificate_is_no_sender_s() {
    let world = World::new("").await;
    std::fs::create_dir(world.path("wrong-use")).unwrap();
    for (from, to) in [("ca/server.pem", "wrong-use/region.pem"), ("ca/server.key", "wrong-use/region.key")] {
        std::fs::copy(world.path(from), world.path(to)).unwrap();
    }
    assert!(world.connect(client("wrong-use")).await.is_err());
    world.handle.stop().await;
}

#[tokio::test]
async fn a_certificate_not_yet_valid_is_refused() {
    let world = World::new("").await;
    world.pass(SignedDuration::from_hours(24 * 40));
    world.issue("later", "12", 30);
    world.pass(SignedDuration::from_hours(-24 * 40));
    assert!(world.connect(client("later")).await.is_err());
    world.handle.stop().await;
}

#[tokio::test]
async fn a_sender_that_is_not_active_gets_one_answer_whatever_it_asks() {
    let world = World::new("").await;
    world.issue("01", "01", 30);
    for head in [ME, "GET /v1/unknown", "POST /v1/me", "PUT /v1/batches/x", "POST /v1/generation"] {
        let answer = world.request("01", head, b"").await;
        assert_eq!((answer.status, answer.problem()), (403, "sender-not-active".into()), "{head}");
    }
    world.handle.stop().await;
}

#[tokio::test]
async fn a_revocation_holds_on_an_open_connection_at_once_and_ends_it() {
    let world = World::new("idle_seconds = 3600").await;
    let mut open = world.connect(client("12")).await.unwrap();
    assert_eq!(send(&mut open, ME, b"").await.status, 200);
    world.set("12", SenderStatus::Revoked).await;
    assert_eq!(send(&mut open, ME, b"").await.problem(), "sender-not-active");
    assert!(soon(read(&mut open)).await.is_err(), "the connection is closed after the answer");
    world.set("12", SenderStatus::Active).await;
    assert_eq!(world.request("12", ME, b"").await.status, 200);
    world.handle.stop().await;
}

#[tokio::test]
async fn a_suspended_sender_is_told_so_and_delivers_again_when_it_may() {
    let world = World::new("idle_seconds = 3600").await;
    let mut open = world.connect(client("12")).await.unwrap();
    assert_eq!(send(&mut open, ME, b"").await.status, 200);
    world.set("12", SenderStatus::Suspended).await;
    let refused = send(&mut open, ME, b"").await;
    assert_eq!((refused.status, refused.problem().as_str()), (403, "sender-not-active"));
    assert!(String::from_utf8(refused.body).unwrap().contains("suspended for the time being"));
    assert!(soon(read(&mut open)).await.is_err(), "the connection is closed after the answer");
    world.set("12", SenderStatus::Active).await;
    assert_eq!(world.request("12", ME, b"").await.status, 200);
    world.handle.stop().await;
}

#[tokio::test]
async fn a_certificate_that_ends_while_the_connection_is_open_ends_with_it() {
    let world = World::new("").await;
    let mut open = world.connect(client("12")).await.unwrap();
    world.pass(SignedDuration::from_hours(24 * 31));
    assert_eq!(send(&mut open, ME, b"").await.problem(), "sender-not-active");
    world.handle.stop().await;
}

#[tokio::test]
async fn me_tells_what_the_register_knows_and_generation_is_given_once_a_state() {
    let world = World::new("records = 7").await;
    let body = format!("{{\"state_id\":\"{}\"}}", "b".repeat(32));
    for _ in 0..2 {
        let answer = world.request("12", "POST /v1/generation", body.as_bytes()).await;
        assert_eq!((answer.status, &*answer.body), (200, &b"{\"generation\":2}"[..]));
    }
    assert_eq!(world.request("12", "POST /v1/generation", b"{}").await.problem(), "bad-request");
    let me: schemas::contact::Me = serde_json::from_slice(&world.request("12", ME, b"").await.body).unwrap();
    assert_eq!((me.sender.as_str(), me.environment.as_str(), me.generation), ("12", "test", 2));
    assert_eq!((me.limits.records, me.time.as_str()), (7, super::world::START));
    assert_eq!(world.request("12", "GET /v1/unknown", b"").await.problem(), "not-found");
    world.handle.stop().await;
}
