//! PostgreSQL as a source.
//!
//! Promises: all queries of a source are answered from one snapshot in one transaction that cannot write; rows are streamed by COPY,
//! in the text that the server writes under ISO dates, UTC and full digits; whatever a server's defaults are.

use std::borrow::Cow;
use std::str::FromStr as _;

use futures_util::StreamExt as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions as _, Connection as _, Executor as _, SqlSafeStr as _, Statement as _,
    TypeInfo as _,
};

use super::address::Address;
use super::kind::Kind;
use super::refusal::{unanswered, unconnected};
use super::server::{Reader, Server, Sink};
use super::{Column, Dialect, Query};
use crate::source::{Columns, Pages, SourceError};

/// Settings that a server of some version may lack are left out there; no time limit of the server's ends a reading, and no notice
/// brings values of rows into a log.
const SESSION: &str = "
SELECT set_config(wanted.name, wanted.value, false)
FROM (VALUES
    ('default_transaction_read_only', 'on'), ('datestyle', 'ISO, YMD'), ('timezone', 'UTC'), ('intervalstyle', 'iso_8601'),
    ('extra_float_digits', '3'), ('bytea_output', 'hex'), ('standard_conforming_strings', 'on'), ('client_encoding', 'UTF8'),
    ('client_min_messages', 'error'), ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
    ('transaction_timeout', '0'), ('lock_timeout', '300000'), ('jit', 'off')
) AS wanted (name, value)
JOIN pg_catalog.pg_settings ON lower(pg_settings.name) = wanted.name
";
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// An open database, inside its transaction.
pub(super) struct Postgres(Server<PgConnection>);

impl Postgres {
    /// Connects and begins the transaction that all queries share.
    pub(super) async fn open(address: &Address) -> Result<Self, SourceError> {
        let options = PgConnectOptions::from_str(&address.url).map_err(|_| address.unreadable())?;
        let options = options.application_name("registry-agent").disable_statement_logging();
        let server = format!("PostgreSQL at {}:{}", options.get_host(), options.get_port());
        let mut connection = options.connect().await.map_err(|error| unconnected(&server, &error))?;
        for statement in [SESSION, BEGIN] {
            sqlx::raw_sql(statement).execute(&mut connection).await.map_err(|error| unconnected(&server, &error))?;
        }
        Ok(Self(Server::new(connection)))
    }

    /// What a statement yields. A prepared statement is one statement: a text that would end the query and begin another is refused
    /// here.
    pub(super) async fn columns(&self, columns: &'static Columns, sql: String) -> Result<Vec<Column>, SourceError> {
        let mut connection = self.0.connection().await;
        let refused = |error| unanswered(columns.query, &error);
        let statement = connection.prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await.map_err(refused)?;
        // Rights are looked at only when a statement begins to be answered.
        let nothing = sqlx::raw_sql(AssertSqlSafe(format!("{sql} LIMIT 0"))).execute(&mut *connection);
        nothing.await.map_err(refused)?;
        let column = |column: &sqlx::postgres::PgColumn| Column {
            name: column.name().to_owned(),
            kind: kind(column.type_info().name()),
        };
        Ok(statement.columns().iter().map(column).collect())
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
        let copy = format!("COPY ({select}) TO STDOUT");
        self.0.read(query.columns, async move |mut connection, mut sink: Sink| {
            let mut rows = connection.copy_out_raw(&copy).await.map_err(|error| unanswered(name, &error))?;
            let mut reader = Reader::Waits;
            while let Some(row) = rows.next().await {
                let row = row.map_err(|error| unanswered(name, &error))?;
                // What is left must be taken off the connection before it can be asked again.
                if reader == Reader::Waits {
                    add_row(&mut sink, &row, &kinds);
                    reader = sink.row_added().await;
                }
            }
            sink.finish().await;
            Ok(())
        })
    }
}

/// The server's names of its types. A column of an unknown type is text to the agent.
fn kind(name: &str) -> Kind {
    match name {
        "TEXT" | "VARCHAR" | "NAME" => Kind::Text,
        "CHAR" => Kind::Padded,
        "INT2" | "INT4" | "INT8" | "NUMERIC" => Kind::Number,
        "FLOAT4" => Kind::Single,
        "FLOAT8" => Kind::Double,
        "UUID" => Kind::Uuid,
        _ => Kind::Other,
    }
}

/// Takes a line of COPY's text form apart; each message of the server is one row.
fn add_row(sink: &mut Sink, line: &[u8], kinds: &[Kind]) {
    let line = String::from_utf8_lossy(line);
    let mut fields = line.strip_suffix('\n').unwrap_or(&line).split('\t');
    for kind in kinds {
        match fields.next() {
            None | Some("\\N" | "") => sink.page().add(""),
            Some(field) => kind.add(sink.page(), &unescaped(field)),
        }
    }
}

fn unescaped(field: &str) -> Cow<'_, str> {
    if !field.contains('\\') {
        return field.into();
    }
    let mut text = String::with_capacity(field.len());
    let mut rest = field.chars();
    while let Some(char) = rest.next() {
        text.push(match char {
            '\\' => match rest.next() {
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('v') => '\u{b}',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    text.into()
}

/// How names are written.
pub(super) const DIALECT: Dialect = Dialect { quote: '"', single: |column| column };
