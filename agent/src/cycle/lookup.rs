//! Whether a source may look treatments up by their ids: what one cycle learns and the next relies on.
//!
//! Promises: an id that stands with space around it, which no index finds, is never left out because of what an earlier cycle saw
//! elsewhere.

use super::CycleError;
use crate::extract::Scope;
use crate::outbox::Outbox;
use crate::source::{Source, Spelling};

/// Tells a source what earlier cycles found of its ids. Answers whether it was told that they are exact.
///
/// # Errors
/// When the state fails.
pub(super) async fn prepare(source: &mut Source, outbox: &mut Outbox, system: &str) -> Result<Spelling, CycleError> {
    let before = if outbox.ids_are_exact(system).await? { Spelling::Exact } else { Spelling::Spaced };
    source.expect(before);
    Ok(before)
}

/// Keeps what this reading found: one id with space is enough to know, all must have been read to know that there is none.
///
/// # Errors
/// When the state fails.
pub(super) async fn keep(
    source: &Source,
    (scope, before): (&Scope, Spelling),
    outbox: &mut Outbox,
    system: &str,
) -> Result<(), CycleError> {
    match (before, source.spelling()) {
        (Spelling::Exact, Spelling::Spaced) => outbox.note_spaced_ids(system).await?,
        (Spelling::Spaced, Spelling::Exact) if *scope == Scope::Everything => outbox.note_exact_ids(system).await?,
        _ => {}
    }
    Ok(())
}
