//! What all engines do alike: each test runs on SQLite, PostgreSQL and MariaDB.

use databases::{MariaDb, Postgres};

use super::*;

/// An engine of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
    MariaDb,
}

pub(super) const ENGINES: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::MariaDb];
/// Those that answer over a network.
pub(super) const SERVERS: [Engine; 2] = [Engine::Postgres, Engine::MariaDb];

const TREATMENTS_QUERY: &str = "SELECT * FROM treatments WHERE updated_at >= :since";

impl Engine {
    /// The address of an empty database.
    pub(super) fn url(self) -> String {
        match self {
            Self::Sqlite => "sqlite://source.db".into(),
            Self::Postgres => Postgres::shared().unwrap().database("source").unwrap(),
            Self::MariaDb => MariaDb::shared().unwrap().database("source").unwrap(),
        }
    }

    /// A region with the contract's columns as tables of text.
    pub(super) async fn region(self, alter: impl FnOnce(String) -> String) -> Region {
        let url = self.url();
        Region::with(|text| alter(text.replace("sqlite://source.db", &url))).await
    }

    /// A region with another query for treatments.
    pub(super) async fn querying(self, query: &str) -> Region {
        self.region(|text| text.replace(TREATMENTS_QUERY, &query.replace('\\', "\\\\").replace('"', "\\\""))).await
    }

    /// How many sessions a database has, besides the one that asks.
    fn sessions(self, database: &str) -> String {
        if self == Self::MariaDb {
            let count =
                "SELECT count(*) FROM information_schema.processlist WHERE id <> connection_id() AND db = database()";
            MariaDb::shared().unwrap().client(database, count).unwrap()
        } else {
            let count =
                "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()";
            Postgres::shared().unwrap().psql(database, count).unwrap()
        }
    }

    /// A name between this engine's quotation marks.
    fn quoted(self, name: &str) -> String {
        if self == Self::MariaDb { format!("`{name}`") } else { format!("\"{name}\"") }
    }
}

/// The ids of treatments, read in the way that earlier cycles found fit.
async fn ids(region: &Region, rows: Rows<'_>, spelling: Spelling) -> Vec<String> {
    let mut source = opened(region).await.unwrap();
    source.expect(spelling);
    let pages: Vec<Page> = source.treatments(rows).map(|page| page.unwrap()).collect().await;
    let id = |row: SourceRow<'_>| row.get("treatment_id").map(str::to_owned);
    let mut ids: Vec<String> = pages.iter().flat_map(|page| page.rows().filter_map(id)).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn columns_are_found_by_name_in_any_case_and_order_and_extra_ones_are_ignored() {
    for engine in ENGINES {
        let id = engine.quoted("Treatment_Id");
        let query = format!(
            "SELECT 'not read' AS journal, ended_on AS ENDED_ON, started_on, status, programme AS Programme, unit_id, person_id, \
             treatment_id AS {id} FROM treatments"
        );
        let region = engine.querying(&query).await;
        region.treatment("M-1", 2, &[]).await;
        let rows = everything(&region).await;
        let cells = ["treatment_id", "programme", "ended_on", "sex", "updated_at"].map(|name| rows[0].get(name));
        assert_eq!(cells, [Some("M-1"), Some("Depressionshjälpen"), Some("2024-03-20"), None, None], "{engine:?}");
    }
}

#[tokio::test]
async fn with_clauses_comments_and_a_trailing_semicolon_are_part_of_a_query() {
    for engine in ENGINES {
        for query in [
            "WITH t AS (SELECT * FROM treatments) SELECT * FROM t;",
            "SELECT * FROM treatments -- all of them",
            "SELECT * FROM treatments /* ; */ ;  ",
            "SELECT * FROM treatments WHERE programme <> 'a\\' AND programme <> '''; --'",
        ] {
            let region = engine.querying(query).await;
            region.treatment("M-1", 2, &[]).await;
            assert_eq!(everything(&region).await.len(), 1, "{engine:?} {query}");
        }
    }
}

#[tokio::test]
async fn a_query_that_the_database_refuses_is_the_configurations_fault_and_changes_nothing() {
    for engine in ENGINES {
        for query in [
            "SELECT * FROM behandlingar",
            "SELEKT",
            "DELETE FROM treatments RETURNING *",
            "WITH gone AS (DELETE FROM treatments RETURNING *) SELECT * FROM gone",
            "SELECT * FROM treatments) q; DELETE FROM treatments; SELECT * FROM (SELECT * FROM treatments",
            "SELECT * FROM treatments) q) TO STDOUT; DELETE FROM treatments; COPY (SELECT * FROM (SELECT * FROM treatments",
        ] {
            let region = engine.querying(query).await;
            region.treatment("M-1", 2, &[]).await;
            let (kind, sentence) = refused(&region).await;
            assert_eq!(kind, "query", "{engine:?} {query}");
            assert!(sentence.starts_with("treatments: "), "{sentence}");
            let setup = &region.setup.places[0];
            let mut other = setup.clone();
            other.config.treatments = "SELECT * FROM treatments".into();
            let mut source = Source::open(&other, NOW.parse().unwrap()).await.unwrap();
            let pages: Vec<_> = source.treatments(Rows::Since(Since::Beginning)).collect().await;
            assert_eq!(pages.len(), 1, "{engine:?} {query}");
        }
    }
}

#[tokio::test]
async fn since_is_filled_in_and_treatments_are_found_by_their_trimmed_ids() {
    for engine in ENGINES {
        let region = engine.region(|text| text).await;
        region.treatment(" M-1\t", 2, &[]).await;
        region.treatment("\u{2003}7\u{a0}", 2, &[]).await;
        region.treatment("M-2", 3, &[("updated_at", "2024-05-01T00:00:00Z")]).await;
        let since = Rows::Since(Since::Moment("2024-04-01T00:00:00Z".parse().unwrap()));
        assert_eq!(ids(&region, since, Spelling::Exact).await, ["M-2"], "{engine:?}");
        let wanted = ["M-1", "7", "M-2", "M-3"].map(str::to_owned);
        assert_eq!(ids(&region, Rows::Of(&wanted), Spelling::Spaced).await, ["7", "M-1", "M-2"], "{engine:?}");
        assert_eq!(ids(&region, Rows::Of(&[]), Spelling::Spaced).await, [""; 0], "{engine:?}");
    }
}

#[tokio::test]
async fn ids_are_looked_up_to_the_byte_whatever_stands_in_them() {
    let written =
        ["M-1", "m-1", "o'; DELETE FROM treatments; --", "a\\", "a\\'", "100%", "Å-1", "A-1", "\"`", "7", "07", "日本"];
    for engine in ENGINES {
        let region = engine.region(|text| text).await;
        for id in written {
            region.treatment(id, 2, &[]).await;
        }
        for id in written {
            assert_eq!(ids(&region, Rows::Of(&[id.to_owned()]), Spelling::Exact).await, [id], "{engine:?}");
        }
        let all = written.map(str::to_owned);
        assert_eq!(ids(&region, Rows::Of(&all), Spelling::Exact).await.len(), written.len(), "{engine:?}");
    }
}

#[tokio::test]
async fn a_source_tells_whether_its_ids_can_be_looked_up_and_once_it_has_seen_one_that_cannot_it_reads_all() {
    for engine in ENGINES {
        let region = engine.region(|text| text).await;
        region.treatment("M-1", 2, &[]).await;
        region.answer("M-1 ", "pre", "12", &[]).await;
        let mut source = opened(&region).await.unwrap();
        source.expect(Spelling::Exact);
        let all = Rows::Since(Since::Beginning);
        assert_eq!(count(source.treatments(all)).await, 1);
        assert_eq!(source.spelling(), Spelling::Exact, "{engine:?}");
        assert_eq!(count(source.measurements(all)).await, 1);
        assert_eq!(source.spelling(), Spelling::Spaced, "{engine:?}");
        let wanted = ["M-1".to_owned()];
        assert_eq!(count(source.measurements(Rows::Of(&wanted))).await, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_leaves_the_source_fit_for_the_next_reading() {
    for engine in ENGINES {
        let region = engine.region(|text| text).await;
        let rows: Vec<String> = (0..9_000).map(|id| format!("('M-{id}', '{id:0200}', '2024')")).collect();
        region
            .sql(&format!("INSERT INTO treatments (treatment_id, programme, updated_at) VALUES {}", rows.join(", ")))
            .await;
        let mut source = opened(&region).await.unwrap();
        let all = Rows::Since(Since::Beginning);
        assert!(source.treatments(all).next().await.unwrap().is_ok());
        assert_eq!(count(source.treatments(all)).await, 9_000, "{engine:?}");
    }
}

#[tokio::test]
async fn a_server_answers_all_queries_from_the_moment_of_its_opening() {
    for engine in SERVERS {
        let region = engine.region(|text| text).await;
        region.treatment("M-1", 2, &[]).await;
        let mut source = opened(&region).await.unwrap();
        region.treatment("M-2", 3, &[]).await;
        region.answer("M-1", "pre", "12", &[]).await;
        let all = Rows::Since(Since::Beginning);
        assert_eq!(count(source.treatments(all)).await, 1, "{engine:?}");
        assert_eq!(count(source.measurements(all)).await, 0, "{engine:?}");
        assert_eq!(count(opened(&region).await.unwrap().measurements(all)).await, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn every_sign_of_a_value_comes_through() {
    let value = "a\\b\\N\tc\nd\re\u{b}\u{8}\u{c}\"',;åäö日本\\";
    for engine in ENGINES {
        let region = engine.region(|text| text).await;
        region.treatment("M-1", 2, &[("programme", value), ("diagnosis", "\\N"), ("status", "  "), ("sex", "")]).await;
        let rows = everything(&region).await;
        let cells = ["programme", "diagnosis", "status", "sex"].map(|name| rows[0].get(name));
        assert_eq!(cells, [Some(value), Some("\\N"), None, None], "{engine:?}");
    }
}

async fn count(pages: Pages<'_>) -> usize {
    pages.map(|page| page.unwrap().len()).collect::<Vec<_>>().await.into_iter().sum()
}

#[tokio::test]
async fn a_source_that_is_done_with_takes_leave_of_its_server() {
    for engine in SERVERS {
        let region = engine.region(|text| text).await;
        region.treatment("M-1", 2, &[]).await;
        let mut source = opened(&region).await.unwrap();
        // A reading that nobody ends must not keep it.
        assert!(source.treatments(Rows::Since(Since::Beginning)).next().await.unwrap().is_ok());
        source.close().await;
        let url = region.setup.places[0].url.clone().unwrap();
        let database = url.rsplit('/').next().unwrap();
        // The server forgets a session a moment after its end; each question is a session of its own.
        assert!((0..200).any(|_| engine.sessions(database) == "0"), "{engine:?}");
    }
}

#[tokio::test]
async fn every_digit_of_a_float_is_read() {
    for engine in SERVERS {
        let region = engine
            .querying(
                "SELECT treatment_id, person_id, unit_id, programme, status, started_on, ended_on, short AS messages, long_one AS \
                 modules_total, large AS diagnosis FROM treatments, digits",
            )
            .await;
        region.sql("CREATE TABLE digits (short FLOAT4, long_one FLOAT8, large FLOAT8)").await;
        region.sql("INSERT INTO digits VALUES (123456.7, 0.30000000000000004, 1e15)").await;
        region.treatment("M-1", 2, &[]).await;
        let rows = everything(&region).await;
        let cells = ["messages", "modules_total", "diagnosis"].map(|name| rows[0].get(name).unwrap());
        assert_eq!(cells, ["123456.7", "0.30000000000000004", "1000000000000000"], "{engine:?}");
    }
}
