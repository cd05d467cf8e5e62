//! Confirmed erasures: the register's receipts, and how long a pseudonym is kept under its seal.
//!
//! Promises: a receipt and what it confirms are kept together, byte for byte and for good.

use jiff::{SignedDuration, Timestamp};
use schemas::id::KeyId;
use sqlx::Connection as _;

use super::{Objections, hexes, written};
use crate::objections::ObjectionsError;

/// An erasure is sent again to a register that was put back from a backup; older ones it does not keep.
const BACKUP_HORIZON: SignedDuration = SignedDuration::from_hours(35 * 24);

/// A receipt as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptReceipt {
    /// Its number here.
    pub id: i64,
    /// When it came, RFC 3339 UTC.
    pub received_at: String,
    /// The case of the register that was answered.
    pub case_number: Option<u32>,
    /// The answer as it came.
    pub bytes: Vec<u8>,
}

const INSERT_RECEIPT: &str = "INSERT INTO receipt (received_at, case_number, bytes) VALUES (?, ?, ?) RETURNING id";
const ERASED: &str = "
UPDATE objection SET erased_at = ?2, receipt = ?3, asked = 0, case_number = NULL, tried = 0
WHERE hash IN (SELECT unhex(value) FROM json_each(?1))
";
const TRIED: &str = "
UPDATE objection SET tried = (SELECT max(tried) + 1 FROM objection)
WHERE tried = 0 AND hash IN (SELECT unhex(value) FROM json_each(?))
";
const ERASED_BEFORE: &str = "
SELECT count(*) FROM objection
WHERE (tried OR erased_at IS NOT NULL) AND kid <> ?2 AND hash IN (SELECT unhex(value) FROM json_each(?1))
";
const DROP_SEALS: &str = "
UPDATE objection SET sealed = NULL WHERE sealed IS NOT NULL AND hash IN (SELECT unhex(value) FROM json_each(?))
";
const DROP_OLD_SEALS: &str =
    "UPDATE objection SET sealed = NULL WHERE erased_at < ? AND asked = 0 AND sealed IS NOT NULL";
const RECEIPTS: &str =
    "SELECT id, received_at, case_number, bytes FROM receipt WHERE ?1 IS NULL OR id = ?1 ORDER BY id";

/// What is older is in no backup of the register.
pub(super) fn horizon(now: Timestamp) -> Timestamp {
    now.checked_sub(BACKUP_HORIZON).unwrap_or(Timestamp::MIN)
}

impl Objections {
    /// Notes that the register is being told of persons in one request, and may hear it though no answer comes. Who was told of before
    /// stays in that request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tried(&mut self, hashes: &[[u8; 32]]) -> Result<(), ObjectionsError> {
        sqlx::query(TRIED).bind(hexes(hashes)).execute(&mut self.connection).await?;
        Ok(())
    }

    /// How many of these the register may have erased under an earlier person key than this one: it cannot know that they are the same.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erased_before(&mut self, hashes: &[[u8; 32]], kid: &KeyId) -> Result<u64, ObjectionsError> {
        let query = sqlx::query_scalar(ERASED_BEFORE).bind(hexes(hashes)).bind(kid.as_str());
        let count: i64 = query.fetch_one(&mut self.connection).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Keeps a receipt with what it confirms; answers its number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erased(
        &mut self,
        hashes: &[[u8; 32]],
        (bytes, case): (&[u8], Option<u32>),
        now: Timestamp,
    ) -> Result<i64, ObjectionsError> {
        let now = written(now);
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let insert = sqlx::query_scalar(INSERT_RECEIPT).bind(&now).bind(case).bind(bytes);
        let receipt: i64 = insert.fetch_one(&mut *transaction).await?;
        sqlx::query(ERASED).bind(hexes(hashes)).bind(&now).bind(receipt).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(receipt)
    }

    /// Forgets the pseudonyms of persons of whom the register cannot hold anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_seals(&mut self, hashes: &[[u8; 32]]) -> Result<(), ObjectionsError> {
        sqlx::query(DROP_SEALS).bind(hexes(hashes)).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Forgets the pseudonyms of persons whom no backup of the register holds any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_old_seals(&mut self, now: Timestamp) -> Result<(), ObjectionsError> {
        sqlx::query(DROP_OLD_SEALS).bind(written(horizon(now))).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Every receipt, or the one of a number, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receipts(&mut self, id: Option<i64>) -> Result<Vec<KeptReceipt>, ObjectionsError> {
        Ok(sqlx::query_as(RECEIPTS).bind(id).fetch_all(&mut self.connection).await?)
    }
}
