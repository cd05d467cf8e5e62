//! How each engine plans what it is asked: by an index where there is one.

use databases::{MariaDb, Postgres};

use super::*;
use crate::tests::Region;

/// Types of ids, and of the time of a change, that systems have.
const POSTGRES: [(&str, &str); 5] = [
    ("INTEGER", "TIMESTAMPTZ"),
    ("BIGINT", "TIMESTAMP"),
    ("NUMERIC(12)", "TIMESTAMPTZ"),
    ("VARCHAR(20)", "DATE"),
    ("CHAR(20)", "TIMESTAMPTZ"),
];
const MARIADB: [(&str, &str); 5] = [
    ("INT", "TIMESTAMP"),
    ("BIGINT UNSIGNED", "DATETIME"),
    ("DECIMAL(12)", "DATETIME(6)"),
    ("VARCHAR(20)", "DATE"),
    ("CHAR(20) CHARACTER SET latin1", "TIMESTAMP"),
];
const SQLITE: [(&str, &str); 4] = [("", "TEXT"), ("INTEGER", "TEXT"), ("TEXT", "TEXT"), ("NUMERIC", "TEXT")];

/// A region whose table of answers has indexes on the ids and on the time of change, with `rows` put in by the engine's statement.
async fn filled(url: &str, (id, time): (&str, &str), rows: &str) -> Region {
    let region = Region::with(|text| {
        let text = text.replace("sqlite://source.db", url);
        // MariaDB reads a text with a Z as a time, but looks it up in no index.
        let cast = "measurements WHERE updated_at >= CAST(:since AS DATETIME)";
        if url.starts_with("mysql") { text.replace("measurements WHERE updated_at >= :since", cast) } else { text }
    })
    .await;
    region
        .sql(&format!(
            "DROP TABLE measurements;
             CREATE TABLE measurements (treatment_id {id}, instrument VARCHAR(20), timepoint VARCHAR(20), answered_on VARCHAR(20), \
             score VARCHAR(20), updated_at {time});
             CREATE INDEX by_id ON measurements (treatment_id);
             CREATE INDEX by_time ON measurements (updated_at);
             {rows};
             ANALYZE{};",
            if url.starts_with("mysql") { " TABLE measurements" } else { "" }
        ))
        .await;
    region
}

/// The statements for two ids and for what changed since May.
async fn statements(region: &Region) -> [String; 2] {
    let source = SqlSource::open(&region.setup.places[0]).await.unwrap();
    let ids = ["7", "8"].map(str::to_owned);
    let since = Rows::Since(Since::Moment("2024-05-01T00:00:00Z".parse().unwrap()));
    [Rows::Of(&ids), since].map(|rows| match &source.engine {
        Engine::Sqlite(_) => {
            let (sql, ids) = sqlite::statement(&source.measurements, rows);
            sql.replace("?1", &format!("'{}'", ids.unwrap_or_default()))
        }
        Engine::Postgres(_) => source.measurements.select_rows(rows, &postgres::DIALECT),
        Engine::MariaDb(_) => source.measurements.select_rows(rows, &mariadb::DIALECT),
    })
}

async fn read(region: &Region, rows: Rows<'_>) -> usize {
    let mut source = SqlSource::open(&region.setup.places[0]).await.unwrap();
    source.expect(Spelling::Exact);
    let pages: Vec<Page> = source.measurements(rows).map(|page| page.unwrap()).collect().await;
    pages.iter().map(Page::len).sum()
}

/// That two of ten thousand treatments, and the five that changed in May, are found, by an index.
async fn found(region: &Region, plans: &[String; 2], indexes: [&str; 2]) {
    for (plan, index) in plans.iter().zip(indexes) {
        assert!(plan.contains(index), "{index} {plan}");
    }
    for ids in [["7", "8", "x"], ["7", "8", "日本"]] {
        assert_eq!(read(region, Rows::Of(&ids.map(str::to_owned))).await, 2);
    }
    assert_eq!(read(region, Rows::Since(Since::Moment("2024-05-01T00:00:00Z".parse().unwrap()))).await, 5);
    assert_eq!(read(region, Rows::Since(Since::Beginning)).await, 10_000);
}

#[tokio::test]
async fn postgresql_finds_treatments_and_changes_by_an_index() {
    let server = Postgres::shared().unwrap();
    for types in POSTGRES {
        let url = server.database("plan").unwrap();
        let rows = "INSERT INTO measurements (treatment_id, updated_at) SELECT n, CAST(CASE WHEN n <= 5 THEN '2024-05-02' ELSE \
                    '2024-03-01' END AS TIMESTAMP) FROM generate_series(1, 10000) n";
        let region = filled(&url, types, rows).await;
        let database = url.rsplit('/').next().unwrap();
        let plans = statements(&region).await.map(|sql| server.psql(database, &format!("EXPLAIN {sql}")).unwrap());
        found(&region, &plans, ["by_id", "by_time"]).await;
    }
}

#[tokio::test]
async fn mariadb_finds_treatments_and_changes_by_an_index() {
    let server = MariaDb::shared().unwrap();
    for types in MARIADB {
        let url = server.database("plan").unwrap();
        let rows = "INSERT INTO measurements (treatment_id, updated_at) SELECT seq, CASE WHEN seq <= 5 THEN '2024-05-02' ELSE \
                    '2024-03-01' END FROM seq_1_to_10000";
        let region = filled(&url, types, rows).await;
        let database = url.rsplit('/').next().unwrap();
        let plan = |sql: String| {
            server.client(database, &format!("SET time_zone = '+00:00'; EXPLAIN FORMAT=JSON {sql}")).unwrap()
        };
        let plans = statements(&region).await.map(plan);
        let used = |index: &str| format!("\"key\": \"{index}\"");
        let plans = plans.map(|plan| plan.replace("\\n", "\n"));
        found(&region, &plans, [&used("by_id"), &used("by_time")]).await;
    }
}

#[tokio::test]
async fn sqlite_finds_treatments_and_changes_by_an_index() {
    for types in SQLITE {
        let rows = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
            INSERT INTO measurements (treatment_id, updated_at) SELECT n, CASE WHEN n <= 5 THEN '2024-05-02' ELSE '2024-03-01' END \
            FROM n";
        let region = filled("sqlite://source.db", types, rows).await;
        let connection = rusqlite::Connection::open(region.path("source.db")).unwrap();
        let plan = |sql: String| -> String {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = statement.query_map([], |row| row.get::<_, String>("detail")).unwrap();
            steps.map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        let plans = statements(&region).await.map(plan);
        found(&region, &plans, ["SEARCH measurements USING INDEX by_id", "SEARCH measurements USING INDEX by_time"])
            .await;
    }
}
