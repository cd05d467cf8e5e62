//! The contract on PostgreSQL, and what is PostgreSQL's own.

use std::path::Path;
use std::sync::Arc;

use databases::Postgres as Server;

use super::Postgres;
use crate::store::{Location, Opening, Store, contract};

#[tokio::test]
async fn postgresql_keeps_the_contract_of_a_store() {
    contract::run(|| async { fresh().await as Arc<dyn Store> }).await;
}

/// A store on a database of its own.
async fn fresh() -> Arc<Postgres> {
    let url = Server::shared().unwrap().database("store").unwrap();
    let Location::Postgres(address) = Location::read(&url, Path::new("")).unwrap() else { unreachable!() };
    Arc::new(Postgres::open(&address, Opening::NewOrCurrent).await.unwrap())
}
