//! Everybody who says no in a source or in its list, read from every whole source in every cycle, whatever changed.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Origin;
use crate::config::SourceKind;
use crate::identity::IdentityNumber;
use crate::map::{self, Context, Reason, Words};
use crate::pseudonymise::{EarlierName, Keys, Objector};
use crate::setup::{Place, Setup};
use crate::source::{Pages, Rows, Since, Source, SourceError, objections_file};

/// Who objects, as the sources say now.
#[derive(Default)]
pub struct Collected {
    /// Everybody once, by hash.
    pub persons: BTreeMap<[u8; 32], Said>,
    /// Rows of lists whose number cannot be read, so that nobody is kept out by them.
    pub unreadable: u64,
}

/// What is said of one who objects.
pub struct Said {
    /// Who.
    pub objector: Objector,
    /// What they were called under earlier person keys.
    pub earlier: Vec<EarlierName>,
    /// Where it was read first.
    pub origin: Origin,
    /// Why.
    pub reason: Reason,
    /// Since when, where it is said.
    pub registered_on: Option<Date>,
}

/// Reads who objects. `looked` is told of every page.
///
/// # Errors
/// When a source or its list cannot be read: nothing may be sent then, because who objected may stand in what was not read.
pub async fn collect<'s>(
    setup: &Setup,
    sources: impl Iterator<Item = (&'s Place, &'s mut Source)>,
    now: Timestamp,
    looked: impl Fn(),
) -> Result<Collected, SourceError> {
    let words = Words::new(&setup.lists, &setup.config.map);
    let mut collected = Collected::default();
    for (place, source) in sources {
        let context = setup.mapping(place, now);
        let query = if place.config.kind == SourceKind::Sql { Origin::Query } else { Origin::File };
        collected.list(source.objections(), (&setup.keys, &context), query).await?;
        collected.list(objections_file(place).await?, (&setup.keys, &context), Origin::File).await?;
        let mut pages = source.treatments(Rows::Since(Since::Beginning));
        while let Some(page) = pages.next().await {
            for row in page?.rows() {
                for person in map::opted_out(&row, &words, &context) {
                    let (origin, reason) = (Origin::Source, Reason::Objection);
                    collected.add((&setup.keys, &person), (origin, reason, None));
                }
            }
            looked();
        }
    }
    Ok(collected)
}

impl Collected {
    async fn list(
        &mut self,
        mut pages: Pages<'_>,
        (keys, context): (&Keys, &Context<'_>),
        origin: Origin,
    ) -> Result<(), SourceError> {
        while let Some(page) = pages.next().await {
            for row in page?.rows() {
                let map::Objector { persons, reason, registered_on } = map::map_objector(&row, context);
                self.unreadable += u64::from(persons.is_empty());
                for person in persons {
                    self.add((keys, &person), (origin, reason, registered_on));
                }
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        (keys, person): (&Keys, &IdentityNumber),
        (origin, reason, registered_on): (Origin, Reason, Option<Date>),
    ) {
        let objector = keys.objector(person);
        let said = || Said { objector, earlier: keys.earlier_names(person), origin, reason, registered_on };
        self.persons.entry(objector.hash).or_insert_with(said);
    }
}
