//! What a table holds of each sender, as a digest.
//!
//! Promises: the same rows in the same order give the same digest in every engine: text and bytes with their length, doubles by their
//! bits, and nothing told from what is empty.

use std::collections::BTreeMap;

use schemas::canonical;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::{Row, TABLES, Table, Value};
use crate::store::{Store, StoreError};

/// The rows of one table that belong to one sender, or to the register itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The table's name.
    pub table: &'static str,
    /// The sender; nothing where rows belong to none.
    pub sender: Option<String>,
    /// How many rows there are.
    pub rows: u64,
    /// SHA-256 over them, in hexadecimal.
    pub digest: String,
}

/// Reads a whole store; tells what it holds, table by table and sender by sender.
///
/// # Errors
/// When the store fails.
pub(super) async fn contents(store: &dyn Store) -> Result<Vec<Content>, StoreError> {
    let mut contents = Vec::new();
    for table in TABLES {
        let (pages, mut coming) = mpsc::channel(2);
        let read = async {
            let mut sums: BTreeMap<Option<String>, (u64, Sha256)> = BTreeMap::new();
            while let Some(page) = coming.recv().await {
                for row in page {
                    let (rows, hash) = sums.entry(sender(table, &row)).or_default();
                    *rows += 1;
                    add(hash, &row);
                }
            }
            sums
        };
        let (exported, sums) = tokio::join!(store.export(table, pages), read);
        exported?;
        contents.extend(sums.into_iter().map(|(sender, (rows, hash))| Content {
            table: table.name,
            sender,
            rows,
            digest: canonical::hex(&hash.finalize()),
        }));
    }
    Ok(contents)
}

fn sender(table: &Table, row: &Row) -> Option<String> {
    match row.first() {
        Some(Value::Text(sender)) if table.is_of_senders() => sender.clone(),
        _ => None,
    }
}

fn add(hash: &mut Sha256, row: &Row) {
    for value in row {
        let bytes = match value {
            Value::Integer(value) => value.map(|value| value.to_be_bytes().to_vec()),
            Value::Real(value) => value.map(|value| value.to_bits().to_be_bytes().to_vec()),
            Value::Text(value) => value.as_ref().map(|value| value.as_bytes().to_vec()),
            Value::Blob(value) => value.clone(),
        };
        let Some(bytes) = bytes else {
            hash.update([0]);
            continue;
        };
        hash.update([1]);
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    }
}
