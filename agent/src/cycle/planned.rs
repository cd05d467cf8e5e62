//! What the next cycle would read, for those who only look: the same choice of rows as the cycle makes, and nothing written.

use super::gather::{Gathered, close, gather, objectors, open};
use super::{CycleError, Surroundings, lookup, reading};
use crate::episode::Gathering;
use crate::extract::{self, Reading};
use crate::outbox::Outbox;
use crate::setup::Setup;

/// Reads what the next cycle would read: what changed, or everything where nothing was read before or the sweep is due.
///
/// # Errors
/// When a source, the state or the scratch fails.
pub async fn gather_planned(
    setup: &Setup,
    outbox: &mut Outbox,
    surroundings: &Surroundings<'_>,
    gathering: &mut Gathering,
) -> Result<Gathered, CycleError> {
    let now = (surroundings.now)();
    let mut sources = open(setup, now).await?;
    let objectors = objectors(setup, &mut sources, surroundings).await?;
    let basis = reading::basis(setup, &objectors);
    let mut gathered = Gathered::default();
    for opened in &mut sources {
        let system = &opened.place.config.system;
        let before = outbox.before(system).await?;
        lookup::prepare(&mut opened.source, outbox, system).await?;
        let reading: Reading = reading::choose(setup, opened.place, (&before, &basis), now);
        let scope = extract::scope(&mut opened.source, &opened.place.config, reading, &|| ()).await?;
        gather((setup, surroundings), opened, (&scope, &objectors), (gathering, &mut gathered)).await?;
    }
    close(sources).await;
    Ok(gathered)
}
