//! What was counted since the start, for the operator's monitoring.
//!
//! Promises: labels are senders, verdicts and HTTP statuses only, so their number is bounded and none names a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use schemas::id::SenderCode;
use schemas::receipt::Receipt;
use schemas::withdrawal::ErasureReceipt;

/// Counters by name and labels.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<BTreeMap<String, u64>>);

impl Metrics {
    /// A stored batch, by its receipt.
    pub fn stored(&self, receipt: &[u8]) {
        let Ok(Receipt { body, .. }) = serde_json::from_slice(receipt) else { return };
        let sender = &body.sender;
        self.add(format!("registry_batches_total{{sender=\"{sender}\"}}"), 1);
        for range in &body.verdicts {
            let word = format!("{:?}", range.verdict).to_lowercase();
            let count = u64::from(range.to - range.from) + 1;
            self.add(format!("registry_records_total{{sender=\"{sender}\",verdict=\"{word}\"}}"), count);
        }
    }

    /// Persons who left at this moment, by their erasure's receipt; a receipt of before was counted then.
    pub fn erased(&self, receipt: &[u8], at: Timestamp) {
        let receipt = serde_json::from_slice(receipt).ok();
        let Some(ErasureReceipt { body, .. }) =
            receipt.filter(|r: &ErasureReceipt| r.body.received_at == at.to_string())
        else {
            return;
        };
        let sender = &body.sender;
        for (name, count) in [("erasures", 1), ("erased_persons", body.found), ("erased_treatments", body.treatments)] {
            self.add(format!("registry_{name}_total{{sender=\"{sender}\"}}"), count.into());
        }
    }

    /// An extract that a sender was given.
    pub fn extracted(&self, sender: &SenderCode) {
        self.add(format!("registry_person_extracts_total{{sender=\"{sender}\"}}"), 1);
    }

    /// A request without success.
    pub fn refused(&self, status: u16) {
        self.add(format!("registry_refused_total{{status=\"{status}\"}}"), 1);
    }

    /// A handshake that did not end in a connection.
    pub fn handshake_refused(&self) {
        self.add("registry_handshakes_refused_total".to_owned(), 1);
    }

    /// A connection closed because its holder, or all together, had too many.
    pub fn connection_refused(&self) {
        self.add("registry_connections_refused_total".to_owned(), 1);
    }

    /// All counters in the text format of Prometheus.
    #[must_use]
    pub fn text(&self) -> String {
        let counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.iter().fold(String::new(), |mut text, (name, count)| {
            writeln!(text, "{name} {count}").expect("writing to a String does not fail");
            text
        })
    }

    fn add(&self, name: String, count: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += count;
    }
}
