//! One daemon a state directory. A `once` beside it is let in: the two exclude each other only while a cycle runs.

use std::fs::File;
use std::path::Path;

use crate::outbox::OutboxError;

/// Holds a state directory for one daemon until the value goes.
///
/// # Errors
/// [`OutboxError::Locked`] when another daemon holds it, [`OutboxError::Directory`] when it cannot be held.
pub(super) fn hold(state_dir: &Path) -> Result<File, OutboxError> {
    let path = state_dir.join("daemon.lock");
    let file = File::create(&path)
        .map_err(|error| OutboxError::Directory { path: path.display().to_string(), reason: error.to_string() })?;
    file.try_lock().map_err(|error| OutboxError::of_lock(&path, error))?;
    Ok(file)
}
