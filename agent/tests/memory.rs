//! How much memory a large source costs, in a process that does nothing else: the rows are made by each engine itself.

use agent::config::Config;
use agent::setup::Place;
use agent::source::{Rows, Since, Source};
use databases::{MariaDb, Postgres};
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// Answers in the source.
const ANSWERS: usize = 2_000_000;
/// What reading may add to the memory that only this process has, MB.
const MOST_MB: f64 = 32.0;

const COLUMNS: &str = "'PHQ-9' AS instrument, 'weekly-3' AS timepoint, '2024-03-01' AS answered_on, 14 AS score, \
                       '[1,2,1,2,1,2,1,2,2]' AS items, '2024-03-01T12:00:00Z' AS updated_at";
const TREATMENTS: &str = "SELECT 1 AS treatment_id, '' AS person_id, '' AS unit_id, '' AS programme, '' AS status, '' AS started_on, \
                          '' AS ended_on";

#[tokio::test]
async fn two_million_answers_are_read_from_each_engine_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (n)").unwrap();
    let counted = format!("WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {ANSWERS})");
    let sources = [
        (format!("sqlite://{}", file.display()), format!("{counted} SELECT n AS treatment_id, {COLUMNS} FROM t")),
        (
            Postgres::shared().unwrap().database("large").unwrap(),
            format!("SELECT n AS treatment_id, {COLUMNS} FROM generate_series(1, {ANSWERS}) n"),
        ),
        (
            MariaDb::shared().unwrap().database("large").unwrap(),
            format!("SELECT seq AS treatment_id, {COLUMNS} FROM seq_1_to_{ANSWERS}"),
        ),
    ];
    for (url, measurements) in sources {
        let engine = url.split(':').next().unwrap().to_owned();
        let mut source = Source::open(&place(url, measurements), Timestamp::UNIX_EPOCH).await.unwrap();
        let before = anonymous_mb();
        let (mut rows, mut highest) = (0, before);
        let mut pages = source.measurements(Rows::Since(Since::Beginning));
        while let Some(page) = pages.next().await {
            rows += page.unwrap().len();
            highest = highest.max(anonymous_mb());
        }
        assert_eq!(rows, ANSWERS, "{engine}");
        println!("{engine}: {ANSWERS} answers, RssAnon {before:.1} MB before and {highest:.1} MB at its highest");
        assert!(highest - before < MOST_MB, "{engine}: {before:.1} MB before, {highest:.1} MB at its highest");
    }
}

fn place(url: String, measurements: String) -> Place {
    let mut sources =
        toml::from_str::<Config>(agent::config::SAMPLE).expect("the sample is read by a test of its own").source.0;
    let mut config = sources.remove(0);
    (config.treatments, config.measurements, config.units) = (TREATMENTS.into(), measurements, None);
    Place { config, url: Some(url), folder: ".".into(), zone: TimeZone::UTC, overlap: SignedDuration::ZERO }
}

/// `RssAnon` of this process, MB.
fn anonymous_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells it");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("Linux tells it");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("it is a number") / 1_024.0
}
