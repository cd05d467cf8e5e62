//! What was queued last of some records, read back from the batches.
//!
//! Promises: reading only; a batch that is gone or damaged yields nothing, because nothing depends on it but what a person sees.

use std::collections::HashMap;

use schemas::batch::{Envelope, Kind};
use serde_json::{Value, json};

use super::Outbox;
use crate::outbox::OutboxError;
use crate::outbox::page::decompress;

const NEWEST_LINES: &str = "SELECT max(batch), line, key FROM batch_line
    WHERE key IN (SELECT value FROM json_each(?1)) AND batch < ?2 GROUP BY key ORDER BY 1, 2";
const LINES: &str = "SELECT lines FROM batch WHERE id = ?";

impl Outbox {
    /// The content of each of these records as it was queued last in a batch before this one, by key; nothing where the last word was a retraction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queued_last(&mut self, keys: &[&str], before: i64) -> Result<HashMap<String, Value>, OutboxError> {
        let newest = sqlx::query_as(NEWEST_LINES).bind(json!(keys).to_string()).bind(before);
        let newest: Vec<(i64, i64, String)> = newest.fetch_all(&mut self.connection).await?;
        let mut contents = HashMap::new();
        for batch in newest.chunk_by(|(one, ..), (other, ..)| one == other) {
            let (id, ..) = batch[0];
            let frame: Option<Vec<u8>> =
                sqlx::query_scalar(LINES).bind(id).fetch_optional(&mut self.connection).await?;
            let Some(frame) = frame else { continue };
            let Ok(text) = decompress(id, &frame).map(|lines| String::from_utf8_lossy(&lines).into_owned()) else {
                continue;
            };
            let lines: Vec<&str> = text.lines().collect();
            for (_, line, key) in batch {
                let place = usize::try_from(*line).ok().and_then(|line| line.checked_sub(1));
                let envelope = place.and_then(|place| serde_json::from_str::<Envelope>(lines.get(place)?).ok());
                let content = envelope
                    .filter(|envelope| envelope.kind == Kind::Treatment && envelope.key == *key)
                    .and_then(|envelope| serde_json::from_str(envelope.content.get()).ok());
                contents.extend(content.map(|content| (key.clone(), content)));
            }
        }
        Ok(contents)
    }
}
