//! The contract on PostgreSQL, and what is PostgreSQL's own: its address, durable commits, several programs at once, a lost server.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use databases::{Postgres as Server, Stop};
use futures_util::future::join_all;
use sqlx::AssertSqlSafe;

use super::{Address, Postgres};
use crate::authenticate::attempt::Verdict;
use crate::fact::Part;
use crate::store::{
    Figures as _, Location, Opening, RefusedDelivery, SenderStatus, Store, StoreError, UserKey, Users as _, contract,
    sqlite,
};

/// A store on a database of its own.
pub(crate) async fn fresh() -> Arc<Postgres> {
    let url = Server::shared().unwrap().database("store").unwrap();
    Arc::new(Postgres::open(&address(&url), Opening::NewOrCurrent).await.unwrap())
}

impl Postgres {
    /// Alters the database behind the store's back.
    pub(crate) async fn alter(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&self.pool).await.unwrap();
    }

    /// The columns of every table, partitions left out.
    pub(crate) async fn columns(&self) -> BTreeMap<String, Vec<String>> {
        let columns =
            "SELECT relname::TEXT, array_agg(attname::TEXT) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                AND relname NOT LIKE '\\_sqlx%' AND attnum > 0 AND NOT attisdropped
            GROUP BY relname";
        let rows: Vec<(String, Vec<String>)> = sqlx::query_as(columns).fetch_all(&self.pool).await.unwrap();
        rows.into_iter().collect()
    }
}

fn address(url: &str) -> Address {
    let Location::Postgres(address) = Location::read(url, Path::new("")).unwrap() else { unreachable!() };
    address
}

async fn refusal(url: &str, opening: Opening) -> String {
    match Postgres::open(&address(url), opening).await {
        Err(StoreError::Schema(sentence)) => sentence,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn postgresql_keeps_the_contract_of_a_store_and_answers_as_sqlite_does() {
    let folder = tempfile::tempdir().unwrap();
    for case in contract::CASES {
        let here = case.on(fresh().await).await;
        let there = case.on(sqlite::tests::fresh(&folder.path().join(case.name)).await).await;
        assert_eq!(here, there, "{}", case.name);
    }
}

#[tokio::test]
async fn an_empty_older_newer_foreign_or_missing_database_is_told_with_what_to_do() {
    let server = Server::shared().unwrap();
    let url = server.database("opening").unwrap();
    let name = url.rsplit('/').next().unwrap();
    assert!(refusal(&url, Opening::Existing).await.contains("is empty"));
    Postgres::open(&address(&url), Opening::NewOrCurrent).await.unwrap().close().await;
    Postgres::open(&address(&url), Opening::Existing).await.unwrap().close().await;
    server.psql(name, "UPDATE _sqlx_migrations SET version = version + 1000").unwrap();
    assert!(refusal(&url, Opening::Migrate).await.contains("newer registry-server"));
    server.psql(name, "UPDATE _sqlx_migrations SET version = version - 1000").unwrap();
    server
        .psql(name, "DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .unwrap();
    assert!(refusal(&url, Opening::NewOrCurrent).await.contains("registry-server migrate"));

    let foreign = server.database("foreign").unwrap();
    server.psql(foreign.rsplit('/').next().unwrap(), "CREATE TABLE person (id INT)").unwrap();
    assert!(refusal(&foreign, Opening::NewOrCurrent).await.contains("something else"));
    let missing = refusal(&server.url("no_such_database"), Opening::NewOrCurrent).await;
    assert!(missing.contains("does not exist") && missing.contains("createdb"), "{missing}");
}

#[tokio::test]
async fn a_database_of_the_first_version_is_migrated_with_what_it_holds() {
    let server = Server::shared().unwrap();
    let url = server.database("first_version").unwrap();
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let all = sqlx::migrate!("migrations/postgres");
    let first = sqlx::migrate::Migrator { migrations: all.migrations[..1].to_vec().into(), ..all };
    first.run(&pool).await.unwrap();
    pool.close().await;
    let name = url.rsplit('/').next().unwrap();
    let enrolled = "INSERT INTO sender (code, status, enrolled_at, changed_at) VALUES ('12', 'active', 'then', 'then')";
    server.psql(name, &format!("{enrolled}; SELECT make_partitions(code) FROM sender")).unwrap();
    server.psql(name, &contract::outcomes_of_the_first_version("sender, ", "'12', ")).unwrap();

    assert!(refusal(&url, Opening::NewOrCurrent).await.contains("registry-server migrate"));
    let store = Postgres::open(&address(&url), Opening::Migrate).await.unwrap();
    contract::must_tell_the_outcomes_of_the_first_version(&store).await;
    let left = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'outcome%' OR tablename LIKE 'followup%'";
    assert_eq!(server.psql(name, left).unwrap(), "4", "each table and its partition, and nothing of the old one");
    store.close().await;
}

#[tokio::test]
async fn servers_that_start_at_once_make_the_tables_once() {
    let url = Server::shared().unwrap().database("at_once").unwrap();
    let address = address(&url);
    let opened = join_all((0..4).map(|_| Postgres::open(&address, Opening::NewOrCurrent))).await;
    for store in opened {
        store.unwrap().ready().await.unwrap();
    }
}

#[tokio::test]
async fn a_commit_is_waited_for_whatever_the_database_s_default_is() {
    let server = Server::shared().unwrap();
    let url = server.database("durable").unwrap();
    let name = url.rsplit('/').next().unwrap();
    let setting = async |store: &Postgres| {
        let shown: String = sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&store.pool).await.unwrap();
        shown
    };
    for (default, used) in [("off", "on"), ("remote_write", "on"), ("remote_apply", "remote_apply")] {
        server.psql("postgres", &format!("ALTER DATABASE {name} SET synchronous_commit = {default}")).unwrap();
        let store = Postgres::open(&address(&url), Opening::NewOrCurrent).await.unwrap();
        assert_eq!(setting(&store).await, used);
        store.close().await;
    }
}

#[tokio::test]
async fn a_sender_waits_for_its_own_batches_and_for_no_other_sender() {
    let store = fresh().await;
    contract::enrol(&*store, "12").await;
    contract::enrol(&*store, "01").await;
    let records = |sender: &str| vec![contract::treatment(contract::key(sender, 1), (1, 1), 1, 5)];
    let mut underway = store.pool.begin().await.unwrap();
    super::sender::lock(&mut underway, &"12".parse().unwrap()).await.unwrap();
    sqlx::query("INSERT INTO run SELECT '12', 'k', 1, 1, '', '', '', 0, 0, 0, 0, 0, 0, 0")
        .execute(&mut *underway)
        .await
        .unwrap();
    // Another sender delivers, and a new one is enrolled, while this one's batch is underway.
    store.accept_batch(contract::delivery("01", 1, records("01"))).await.unwrap();
    contract::enrol(&*store, "20").await;
    let own = store.accept_batch(contract::delivery("12", 1, records("12")));
    let (own, ()) = tokio::join!(own, async { underway.commit().await.unwrap() });
    own.unwrap();
    assert_eq!(store.facts(&[]).await.unwrap().treatments.len(), 2);
}

#[tokio::test]
async fn a_deadlock_that_postgresql_breaks_is_a_collision_to_try_again() {
    let store = fresh().await;
    contract::enrol(&*store, "12").await;
    contract::enrol(&*store, "01").await;
    let (first, second) = ("12".parse().unwrap(), "01".parse().unwrap());
    let (mut one, mut other) = (store.pool.begin().await.unwrap(), store.pool.begin().await.unwrap());
    super::sender::lock(&mut one, &first).await.unwrap();
    super::sender::lock(&mut other, &second).await.unwrap();
    // Each waits for what the other holds; the one that is broken lets go of it.
    let crossed = async {
        let done = super::sender::lock(&mut one, &second).await;
        one.rollback().await.unwrap();
        done
    };
    let crossing = async {
        let done = super::sender::lock(&mut other, &first).await;
        other.rollback().await.unwrap();
        done
    };
    let (crossed, crossing) = tokio::join!(crossed, crossing);
    let ended: Vec<_> = [crossed, crossing].into_iter().filter_map(Result::err).collect();
    assert_eq!(ended, [StoreError::Collided]);
}

#[tokio::test]
async fn the_same_batch_at_once_through_several_stores_has_one_effect_and_one_receipt() {
    let url = Server::shared().unwrap().database("replays").unwrap();
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(Postgres::open(&address(&url), Opening::NewOrCurrent).await.unwrap());
    }
    contract::enrol(&stores[0], "12").await;
    let batch = || contract::delivery("12", 1, vec![contract::treatment(contract::key("12", 1), (1, 1), 1, 5)]);
    let answers = join_all(stores.iter().cycle().take(12).map(|store| store.accept_batch(batch()))).await;
    assert!(answers.iter().all(|answer| answer.is_ok() && answer == &answers[0]), "{answers:?}");
    assert_eq!(stores[1].facts(Part::ALL).await.unwrap().treatments.len(), 1);
    // Two servers that enrol the same sender at once make its partitions once, and one of them was first.
    let code = "20".parse().unwrap();
    let enrolled =
        join_all(stores.iter().map(|store| store.set_sender(&code, SenderStatus::Active, contract::stamp()))).await;
    assert_eq!(enrolled.iter().filter(|before| **before == Ok(None)).count(), 1, "{enrolled:?}");
}

#[tokio::test]
async fn one_code_at_once_at_several_servers_signs_in_once_and_each_failure_counts() {
    let url = Server::shared().unwrap().database("attempts").unwrap();
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(Postgres::open(&address(&url), Opening::NewOrCurrent).await.unwrap());
    }
    contract::users::fill(&stores[0]).await;
    let tried = stores.iter().cycle().zip(10..22);
    let tried = tried.map(|(store, minute)| contract::users::sign_in(store, 1, (minute, 30, minute)));
    let verdicts = join_all(tried).await;
    let count = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| wanted(verdict)).count();
    assert_eq!(count(|verdict| *verdict == Verdict::Proved), 1, "{verdicts:?}");
    assert_eq!(count(|verdict| matches!(verdict, Verdict::Locked { .. })), 1, "{verdicts:?}");
    let user = stores[0].user(&UserKey::Number(1)).await.unwrap().unwrap();
    assert_eq!((user.tries.failures, stores[1].sessions(1).await.unwrap().len()), (5, 2));
}

#[tokio::test]
async fn a_lost_server_is_told_as_passing_and_found_again_when_it_is_back() {
    let server = Server::start(&[]).unwrap();
    let address = address(&server.database("lost").unwrap());
    let store = Postgres::open(&address, Opening::NewOrCurrent).await.unwrap();
    contract::enrol(&store, "12").await;
    let batch = |name, counter| {
        contract::delivery("12", name, vec![contract::treatment(contract::key("12", 1), (1, counter), 1, 5)])
    };
    for (name, how) in [(1, Stop::Crash), (2, Stop::Orderly)] {
        let receipt = store.accept_batch(batch(name, name.into())).await.unwrap();
        server.stop(how).unwrap();
        let refused = store.accept_batch(batch(9, 9)).await;
        assert!(matches!(&refused, Err(RefusedDelivery::Store(error)) if error.passes()), "{refused:?}");
        let opened = Postgres::open(&address, Opening::Existing).await.map(|_| ());
        assert!(matches!(opened, Err(StoreError::Unreachable(_))), "{opened:?}");
        server.start_again().unwrap();
        assert_eq!(store.accept_batch(batch(name, name.into())).await.unwrap(), receipt);
    }
}

#[tokio::test]
async fn what_belongs_to_a_sender_lies_in_its_own_partition_and_leads_its_key_with_it() {
    let store = fresh().await;
    let tables = store.columns().await;
    // The register's own few rows about senders, which those who watch over all of them read together.
    let own = ["alarm", "contact", "delivery_day", "reject_day", "sender_told"];
    let of_senders = tables
        .iter()
        .filter(|(table, columns)| columns.iter().any(|column| column == "sender") && !own.contains(&table.as_str()));
    for (table, columns) in of_senders {
        let key = format!(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'p'"
        );
        let key: String = sqlx::query_scalar(AssertSqlSafe(key)).fetch_one(&store.pool).await.unwrap();
        assert!(key.starts_with("PRIMARY KEY (sender, "), "{table}: {key}");
        let by = format!("SELECT pg_get_partkeydef('{table}'::regclass)");
        let by: Option<String> = sqlx::query_scalar(AssertSqlSafe(by)).fetch_one(&store.pool).await.unwrap();
        assert_eq!(by.as_deref(), Some("LIST (sender)"), "{table} {columns:?}");
    }
    contract::enrol(&*store, "20").await;
    let record = contract::treatment(contract::key("20", 1), (1, 1), 1, 5);
    store.accept_batch(contract::delivery("20", 1, vec![record])).await.unwrap();
    let own: i64 = sqlx::query_scalar("SELECT count(*) FROM treatment_20").fetch_one(&store.pool).await.unwrap();
    assert_eq!(own, 1);
}
