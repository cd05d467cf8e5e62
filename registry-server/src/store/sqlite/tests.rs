//! The contract on SQLite, and what is SQLite's own: the file, its version, a full disk.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use super::Sqlite;
use crate::fact::Part;
use crate::store::{Figures as _, Opening, Reference, RefusedDelivery, Store, StoreError, contract};

/// A store in a file of its own.
pub(crate) async fn fresh(path: &Path) -> Arc<dyn Store> {
    Arc::new(Sqlite::open(path, Opening::NewOrCurrent).await.unwrap())
}

#[tokio::test]
async fn sqlite_keeps_the_contract_of_a_store() {
    let folder = tempfile::tempdir().unwrap();
    for case in contract::CASES {
        case.on(fresh(&folder.path().join(case.name)).await).await;
    }
}

async fn refusal(path: &Path, opening: Opening) -> String {
    match Sqlite::open(path, opening).await {
        Err(StoreError::Schema(sentence)) => sentence,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Alters a database behind the program's back.
pub(crate) async fn alter(path: &Path, statement: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::raw_sql(statement).execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn a_missing_empty_older_newer_or_foreign_database_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    assert!(refusal(&path, Opening::Existing).await.contains("does not exist"));
    Sqlite::open(&path, Opening::NewOrCurrent).await.unwrap().close().await;
    Sqlite::open(&path, Opening::Existing).await.unwrap().close().await;

    alter(&path, "UPDATE _sqlx_migrations SET version = version + 1000").await;
    assert!(refusal(&path, Opening::NewOrCurrent).await.contains("newer registry-server"));
    assert!(refusal(&path, Opening::Migrate).await.contains("newer registry-server"));
    alter(&path, "DELETE FROM _sqlx_migrations").await;
    assert!(refusal(&path, Opening::NewOrCurrent).await.contains("registry-server migrate"));

    let foreign = folder.path().join("foreign.db");
    alter(&foreign, "CREATE TABLE person (id INTEGER)").await;
    assert!(refusal(&foreign, Opening::NewOrCurrent).await.contains("something else"));
}

#[tokio::test]
async fn the_file_is_its_owner_s_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let store = Sqlite::open(&path, Opening::NewOrCurrent).await.unwrap();
    for name in ["register.db", "register.db-wal"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_row_that_the_register_never_writes_is_named_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let store = Sqlite::open(&path, Opening::NewOrCurrent).await.unwrap();
    store.set_sender(&"12".parse().unwrap(), crate::store::SenderStatus::Active, contract::stamp()).await.unwrap();
    store.close().await;
    alter(
        &path,
        "INSERT INTO subject (id, sender) VALUES (1, '12');
         INSERT INTO treatment (id, sender, record_key, generation, counter, content_hash, subject, programme, unit,
             status, started_on, ended_on, document)
         VALUES (77, '12', 'k', 1, 1, x'00', 1, 'p', 'u', 'completed', '2024-02-30', '2024-03-01', '{}')",
    )
    .await;
    let store = Sqlite::open(&path, Opening::Existing).await.unwrap();
    let error = store.facts(Part::ALL).await.unwrap_err();
    assert_eq!(error, StoreError::Inconsistent { table: "treatment", column: "started_on", id: 77 });
}

#[tokio::test]
async fn every_part_of_the_facts_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    let inhabitants: Vec<_> = schemas::codelist::CodeLists::builtin().populations().cloned().collect();
    let mut snapshot = store.readers.begin().await.unwrap();
    // A snapshot begins with its first read.
    super::sender::status(&mut snapshot, &"12".parse().unwrap()).await.unwrap();
    store.accept_batch(many()).await.unwrap();
    store.take_in(Reference::Populations(&inhabitants), contract::at()).await.unwrap();
    let before = super::facts::facts_on(&mut snapshot, Part::ALL).await.unwrap();
    assert_eq!((before.treatments.len(), before.populations.len()), (0, 0));
    snapshot.commit().await.unwrap();
    let after = store.facts(Part::ALL).await.unwrap();
    assert_eq!((after.treatments.len(), after.populations.len()), (200, inhabitants.len()));
}

async fn opened(folder: &Path) -> Sqlite {
    let store = Sqlite::open(&folder.join("register.db"), Opening::NewOrCurrent).await.unwrap();
    contract::enrol(&store, "12").await;
    store
}

/// Two hundred treatments, more than a few pages.
fn many() -> crate::store::Delivery {
    contract::delivery("12", 1, (0..200).map(|n| contract::treatment(contract::key("12", n), (1, 1), n, 5)).collect())
}

#[tokio::test]
async fn a_full_disk_stores_nothing_and_goes_on_alone_when_there_is_room_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    let limit = |statement: &'static str| {
        let writer = store.writer.clone();
        async move {
            let mut connection = writer.connection().await.unwrap();
            sqlx::raw_sql(statement).execute(&mut *connection).await.unwrap();
        }
    };
    limit("PRAGMA max_page_count = 40").await;
    assert_eq!(store.accept_batch(many()).await, Err(StoreError::Full.into()));
    assert!(store.facts(Part::ALL).await.unwrap().treatments.is_empty());
    store.accept_batch(many()).await.unwrap();
    assert_eq!(store.facts(Part::ALL).await.unwrap().treatments.len(), 200);
}

#[tokio::test]
async fn after_a_disk_fault_nothing_is_written_or_acknowledged_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path()).await;
    store.accept_batch(many()).await.unwrap();
    store.close().await;
    let path = folder.path().join("register.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The tables' first pages stay whole, so that the damage is met by a delivery and not by the opening.
    let rows = bytes.len() * 3 / 4;
    bytes[rows..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();

    let store = Sqlite::open(&path, Opening::Existing).await.unwrap();
    let next = (0..200).map(|n| contract::treatment(contract::key("12", n), (1, 2), n, 6)).collect();
    let accepted = store.accept_batch(contract::delivery("12", 2, next)).await;
    assert!(matches!(accepted, Err(RefusedDelivery::Store(StoreError::Broken(_)))));
    let (sender, state) = ("12".parse().unwrap(), "a".repeat(32).parse().unwrap());
    let generation = store.issue_generation(&sender, &state, contract::stamp()).await;
    assert_eq!(generation, Err(StoreError::Broken("an earlier write failed".into())));
}

#[tokio::test]
async fn a_database_of_the_first_version_is_migrated_with_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let all = sqlx::migrate!("migrations/sqlite");
    let first = sqlx::migrate::Migrator { migrations: all.migrations[..1].to_vec().into(), ..all };
    first.run(&pool).await.unwrap();
    let rows = "INSERT INTO sender (code, status, enrolled_at, changed_at) VALUES ('12', 'active', 'then', 'then');
        INSERT INTO subject (id, sender) VALUES (7, '12');
        INSERT INTO treatment (id, sender, record_key, generation, counter, content_hash, subject, programme, unit, status,
            started_on, ended_on, document)
        VALUES (1, '12', 'k', 1, 1, x'00', 7, 'p', 'u', 'completed', '2024-01-01', '2024-02-01', '{}')";
    sqlx::raw_sql(rows).execute(&pool).await.unwrap();
    let outcomes = contract::outcomes_of_the_first_version("", "");
    sqlx::raw_sql(sqlx::AssertSqlSafe(outcomes)).execute(&pool).await.unwrap();
    pool.close().await;

    assert!(refusal(&path, Opening::NewOrCurrent).await.contains("run `registry-server migrate`"));
    let store = Sqlite::open(&path, Opening::Migrate).await.unwrap();
    let senders = store.senders().await.unwrap();
    assert_eq!((senders[0].code.as_str(), &senders[0].plan), ("12", &crate::store::SenderPlan::default()));
    contract::must_tell_the_outcomes_of_the_first_version(&store).await;
    store.close().await;
    Sqlite::open(&path, Opening::Existing).await.unwrap().close().await;
}
