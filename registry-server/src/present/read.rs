//! Reports as their reader may have them.
//!
//! Promises: exact figures of all go only to whom the permit gives all; a region's reader gets of reports on senders the rows of its own
//! and no total, of others its own exactly; a unit's its own and what is published; a researcher what is published.

use std::sync::Arc;

use super::Ask;
use super::fault::Fault;
use super::workshop::Of;
use crate::authenticate::{Permit, Role};
use crate::fact::DataState;
use crate::figure::Figure;
use crate::report::{Parameters, Report, duplicates};

impl Ask<'_> {
    /// A report from the workshop, in the state of the data in which the page was asked for.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails.
    pub(super) async fn made(&self, asked: (&str, Parameters), of: Of) -> Result<Arc<Report>, Fault> {
        self.desk.workshop.report(asked, of, self.state().await?).await
    }

    /// What figures stood on when the page was asked for, or soon after.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn state(&self) -> Result<&DataState, Fault> {
        let read = || async { Ok(self.desk.registry.store.data_state().await?) };
        self.state.get_or_try_init(read).await
    }

    /// What the reader may have of a report.
    ///
    /// # Errors
    /// As for the whole; [`Fault::NotAllowed`] where none of it is theirs.
    pub(super) async fn report(&self, name: &str, parameters: Parameters) -> Result<Arc<Report>, Fault> {
        match (self.permit, self.visitor.map(|visitor| &visitor.user.role)) {
            (Permit::All | Permit::Read, _) => self.made((name, parameters), Of::All).await,
            // Two selections of it could be subtracted; a unit's own part is like nothing in itself.
            (Permit::Own, Some(Role::Region(code))) if name == duplicates::DEFINITION.name => {
                let whole = self.made((name, Parameters::default()), Of::All).await?;
                Ok(Arc::new(duplicates::for_sender(Arc::unwrap_or_clone(whole), code.as_str())))
            }
            (Permit::OwnCompleteness, _) if name == duplicates::DEFINITION.name => Err(Fault::NotAllowed),
            (Permit::Own, Some(Role::Region(code))) => {
                let whole = self.made((name, parameters), Of::All).await?;
                Ok(own(&whole, code.as_str()))
            }
            (Permit::OwnExact, Some(Role::Region(code))) => self.for_sender((name, parameters), code).await,
            (Permit::OwnAndPublished, Some(Role::Unit(units))) => self.for_units((name, parameters), units).await,
            (Permit::OwnCompleteness, Some(Role::Unit(units))) => self.of_units((name, parameters), units).await,
            (Permit::Released, _) => self.released(name, parameters).await,
            _ => Err(Fault::NotAllowed),
        }
    }
}

/// The rows of one sender.
fn own(report: &Report, code: &str) -> Arc<Report> {
    let place = report.columns.iter().position(|column| column == "region");
    let is_own =
        |row: &Vec<Figure>| place.is_some_and(|place| matches!(&row[place], Figure::Text(region) if &**region == code));
    let rows = report.rows.iter().filter(|row| is_own(row)).cloned().collect();
    Arc::new(Report { rows, ..report.clone() })
}

#[cfg(test)]
impl super::Desk {
    /// A report of everything, as it counts now.
    pub(super) async fn whole(&self, name: &str, parameters: Parameters) -> Result<Arc<Report>, Fault> {
        let state = self.registry.store.data_state().await?;
        self.workshop.report((name, parameters), Of::All, &state).await
    }
}
