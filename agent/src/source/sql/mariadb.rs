//! MariaDB and MySQL as a source.
//!
//! Promises: all queries of a source are answered from one snapshot (of tables that keep versions, as InnoDB does) in one transaction
//! that cannot write; rows are streamed in the text that the server writes; a float of four bytes is read as a double, because its
//! own text has six digits; a moment is marked as UTC.

use std::str::FromStr as _;

use futures_util::StreamExt as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, Row as _, SqlSafeStr as _,
    Statement as _, TypeInfo as _,
};

use super::address::Address;
use super::kind::Kind;
use super::refusal::{unanswered, unconnected};
use super::server::{Reader, Server, Sink};
use super::{Column, Dialect, Query};
use crate::source::{Columns, Pages, SourceError};

/// The server's own mode stays, so that a query means here what it means in the region's own client; only a backslash in a text
/// means itself, as in the other engines. A reader that maps slowly is waited for.
const SESSION: &str = "
SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), time_zone = '+00:00', net_write_timeout = 3600,
    wait_timeout = 28800, lock_wait_timeout = 300
";
/// No limit of the server's ends a reading; a long list of ids is looked up in an index.
const LIMITS_MARIADB: &str = "SET SESSION max_statement_time = 0, in_predicate_conversion_threshold = 0";
/// The same in `MySQL`.
const LIMITS_MYSQL: &str = "SET SESSION max_execution_time = 0, range_optimizer_max_mem_size = 0";
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

/// An open database, inside its transaction.
pub(super) struct MariaDb(Server<MySqlConnection>);

impl MariaDb {
    /// Connects and begins the transaction that all queries share.
    pub(super) async fn open(address: &Address) -> Result<Self, SourceError> {
        let options = MySqlConnectOptions::from_str(&address.url).map_err(|_| address.unreadable())?;
        let options = options.charset("utf8mb4").timezone(None).pipes_as_concat(false).no_engine_substitution(false);
        let options = options.disable_statement_logging();
        let server = format!("MariaDB or MySQL at {}:{}", options.get_host(), options.get_port());
        let refused = |error| unconnected(&server, &error);
        let mut connection = options.connect().await.map_err(refused)?;
        let version: String =
            sqlx::query_scalar("SELECT VERSION()").fetch_one(&mut connection).await.map_err(refused)?;
        let limits = if version.contains("MariaDB") { LIMITS_MARIADB } else { LIMITS_MYSQL };
        for statement in [SESSION, limits, ISOLATION, BEGIN] {
            sqlx::raw_sql(statement).execute(&mut connection).await.map_err(refused)?;
        }
        Ok(Self(Server::new(connection)))
    }

    /// What a statement yields. A prepared statement is one statement: a text that would end the query and begin another is refused
    /// here.
    pub(super) async fn columns(&self, columns: &'static Columns, sql: String) -> Result<Vec<Column>, SourceError> {
        let mut connection = self.0.connection().await;
        let prepared = connection.prepare(AssertSqlSafe(sql).into_sql_str());
        let statement = prepared.await.map_err(|error| unanswered(columns.query, &error))?;
        let used = |name: &str| columns.names.iter().any(|column| column.eq_ignore_ascii_case(name));
        let mut found = Vec::new();
        for column in statement.columns() {
            let (name, written) = (column.name().to_owned(), column.type_info().name());
            if matches!(written, "BIT" | "BINARY" | "GEOMETRY") && used(&name) {
                return Err(SourceError::Query(format!(
                    "{}: the column {name} is {written}, which has no text; convert it in the query, for example CAST({name} AS \
                     UNSIGNED) AS {name} for BIT, HEX({name}) AS {name} for BINARY",
                    columns.query
                )));
            }
            found.push(Column { name, kind: kind(written) });
        }
        Ok(found)
    }

    /// Takes leave of the server.
    pub(super) async fn close(self) {
        if let Some(connection) = self.0.end().await {
            // Everything was read: a server that no longer hears it loses nothing.
            let _ = connection.close().await;
        }
    }

    /// The rows of a statement over a query's columns.
    pub(super) fn read(&mut self, query: &Query, select: &str) -> Pages<'static> {
        let (name, kinds) = (query.columns.query, query.kinds());
        let select = select.to_owned();
        self.0.read(query.columns, async move |mut connection, mut sink: Sink| {
            let mut rows = sqlx::raw_sql(AssertSqlSafe(select)).fetch(&mut *connection);
            while let Some(row) = rows.next().await {
                let row = row.map_err(|error| unanswered(name, &error))?;
                add_row(&mut sink, &row, &kinds).map_err(|error| unanswered(name, &error))?;
                if sink.row_added().await == Reader::Gone {
                    return Ok(());
                }
            }
            sink.finish().await;
            Ok(())
        })
    }
}

/// The driver's names of the server's types.
fn kind(name: &str) -> Kind {
    match name {
        "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" | "ENUM" => Kind::Text,
        "CHAR" => Kind::Padded,
        "FLOAT" => Kind::Single,
        "DOUBLE" => Kind::Double,
        "TIMESTAMP" => Kind::Moment,
        "BOOLEAN" | "DECIMAL" => Kind::Number,
        whole if whole.contains("INT") => Kind::Number,
        _ => Kind::Other,
    }
}

fn add_row(sink: &mut Sink, row: &MySqlRow, kinds: &[Kind]) -> sqlx::Result<()> {
    for (index, kind) in kinds.iter().enumerate() {
        match row.try_get_unchecked::<Option<&[u8]>, _>(index)? {
            None => sink.page().add(""),
            Some(value) => kind.add(sink.page(), &String::from_utf8_lossy(value)),
        }
    }
    Ok(())
}

/// How names are written, and how a float of four bytes is read with all its digits.
pub(super) const DIALECT: Dialect = Dialect { quote: '`', single: |column| format!("({column} + 0e0)") };
