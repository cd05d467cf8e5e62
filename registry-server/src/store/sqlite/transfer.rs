//! Rows of whole tables, out of and into SQLite.

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection as _, QueryBuilder, Row as _, Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::mpsc::Sender;

use super::Writer;
use super::fault::fault;
use crate::store::StoreError;
use crate::store::transfer::{Column, Kind, PAGE, Place, Row, Table, Value};

/// Values in one INSERT, below SQLite's limit.
const VALUES_AT_ONCE: usize = 30_000;

/// Sends every row, in pages, until nobody takes them any more.
pub(super) async fn export(
    readers: &SqlitePool,
    table: &'static Table,
    pages: Sender<Vec<Row>>,
) -> Result<(), StoreError> {
    let expression = |column: &Column| match column.place {
        Place::Both => column.name,
        Place::Derived(expression) => expression,
    };
    let columns: Vec<&str> = table.columns.iter().map(expression).collect();
    let of_sender = table.is_of_senders() && table.columns[0].place == Place::Both;
    let first = if of_sender { "sender, " } else { "" };
    // Made of names in this program only.
    let select = format!("SELECT {} FROM {} ORDER BY {first}{}", columns.join(", "), table.name, table.order);
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(readers);
    let mut page = Vec::with_capacity(PAGE);
    while let Some(row) = rows.try_next().await.map_err(fault)? {
        page.push(read(&row, table).map_err(fault)?);
        if page.len() == PAGE && pages.send(std::mem::take(&mut page)).await.is_err() {
            return Ok(());
        }
    }
    if !page.is_empty() {
        // Whoever stopped listening has an error of its own to tell.
        let _ = pages.send(page).await;
    }
    Ok(())
}

fn read(row: &SqliteRow, table: &Table) -> Result<Row, sqlx::Error> {
    let value = |(index, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Integer => Value::Integer(row.try_get(index)?),
            Kind::Real => Value::Real(row.try_get(index)?),
            Kind::Text => Value::Text(row.try_get(index)?),
            Kind::Blob => Value::Blob(row.try_get(index)?),
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// Takes rows in.
pub(super) async fn import(writer: &Writer, table: &'static Table, rows: &[Row]) -> Result<(), StoreError> {
    let mut connection = writer.connection().await?;
    let imported = insert(&mut connection, table, rows).await.map_err(fault);
    writer.settle(connection, imported)
}

async fn insert(connection: &mut SqliteConnection, table: &Table, rows: &[Row]) -> Result<(), sqlx::Error> {
    let own: Vec<usize> =
        table.columns.iter().enumerate().filter(|(_, column)| column.place == Place::Both).map(|(i, _)| i).collect();
    let names: Vec<&str> = own.iter().map(|index| table.columns[*index].name).collect();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for chunk in rows.chunks(VALUES_AT_ONCE / own.len()) {
        let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new("INSERT INTO ");
        insert.push(table.name).push(" (").push(names.join(", ")).push(") ");
        insert.push_values(chunk, |mut place, row| {
            for index in &own {
                match &row[*index] {
                    Value::Integer(value) => place.push_bind(*value),
                    Value::Real(value) => place.push_bind(*value),
                    Value::Text(value) => place.push_bind(value.clone()),
                    Value::Blob(value) => place.push_bind(value.clone()),
                };
            }
        });
        insert.build().persistent(false).execute(&mut *transaction).await?;
    }
    transaction.commit().await
}
