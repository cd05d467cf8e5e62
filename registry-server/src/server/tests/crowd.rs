//! Many connections, slow bodies: what one sender does keeps no other out.

use futures_util::future::join_all;
use schemas::canonical;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::batch::{batch, treatment};
use super::world::{World, client, put_head, read, send, soon};

const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;
const ACK: u8 = 1;

/// A batch of one treatment of any sender.
fn batch_of(sender: &str) -> Vec<u8> {
    let bytes = batch(&[treatment(1, 1, 5.0)]);
    String::from_utf8(bytes)
        .unwrap()
        .replace("\"12\"", &format!("\"{sender}\""))
        .replace("r12-g1", &format!("r{sender}-g1"))
        .replace("rec1.12", &format!("rec1.{sender}"))
        .into_bytes()
}

#[tokio::test]
async fn forty_held_connections_of_one_sender_do_not_keep_another_out() {
    let world = World::new("connections = 9").await;
    world.enrol("01").await;
    let held = join_all((0..40).map(|_| world.connect(client("12")))).await;
    let mut held: Vec<_> = held.into_iter().filter_map(Result::ok).collect();
    assert_eq!(held.len(), 8, "the others were closed at once");
    let mut other = world.connect(client("01")).await.unwrap();
    assert_eq!(send(&mut other, "GET /v1/me", b"").await.status, 200);
    assert_eq!(send(&mut held[0], "GET /v1/me", b"").await.status, 200, "what it holds, it may use");
    world.handle.stop().await;
}

#[tokio::test]
async fn who_shows_no_certificate_takes_no_connection_from_those_who_do() {
    let world = World::new("connections = 1").await;
    let silent: Vec<_> = join_all((0..40).map(|_| TcpStream::connect(world.handle.region_addr))).await;
    assert!(silent.iter().all(Result::is_ok));
    assert!(soon(world.connect(client("12"))).await.is_ok());
    world.handle.stop().await;
}

#[tokio::test]
async fn a_connection_without_requests_is_closed_whatever_it_speaks() {
    let world = World::new("idle_seconds = 1").await;
    let mut open = world.connect(client("12")).await.unwrap();
    assert!(read(&mut open).await.is_err());
    let mut open = world.open_http2("12").await;
    open.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    open.write_all(&frame(SETTINGS, 0, &[])).await.unwrap();
    let mut kinds = Vec::new();
    let mut head = [0; 9];
    while open.read_exact(&mut head).await.is_ok() {
        let (kind, flags) = (head[3], head[4]);
        let mut content = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        open.read_exact(&mut content).await.unwrap();
        if kind == PING && flags == 0 {
            open.write_all(&frame(PING, ACK, &content)).await.unwrap();
        }
        kinds.push(kind);
    }
    assert!(kinds.contains(&GO_AWAY), "{kinds:?}");
    world.handle.stop().await;
}

/// An HTTP/2 frame that belongs to no stream (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    [&[0, 0, length, kind, flags, 0, 0, 0, 0], content].concat()
}

#[tokio::test]
async fn slow_bodies_of_as_many_senders_as_there_are_places_do_not_stop_another() {
    let world = World::new("concurrent_batches = 2\nbatches_per_sender = 1\nqueue_seconds = 0").await;
    let mut slow = Vec::new();
    for sender in ["12", "01", "03"] {
        if sender != "12" {
            world.enrol(sender).await;
        }
        let bytes = batch_of(sender);
        let (digest, length) = (canonical::sha256_hex(&bytes), bytes.len());
        let mut open = world.connect(client(sender)).await.unwrap();
        let head = format!("{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n", put_head(&digest));
        open.write_all(format!("{head}Expect: 100-continue\r\n\r\n").as_bytes()).await.unwrap();
        assert_eq!(read(&mut open).await.unwrap().status, 100, "the register waits for the body");
        slow.push((open, bytes));
    }
    let own = world.put("12", &batch(&[])).await;
    assert_eq!((own.status, own.problem()), (503, "busy".into()), "a sender's only turn is taken");
    world.enrol("04").await;
    assert_eq!(world.put("04", &batch_of("04")).await.status, 200);
    for (mut open, bytes) in slow {
        open.write_all(&bytes).await.unwrap();
        assert_eq!(read(&mut open).await.unwrap().status, 200);
    }
    world.handle.stop().await;
}

#[tokio::test]
async fn a_sender_that_is_not_active_is_held_to_its_rate_before_the_database_is_asked() {
    let world = World::new("requests_per_minute = 1").await;
    world.issue("01", "01", 30);
    assert_eq!(world.request("01", "GET /v1/me", b"").await.problem(), "sender-not-active");
    assert_eq!(world.request("01", "GET /v1/me", b"").await.problem(), "too-many-requests");
    world.handle.stop().await;
}
