//! Tables that everybody may read, as they were released.
//!
//! Promises: read from the ledger alone, the newest cut first; nothing is built or asked anew for whoever reads; what there is is told
//! without reading what stands in it. Must not know: HTTP.

use jiff::Timestamp;
use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::asked::Asked;
use super::build::{BuildError, asked_of, secret};
use super::sheet::Sheet;
use super::words;
use crate::disclose::engine::stored;
use crate::store::{Cut, Store};
use crate::subject::Pepper;

/// A table that everybody may read.
#[derive(Debug)]
pub struct Open {
    /// The cut that it was made from.
    pub cut: Cut,
    /// Its place among what left that.
    pub place: u32,
    /// Since when it is open.
    pub since: Timestamp,
    asked: Asked,
}

impl Open {
    /// What its files lie under: the cut, and its place among what left that.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.cut.id(), self.place)
    }

    /// What was asked for; the table itself tells where it is split by less.
    #[must_use]
    pub fn title(&self) -> Text {
        words::of_table(&self.asked.measure, (&self.asked.crossing, &self.asked.crossing))
    }

    /// The table.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub async fn sheet(
        &self,
        store: &dyn Store,
        (lists, pepper): (&CodeLists, &Pepper),
    ) -> Result<Option<Sheet>, BuildError> {
        let Some(kept) = store.published(self.cut.number, self.place).await? else { return Ok(None) };
        let table = stored::seen(&kept, &secret(pepper, &self.cut.name))?;
        Ok(Some(Sheet::of((1, self.place), &self.asked, &table, lists)))
    }
}

/// Every one of them.
///
/// # Errors
/// The database.
pub async fn open(store: &dyn Store, lists: &CodeLists) -> Result<Vec<Open>, BuildError> {
    let cuts = store.cuts().await?;
    let known = |number: u32| cuts.iter().find(|cut| cut.number == number);
    let open = store.release_heads().await?.into_iter().filter_map(|head| {
        let (cut, since) = (known(head.cut)?.clone(), head.published_at?);
        Some(Open { cut, place: head.place, since, asked: asked_of(&head.asked, lists) })
    });
    Ok(open.collect())
}
