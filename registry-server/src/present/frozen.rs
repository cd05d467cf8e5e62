//! Reports from frozen data, for pages.
//!
//! Promises: what is kept is shown to nobody once anybody has left; what was remarked, signed and published is told as it is now.

use std::sync::Arc;

use super::Ask;
use super::fault::Fault;
use super::workshop::Of;
use crate::aggregate::whose::Whose;
use crate::report::{Parameters, Report, frozen};
use crate::store::Cut;

impl Ask<'_> {
    /// The newest cut that is published; nothing before the first.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn published(&self) -> Result<Option<Cut>, Fault> {
        let is_published = |cut: &Cut| cut.calendar.as_ref().is_some_and(|calendar| calendar.published.is_some());
        Ok(self.desk.registry.store.cuts().await?.into_iter().rfind(is_published))
    }

    /// A report from somebody's part of a cut.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails.
    pub(super) async fn of_cut(
        &self,
        cut: &Cut,
        (name, parameters): (&str, Parameters),
        whose: Whose,
    ) -> Result<Arc<Report>, Fault> {
        let mut report = self.made((name, parameters), Of::Frozen(Box::new(cut.clone()), whose)).await?;
        frozen::mark(Arc::make_mut(&mut report), cut, &self.desk.registry.lists.hash());
        Ok(report)
    }
}
