//! The contract on PostgreSQL, and what is PostgreSQL's own.

use std::path::Path;
use std::sync::Arc;

use databases::Postgres as Server;

use super::Postgres;
use crate::store::{Location, Opening, contract, sqlite};

#[tokio::test]
async fn postgresql_keeps_the_contract_of_a_store_and_answers_as_sqlite_does() {
    let folder = tempfile::tempdir().unwrap();
    for case in contract::CASES {
        let here = case.on(fresh().await).await;
        let there = case.on(sqlite::tests::fresh(&folder.path().join(case.name)).await).await;
        assert_eq!(here, there, "{}", case.name);
    }
}

/// A store on a database of its own.
pub(crate) async fn fresh() -> Arc<Postgres> {
    let url = Server::shared().unwrap().database("store").unwrap();
    let Location::Postgres(address) = Location::read(&url, Path::new("")).unwrap() else { unreachable!() };
    Arc::new(Postgres::open(&address, Opening::NewOrCurrent).await.unwrap())
}
