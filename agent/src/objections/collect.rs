//! Everybody who says no in a source, read from every whole source in every cycle, whatever changed.

use futures_util::StreamExt as _;
use jiff::Timestamp;

use crate::map::{self, Words};
use crate::pseudonymise::Objectors;
use crate::setup::{Place, Setup};
use crate::source::{Rows, Since, Source, SourceError};

/// Reads who objects. `looked` is told of every page.
///
/// # Errors
/// When a source fails: nothing may be sent then, because who objected may stand in what was not read.
pub async fn collect<'s>(
    setup: &Setup,
    sources: impl Iterator<Item = (&'s Place, &'s mut Source)>,
    now: Timestamp,
    looked: impl Fn(),
) -> Result<Objectors, SourceError> {
    let words = Words::new(&setup.lists, &setup.config.map);
    let mut objectors = Objectors::default();
    for (place, source) in sources {
        let context = setup.mapping(place, now);
        let mut pages = source.treatments(Rows::Since(Since::Beginning));
        while let Some(page) = pages.next().await {
            for row in page?.rows() {
                for person in map::opted_out(&row, &words, &context) {
                    objectors.add(setup.keys.objection(&person));
                }
            }
            looked();
        }
    }
    Ok(objectors)
}
