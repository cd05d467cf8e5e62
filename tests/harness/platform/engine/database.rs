//! Tables in a database. The statements are the same for all engines but for the mark around names.

use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _};

use super::Read;
use crate::platform::tables::{NUMBERS, Table};

/// Rows in one INSERT.
const CHUNK: usize = 200;

const TREATMENTS: &str = r#"
SELECT m."nummer", i."personnummer", e."hsa_id", m."program", m."läge", m."startdatum", m."slutdatum", m."ändrad"
FROM "moment" m JOIN "invånare" i ON i."invånare_id" = m."invånare_id" JOIN "enhet" e ON e."enhet_id" = m."enhet_id"
"#;

const ANSWERS: &str = r#"
SELECT s."moment_nummer", f."namn", s."tillfälle", s."svarsdatum", s."poäng", s."ändrad"
FROM "svar" s LEFT JOIN "formulär" f ON f."formulär_id" = s."formulär_id"
"#;

enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MariaDb(MySqlConnection),
}

pub(super) async fn write(tables: &[Table], address: &str) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    connection.execute("BEGIN").await?;
    for table in tables {
        connection.execute(&create(table)).await?;
        for rows in table.rows.chunks(CHUNK) {
            connection.execute(&insert(table, rows)).await?;
        }
        for column in table.indexed {
            let name = format!("{}_{column}", table.name);
            connection.execute(&format!("CREATE INDEX \"{name}\" ON \"{}\" (\"{column}\")", table.name)).await?;
        }
    }
    connection.execute("COMMIT").await?;
    connection.close().await
}

pub(super) async fn read(address: &str) -> anyhow::Result<Read> {
    let mut connection = Connection::open(address).await?;
    let read = Read { treatments: connection.rows(TREATMENTS, 8).await?, answers: connection.rows(ANSWERS, 6).await? };
    connection.close().await?;
    Ok(read)
}

fn create(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| match (at, NUMBERS.contains(column)) {
            (0, _) => format!("\"{column}\" INTEGER PRIMARY KEY"),
            (_, true) => format!("\"{column}\" INTEGER"),
            (_, false) => format!("\"{column}\" VARCHAR(200)"),
        })
        .collect();
    format!("CREATE TABLE \"{}\" ({})", table.name, columns.join(", "))
}

fn insert(table: &Table, rows: &[Vec<Option<String>>]) -> String {
    let value = |value: &Option<String>| {
        value.as_ref().map_or_else(|| "NULL".into(), |text| format!("'{}'", text.replace('\'', "''")))
    };
    let row = |row: &Vec<Option<String>>| format!("({})", row.iter().map(value).collect::<Vec<_>>().join(", "));
    format!("INSERT INTO \"{}\" VALUES {}", table.name, rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

impl Connection {
    async fn open(address: &str) -> anyhow::Result<Self> {
        Ok(match address.split_once("://") {
            Some(("sqlite", file)) => Self::Sqlite(
                SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .disable_statement_logging()
                    .connect()
                    .await?,
            ),
            Some(("postgres", _)) => Self::Postgres(PgConnection::connect(address).await?),
            _ => Self::MariaDb(MySqlConnection::connect(address).await?),
        })
    }

    async fn execute(&mut self, statement: &str) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
            Self::Postgres(connection) => {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
            Self::MariaDb(connection) => {
                let statement = statement.replace('"', "`");
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
        }
        Ok(())
    }

    /// The rows of a query whose columns are all text.
    async fn rows(&mut self, query: &str, columns: usize) -> anyhow::Result<Vec<Vec<Option<String>>>> {
        macro_rules! texts {
            ($rows:expr) => {
                $rows
                    .iter()
                    .map(|row| (0..columns).map(|at| row.try_get(at)).collect::<Result<_, _>>())
                    .collect::<Result<_, _>>()?
            };
        }
        Ok(match self {
            Self::Sqlite(connection) => texts!(sqlx::query(AssertSqlSafe(query)).fetch_all(connection).await?),
            Self::Postgres(connection) => texts!(sqlx::query(AssertSqlSafe(query)).fetch_all(connection).await?),
            Self::MariaDb(connection) => {
                let query = query.replace('"', "`");
                texts!(sqlx::query(AssertSqlSafe(query)).fetch_all(connection).await?)
            }
        })
    }

    async fn close(self) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.close().await?,
            Self::Postgres(connection) => connection.close().await?,
            Self::MariaDb(connection) => connection.close().await?,
        }
        Ok(())
    }
}
