//! What a server refuses, and how it is told: each fault is one sentence with what to do, without a password or a value of a row.

use databases::{MariaDb, Postgres};

use super::engines::{Engine, SERVERS};
use super::*;

const PASSWORD: &str = "hemligt-4711";

/// Runs statements as the database's owner.
fn administrate(engine: Engine, url: &str, statements: &str) {
    let database = url.rsplit('/').next().unwrap();
    match engine {
        Engine::Postgres => Postgres::shared().unwrap().psql(database, statements).unwrap(),
        _ => MariaDb::shared().unwrap().client(database, statements).unwrap(),
    };
}

/// The address for another account.
pub(super) fn as_account(url: &str, account: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    format!("{scheme}://{account}@{}", rest.split_once('@').unwrap().1)
}

async fn kind_and_sentence(region: &Region, alter: impl FnOnce(&mut crate::setup::Place)) -> (&'static str, String) {
    let mut place = region.setup.places[0].clone();
    alter(&mut place);
    let mut source = match Source::open(&place, NOW.parse().unwrap()).await {
        Ok(source) => source,
        Err(error) => return told(error),
    };
    let mut pages = source.treatments(Rows::Since(Since::Beginning));
    while let Some(page) = pages.next().await {
        if let Err(error) = page {
            return told(error);
        }
    }
    panic!("nothing was refused");
}

fn told(error: SourceError) -> (&'static str, String) {
    match error {
        SourceError::Query(sentence) => ("query", sentence),
        SourceError::Unreachable(sentence) => ("unreachable", sentence),
        SourceError::NotAllowed(sentence) => ("not allowed", sentence),
    }
}

#[tokio::test]
async fn a_function_that_writes_is_refused_while_it_is_read_and_changes_nothing() {
    for engine in SERVERS {
        let region = engine.region(|text| text).await;
        region.treatment("M-1", 2, &[]).await;
        let url = region.setup.places[0].url.clone().unwrap();
        let function = match engine {
            Engine::Postgres => {
                "CREATE FUNCTION note(id TEXT) RETURNS TEXT LANGUAGE sql AS \
                 'INSERT INTO treatments (treatment_id) VALUES (id) RETURNING treatment_id'"
            }
            _ => {
                "CREATE FUNCTION note(id TEXT) RETURNS TEXT BEGIN INSERT INTO treatments (treatment_id) VALUES (id); RETURN id; END"
            }
        };
        region.sql(function).await;
        let (kind, sentence) = kind_and_sentence(&region, |place| {
            place.config.treatments =
                "SELECT note(treatment_id) AS treatment_id, person_id, unit_id, programme, status, started_on, \
                                       ended_on FROM treatments"
                    .into();
        })
        .await;
        assert_eq!(kind, "query", "{engine:?} {sentence}");
        assert!(sentence.starts_with("treatments: the query would write"), "{engine:?} {sentence}");
        assert_eq!(everything(&region).await.len(), 1, "{engine:?} {url}");
    }
}

#[tokio::test]
async fn a_sequence_is_not_advanced() {
    let region = Engine::Postgres.region(|text| text).await;
    region.treatment("M-1", 2, &[]).await;
    region.sql("CREATE SEQUENCE taken").await;
    let (kind, sentence) = kind_and_sentence(&region, |place| {
        place.config.treatments =
            "SELECT nextval('taken') AS modules_total, treatment_id, person_id, unit_id, programme, status, \
                                   started_on, ended_on FROM treatments"
                .into();
    })
    .await;
    assert!(kind == "query" && sentence.contains("would write"), "{sentence}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable_and_named_without_the_password() {
    for scheme in ["postgres", "postgresql", "mysql", "mariadb"] {
        let region = Region::bare(|text| {
            text.replace("sqlite://source.db", &format!("{scheme}://agent:{PASSWORD}@127.0.0.1:1/sob"))
        });
        let (kind, sentence) = refused(&region).await;
        assert_eq!(kind, "unreachable");
        assert!(sentence.contains("127.0.0.1:1") && sentence.contains("[source] url"), "{sentence}");
        assert!(!sentence.contains(PASSWORD), "{sentence}");
    }
}

#[tokio::test]
async fn an_account_that_is_refused_or_may_not_read_is_told_as_such() {
    for engine in SERVERS {
        let region = engine.region(|text| text).await;
        let url = region.setup.places[0].url.clone().unwrap();
        let name = url.rsplit('/').next().unwrap();
        let reader = format!("reader_{name}");
        administrate(
            engine,
            &url,
            &match engine {
                Engine::Postgres => format!("CREATE ROLE {reader} LOGIN"),
                _ => format!("CREATE USER {reader} IDENTIFIED BY '{PASSWORD}'; GRANT EXECUTE ON {name}.* TO {reader}"),
            },
        );
        let unknown = as_account(&url, &format!("nobody:{PASSWORD}-2"));
        let (kind, sentence) = kind_and_sentence(&region, |place| place.url = Some(unknown)).await;
        assert_eq!(kind, "not allowed", "{engine:?} {sentence}");
        assert!(sentence.contains("user and password") && !sentence.contains(PASSWORD), "{sentence}");
        let without_right = as_account(&url, &format!("{reader}:{PASSWORD}"));
        let (kind, sentence) = kind_and_sentence(&region, |place| place.url = Some(without_right)).await;
        assert_eq!(kind, "not allowed", "{engine:?} {sentence}");
        assert!(sentence.starts_with("treatments: ") && sentence.contains("grant it SELECT"), "{sentence}");
        let no_database = url.replace(name, "nothing_here");
        let (kind, sentence) = kind_and_sentence(&region, |place| place.url = Some(no_database)).await;
        assert!(kind == "query" && sentence.contains("no database of that name"), "{engine:?} {sentence}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_told_without_repeating_it() {
    for address in
        [format!("postgres://agent:{PASSWORD}#@host:port/sob"), format!("mysql://agent:{PASSWORD}@host:x/sob")]
    {
        let region = Region::bare(|text| text.replace("sqlite://source.db", &address));
        let (kind, sentence) = refused(&region).await;
        assert_eq!(kind, "query");
        assert!(sentence.contains("://user:password@host/database") && !sentence.contains(PASSWORD), "{sentence}");
    }
    let region = Region::bare(|text| text.replace("sqlite://source.db", "postgres://host/sob?sslrootcert=ca.pem"));
    let (kind, sentence) = refused(&region).await;
    assert!(kind == "query" && sentence.contains("cannot read the sslrootcert"), "{sentence}");
}

#[tokio::test]
async fn an_address_of_another_engine_is_refused_by_name() {
    let region = Region::bare(|text| text.replace("sqlite://source.db", "oracle://host/sob"));
    let (kind, sentence) = refused(&region).await;
    assert!(kind == "query" && sentence.contains("postgres://, mysql:// or mariadb://"), "{sentence}");
}

#[tokio::test]
async fn a_value_that_a_query_cannot_convert_is_never_shown() {
    let region = Engine::Postgres.region(|text| text).await;
    region.treatment("M-1", 2, &[("programme", "Sju sorger")]).await;
    let (kind, sentence) = kind_and_sentence(&region, |place| {
        place.config.treatments =
            "SELECT treatment_id, person_id, unit_id, CAST(programme AS DATE) AS programme, status, started_on, \
                                   ended_on FROM treatments"
                .into();
    })
    .await;
    assert_eq!(kind, "query");
    assert!(sentence.contains("22007") && !sentence.contains("sorger"), "{sentence}");
}

#[tokio::test]
async fn a_column_of_bits_is_to_be_converted() {
    let region = Region::bare(|text| text.replace("sqlite://source.db", &Engine::MariaDb.url()));
    region
        .sql("CREATE TABLE treatments (treatment_id INT, person_id TEXT, unit_id TEXT, programme TEXT, status TEXT, started_on DATE, \
              ended_on DATE, test_patient BIT(1), updated_at DATETIME, journal BIT(9))")
        .await;
    let (kind, sentence) = refused(&region).await;
    assert_eq!(kind, "query");
    assert!(sentence.contains("CAST(test_patient AS UNSIGNED) AS test_patient"), "{sentence}");
}

#[tokio::test]
async fn a_reading_that_the_server_breaks_off_is_to_be_tried_again() {
    for engine in SERVERS {
        let region = engine.region(|text| text).await;
        let rows: Vec<String> = (0..20_000).map(|id| format!("('M-{id}', '{id:0400}', '2024')")).collect();
        region
            .sql(&format!("INSERT INTO treatments (treatment_id, programme, updated_at) VALUES {}", rows.join(", ")))
            .await;
        let url = region.setup.places[0].url.clone().unwrap();
        let name = url.rsplit('/').next().unwrap();
        let mut source = opened(&region).await.unwrap();
        let mut pages = source.treatments(Rows::Since(Since::Beginning));
        assert!(pages.next().await.unwrap().is_ok());
        administrate(
            engine,
            &url,
            &match engine {
                Engine::Postgres => format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND application_name = 'registry-agent'"
                ),
                _ => format!(
                    "SET @victim = (SELECT id FROM information_schema.processlist WHERE db = '{name}' AND id <> connection_id()); \
                 EXECUTE IMMEDIATE CONCAT('KILL ', @victim)"
                ),
            },
        );
        let mut last = None;
        while let Some(page) = pages.next().await {
            last = page.err();
        }
        let (kind, sentence) = told(last.expect("the end is no error"));
        assert!(kind == "unreachable" && sentence.contains("try again"), "{engine:?} {sentence}");
    }
}
