//! What the register holds: every row of every table, read with a connection of the test's own.

use std::collections::BTreeMap;
use std::path::Path;

use end_to_end::blocking;
use schemas::problem::ProblemType;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

/// Rows by table, sorted, each as SQL literals.
pub(crate) type Tables = BTreeMap<String, Vec<String>>;

/// What the register notes of who asked it last, and of its own days: that is no delivery.
const OF_CONNECTIONS: [&str; 2] = ["sender_told", "register_life"];
/// Where the events of the audit log stand, whether they wait for their place or have it.
const EVENTS: &str = "audit events";

/// Reads them all. Events get their places and are signed by themselves, so only which events there are is read of the audit log.
pub(crate) fn tables(database: &Path) -> Tables {
    blocking::run(async {
        let options = SqliteConnectOptions::new().filename(database).read_only(true);
        let mut connection = options.connect().await.expect("the register's database opens");
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await
            .expect("the tables' names");
        let mut tables = Tables::new();
        for name in
            names.into_iter().filter(|name| !name.starts_with("audit_") && !OF_CONNECTIONS.contains(&name.as_str()))
        {
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
        let events = "SELECT event FROM audit_pending UNION ALL SELECT event FROM audit_leaf ORDER BY 1";
        let events = sqlx::query_scalar(events).fetch_all(&mut connection).await;
        tables.insert(EVENTS.into(), events.expect("the events"));
        tables
    })
}

/// Leaves events of a kind out that only `tables` of a later moment have.
pub(crate) fn leave_out(tables: &mut Tables, kind: &str) {
    let mark = format!("\"kind\":\"{kind}\"");
    tables.entry(EVENTS.into()).and_modify(|events| events.retain(|event| !event.contains(&mark)));
}

/// Fails when a table changed; names it and its counts only, because a dump tells nothing more.
pub(crate) fn must_be_the_same(before: &Tables, after: &Tables, what: &str) {
    assert!(before.contains_key("treatment"), "the register's tables are read");
    let changed: Vec<_> = before.iter().filter(|(name, rows)| after.get(*name) != Some(rows)).collect();
    let told: Vec<_> = changed.iter().map(|(name, rows)| (name, rows.len(), after[*name].len())).collect();
    assert!(told.is_empty() && before.len() == after.len(), "{what}: table, rows before, rows after: {told:?}");
}

/// The same after a refusal: one that contradicts what is stored leaves its event, which is part of `before` from then on.
pub(crate) fn must_be_the_same_but_for_its_event(
    before: &mut Tables,
    after: &Tables,
    (what, refusal): (&str, ProblemType),
) {
    if matches!(refusal, ProblemType::VersionConflict | ProblemType::BatchConflict) {
        assert_eq!(after[EVENTS].len(), before[EVENTS].len() + 1, "{what}");
        before.insert(EVENTS.into(), after[EVENTS].clone());
    }
    must_be_the_same(before, after, what);
}
