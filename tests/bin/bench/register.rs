//! A register on either engine with senders of its own, and what it holds when they have delivered.
//!
//! Promises: real programs, TLS and certificates; a counting relay stands before the register, so that what travels is known.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use end_to_end::pki::Authority;
use end_to_end::process::{SERVER, Server, run};
use end_to_end::site::{Queries, Site};
use end_to_end::wire::Capture;

use super::postgres::Postgres;
use super::source::Holding;

const OF_SQLITE: &str = "SELECT (SELECT count(*) FROM treatment), count(*), CAST(sum(m.value->>'score') AS INTEGER)
    FROM treatment, json_each(document, '$.measurements') m";
const OF_POSTGRES: &str =
    "SELECT (SELECT count(*) FROM treatment), count(*), sum((m->>'score')::double precision)::bigint
    FROM treatment, json_array_elements(document::json->'measurements') m";

/// What the register keeps its rows in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A running register in a folder of its own.
pub(crate) struct Register<'a> {
    /// The program.
    pub(crate) server: Server,
    engine: Engine,
    postgres: &'a Postgres,
    folder: tempfile::TempDir,
    authority: Authority,
}

const DATABASE: &str = "register";
const CONFIG: &str = "registry-server.toml";

impl<'a> Register<'a> {
    /// Starts an empty one.
    pub(crate) fn start(engine: Engine, postgres: &'a Postgres) -> anyhow::Result<Self> {
        Self::start_with(engine, postgres, "")
    }

    /// Starts an empty one with more in its configuration.
    pub(crate) fn start_with(engine: Engine, postgres: &'a Postgres, more: &str) -> anyhow::Result<Self> {
        Self::start_filled((engine, postgres), more, |_, _| Ok(()))
    }

    /// Starts one whose database, told by its address, was filled before.
    pub(crate) fn start_filled(
        (engine, postgres): (Engine, &'a Postgres),
        more: &str,
        fill: impl FnOnce(&str, &Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let authority = Authority::make(&folder.path().join("pki"))?;
        std::fs::create_dir_all(folder.path().join("register"))?;
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.path().join("register/register.db").display()),
            Engine::Postgres => {
                postgres.fresh(DATABASE)?;
                postgres.url(DATABASE)
            }
        };
        fill(&url, folder.path())?;
        let config = folder.path().join(CONFIG);
        std::fs::write(&config, configuration(&url) + more)?;
        let server = Server::start(&config, &folder.path().join("server.log"))?;
        Ok(Self { server, engine, postgres, folder, authority })
    }

    /// The register's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder().join(CONFIG)
    }

    /// What it keeps its rows in.
    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// Enrols a sender around a source.
    pub(crate) fn enrol(&self, sender: &str, queries: &Queries) -> anyhow::Result<Site> {
        run(SERVER, Some(&self.config()), &["region", "add", sender])?.expect(&[0])?;
        self.site(sender, queries)
    }

    /// The folder of a sender that is enrolled already.
    pub(crate) fn site(&self, sender: &str, queries: &Queries) -> anyhow::Result<Site> {
        let folder = self.folder().join(format!("agent-{sender}"));
        Site::make(&folder, sender, &self.authority, (queries, self.server.regions))
    }

    /// Lets a proxy hear in clear what an agent and the register say to each other.
    pub(crate) fn listen_in(&self, site: &Site) -> anyhow::Result<Capture> {
        Capture::between(site, (&self.authority, self.server.regions))
    }

    /// Processes whose time is looked at beside the agent's: the register, and PostgreSQL when it stores.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let mut processes = vec![self.server.running.id()];
        if self.engine == Engine::Postgres {
            processes.push(self.postgres.pid());
        }
        processes
    }

    /// Counts what is stored, through a connection of its own.
    pub(crate) fn holds(&self) -> anyhow::Result<Holding> {
        match self.engine {
            Engine::Sqlite => {
                let connection = rusqlite::Connection::open(self.folder().join("register/register.db"))?;
                let row = connection.query_row(OF_SQLITE, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
                let (treatments, scores, sum) = row?;
                Ok(Holding { treatments, scores, sum })
            }
            Engine::Postgres => {
                let printed = self.postgres.query(DATABASE, OF_POSTGRES)?;
                let fields: Result<Vec<i64>, _> = printed.split('|').map(str::parse).collect();
                let [treatments, scores, sum] = fields?.try_into().ok().context("three counts")?;
                Ok(Holding { treatments, scores, sum })
            }
        }
    }

    /// Counts the treatments alone.
    pub(crate) fn treatments(&self) -> anyhow::Result<u64> {
        const COUNT: &str = "SELECT count(*) FROM treatment";
        match self.engine {
            Engine::Sqlite => {
                let connection = rusqlite::Connection::open(self.folder().join("register/register.db"))?;
                let count: i64 = connection.query_row(COUNT, [], |row| row.get(0))?;
                Ok(u64::try_from(count)?)
            }
            Engine::Postgres => Ok(self.postgres.query(DATABASE, COUNT)?.parse()?),
        }
    }

    /// Lets the database look at what it holds, as PostgreSQL does by itself some time after much was written.
    pub(crate) fn analyse(&self) -> anyhow::Result<()> {
        if self.engine == Engine::Postgres {
            self.postgres.query(DATABASE, "VACUUM ANALYZE")?;
        }
        Ok(())
    }

    /// A counter of the register's own, summed over its labels; 0 when it never counted.
    pub(crate) fn counter(&self, name: &str) -> anyhow::Result<u64> {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(self.server.admin)?;
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let lines = text.lines().filter(|line| line.starts_with(name));
        Ok(lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
    }
}

fn configuration(url: &str) -> String {
    format!(
        "[server]\nstate_dir = \"register\"\nenvironment = \"test\"\n\n[database]\nurl = \"{url}\"\n\n[regions]\n\
         listen = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\nclient_ca = \"pki/ca.pem\"\n\n[admin]\n\
         listen = \"127.0.0.1:0\"\n\n[keys]\nreceipt = \"pki/receipt.key\"\npepper = \"pki/pepper.key\"\n\n"
    )
}
