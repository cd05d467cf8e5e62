//! A register of another version, a clock far off, and something that is no register at all, as the agent meets them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use end_to_end::pki::Authority;
use end_to_end::process::AGENT;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use schemas::problem::{Problem, ProblemType};
use serde_json::{Value, json};

use super::agent::{CONNECT, ONCE, case, world};
use super::case::run_all;
use crate::printed::frozen;

/// What the other side says to a request's first line: status and body.
type Manner = fn(&str) -> (u16, String);

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_speaks_otherwise_is_told_with_what_must_change() {
    let (world, region, place, hunt) = world().await;
    let own = format!("https://localhost:{}", world.server.regions.port());
    let mut told = String::new();
    for (case, manner) in [
        (
            case(
                ("a register that reads another schema, checked", 78),
                |_| (),
                CONNECT,
                &["registry-batch/2", "upgrade"],
            ),
            newer as Manner,
        ),
        (case(("a register that reads another schema", 78), |_| (), ONCE, &["schema", "upgrade"]), newer),
        (case(("something that is no register", 69), |_| (), ONCE, &["register", "version", "upgrade"]), web),
        (
            case(("something that is no register, checked", 69), |_| (), CONNECT, &["register", "version", "upgrade"]),
            web,
        ),
        (case(("a clock far from the register's", 1), |_| (), ONCE, &["clock", "hours"]), later),
    ] {
        let other = speak(&world.authority, manner);
        let text = std::fs::read_to_string(region.site.config()).unwrap();
        std::fs::write(region.site.config(), text.replace(&own, &format!("https://localhost:{}", other.port())))
            .unwrap();
        told += &run_all(AGENT, &[case], &place, &hunt);
        std::fs::write(region.site.config(), text).unwrap();
    }
    frozen("sentences on a register of another version", &told, None);
}

fn newer(request: &str) -> (u16, String) {
    match request {
        "GET /v1/me" => (200, me("registry-batch/2", &now()).to_string()),
        "POST /v1/generation" => (200, json!({"generation": 1}).to_string()),
        _ => {
            let problem = Problem::new(ProblemType::SchemaVersion, "upgrade the agent");
            (422, serde_json::to_string(&problem).unwrap())
        }
    }
}

fn web(_: &str) -> (u16, String) {
    (200, "<html>welcome</html>".into())
}

fn later(request: &str) -> (u16, String) {
    match request {
        "GET /v1/me" => (200, me(schemas::batch::SCHEMA, "2076-01-01T00:00:00Z").to_string()),
        _ => (200, json!({"generation": 1}).to_string()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the other side has a clock of its own")]
fn now() -> String {
    jiff::Timestamp::now().to_string()
}

fn me(schema: &str, time: &str) -> Value {
    json!({
        "sender": "12", "environment": "test", "status": "active", "limits": schemas::batch::Limits::default(),
        "schema": schema, "rules": schemas::rule::hash(), "codelists": "0", "time": time, "generation": 1, "keys": [],
    })
}

/// Listens with the register's own certificate and speaks in this manner until the process ends; gives its address.
fn speak(authority: &Authority, manner: Manner) -> SocketAddr {
    let certificate = CertificateDer::from_pem_file(authority.folder.join("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(authority.folder.join("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            // Whoever hangs up has heard enough.
            drop(converse(StreamOwned::new(session, socket.unwrap()), manner));
        }
    });
    address
}

/// Answers the requests of one connection until it is closed.
fn converse(stream: StreamOwned<ServerConnection, TcpStream>, manner: Manner) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
        stream.read_exact(&mut body)?;
        let words: Vec<&str> = head.split(' ').take(2).collect();
        let (status, body) = manner(&format!("{} {}", words[0].to_uppercase(), words[1]));
        write!(stream.get_mut(), "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        stream.get_mut().flush()?;
    }
}
