//! `/livez`, `/readyz` and `/metrics`, plain HTTP on loopback.
//!
//! Promises: tells the state of the program, never of a person.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::Timestamp;

use crate::registry::Registry;
use crate::store::{Store, StoreError};

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

/// The counters, and where senders stand now; a store that fails leaves out the latter.
async fn metrics(State(registry): State<Arc<Registry>>) -> String {
    let mut text = registry.metrics.text();
    match gauges(&*registry.store).await {
        Ok(gauges) => text.push_str(&gauges),
        Err(error) => tracing::warn!("the senders' state could not be told to the monitoring: {error}"),
    }
    text
}

/// Open alarms by sender and kind, and the second of each sender's last delivery.
async fn gauges(store: &dyn Store) -> Result<String, StoreError> {
    let senders = store.sender_facts().await?.into_iter();
    let seen = senders.filter_map(|sender| {
        let seen: Timestamp = sender.last_seen_at?.parse().ok()?;
        let (code, second) = (sender.sender, seen.as_second());
        Some(format!("registry_last_delivery_timestamp_seconds{{sender=\"{code}\"}} {second}\n"))
    });
    let open = store.alarms().await?.into_iter().filter(|alarm| alarm.cleared_at.is_none());
    let open = open.map(|alarm| {
        let (code, kind) = (alarm.condition.sender, alarm.condition.kind.word());
        format!("registry_alarm_open{{sender=\"{code}\",kind=\"{kind}\"}} 1\n")
    });
    Ok(seen.chain(open).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::alarm::{AlarmKind, Condition};
    use crate::store::contract::{at, delivery, enrol};
    use crate::store::sqlite;

    #[tokio::test]
    async fn the_last_delivery_and_open_alarms_are_told_to_the_monitoring_until_they_are_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        enrol(&*store, "12").await;
        assert_eq!(gauges(&*store).await.unwrap(), "");
        store.accept_batch(delivery("12", 1, vec![])).await.unwrap();
        let late = Condition { sender: "12".parse().unwrap(), kind: AlarmKind::Late, since: at() };
        store.set_alarms(&[late], at()).await.unwrap();
        let seen = "registry_last_delivery_timestamp_seconds{sender=\"12\"} 1793534400\n";
        let open = "registry_alarm_open{sender=\"12\",kind=\"late\"} 1\n";
        assert_eq!(gauges(&*store).await.unwrap(), format!("{seen}{open}"));
        store.set_alarms(&[], at()).await.unwrap();
        assert_eq!(gauges(&*store).await.unwrap(), seen);
        store.close().await;
    }
}
