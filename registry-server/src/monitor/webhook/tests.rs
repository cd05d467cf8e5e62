//! Messages as a real HTTP server receives them.

use jiff::Span;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::*;
use crate::monitor::watch::tell;
use crate::store::alarm::{AlarmKind, Channel, Condition};
use crate::store::contract::{at, enrol};
use crate::store::sqlite;

const KEY: &str = "0123456789abcdef0123456789abcdef";

pub(in crate::monitor) fn way(address: std::net::SocketAddr) -> Webhook {
    let url = Zeroizing::new(format!("http://{address}/hook"));
    Webhook::new(&WebhookSettings { url, key: Zeroizing::new(KEY.to_owned()), ca: None }).unwrap()
}

/// Takes one request and answers it with a status; gives its head and body.
pub(in crate::monitor) async fn take(listener: &TcpListener, status: &str) -> (String, String) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut read = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await.unwrap();
        read.extend_from_slice(&part[..length]);
        let text = String::from_utf8(read.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let expected: usize = header(head, "content-length").parse().unwrap();
        if body.len() >= expected {
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
            return (head.to_owned(), body.to_owned());
        }
    }
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find_map(|line| line.split_once(':').filter(|(known, _)| known.eq_ignore_ascii_case(name)));
    line.unwrap_or_else(|| panic!("{name}: {head}")).1.trim().to_owned()
}

#[tokio::test]
async fn a_signed_document_arrives_once_also_after_a_receiver_that_failed_and_a_dead_one_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    enrol(&*store, "12").await;
    let late = Condition { sender: "12".parse().unwrap(), kind: AlarmKind::Late, since: at() };
    store.set_alarms(&[late], at()).await.unwrap();
    let minutes = |minutes: i64| at() + Span::new().minutes(minutes);

    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = way(listener.local_addr().unwrap());
    assert_eq!(tell(&*store, (None, Some(&way(dead))), at()).await.unwrap(), 0);
    let (failed, _) = tokio::join!(tell(&*store, (None, Some(&hook)), minutes(5)), take(&listener, "503 Busy"));
    assert_eq!(failed.unwrap(), 0);
    assert_eq!(tell(&*store, (None, Some(&hook)), minutes(14)).await.unwrap(), 0, "not due yet");
    let (sent, (head, body)) =
        tokio::join!(tell(&*store, (None, Some(&hook)), minutes(15)), take(&listener, "204 No Content"));
    assert_eq!(sent.unwrap(), 1);
    assert_eq!(tell(&*store, (None, Some(&hook)), minutes(90)).await.unwrap(), 0, "it was sent");
    // The mail of the same alarm waits on for its own way.
    assert!(store.take_notice(Channel::Mail, minutes(90)).await.unwrap().is_some());
    store.close().await;

    assert!(head.starts_with("POST /hook HTTP/1.1") && header(&head, "content-type") == "application/json", "{head}");
    let document: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        document,
        serde_json::json!({
            "schema": "registry-alarm/1", "id": "alarm-1-raised-2026-11-01T12:00:00Z", "alarm": 1, "step": "raised",
            "sender": "12", "kind": "late", "since": "2026-11-01T12:00:00Z", "raised_at": "2026-11-01T12:00:00Z",
            "cleared_at": null,
        })
    );
    let second = header(&head, "x-registry-timestamp");
    assert_eq!(second, minutes(15).as_second().to_string());
    assert_eq!(header(&head, "x-registry-signature"), hook.signature(&second, body.as_bytes()));
}

#[test]
fn a_signature_is_that_of_any_other_tool_over_time_full_stop_and_body() {
    // printf '1793534400.{}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    let hook = way("127.0.0.1:9".parse().unwrap());
    assert_eq!(
        hook.signature("1793534400", b"{}"),
        "sha256=bce00c085f76060b57fbf2f440eb93922c57393fb51b9ee90cf683c2ba7d62ab"
    );
    assert_eq!(format!("{hook:?}"), "Webhook");
}
