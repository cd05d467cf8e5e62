//! What keeps erased bytes from going: settings of the server, and whoever else keeps its log.
//!
//! Promises: one sentence for each, which says what to do.

use sqlx::PgPool;

use crate::store::StoreError;
use crate::store::postgres::fault::fault;

/// Told when the statistics cannot be written anew.
pub(super) const NOT_OWNER: &str = "the register's account does not own the database, so values of erased records may stay among its statistics; run ALTER DATABASE ... OWNER TO the account";
/// Told when a checkpoint has to be waited for.
pub(super) const NO_CHECKPOINT: &str = "the register's account may not CHECKPOINT, so erased records leave the write-ahead log only with the server's own checkpoint; run GRANT pg_checkpoint TO the account";
const RECYCLE: &str = "wal_recycle is on, so files of the write-ahead log are kept with the erased records in them; set wal_recycle = off in postgresql.conf and reload the server";
const ARCHIVE: &str = "archive_mode is on: archived files of the write-ahead log hold erased records until they are removed; keep them no longer than 35 days";
const KEEP: &str = "wal_keep_size holds files of the write-ahead log back with erased records in them; set it to 0";

/// The settings of the server that matter.
#[derive(Debug, sqlx::FromRow)]
struct Settings {
    recycles: bool,
    archives: bool,
    keeps: bool,
}

/// Whatever there is.
pub(in super::super) async fn doubts(pool: &PgPool) -> Result<Vec<String>, StoreError> {
    const SETTINGS: &str = include_str!("../sql/log_settings.sql");
    const OWNER: &str = include_str!("../sql/is_owner.sql");
    const MAY_CHECKPOINT: &str = include_str!("../sql/may_checkpoint.sql");
    const STANDBYS: &str = include_str!("../sql/standbys.sql");
    const SLOTS: &str = include_str!("../sql/slots.sql");
    let settings: Settings = sqlx::query_as(SETTINGS).fetch_one(pool).await.map_err(fault)?;
    let owner: bool = sqlx::query_scalar(OWNER).fetch_one(pool).await.map_err(fault)?;
    let may_checkpoint: bool = sqlx::query_scalar(MAY_CHECKPOINT).fetch_one(pool).await.map_err(fault)?;
    let standbys: Vec<String> = sqlx::query_scalar(STANDBYS).fetch_all(pool).await.map_err(fault)?;
    let slots: Vec<String> = sqlx::query_scalar(SLOTS).fetch_all(pool).await.map_err(fault)?;
    let plain = [
        (settings.recycles, RECYCLE),
        (settings.archives, ARCHIVE),
        (settings.keeps, KEEP),
        (!owner, NOT_OWNER),
        (!may_checkpoint, NO_CHECKPOINT),
    ];
    let plain = plain.into_iter().filter(|(is, _)| *is).map(|(_, sentence)| sentence.to_owned());
    Ok(plain.chain(standbys.iter().map(|name| standby(name))).chain(slots.iter().map(|name| slot(name))).collect())
}

fn standby(name: &str) -> String {
    format!(
        "the standby {name} copies this database: what is erased here goes there with the log; set wal_recycle = off there too"
    )
}

fn slot(name: &str) -> String {
    format!(
        "the replication slot {name} is not in use and holds the write-ahead log back with erased records in it; drop it or start what reads it"
    )
}
