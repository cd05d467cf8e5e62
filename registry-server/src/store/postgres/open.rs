//! Connecting, and bringing the tables up to date.
//!
//! Promises: a database of an older program is never changed unless `migrate` was asked for; one of a newer program is never touched;
//! of several servers that start at once one makes the tables; no connection is used whose commits are not waited for.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::deadline::{CONNECT, within};
use super::fault::fault;
use super::{Address, Postgres};
use crate::store::open::Tables;
use crate::store::{Opening, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Connections of one server: a few that store, and some for short questions.
const CONNECTIONS: u32 = 16;
/// How long a request waits for a connection; when the database is down it is told so after this.
const PATIENCE: Duration = Duration::from_secs(3);

impl Postgres {
    /// Connects to a database.
    ///
    /// # Errors
    /// [`StoreError::Schema`] with a sentence when the database is of another version of the program or lets nobody in,
    /// [`StoreError::Unreachable`] when its server does not answer.
    pub async fn open(address: &Address, opening: Opening) -> Result<Self, StoreError> {
        let options = settings(address.options());
        // A pool would wait for a server that is not there, and then not say why.
        let connect = async { options.connect().await.map_err(fault) };
        let mut first = within(CONNECT, connect).await?;
        prepare(&mut first, &address.to_string(), opening).await?;
        first.close().await.map_err(fault)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| Box::pin(durable(connection)))
            .connect_lazy_with(options);
        Ok(Self { pool })
    }
}

fn settings(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("registry-server").options([
        // Longer than any honest wait for another batch of the same sender.
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "60s"),
        // Each statement names its sender, and only a plan made for that sender leaves the other partitions alone.
        ("plan_cache_mode", "force_custom_plan"),
        ("jit", "off"),
        ("client_min_messages", "warning"),
    ])
}

/// Makes sure that a commit on this connection is answered only when it is on the server's disk.
async fn durable(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const DURABLE: &str = include_str!("sql/durable.sql");
    const COMPRESS: &str = include_str!("sql/compress.sql");
    let commit: String = sqlx::query_scalar(DURABLE).fetch_one(&mut *connection).await?;
    if !["on", "remote_apply"].contains(&commit.as_str()) {
        return Err(sqlx::Error::Configuration("synchronous_commit cannot be switched on".into()));
    }
    sqlx::query(COMPRESS).execute(connection).await.map(|_| ())
}

async fn prepare(connection: &mut PgConnection, shown: &str, opening: Opening) -> Result<(), StoreError> {
    const LOCK: &str = include_str!("sql/lock_migrations.sql");
    const UNLOCK: &str = include_str!("sql/unlock_migrations.sql");
    sqlx::query(LOCK).execute(&mut *connection).await.map_err(fault)?;
    let tables = tables(connection).await.map_err(fault)?;
    if let Some(sentence) = tables.refusal(opening, shown) {
        return Err(StoreError::Schema(sentence));
    }
    MIGRATIONS.run(&mut *connection).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => fault(error),
        other => StoreError::Schema(format!(
            "the database {shown} does not fit this program ({other}); start the registry-server that made it"
        )),
    })?;
    sqlx::query(UNLOCK).execute(connection).await.map_err(fault).map(|_| ())
}

async fn tables(connection: &mut PgConnection) -> Result<Tables, sqlx::Error> {
    const TABLES: &str = include_str!("sql/tables.sql");
    const APPLIED: &str = include_str!("sql/applied.sql");
    let names: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await?;
    if names.is_empty() {
        return Ok(Tables::None);
    }
    if !["_sqlx_migrations", "sender_key"].iter().all(|name| names.iter().any(|table| table == name)) {
        return Ok(Tables::Foreign);
    }
    let applied: i64 = sqlx::query_scalar(APPLIED).fetch_one(connection).await?;
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    Ok(Tables::of_versions(applied, newest))
}
