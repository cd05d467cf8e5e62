//! Rows of whole tables, one after the other.

use tokio::sync::mpsc;

use crate::store::transfer::{Row, TABLES, Value};
use crate::store::{Store, StoreError};

/// Calls `each` for every row of a table, in the table's order, until it breaks off.
pub(super) async fn each<E: From<StoreError>>(
    store: &dyn Store,
    name: &'static str,
    mut each: impl FnMut(&Row) -> Result<(), E>,
) -> Result<(), E> {
    let table = TABLES.iter().find(|table| table.name == name);
    let table = table.ok_or_else(|| StoreError::Statement(format!("there is no table {name}")))?;
    let (pages, mut coming) = mpsc::channel::<Vec<Row>>(2);
    let read = async move {
        while let Some(page) = coming.recv().await {
            page.iter().try_for_each(&mut each)?;
        }
        Ok(())
    };
    // A fault ends the reading, and the store hears that nobody takes its pages any more.
    let (exported, ended) = tokio::join!(store.export(table, pages), read);
    ended.and(exported.map_err(E::from))
}

/// A whole number of a row.
pub(super) fn integer(row: &Row, column: usize) -> Option<u64> {
    match row.get(column)? {
        Value::Integer(value) => u64::try_from((*value)?).ok(),
        _ => None,
    }
}

/// A text of a row.
pub(super) fn text(row: &Row, column: usize) -> Option<&str> {
    match row.get(column)? {
        Value::Text(value) => value.as_deref(),
        _ => None,
    }
}

/// Bytes of a row.
pub(super) fn bytes(row: &Row, column: usize) -> Option<&[u8]> {
    match row.get(column)? {
        Value::Blob(value) => value.as_deref(),
        _ => None,
    }
}
