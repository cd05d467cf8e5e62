//! Names under earlier person keys, and the receipts of erasures under them.
//!
//! Promises: kept under the seal, and no longer than the pseudonym of today.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemas::canonical;
use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::notes::ANSWERED;
use super::{NewObjection, Objections, SET_META, bytes, hexes, written};
use crate::objections::ObjectionsError;
use crate::pseudonymise::{EarlierName, Keys};

const INSERT: &str = "
INSERT OR IGNORE INTO earlier_name (hash, kid, sealed, told)
SELECT o.hash, value->>1, unhex(value->>2), o.kid = value->>1 AND (o.tried OR o.erased_at IS NOT NULL)
FROM json_each(?) JOIN objection o ON o.hash = unhex(value->>0) WHERE o.sealed IS NOT NULL
";
const NAMES: &str = "SELECT hash, kid, sealed FROM earlier_name ORDER BY hash, kid";
/// Under the name in the list the person is counted as one that is in it.
const TELL: &str = "
UPDATE earlier_name SET told = 1
WHERE told = 0 AND hash IN (SELECT unhex(value) FROM json_each(?))
    AND kid <> (SELECT kid FROM objection o WHERE o.hash = earlier_name.hash)
";
const KEEP: &str = "
INSERT INTO receipt (received_at, bytes) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE bytes = ?2) RETURNING id
";

/// Remembers them.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    new: &[NewObjection],
    keys: &Keys,
) -> Result<(), sqlx::Error> {
    let rows = new.iter().flat_map(|one| {
        let hash = one.objector.hash;
        one.earlier.iter().map(move |EarlierName { kid, person }| {
            json!([canonical::hex(&hash), kid.as_str(), canonical::hex(&keys.seal(kid, &hash, *person))])
        })
    });
    let rows: Vec<Value> = rows.collect();
    if !rows.is_empty() {
        sqlx::query(INSERT).bind(Value::Array(rows).to_string()).execute(connection).await?;
    }
    Ok(())
}

impl Objections {
    /// What some of those who object were called under earlier person keys, by hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn earlier_names(
        &mut self,
        keys: &Keys,
    ) -> Result<BTreeMap<[u8; 32], Vec<EarlierName>>, ObjectionsError> {
        let rows: Vec<(Vec<u8>, String, Vec<u8>)> = sqlx::query_as(NAMES).fetch_all(&mut self.connection).await?;
        let mut names: BTreeMap<[u8; 32], Vec<EarlierName>> = BTreeMap::new();
        for (hash, kid, sealed) in rows {
            let hash = bytes(hash, "earlier_name.hash")?;
            let kid = kid.parse().map_err(|_| ObjectionsError::Inconsistent("earlier_name.kid"))?;
            let person = keys.seal(&kid, &hash, bytes(sealed, "earlier_name.sealed")?);
            names.entry(hash).or_default().push(EarlierName { kid, person });
        }
        Ok(names)
    }

    /// Notes that the register is being told of persons under their earlier names, which it counts as persons of their own that are not in
    /// the list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_earlier_names(&mut self, hashes: &[[u8; 32]]) -> Result<(), ObjectionsError> {
        let answered = self.answered_for().await?;
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let told = sqlx::query(TELL).bind(hexes(hashes)).execute(&mut *transaction).await?.rows_affected();
        sqlx::query(SET_META).bind(ANSWERED).bind((answered + told).to_string()).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Keeps the receipt of an erasure under earlier names; answers its number, and nothing when it came before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_receipt(&mut self, bytes: &[u8], now: Timestamp) -> Result<Option<i64>, ObjectionsError> {
        let keep = sqlx::query_scalar(KEEP).bind(written(now)).bind(bytes);
        Ok(keep.fetch_optional(&mut self.connection).await?)
    }
}
