//! A register without listeners, and a visitor who follows no redirect.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use schemas::canonical;
use schemas::language::Language;
use tower::ServiceExt as _;

use crate::authenticate::one_time::Secret;
use crate::authenticate::session::Token;
use crate::config::Config;
use crate::dev_ca::{self, Init};
use crate::environment::{Clock, Entropy, Environment};
use crate::openapi::answered::{self, Answered};
use crate::present::Desk;
use crate::registry::Registry;
use crate::server;
use crate::sign_in::Door;
use crate::store::{Invitation, UserStep};

/// The password of everybody here.
pub(super) const PASSWORD: &str = "tolv gröna hästar";
/// The time that the world's clock starts at.
pub(super) const START: &str = "2026-11-22T10:00:00Z";

/// Stands still, unless every look at it is to take some time.
struct Standing(Mutex<Timestamp>, Mutex<SignedDuration>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(*self.1.lock().unwrap()).unwrap();
        *now
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
    clock: Arc<Standing>,
    pub(super) registry: Arc<Registry>,
    router: Router,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Seen {
    /// The cookie that the answer gives, as a browser sends it back.
    pub(super) fn cookie(&self) -> String {
        let cookie = self.headers.get("set-cookie").unwrap_or_else(|| panic!("{}", self.text)).to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Where the answer leads.
    pub(super) fn leads(&self) -> &str {
        self.headers.get("location").map_or("", |to| to.to_str().unwrap())
    }
}

impl World {
    /// An empty register.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Standing(Mutex::new(START.parse().unwrap()), Mutex::default()));
        let environment = Environment { clock: clock.clone(), entropy: Arc::new(Counting(Mutex::new(0))) };
        let ca = folder.path().join("ca");
        dev_ca::init(&Init { dir: &ca, hosts: &[], environment: "test", config_out: None }, &environment).unwrap();
        let text = "[server]\nstate_dir = \"..\"\nenvironment = \"test\"\ncontact = \"kansli@example.se\"\n";
        let config = Config::read(&ca.join("registry-server.toml"), text, &[]).unwrap();
        let registry = Arc::new(server::open(&config, environment).await.unwrap());
        let router = Desk::new(Arc::clone(&registry), None).router();
        Self { _folder: folder, clock, registry, router }
    }

    /// Moves the clock.
    pub(super) fn pass(&self, time: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(time).unwrap();
    }

    /// Lets every look at the clock take some time from now on.
    pub(super) fn look_takes(&self, time: SignedDuration) {
        *self.clock.1.lock().unwrap() = time;
    }

    /// Invites somebody; gives the token.
    pub(super) async fn invite(&self, email: &str, role: &str) -> Token {
        self.invite_in(email, role, Language::Sv).await
    }

    /// Invites somebody who reads a language at first; gives the token.
    pub(super) async fn invite_in(&self, email: &str, role: &str, language: Language) -> Token {
        let environment = &self.registry.environment;
        let token = Token::new(environment.random());
        let until = environment.now() + SignedDuration::from_hours(24);
        let invitation = Invitation { token: token.hash(), until };
        let step = UserStep::Invite { email: email.to_owned(), role: role.parse().unwrap(), language, invitation };
        self.registry.store.set_user(&step, environment.stamp()).await.unwrap().unwrap();
        token
    }

    /// Invites somebody anew who is there; gives the token.
    pub(super) async fn invite_again(&self, email: &str) -> Token {
        let environment = &self.registry.environment;
        let token = Token::new(environment.random());
        let invitation = Invitation { token: token.hash(), until: environment.now() + SignedDuration::from_hours(24) };
        let step = UserStep::Reset { email: email.to_owned(), invitation };
        self.registry.store.set_user(&step, environment.stamp()).await.unwrap().unwrap();
        token
    }

    /// Somebody with the password of all; gives the second factor.
    pub(super) async fn person(&self, email: &str, role: &str) -> Secret {
        self.equipped(&self.invite(email, role).await).await
    }

    /// Takes an invitation with the password of all; gives the second factor.
    pub(super) async fn equipped(&self, token: &Token) -> Secret {
        let registry = &self.registry;
        let door = Door::new(Arc::clone(&registry.store), registry.environment.clone(), &registry.pepper);
        door.equip(token, PASSWORD.to_owned().into(), None).await.unwrap()
    }

    /// The code that an authenticator shows now.
    pub(super) fn code(&self, secret: &Secret) -> String {
        secret.code(self.registry.environment.now()).to_string()
    }

    /// Sends the form to sign in.
    pub(super) async fn sign_in(&self, email: &str, password: &str, code: &str) -> Seen {
        let fields = [("email", email), ("password", password), ("code", code)];
        self.post("/sign-in", "", &fields).await
    }

    /// Somebody new who is signed in; gives the cookie.
    pub(super) async fn signed_in(&self, role: &str) -> String {
        let email = format!("{}@example.se", role.replace([':', ','], "-").to_lowercase());
        let secret = self.person(&email, role).await;
        self.sign_in(&email, PASSWORD, &self.code(&secret)).await.cookie()
    }

    /// Sends a form from a page of the register.
    pub(super) async fn post(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Seen {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path).header("host", "r.se").header("cookie", cookies);
        self.ask(request.header("origin", "https://r.se"), body).await
    }

    /// Asks for a page, with the cookies of a browser.
    pub(super) async fn get(&self, path: &str, cookies: &str) -> Seen {
        self.ask(Request::get(path).header("host", "r.se").header("cookie", cookies), String::new()).await
    }

    /// Any request; its answer must be as the committed description says.
    pub(super) async fn ask(&self, request: axum::http::request::Builder, body: String) -> Seen {
        let request = request.body(Body::from(body)).unwrap();
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = |name: &str| head.headers.get(name).map_or("", |value| value.to_str().unwrap());
        if text("content-encoding").is_empty() {
            answered::check(&Answered {
                method: &method,
                path: &path,
                status: head.status.as_u16(),
                media: text("content-type"),
                retry_after: !text("retry-after").is_empty(),
                body: &bytes,
            });
        }
        Seen { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
