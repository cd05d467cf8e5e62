//! A register without listeners, and a visitor who follows no redirect.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use schemas::canonical;
use tower::ServiceExt as _;

use crate::config::Config;
use crate::dev_ca::{self, Init};
use crate::environment::{Clock, Entropy, Environment};
use crate::present::Desk;
use crate::server;

/// The time that the world's clock starts at.
pub(super) const START: &str = "2026-11-22T10:00:00Z";

struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct Counting(Mutex<u64>);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut number = self.0.lock().unwrap();
        *number += 1;
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = canonical::sha256(&number.to_be_bytes())[place % 32];
        }
    }
}

/// A register and its pages.
pub(super) struct World {
    _folder: tempfile::TempDir,
    router: Router,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl World {
    /// An empty register.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Standing(Mutex::new(START.parse().unwrap())));
        let environment = Environment { clock, entropy: Arc::new(Counting(Mutex::new(0))) };
        let ca = folder.path().join("ca");
        dev_ca::init(&Init { dir: &ca, hosts: &[], environment: "test", config_out: None }, &environment).unwrap();
        let text = "[server]\nstate_dir = \"..\"\nenvironment = \"test\"\ncontact = \"kansli@example.se\"\n";
        let config = Config::read(&ca.join("registry-server.toml"), text, &[]).unwrap();
        let registry = Arc::new(server::open(&config, environment).await.unwrap());
        let router = Desk::new(registry, None).router();
        Self { _folder: folder, router }
    }

    /// Asks for a page, with the cookies of a browser.
    pub(super) async fn get(&self, path: &str, cookies: &str) -> Seen {
        self.ask(Request::get(path).header("host", "r.se").header("cookie", cookies), String::new()).await
    }

    /// Any request.
    pub(super) async fn ask(&self, request: axum::http::request::Builder, body: String) -> Seen {
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Seen { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
