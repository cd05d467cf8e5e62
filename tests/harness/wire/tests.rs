//! The proxy between a small client and a small register, with certificates of a throw-away authority.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{Capture, Message, Reached, Route, tls};
use crate::blocking::{self, Background};

const REPLY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nreceipt";

/// Writes the files of a register and of a region into one folder.
fn authority(folder: &Path) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = params.self_signed(&key).unwrap();
    std::fs::write(folder.join("ca.pem"), ca.pem()).unwrap();
    let issuer = Issuer::new(params, key);
    for name in ["server", "region"] {
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        std::fs::write(folder.join(format!("{name}.pem")), leaf.pem()).unwrap();
        std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

/// Answers every request of every connection with a receipt.
async fn register(listener: std::net::TcpListener, acceptor: tokio_rustls::TlsAcceptor) {
    let listener = TcpListener::from_std(listener).unwrap();
    // Ends with the test.
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let (mut came, mut piece) = (Vec::new(), [0; 1000]);
            while let Ok(length @ 1..) = stream.read(&mut piece).await {
                came.extend_from_slice(&piece[..length]);
                while let Some((_, length)) = Message::first(&came) {
                    came.drain(..length);
                    // The proxy may have closed the connection after an earlier reply.
                    drop(stream.write_all(REPLY).await);
                    drop(stream.flush().await);
                }
            }
        });
    }
}

/// Says requests on one connection and gives what came back until the end.
fn say(folder: &Path, capture: &Capture, requests: &[u8]) -> Vec<u8> {
    blocking::run(async {
        let connector = tls::connector(folder).unwrap();
        let stream = TcpStream::connect(capture.address()).await.unwrap();
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        stream.write_all(requests).await.unwrap();
        stream.flush().await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // A connection that is closed in the middle is an error of TLS; what came before it counts.
        drop(stream.read_to_end(&mut answer).await);
        answer
    })
}

fn start(folder: &Path) -> (Capture, Background) {
    authority(folder);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let upstream = listener.local_addr().unwrap();
    let acceptor = tls::acceptor(folder).unwrap();
    let register = Background::start(move || register(listener, acceptor));
    (Capture::start(&Route { server: folder, region: folder, upstream }).unwrap(), register)
}

fn put(body: &[u8]) -> Vec<u8> {
    let head =
        format!("PUT /v1/batches/x HTTP/1.1\r\ncontent-encoding: zstd\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn everything_said_is_kept_in_clear_and_reaches_the_other_side() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, _register) = start(folder.path());
    let body = zstd::encode_all("record\n".repeat(40_000).as_bytes(), 3).unwrap();
    let said = [b"GET /v1/me HTTP/1.1\r\n\r\n".to_vec(), put(&body), b"PUT /v1/unfinished".to_vec()].concat();
    assert_eq!(say(folder.path(), &capture, &said), [REPLY, REPLY].concat());
    let exchanges = capture.exchanges();
    assert_eq!(exchanges.len(), 2);
    assert_eq!((exchanges[0].request.method(), exchanges[0].request.path()), ("GET", "/v1/me"));
    assert_eq!((exchanges[1].request.path(), exchanges[1].reply.status()), ("/v1/batches/x", Some(200)));
    assert_eq!(exchanges[1].request.content().unwrap().len(), 280_000);
    assert_eq!(exchanges[1].reply.body, b"receipt");
    assert_eq!(capture.streams(), [said, [REPLY, REPLY].concat()], "also what belongs to no whole message");
}

#[test]
fn a_swallowed_reply_was_sent_and_the_next_one_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, _register) = start(folder.path());
    capture.swallow_next("PUT");
    assert_eq!(say(folder.path(), &capture, b"GET /v1/me HTTP/1.1\r\n\r\n"), REPLY, "another method is left alone");
    assert_eq!(say(folder.path(), &capture, &put(b"")), b"");
    assert_eq!(say(folder.path(), &capture, &put(b"")), REPLY);
    let reached: Vec<Reached> = capture.exchanges().into_iter().map(|exchange| exchange.reply_reached).collect();
    assert_eq!(reached, [Reached::Agent, Reached::Proxy, Reached::Agent]);
}

#[test]
fn a_held_request_reaches_the_register_when_it_is_let_through_and_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, _register) = start(folder.path());
    capture.hold("PUT");
    assert_eq!(say(folder.path(), &capture, b"GET /v1/me HTTP/1.1\r\n\r\n"), REPLY, "another method is left alone");
    let (folder, capture) = (folder.path(), &capture);
    std::thread::scope(|scope| {
        let held = scope.spawn(|| say(folder, capture, &put(b"")));
        while capture.streams().len() < 4 || capture.streams()[2].is_empty() {
            std::thread::yield_now();
        }
        assert_eq!((capture.exchanges().len(), held.is_finished()), (1, false));
        capture.let_through(1);
        assert_eq!(held.join().unwrap(), REPLY);
    });
    capture.release();
    assert_eq!(say(folder, capture, &put(b"")), REPLY, "nothing is held any more");
}
