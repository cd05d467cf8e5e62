//! The README's recipe of views on PostgreSQL, word for word.

use databases::Postgres;

use super::refusals::as_account;
use super::*;

const TABLES: &str = include_str!("../../../../tests/fixtures/recipes/postgresql-tables.sql");
const VIEWS: &str = include_str!("../../../../tests/fixtures/recipes/postgresql-view.sql");
const SOURCE: &str = include_str!("../../../../tests/fixtures/recipes/postgresql-view.toml");

/// A region whose `[source]` is the recipe's; the address stands in its place instead of in a file.
fn region(url: &str) -> Region {
    Region::bare(|text| {
        let (before, rest) = text.split_once("[source]").unwrap();
        let after = rest.split_once("[pseudonym]").unwrap().1;
        let source = SOURCE.replace("url_file     = \"source.url\"", &format!("url = \"{url}\""));
        format!("{before}{source}[pseudonym]{after}")
    })
}

#[tokio::test]
async fn views_on_postgresql_are_read_as_the_recipe_says_and_nothing_else_is_open_to_the_agent() {
    let server = Postgres::shared().unwrap();
    let url = server.database("recipe").unwrap();
    let database = url.rsplit('/').next().unwrap();
    for statements in [TABLES, VIEWS] {
        server.psql(database, statements).unwrap();
    }
    let region = region(&as_account(&url, "registry_agent"));
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    let counts: Vec<String> =
        queued.counts.iter().map(|((term, rule), n)| format!("{} {rule} {n}", term.word())).collect();
    let expected =
        ["found  5", "queued  2", "excluded objection 1", "excluded protected-identity 1", "excluded status-ongoing 1"];
    assert_eq!(counts, expected);
    assert_eq!(region.deliver(&mut outbox).await.len(), 3, "two treatments and their unit");

    server.psql(database, "UPDATE svar SET summa = 4, andrad = '2024-05-01' WHERE summa = 5").unwrap();
    let queued = region.cycle(&mut outbox).await;
    let of_one: u64 = queued.counts.iter().filter(|((term, _), _)| term.word() == "queued").map(|(_, n)| n).sum();
    assert_eq!(of_one, 1, "{:?}", queued.counts);

    region.deliver(&mut outbox).await;
    server.psql(database, "UPDATE patient SET skyddad = true, andrad = '2024-05-02' WHERE patient_id = 2").unwrap();
    let queued = region.cycle(&mut outbox).await;
    let retracted: Vec<(&str, u64)> = queued
        .counts
        .iter()
        .filter(|((term, _), _)| term.word() == "retracted")
        .map(|((_, rule), n)| (rule.as_str(), *n))
        .collect();
    assert_eq!(retracted, [("protected-identity", 1)], "a change of the person is a change of the treatment");

    for closed in ["behandling", "patient"] {
        let mut place = region.setup.places[0].clone();
        place.config.treatments = format!("SELECT t.* FROM register.treatments t, {closed}");
        let error = Source::open(&place, NOW.parse().unwrap()).await.err().unwrap();
        assert!(matches!(&error, SourceError::NotAllowed(_)), "{error}");
    }
}
