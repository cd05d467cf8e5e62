//! `curl` as a sender's administrator would use it.
//!
//! Promises: each call is a process and a connection of its own; no proxy and no configuration of the machine takes part.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::pki::Authority;
use end_to_end::process::Server;
use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::{Problem, ProblemType};

/// Whoever asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) register: SocketAddr,
    /// The authority that the caller trusts.
    pub(crate) ca: PathBuf,
    /// Where `region.pem` and `region.key` lie.
    pub(crate) certificate: Option<PathBuf>,
    /// More options of `curl`.
    pub(crate) options: Vec<&'static str>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Exit code of `curl`; 0 when there was an answer of whatever status.
    pub(crate) exit: i32,
    /// HTTP status, 0 without HTTP.
    pub(crate) status: u16,
    /// Names in lower case; without the date, which no two answers share.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    /// What `curl` says of a failure.
    pub(crate) said: String,
    /// Seconds from the first byte sent to the last one received.
    pub(crate) seconds: String,
}

/// Whether `curl` is there. CI has it installed, so its absence is a failure there.
pub(crate) fn is_here() -> bool {
    let here = Command::new("curl").arg("--version").output().is_ok_and(|output| output.status.success());
    let strict = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(here || !strict, "curl is missing; run `apt-get install curl`");
    if !here {
        println!("not checked: curl is missing; run `apt-get install curl`");
    }
    here
}

impl Caller {
    /// Somebody who knows the register, with a certificate out of a folder.
    pub(crate) fn new((server, authority): (&Server, &Authority), certificate: &Path) -> Self {
        Self {
            register: server.regions,
            ca: authority.folder.join("ca.pem"),
            certificate: Some(certificate.to_owned()),
            options: Vec::new(),
        }
    }

    /// A sender of a world, with a certificate of the register's authority; enrolled only if somebody did it.
    pub(crate) fn of(world: &World, sender: &str) -> Self {
        let folder = world.folder().join(format!("caller-{sender}"));
        if !folder.exists() {
            world.authority.issue(sender, &folder, 30).expect("a certificate is issued");
        }
        Self::new((&world.server, &world.authority), &folder)
    }

    /// A sender of a world that may deliver: enrolled here, with a generation of its own.
    pub(crate) fn enrolled(world: &World, sender: &str) -> Self {
        world.registry(&["region", "add", sender]).expect("a command").expect(&[0]).expect("an enrolment");
        let caller = Self::of(world, sender);
        caller.begin();
        caller
    }

    /// The same with more options.
    pub(crate) fn with(&self, options: &[&'static str]) -> Self {
        Self { options: options.to_vec(), ..self.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(path, &[])
    }

    /// Asks for the generation of the state directory that the batches of these journeys name.
    pub(crate) fn begin(&self) {
        let body = serde_json::json!({"state_id": super::batch::state()}).to_string();
        let answer = self.ask("/v1/generation", &["--data", &body]);
        assert_eq!((answer.status, answer.text()), (200, "{\"generation\":1}".to_owned()));
    }

    /// Sends a batch to its own address.
    pub(crate) fn put(&self, batch: &[u8]) -> Answer {
        self.put_at(&canonical::sha256_hex(batch), (batch, &[]))
    }

    /// Sends bytes to an address, with more options.
    pub(crate) fn put_at(&self, digest: &str, (bytes, options): (&[u8], &[&str])) -> Answer {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(&file, bytes).expect("a temporary file is written");
        let body = format!("@{}", file.path().display());
        let put = ["--request", "PUT", "--data-binary", &body, "--header", "Content-Type: application/x-ndjson"];
        self.ask(&format!("/v1/batches/{digest}"), &[&put[..], options].concat())
    }

    /// Asks for a path with more options.
    pub(crate) fn ask(&self, path: &str, options: &[&str]) -> Answer {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (head, body) = (folder.path().join("head"), folder.path().join("body"));
        let mut curl = Command::new("curl");
        curl.args(["--disable", "--silent", "--show-error", "--noproxy", "*", "--max-time", "120"]);
        curl.arg("--cacert").arg(&self.ca).arg("--dump-header").arg(&head).arg("--output").arg(&body);
        if let Some(certificate) = &self.certificate {
            curl.arg("--cert").arg(certificate.join("region.pem")).arg("--key").arg(certificate.join("region.key"));
        }
        curl.args(&self.options).args(options).args(["--write-out", "%{http_code} %{time_total}"]);
        let output = curl.arg(format!("https://{}{path}", self.register)).output().expect("curl runs");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let (status, seconds) = told.split_once(' ').expect("curl tells status and time");
        Answer {
            exit: output.status.code().unwrap_or(-1),
            status: status.parse().expect("a status is a number"),
            headers: headers(&std::fs::read_to_string(&head).unwrap_or_default()),
            body: std::fs::read(&body).unwrap_or_default(),
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
            seconds: seconds.to_owned(),
        }
    }
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The problem document, after a look at everything that each one must have.
    pub(crate) fn problem(&self, expected: ProblemType) -> Problem {
        assert_eq!((self.exit, self.status), (0, expected.status()), "{expected:?}: {} {}", self.said, self.text());
        assert_eq!(self.headers["content-type"], "application/problem+json", "{expected:?}");
        let problem: Problem = serde_json::from_slice(&self.body).expect("a problem document");
        assert_eq!((problem.kind, problem.status), (expected, expected.status()), "{}", self.text());
        assert!(!problem.detail.is_empty() && !problem.title.is_empty(), "{}", self.text());
        problem
    }

    /// Seconds of `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.headers.get("retry-after")?.parse().ok()
    }
}

/// Those of the last head; an interim answer (100) has one of its own before it.
fn headers(text: &str) -> BTreeMap<String, String> {
    let last = text.trim_end().rsplit("\r\n\r\n").next().unwrap_or_default();
    let pairs = last.lines().filter_map(|line| line.split_once(':'));
    let named = pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    named.filter(|(name, _)| name != "date").collect()
}
