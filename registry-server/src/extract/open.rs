//! Tables that everybody may read, as they were released.
//!
//! Promises: read from the ledger alone, the newest cut first; nothing is built or asked anew for whoever reads. Must not know: HTTP.

use jiff::Timestamp;
use schemas::codelist::CodeLists;

use super::build::{BuildError, asked_of, secret};
use super::deliver::decimals;
use super::sheet::Sheet;
use crate::disclose::engine::stored;
use crate::store::{Cut, Store};
use crate::subject::Pepper;

/// A table that everybody may read.
#[derive(Debug)]
pub struct Open {
    /// The cut that it was made from.
    pub cut: Cut,
    /// Since when it is open.
    pub since: Timestamp,
    /// The table.
    pub sheet: Sheet,
}

impl Open {
    /// What its files lie under: the cut, and its place among what left that.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.cut.id(), self.sheet.place)
    }
}

/// Every one of them.
///
/// # Errors
/// What is kept cannot be read.
pub async fn open(store: &dyn Store, (lists, pepper): (&CodeLists, &Pepper)) -> Result<Vec<Open>, BuildError> {
    let mut all = Vec::new();
    for cut in store.cuts().await?.into_iter().rev() {
        for release in store.releases(cut.number).await? {
            let Some(since) = release.published_at else { continue };
            let table = stored::seen(&release.kept, &secret(pepper, &cut.name))?;
            let asked = asked_of(&release.asked, lists);
            let sheet = Sheet::of((1, release.place), &asked, &table, decimals(&asked, lists));
            all.push(Open { cut: cut.clone(), since, sheet });
        }
    }
    Ok(all)
}
