//! A connection that stays open between requests, and over which a request can be sent piece by piece.
//!
//! Promises: one TCP connection and one handshake for the life of the value.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::curl::Caller;

/// An open connection to the register.
pub(crate) struct Connection {
    stream: StreamOwned<ClientConnection, TcpStream>,
}

impl Connection {
    /// Opens one with a caller's certificate.
    pub(crate) fn open(caller: &Caller) -> Self {
        let folder = caller.certificate.as_ref().expect("the caller has a certificate");
        let read = |path: &std::path::Path| CertificateDer::from_pem_file(path).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(read(&caller.ca)).expect("an authority");
        let key = PrivateKeyDer::from_pem_file(folder.join("region.key")).expect("a key");
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![read(&folder.join("region.pem"))], key)
            .expect("certificate and key belong together");
        let session = ClientConnection::new(Arc::new(config), "localhost".try_into().expect("a name"));
        let socket = TcpStream::connect(caller.register).expect("the register listens");
        Self { stream: StreamOwned::new(session.expect("a session"), socket) }
    }

    /// Sends bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the register reads");
        self.stream.flush().expect("the register reads");
    }

    /// Reads one answer's status and body.
    pub(crate) fn answer(&mut self) -> (u16, Vec<u8>) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).expect("the register answers");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).expect("a head is text").to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().expect("a length"))];
        self.stream.read_exact(&mut body).expect("the body comes");
        (head.split(' ').nth(1).expect("a status").parse().expect("a status"), body)
    }

    /// Whether the register ended the connection; waits for what it does next.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0) | Err(_))
    }

    /// Asks for a path.
    pub(crate) fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
        self.answer()
    }

    /// Sends the head of a batch and asks to be told before the body is sent.
    pub(crate) fn announce(&mut self, digest: &str, length: usize) {
        let head = format!("PUT /v1/batches/{digest} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n");
        self.send(format!("{head}Expect: 100-continue\r\n\r\n").as_bytes());
    }
}
