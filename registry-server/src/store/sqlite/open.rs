//! Opening the file, and bringing its tables up to date.
//!
//! Promises: a database of an older program is never changed unless `migrate` was asked for; one of a newer program is never touched;
//! the file is readable by its owner only.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection, SqlitePool};

use super::{Sqlite, Writer, fault};
use crate::store::open::Tables;
use crate::store::{Opening, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

impl Sqlite {
    /// Opens the database file.
    ///
    /// # Errors
    /// [`StoreError::Schema`] with a sentence when the file is missing, or of another version of the program.
    pub async fn open(path: &Path, opening: Opening) -> Result<Self, StoreError> {
        make_file(path, opening)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("temp_store", "MEMORY")
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(writing(options.clone()))
            .await
            .map_err(fault)?;
        prepare(&writer, path, opening).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true))
            .await
            .map_err(fault)?;
        Ok(Self { writer: Writer::new(writer), readers })
    }
}

/// How the one writer opens the file. A batch changes pages all over the indexes of random keys: they stay in memory from batch to
/// batch, and a page that many batches change is carried from the log into the file once for all of them.
fn writing(options: SqliteConnectOptions) -> SqliteConnectOptions {
    let options = options.journal_mode(SqliteJournalMode::Wal);
    options.pragma("cache_size", "-65536").pragma("wal_autocheckpoint", "8192")
}

/// Makes the file with the owner's rights only, before SQLite would make it with everybody's.
fn make_file(path: &Path, opening: Opening) -> Result<(), StoreError> {
    let shown = path.display();
    match opening {
        Opening::Existing if !path.exists() => Err(StoreError::Schema(format!(
            "the database {shown} does not exist; run `registry-server migrate` or start `serve` once"
        ))),
        Opening::Existing => Ok(()),
        Opening::NewOrCurrent | Opening::Migrate => std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .map(|_| ())
            .map_err(|error| StoreError::Schema(format!("the database {shown} cannot be made ({error}); make its folder first, or set [database] url to another file"))),
    }
}

async fn prepare(writer: &SqlitePool, path: &Path, opening: Opening) -> Result<(), StoreError> {
    let mut connection = writer.acquire().await.map_err(fault)?;
    let tables = tables(&mut connection).await.map_err(fault)?;
    let shown = path.display().to_string();
    if let Some(sentence) = tables.refusal(opening, &shown) {
        return Err(StoreError::Schema(sentence));
    }
    MIGRATIONS.run(&mut *connection).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
            fault(error)
        }
        other => StoreError::Schema(format!(
            "the database {shown} does not fit this program ({other}); start the registry-server that made it"
        )),
    })
}

async fn tables(connection: &mut SqliteConnection) -> Result<Tables, sqlx::Error> {
    const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    const APPLIED: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
    let names: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await?;
    if names.is_empty() {
        return Ok(Tables::None);
    }
    if !names.iter().any(|name| name == "_sqlx_migrations") || !names.iter().any(|name| name == "sender_key") {
        return Ok(Tables::Foreign);
    }
    let applied: i64 = sqlx::query_scalar(APPLIED).fetch_one(connection).await?;
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    Ok(Tables::of_versions(applied, newest))
}
