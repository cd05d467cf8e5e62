//! The register in this process, on either engine, under the script's clock.
//!
//! Promises: what it holds is read through a connection of its own; a copy of its database is taken and put back as an operator does it,
//! while the register stands.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use databases::Postgres;
use end_to_end::pki::Authority;
use registry_server::Handle;
use registry_server::account::{Account, account};
use registry_server::config::Config;
use registry_server::fact::{Facts, Part};
use registry_server::store::{self, Opening, SenderStatus};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::moment::Moment;

/// Treatments with the person's name, in the form of the script's own truth.
const HELD: [&str; 2] = [
    "SELECT t.sender || ' ' || t.record_key || ' ' || lower(hex(t.content_hash)) || ' ' || coalesce(lower(hex(a.s)), '') || ' ' || t.document
     FROM treatment t LEFT JOIN alias a ON a.subject = t.subject",
    "SELECT t.sender || ' ' || t.record_key || ' ' || encode(t.content_hash, 'hex') || ' ' || coalesce(encode(a.s, 'hex'), '') || ' ' || t.document
     FROM treatment t LEFT JOIN alias a ON a.sender = t.sender AND a.subject = t.subject",
];

/// What keeps the register.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

/// The register, running or not.
pub(crate) struct Register {
    pub(crate) database: Database,
    pub(crate) authority: Authority,
    pub(crate) address: SocketAddr,
    config: Config,
    handle: Option<Handle>,
    moment: Moment,
}

impl Register {
    /// Makes it in a folder, enrols senders and starts it.
    pub(crate) async fn make(folder: &Path, database: Database, senders: [&str; 2], moment: Moment) -> Self {
        let authority = Authority::make(&folder.join("pki")).unwrap();
        std::fs::create_dir_all(folder.join("register")).unwrap();
        let url = match &database {
            Database::Sqlite(file) => format!("sqlite://{}", file.display()),
            Database::Postgres(url) => url.clone(),
        };
        let text = format!(
            "[server]\nstate_dir = \"register\"\nenvironment = \"test\"\n\n[database]\nurl = \"{url}\"\n\n\
             [regions]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\nclient_ca = \"pki/ca.pem\"\n\n\
             [admin]\nlisten = \"127.0.0.1:0\"\n\n[keys]\nreceipt = \"pki/receipt.key\"\npepper = \"pki/pepper.key\"\n"
        );
        let config = Config::read(&folder.join("registry-server.toml"), &text, &[]).unwrap();
        let store = store::open(&config.database, Opening::NewOrCurrent).await.unwrap();
        for sender in senders {
            let stamp = moment.environment().stamp();
            store.set_sender(&sender.parse().unwrap(), SenderStatus::Active, stamp).await.unwrap();
        }
        store.close().await;
        let address = config.regions.listen;
        let mut register = Self { database, authority, address, config, handle: None, moment };
        register.start().await;
        register
    }

    /// Starts it on the port that it had.
    pub(crate) async fn start(&mut self) {
        let handle = registry_server::serve(&self.config, self.moment.environment()).await.unwrap();
        self.address = handle.region_addr;
        self.config.regions.listen = handle.region_addr;
        self.handle = Some(handle);
    }

    pub(crate) async fn stop(&mut self) {
        self.handle.take().expect("it runs").stop().await;
    }

    /// A sender's accounting, as `region account` tells it.
    pub(crate) async fn account(&self, sender: &str) -> Account {
        let store = store::open(&self.config.database, Opening::Existing).await.unwrap();
        let code = sender.parse().unwrap();
        let rows = store.account(&code).await.unwrap();
        store.close().await;
        account(code, &rows)
    }

    /// What its reports are made from.
    pub(crate) async fn facts(&self) -> Facts {
        let store = store::open(&self.config.database, Opening::Existing).await.unwrap();
        let facts = store.facts(Part::ALL).await.unwrap();
        store.close().await;
        facts
    }

    /// What it holds, ordered; a row that stands twice is twice here.
    pub(crate) async fn held(&self) -> Vec<String> {
        let mut reader = Reader::open(&self.database).await;
        let held = reader.held().await;
        reader.close().await;
        held
    }

    /// What it would hold after a deed behind its back, which is undone.
    pub(crate) async fn held_after(&self, deed: &'static str) -> Vec<String> {
        let mut reader = Reader::open(&self.database).await;
        reader.execute("BEGIN").await;
        reader.execute(deed).await;
        let held = reader.held().await;
        reader.execute("ROLLBACK").await;
        reader.close().await;
        held
    }

    /// Takes a copy of the database while the register stands.
    pub(crate) async fn copy(&mut self) -> Database {
        self.stop().await;
        let copy = match &self.database {
            Database::Sqlite(file) => {
                let copy = file.with_extension("copy");
                copy_database(file, &copy);
                Database::Sqlite(copy)
            }
            Database::Postgres(url) => {
                let name = name(url);
                psql(&format!("CREATE DATABASE {name}_copy TEMPLATE {name}"));
                Database::Postgres(format!("{url}_copy"))
            }
        };
        self.start().await;
        copy
    }

    /// Puts the copy back.
    pub(crate) async fn put_back(&mut self, copy: &Database) {
        self.stop().await;
        match (copy, &self.database) {
            (Database::Sqlite(copy), Database::Sqlite(file)) => copy_database(copy, file),
            (Database::Postgres(copy), Database::Postgres(url)) => {
                psql(&format!("DROP DATABASE {}", name(url)));
                psql(&format!("CREATE DATABASE {} TEMPLATE {}", name(url), name(copy)));
            }
            _ => panic!("a copy of the other engine"),
        }
        self.start().await;
    }
}

fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

fn psql(statement: &str) {
    Postgres::shared().unwrap().psql("postgres", statement).unwrap();
}

fn copy_database(from: &Path, to: &Path) {
    for end in ["", "-wal", "-shm"] {
        let [from, to] = [from, to].map(|path| format!("{}{end}", path.display()));
        std::fs::remove_file(&to).ok();
        if Path::new(&from).is_file() {
            std::fs::copy(from, to).unwrap();
        }
    }
}

enum Reader {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Reader {
    async fn open(database: &Database) -> Self {
        match database {
            Database::Sqlite(file) => {
                let options = SqliteConnectOptions::new().filename(file);
                let patient = options.busy_timeout(std::time::Duration::from_secs(10));
                Self::Sqlite(patient.connect().await.unwrap())
            }
            Database::Postgres(url) => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    async fn held(&mut self) -> Vec<String> {
        let mut held: Vec<String> = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(HELD[0]).fetch_all(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_scalar(HELD[1]).fetch_all(connection).await.unwrap(),
        };
        held.sort_unstable();
        held
    }

    async fn execute(&mut self, statement: &'static str) {
        match self {
            Self::Sqlite(connection) => drop(sqlx::query(statement).execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(sqlx::query(statement).execute(connection).await.unwrap()),
        }
    }

    async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}
