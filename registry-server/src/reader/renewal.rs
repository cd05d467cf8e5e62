//! Cells made anew from the narrow rows, in the background.
//!
//! Promises: only a sender whose figures stood still since the last look is seen to, so that a long delivery is not slowed down by its
//! own figures; a failure leaves the marks, and is tried again.

use std::sync::Arc;
use std::time::Duration;

use schemas::codelist::CodeLists;
use tokio_util::sync::CancellationToken;

use crate::aggregate::cells;
use crate::fact::cell::CellMark;
use crate::registry::Registry;
use crate::store::{Store, StoreError};

/// How often the register looks for marks.
const PACE: Duration = Duration::from_secs(30);

/// Makes marked cells anew until the register stops.
pub(crate) async fn keep_current(registry: Arc<Registry>, stop: CancellationToken) {
    let lists = Arc::new(registry.lists.clone());
    let mut before = Vec::new();
    // Ends with the register.
    loop {
        match look(&*registry.store, &lists, &before).await {
            Ok(marks) => before = marks,
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!("cells cannot be made: {error}");
                return registry.broken.cancel();
            }
            Err(error) => tracing::warn!("cells were not made, which is tried again soon: {error}"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PACE) => {}
        }
    }
}

/// Sees to the senders whose marks are those of the last look; gives the marks of this one.
pub(super) async fn look(
    store: &dyn Store,
    lists: &Arc<CodeLists>,
    before: &[CellMark],
) -> Result<Vec<CellMark>, StoreError> {
    let marks = store.cells(None).await?.marks;
    for mark in marks.iter().filter(|mark| !mark.is_clean() && before.contains(mark)) {
        renew(store, lists, mark).await?;
    }
    Ok(marks)
}

/// Makes the marked cells of one sender anew.
pub(crate) async fn renew(store: &dyn Store, lists: &Arc<CodeLists>, mark: &CellMark) -> Result<(), StoreError> {
    let facts = store.cell_sources(mark).await?;
    let lists = Arc::clone(lists);
    let made = tokio::task::spawn_blocking(move || cells::of_sender(&facts, &lists));
    let cells = made.await.map_err(|error| StoreError::Statement(error.to_string()))?;
    store.keep_cells(mark, &cells).await
}
