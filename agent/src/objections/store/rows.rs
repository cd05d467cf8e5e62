//! The list as rows that a backup holds.
//!
//! Promises: what comes back is added to what is there; nobody leaves the list by it, and what was confirmed stays so.

use schemas::canonical;
use serde::{Deserialize, Serialize};
use sqlx::Connection as _;

use super::{KEY, KeptReceipt, Objections};
use crate::objections::ObjectionsError;

/// One objection; bytes in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::objections) struct Row {
    hash: String,
    registered_at: String,
    origin: String,
    reason: String,
    asked: bool,
    tried: bool,
    kid: String,
    sealed: Option<String>,
    salt: String,
    erased_at: Option<String>,
}

/// The whole list with its receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::objections) struct Rows {
    /// Fingerprint of the objection key.
    pub(in crate::objections) key: String,
    pub(in crate::objections) objections: Vec<Row>,
    receipts: Vec<Receipt>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Receipt {
    received_at: String,
    case_number: Option<u32>,
    bytes: String,
    /// Whom it confirms.
    hashes: Vec<String>,
}

const ROWS: &str = "
SELECT lower(hex(hash)), registered_at, origin, reason, asked, tried, kid, lower(hex(sealed)), sealed IS NULL, lower(hex(salt)), erased_at
FROM objection ORDER BY hash
";
const CONFIRMED: &str = "SELECT lower(hex(hash)) FROM objection WHERE receipt = ? ORDER BY hash";
const MERGE: &str = "
INSERT INTO objection (hash, registered_at, origin, reason, asked, tried, kid, sealed, salt, erased_at)
SELECT unhex(value->>'hash'), value->>'registered_at', value->>'origin', value->>'reason', value->>'asked', value->>'tried', value->>'kid',
    unhex(value->>'sealed'), unhex(value->>'salt'), value->>'erased_at' FROM json_each(?) WHERE true
ON CONFLICT (hash) DO UPDATE SET tried = max(tried, excluded.tried), erased_at = coalesce(erased_at, excluded.erased_at), sealed = coalesce(sealed, excluded.sealed)
";
const HAS_RECEIPT: &str = "SELECT id FROM receipt WHERE bytes = ?";
const INSERT_RECEIPT: &str =
    "INSERT INTO receipt (received_at, case_number, bytes) VALUES (?, ?, unhex(?)) RETURNING id";
const CONFIRM: &str = "
UPDATE objection SET receipt = ?2 WHERE receipt IS NULL AND hash IN (SELECT unhex(value) FROM json_each(?1))
";
const HOW_MANY: &str = "SELECT count(*) FROM objection";

type Found = (String, String, String, String, bool, bool, String, Option<String>, bool, String, Option<String>);

impl Objections {
    /// The whole list.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::objections) async fn rows(&mut self) -> Result<Rows, ObjectionsError> {
        let key = self.meta(KEY).await?.ok_or(ObjectionsError::Inconsistent("meta"))?;
        let found: Vec<Found> = sqlx::query_as(ROWS).fetch_all(&mut self.connection).await?;
        let objections = found.into_iter().map(row).collect();
        let mut receipts = Vec::new();
        for KeptReceipt { id, received_at, case_number, bytes } in self.receipts(None).await? {
            let hashes = sqlx::query_scalar(CONFIRMED).bind(id).fetch_all(&mut self.connection).await?;
            receipts.push(Receipt { received_at, case_number, bytes: canonical::hex(&bytes), hashes });
        }
        Ok(Rows { key, objections, receipts })
    }

    /// Adds the rows of a backup; answers how many persons were not in the list.
    ///
    /// # Errors
    /// When the database fails or the rows are not of their form; then nothing is added.
    pub(in crate::objections) async fn merge(&mut self, rows: &Rows) -> Result<u64, ObjectionsError> {
        let malformed = |_| ObjectionsError::Inconsistent("the backup");
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let before: i64 = sqlx::query_scalar(HOW_MANY).fetch_one(&mut *transaction).await?;
        let objections = serde_json::to_string(&rows.objections).map_err(malformed)?;
        sqlx::query(MERGE).bind(objections).execute(&mut *transaction).await?;
        for receipt in &rows.receipts {
            let bytes = receipt.bytes.as_str();
            let known: Option<i64> =
                sqlx::query_scalar(HAS_RECEIPT).bind(unhex(bytes)).fetch_optional(&mut *transaction).await?;
            let id = if let Some(id) = known {
                id
            } else {
                let insert = sqlx::query_scalar(INSERT_RECEIPT).bind(&receipt.received_at);
                insert.bind(receipt.case_number).bind(bytes).fetch_one(&mut *transaction).await?
            };
            let hashes = serde_json::to_string(&receipt.hashes).map_err(malformed)?;
            sqlx::query(CONFIRM).bind(hashes).bind(id).execute(&mut *transaction).await?;
        }
        let after: i64 = sqlx::query_scalar(HOW_MANY).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(u64::try_from(after - before).unwrap_or_default())
    }
}

fn row((hash, registered_at, origin, reason, asked, tried, kid, sealed, unsealed, salt, erased_at): Found) -> Row {
    let sealed = sealed.filter(|_| !unsealed);
    Row { hash, registered_at, origin, reason, asked, tried, kid, sealed, salt, erased_at }
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).filter_map(digit).collect()
}
