//! A large delivery to a register in PostgreSQL, batch by batch, and what must have come of it.
//!
//! Promises: nothing happens by time: batches reach the register when the journey lets them, and the database is stopped while a batch
//! is written but not committed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use databases::{Postgres, Stop};
use end_to_end::active::{self, ActiveSet, postgres};
use end_to_end::process::{AGENT, Running, command};
use end_to_end::wire::Capture;
use end_to_end::world::{Region, World};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::OnceCell;

/// Enough for two batches before the stop, two at the stop and one behind it.
const TREATMENTS: usize = 4_200;
const SEED: u64 = 5;
const REGION: (usize, &str) = (0, "01");
/// The server of the tests asks for none, so that any may stand in the address.
const PASSWORD: &str = "hemligt-losen";
/// The receipt is the last row of a batch's transaction, and who holds its table keeps the transaction open. A prepared transaction holds
/// it whatever becomes of sessions: one that is ended by the stop could let a batch commit in the last moment.
const HOLD: &str = "BEGIN; LOCK TABLE batch IN SHARE MODE; PREPARE TRANSACTION 'hold'";
const LET_GO: &str = "ROLLBACK PREPARED 'hold'";
const IS_BEFORE_ITS_END: &str = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'batch'::regclass";

/// How the register reaches its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Over TCP, where it tries for some seconds before a request is told to come again.
    Network,
    /// Over the Unix socket, which is gone with the server.
    Socket,
}

/// A register in PostgreSQL, a region, and a proxy between them.
pub(super) struct Stage {
    pub(super) world: World,
    pub(super) region: Region,
    pub(super) capture: Capture,
    server: Postgres,
    database: String,
    process: u32,
}

/// A delivery that nothing disturbed.
struct Undisturbed {
    key: Vec<u8>,
    set: ActiveSet,
}

async fn undisturbed() -> &'static Undisturbed {
    static ONCE: OnceCell<Undisturbed> = OnceCell::const_new();
    let deliver = || async {
        let world = World::start("").unwrap();
        let region = world.invent(SEED, REGION, TREATMENTS).await.unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        let set = active::active_set(&world.database()).await.unwrap();
        let in_the_source = region.plan.treatments.iter().filter(|treatment| treatment.fault.is_none()).count();
        assert_eq!(set.len(), in_the_source);
        Undisturbed { key: std::fs::read(region.site.folder.join("pseudonym.key")).unwrap(), set }
    };
    ONCE.get_or_init(deliver).await
}

impl Stage {
    /// Everything ready, nothing delivered, every batch held back.
    pub(super) async fn set(reach: Reach) -> Self {
        let server = Postgres::start(&[("max_prepared_transactions", "1"), ("wal_recycle", "off")]).unwrap();
        let database = server.database("register").unwrap();
        let url = if reach == Reach::Socket { server.socket_url(&database) } else { database.clone() };
        let world = World::start_on(&url.replacen("postgres@", &format!("postgres:{PASSWORD}@"), 1)).unwrap();
        let region = world.invent(SEED, REGION, TREATMENTS).await.unwrap();
        std::fs::write(region.site.folder.join("pseudonym.key"), &undisturbed().await.key).unwrap();
        let capture = Capture::between(&region.site, (&world.authority, world.server.regions)).unwrap();
        capture.hold("PUT");
        let process = world.server.running.id();
        Self { world, region, capture, server, database, process }
    }

    /// Starts `once` beside the journey.
    pub(super) fn begin_once(&self) -> Running {
        let agent = command(AGENT, Some(&self.region.site.config()), &["once"]).unwrap();
        Running::start(agent, &self.region.site.folder.join("agent.log")).unwrap()
    }

    pub(super) fn agent_log(&self) -> String {
        std::fs::read_to_string(self.region.site.folder.join("agent.log")).unwrap_or_default()
    }

    /// The database within its server.
    fn name(&self) -> &str {
        self.database.rsplit('/').next().expect("an address ends with a name")
    }

    /// What of the address of the database nobody is told.
    pub(super) fn address(&self) -> [&str; 2] {
        let server = self.database.split(['@', '/']).nth(3).expect("postgres://user@host:port/name");
        [PASSWORD, server]
    }

    /// Lets two batches through and waits for their receipts.
    pub(super) async fn let_two_be_stored(&self) {
        self.capture.let_through(2);
        until("two receipts", async || self.answered(200) == 2).await;
        assert_eq!(postgres::receipts(&self.database).await.unwrap().len(), 2);
    }

    /// Lets two more through, stops the database when one of them is written to its last row but not committed, and waits until the agent
    /// has heard of it for both. From then on nothing is held back.
    pub(super) async fn stop_in_the_middle_of_a_batch(&self, how: Stop) {
        self.server.psql(self.name(), HOLD).unwrap();
        self.capture.let_through(2);
        until("a batch before its end", async || self.server.psql(self.name(), IS_BEFORE_ITS_END).unwrap() == "t")
            .await;
        self.server.stop(how).unwrap();
        until("two refusals", async || self.answered(503) >= 2).await;
        self.capture.release();
    }

    pub(super) fn start_again(&self) {
        self.server.start_again().unwrap();
        self.server.psql(self.name(), LET_GO).unwrap();
    }

    /// The register is the process that it was and holds the source's treatments, each once; agent and register have one receipt for each
    /// batch, and it is the one that was given whenever the batch was sent.
    pub(super) async fn must_hold_everything_once(&mut self) {
        assert!(self.world.server.running.is_running() && self.world.server.running.id() == self.process);
        assert!(self.active_set().await == undisturbed().await.set);
        assert_eq!(postgres::half_stored(&self.database).await.unwrap(), 0);

        let registered = postgres::receipts(&self.database).await.unwrap();
        assert!(registered.len() > 4, "{} batches", registered.len());
        assert!(self.kept_receipts().await == registered);
        for exchange in self.capture.exchanges() {
            let digest = exchange.request.path().strip_prefix("/v1/batches/").filter(|rest| !rest.contains('/'));
            if let (Some(digest), Some(200)) = (digest, exchange.reply.status()) {
                assert!(exchange.reply.body == registered[digest], "another receipt for the same batch");
            }
        }
    }

    /// The positive control: a treatment removed or doubled behind the register's back is seen.
    pub(super) async fn must_notice_a_row_less_and_a_row_more(&self) {
        let name = self.name();
        let double = "INSERT INTO treatment SELECT (jsonb_populate_record(t, jsonb_build_object('record_key', record_key || '-again'))).*
            FROM treatment t ORDER BY record_key LIMIT 1";
        let remove = "DELETE FROM treatment WHERE record_key = (SELECT max(record_key) FROM treatment)";
        let undo = "DELETE FROM treatment WHERE record_key LIKE '%-again'";
        let expected = &undisturbed().await.set;
        self.server.psql(name, double).unwrap();
        assert!(self.active_set().await != *expected);
        self.server.psql(name, undo).unwrap();
        assert!(self.active_set().await == *expected);
        self.server.psql(name, remove).unwrap();
        assert!(self.active_set().await != *expected);
        assert!(postgres::half_stored(&self.database).await.unwrap() > 0);
    }

    async fn active_set(&self) -> ActiveSet {
        postgres::active_set(&self.database).await.unwrap()
    }

    /// The agent's batches by their digest, each with the receipt that closed it.
    async fn kept_receipts(&self) -> BTreeMap<String, Vec<u8>> {
        let outbox = SqliteConnectOptions::new().filename(self.region.site.state().join("outbox.db"));
        let mut connection = outbox.read_only(true).connect().await.unwrap();
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as("SELECT digest, receipt FROM batch").fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let batches = rows.len();
        let kept: BTreeMap<String, Vec<u8>> = rows.into_iter().collect();
        assert_eq!(kept.len(), batches, "each batch has a digest and a receipt of its own");
        kept
    }

    /// Batches that were answered with this status, refused ones each time.
    fn answered(&self, status: u16) -> usize {
        let exchanges = self.capture.exchanges();
        let batches = exchanges.iter().filter(|exchange| exchange.request.method() == "PUT");
        batches.filter(|exchange| exchange.reply.status() == Some(status)).count()
    }
}

/// Waits until something has come about.
#[expect(clippy::disallowed_methods, reason = "a limit for a test that would otherwise hang")]
async fn until(what: &str, come_about: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !come_about().await {
        assert!(begun.elapsed() < Duration::from_mins(2), "{what} did not come about");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
