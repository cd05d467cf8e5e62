//! The first line: who sends what, under which key and schema.

use schemas::batch::{Manifest, SCHEMA};
use serde::Deserialize;

use super::{Facts, RefusedBatch};

/// Only the schema, so that a manifest of another version is told as that and not as malformed.
#[derive(Deserialize)]
struct SchemaOnly {
    schema: String,
}

/// Reads and checks it.
pub(super) fn read(line: &[u8], facts: &Facts<'_>) -> Result<Manifest, RefusedBatch> {
    let malformed = RefusedBatch::Manifest("the first line is not a manifest; the batch was built wrongly");
    let SchemaOnly { schema } = serde_json::from_slice(line).map_err(|_| malformed.clone())?;
    if schema != SCHEMA {
        return Err(RefusedBatch::Schema);
    }
    let manifest: Manifest = serde_json::from_slice(line).map_err(|_| malformed.clone())?;
    // PostgreSQL keeps the character NUL in no text.
    let texts = [Some(&manifest.agent), manifest.schedule.as_ref(), manifest.timezone.as_ref()];
    if texts.into_iter().flatten().any(|text| text.contains('\0')) {
        return Err(malformed);
    }
    if &manifest.sender != facts.sender {
        return Err(RefusedBatch::Sender);
    }
    if manifest.environment != facts.environment {
        return Err(RefusedBatch::Environment);
    }
    let registered =
        facts.keys.contains(&manifest.kid) || (facts.keys.is_empty() && manifest.kid == facts.sender.first_key_id());
    if !registered || !manifest.kid.belongs_to(facts.sender) {
        return Err(RefusedBatch::Key(1));
    }
    Ok(manifest)
}
