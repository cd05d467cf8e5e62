//! `/livez`, `/readyz` and `/metrics`, plain HTTP on loopback.
//!
//! Promises: tells the state of the program, never of a person.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::registry::Registry;

/// The endpoints.
pub(super) fn router(registry: Arc<Registry>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(registry)
}

async fn ready(State(registry): State<Arc<Registry>>) -> (StatusCode, String) {
    if registry.broken.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the disk failed under the database\n".to_owned());
    }
    match registry.store.ready().await {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
    }
}

async fn metrics(State(registry): State<Arc<Registry>>) -> String {
    registry.metrics.text()
}
