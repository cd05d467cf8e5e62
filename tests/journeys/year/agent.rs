//! One region's agent in this process, under the script's clock.
//!
//! Promises: its folder is what an administrator has; everything that it says goes through a proxy, which keeps it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use agent::config::Config;
use agent::cycle::{self, CycleError, Extent, Outcome, Surroundings};
use agent::objections::Objections;
use agent::outbox::Outbox;
use agent::pseudonymise::Keys;
use agent::push::{Client, Delivered};
use agent::setup::Setup;
use agent::status::Status;
use agent::vanished::State;
use agent::withdraw;
use end_to_end::pki::Authority;
use end_to_end::wire::{Capture, Route};
use schemas::language::Language;

use super::moment::Moment;
use crate::access::certificate;

/// The passphrase of the copies.
const PASSPHRASE: &str = "fyra ord utan namn";

/// An agent.
pub(super) struct Agent {
    pub(super) sender: &'static str,
    pub(super) folder: PathBuf,
    pub(super) capture: Capture,
    moment: Moment,
}

impl Agent {
    /// Makes keys, certificate and configuration around a `[source]`.
    pub(super) fn make(
        (sender, folder): (&'static str, PathBuf),
        source: &str,
        (authority, register): (&Authority, SocketAddr),
        moment: Moment,
    ) -> Self {
        certificate::sign(authority, &certificate::good("test", sender), &folder);
        for file in ["ca.pem", "receipt.pub"] {
            std::fs::copy(authority.folder.join(file), folder.join(file)).unwrap();
        }
        let kid = format!("r{sender}-g1");
        let keys = Keys::generate(&kid.parse().unwrap(), |bytes| {
            bytes.copy_from_slice(&moment.bytes::<32>());
        });
        keys.unwrap().write_new(&folder.join("pseudonym.key")).unwrap();
        std::fs::write(folder.join("objections.csv"), "person_id;reason\n").unwrap();
        let route = Route { server: &authority.folder, region: &folder, upstream: register };
        let capture = Capture::start(&route).unwrap();
        let text = format!(
            "[agent]\nregion = \"{sender}\"\nenvironment = \"test\"\nstate_dir = \"state\"\n\n{source}\n\
             [pseudonym]\nkey_file = \"pseudonym.key\"\nkey_id = \"{kid}\"\nallow_test_identities = true\n\n\
             [server]\nurl = \"https://localhost:{}\"\nca = \"ca.pem\"\ncert = \"region.pem\"\nkey = \"region.key\"\n\
             receipt_key = \"receipt.pub\"\n\n[schedule]\ncron = \"15 2 * * *\"\nfull_sweep = \"0 2 27 * *\"\n",
            capture.address().port()
        );
        std::fs::write(folder.join("agent.toml"), text).unwrap();
        Self { sender, folder, capture, moment }
    }

    pub(super) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    fn config(&self) -> Config {
        Config::read(&self.folder.join("agent.toml"), []).unwrap()
    }

    fn setup(&self) -> Setup {
        Setup::read(self.config()).unwrap()
    }

    /// A night's run, as the daemon makes it.
    pub(super) async fn run(&self, extent: Extent) -> Result<Outcome, CycleError> {
        let outcome = self.cycle(extent).await?;
        if outcome.delivered == Delivered::BegunAnew { self.cycle(extent).await } else { Ok(outcome) }
    }

    async fn cycle(&self, extent: Extent) -> Result<Outcome, CycleError> {
        let surroundings = Surroundings {
            now: &|| self.moment.now(),
            chance: &|| 0.0,
            random: self.moment.bytes(),
            progress: &|_| (),
        };
        Box::pin(cycle::run(&self.setup(), extent, &surroundings)).await
    }

    pub(super) async fn status(&self) -> Status {
        agent::status::status(&self.config(), self.moment.now(), Language::En).await.unwrap()
    }

    /// `withdraw` with these numbers on its standard input.
    pub(super) async fn withdraw(&self, number: &str) {
        let setup = self.setup();
        let persons = withdraw::persons(number, &setup.lists).unwrap();
        let mut outbox = Outbox::open(&self.state()).await.unwrap();
        let moment = (self.moment.now(), self.moment.bytes());
        withdraw::ask(&setup, (&persons, None), &mut outbox, moment).await.unwrap();
        let client = Client::new(&setup.config).unwrap();
        let sending = withdraw::send(&setup, &client, &mut outbox, moment).await.unwrap();
        assert!(sending.ended == Delivered::Everything && sending.confirmed.len() == 1, "{sending:?}");
    }

    /// `objections lift`
    pub(super) async fn lift(&self, number: &str) {
        let setup = self.setup();
        let persons = withdraw::persons(number, &setup.lists).unwrap();
        let mut outbox = Outbox::open(&self.state()).await.unwrap();
        let client = Client::new(&setup.config).unwrap();
        let tell = async |lift: &schemas::withdrawal::Lift| client.lift(lift).await;
        let lifted =
            withdraw::lift(&setup, &persons, (&mut outbox, self.moment.now(), self.moment.bytes()), tell).await;
        assert_eq!(lifted.unwrap(), 1);
    }

    /// Decides on what vanished: `kept` of those that wait are kept, the others are taken back. Answers how many waited.
    pub(super) async fn decide(&self, kept: impl Fn(&str) -> bool) -> usize {
        let mut outbox = Outbox::open(&self.state()).await.unwrap();
        let waiting = outbox.vanished(Some(State::Waiting)).await.unwrap();
        for one in &waiting {
            let decision = if kept(&one.treatment) { State::Keep } else { State::Retract };
            assert_eq!(outbox.decide_vanished(self.sender, Some(one.id), decision).await.unwrap(), 1);
        }
        waiting.len()
    }

    /// `objections backup`
    pub(super) async fn back_up_objections(&self, copy: &Path) {
        let mut objections = Objections::open(&self.state(), &self.setup().keys).await.unwrap();
        objections.back_up(copy, PASSPHRASE, self.moment.bytes()).await.unwrap();
    }

    /// `objections restore`; answers how many were not in the list.
    pub(super) async fn restore_objections(&self, copy: &Path) -> u64 {
        let keys = self.setup().keys;
        let mut objections = Objections::open(&self.state(), &keys).await.unwrap();
        objections.restore(copy, PASSPHRASE, &keys).await.unwrap().new
    }

    /// Bodies of all batches that were ever sent.
    pub(super) fn batches(&self) -> Vec<Vec<u8>> {
        let exchanges = self.capture.exchanges().into_iter().filter(|exchange| exchange.request.method() == "PUT");
        exchanges.map(|exchange| exchange.request.content().unwrap()).collect()
    }
}
