//! The programs that keep a region's tables: three databases, and a folder of exported files.
//!
//! Promises: what was written reads back as the same text in all of them.

mod database;
mod export;

use std::path::{Path, PathBuf};

use super::Plan;
use super::tables::tables;

/// What keeps a region's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of SQLite.
    Sqlite,
    /// A database of PostgreSQL.
    Postgres,
    /// A database of MariaDB.
    MariaDb,
    /// A folder of CSV files in Windows-1252, as a nightly export writes them.
    Csv,
}

/// Every engine, in the order in which a demo's regions use them.
pub const ENGINES: [Engine; 4] = [Engine::Sqlite, Engine::Postgres, Engine::MariaDb, Engine::Csv];

/// A region's tables, written.
#[derive(Debug, Clone)]
pub struct Source {
    /// What keeps them.
    pub engine: Engine,
    /// The address of the database, or the folder of the files.
    pub address: String,
}

/// The rows that the recount reads: of treatments, and of answers.
pub(super) struct Read {
    pub(super) treatments: Vec<Vec<Option<String>>>,
    pub(super) answers: Vec<Vec<Option<String>>>,
}

impl Engine {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
            Self::Csv => "CSV files in Windows-1252",
        }
    }

    /// Whether the program that keeps the tables is on this machine.
    ///
    /// # Errors
    /// A sentence that names what to install.
    pub fn program(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite | Self::Csv => Ok(()),
            Self::Postgres => databases::Postgres::shared().map(drop),
            Self::MariaDb => databases::MariaDb::shared().map(drop),
        }
    }

    /// Writes a plan's tables into a new place; `path` is where a file or folder may be made.
    ///
    /// # Errors
    /// When the database program is missing or refuses them.
    pub async fn write(self, plan: &Plan, path: &Path) -> anyhow::Result<Source> {
        let tables = tables(plan)?;
        let name = format!("platform_{}", plan.sender.to_lowercase());
        let address = match self {
            Self::Sqlite => format!("sqlite://{}", path.with_extension("db").display()),
            Self::Postgres => databases::Postgres::shared()?.database(&name)?,
            Self::MariaDb => databases::MariaDb::shared()?.database(&name)?,
            Self::Csv => path.with_extension("export").display().to_string(),
        };
        match self {
            Self::Csv => export::write(&tables, Path::new(&address))?,
            Self::Sqlite | Self::Postgres | Self::MariaDb => database::write(&tables, &address).await?,
        }
        Ok(Source { engine: self, address })
    }
}

impl Source {
    /// The file of a SQLite source.
    ///
    /// # Panics
    /// For any other engine.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.address.strip_prefix("sqlite://").expect("only SQLite keeps its tables in one file").into()
    }

    pub(super) async fn read(&self) -> anyhow::Result<Read> {
        match self.engine {
            Engine::Csv => export::read(Path::new(&self.address)),
            Engine::Sqlite | Engine::Postgres | Engine::MariaDb => database::read(&self.address).await,
        }
    }
}
