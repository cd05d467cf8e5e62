//! What the register holds: every row of every table, read with a connection of the test's own.

use std::collections::BTreeMap;
use std::path::Path;

use end_to_end::blocking;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

/// Rows by table, sorted, each as SQL literals.
pub(crate) type Tables = BTreeMap<String, Vec<String>>;

/// Reads them all.
pub(crate) fn tables(database: &Path) -> Tables {
    blocking::run(async {
        let options = SqliteConnectOptions::new().filename(database).read_only(true);
        let mut connection = options.connect().await.expect("the register's database opens");
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await
            .expect("the tables' names");
        let mut tables = Tables::new();
        for name in names {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
                .bind(&name)
                .fetch_all(&mut connection)
                .await
                .expect("a table's columns");
            let row: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            let select = format!("SELECT {} FROM \"{name}\" ORDER BY 1", row.join(" || ' ' || "));
            let rows = sqlx::query_scalar(AssertSqlSafe(select)).fetch_all(&mut connection).await;
            tables.insert(name, rows.expect("a table's rows"));
        }
        tables
    })
}

/// Fails when a table changed; names it and its counts only, because a dump tells nothing more.
pub(crate) fn must_be_the_same(before: &Tables, after: &Tables, what: &str) {
    assert!(before.contains_key("treatment"), "the register's tables are read");
    let changed: Vec<_> = before.iter().filter(|(name, rows)| after.get(*name) != Some(rows)).collect();
    let told: Vec<_> = changed.iter().map(|(name, rows)| (name, rows.len(), after[*name].len())).collect();
    assert!(told.is_empty() && before.len() == after.len(), "{what}: table, rows before, rows after: {told:?}");
}
