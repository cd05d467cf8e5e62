//! The people's listener beside the regions'.

use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::world::World;
use crate::server::tls;

const WEB: &str = "[web]\nlisten = \"127.0.0.1:0\"";

async fn asked(world: &World, version: &'static SupportedProtocolVersion, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    for authority in tls::certificates(&world.path("ca/ca.pem"), "test").unwrap() {
        roots.add(authority).unwrap();
    }
    let config = rustls::ClientConfig::builder_with_provider(tls::provider())
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(world.handle.web_addr.unwrap()).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let head = format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn people_read_pages_without_a_certificate_over_tls_1_3_and_1_2_and_reach_nothing_of_the_regions() {
    let world = World::on(WEB, "").await;
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let page = asked(&world, version, "GET /accessibility").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("<html lang=\"sv\">"), "{page}");
    }
    for request in ["GET /v1/me", "POST /v1/generation", "GET /metrics"] {
        let page = asked(&world, &rustls::version::TLS13, request).await;
        assert!(page.starts_with("HTTP/1.1 404") && page.contains("content-security-policy"), "{page}");
    }
    world.handle.stop().await;
}

#[tokio::test]
async fn without_its_section_there_is_no_listener_for_people() {
    let world = World::new("").await;
    assert_eq!(world.handle.web_addr, None);
    world.handle.stop().await;
}
