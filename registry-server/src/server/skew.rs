//! A sender's clock, as its requests tell it, beside the register's.
//!
//! Promises: nothing is decided by it; a clock that is far off is told in the log, and to whoever watches the senders.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use schemas::contact::SKEW_TOLD_S;
use schemas::id::SenderCode;

use crate::registry::Registry;
use crate::store::watch::Heard;

/// How a request tells its time (RFC 9110, 5.6.7).
const DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Tells of a sender's clock that is far off; gives the seconds that it is ahead, where the request tells its time.
pub(super) fn tell(sender: &SenderCode, headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let skew = skew_s(headers, now);
    if let Some(skew_s) = skew.filter(|skew_s| skew_s.abs() > SKEW_TOLD_S) {
        tracing::warn!(
            sender = sender.as_str(),
            skew_s,
            "the sender's clock is more than a minute from the register's; ask its administrators to set it"
        );
    }
    skew
}

/// Keeps what a connection tells, beside the answer, which need not wait for whoever writes.
pub(super) fn keep(registry: &Arc<Registry>, sender: &SenderCode, heard: Heard) {
    let (on, sender) = (Arc::clone(registry), sender.clone());
    registry.tasks.spawn(async move {
        if let Err(error) = on.store.note_heard(&sender, &heard).await {
            tracing::warn!(sender = sender.as_str(), "clock and certificate of a sender were not kept: {error}");
        }
    });
}

/// Seconds that the sender's clock is ahead; nothing when the request does not tell its time.
fn skew_s(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    let told = strtime::parse(DATE, text).ok()?.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(told.timestamp().as_second() - now.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_tells_its_sender_s_clock_or_nothing() {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        for (date, expected) in [
            ("Sun, 22 Nov 2026 14:01:30 GMT", Some(90)),
            ("Mon, 22 Nov 1976 14:00:00 GMT", Some(-1_577_836_800)),
            ("Sun, 25 Oct 2026 00:00:00 GMT", Some(-2_469_600)),
            ("yesterday", None),
        ] {
            let headers = HeaderMap::from_iter([(header::DATE, date.parse().unwrap())]);
            assert_eq!(skew_s(&headers, now), expected, "{date}");
        }
        assert_eq!(skew_s(&HeaderMap::new(), now), None);
    }
}
