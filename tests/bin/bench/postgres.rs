//! The benchmark's PostgreSQL, with the settings that it comes with and durable: target of the peers, and store of the register.
//!
//! Promises: before something is measured the server has nothing left to write.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};

/// A running server.
pub(crate) struct Postgres {
    server: databases::Postgres,
    pid: u32,
    folder: PathBuf,
}

impl Postgres {
    /// Starts one.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let server = databases::Postgres::start(&[])?;
        ensure!(server.psql("postgres", "SHOW fsync")? == "on", "PostgreSQL does not force its writes to the disk");
        let data = PathBuf::from(server.psql("postgres", "SHOW data_directory")?);
        let noted = std::fs::read_to_string(data.join("postmaster.pid"))?;
        let pid = noted.lines().next().context("PostgreSQL notes its process first")?.trim().parse()?;
        let folder = server.psql("postgres", "SHOW unix_socket_directories")?.into();
        Ok(Self { server, pid, folder })
    }

    /// The process that all others of the server come from.
    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// A folder that the server can read.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// The address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// Runs statements; gives what they print, without headings.
    pub(crate) fn query(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        Ok(self.server.psql(database, statements)?.trim().to_owned())
    }

    /// The client, ready for what it is to do.
    pub(crate) fn client(&self, database: &str) -> Command {
        let mut client = Command::new("psql");
        client.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"]).arg(self.url(database));
        client
    }

    /// A new, empty database in place of the one of that name.
    pub(crate) fn fresh(&self, database: &str) -> anyhow::Result<()> {
        self.query("postgres", &format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))?;
        self.query("postgres", &format!("CREATE DATABASE {database}"))?;
        self.query("postgres", "CHECKPOINT").map(|_| ())
    }
}
