//! Reports as their reader may have them.
//!
//! Promises: exact figures of all go only to whom the permit gives all; a region's reader gets of reports on senders the rows of its own
//! and no total, of others its own exactly; a unit's its own and what is published; a researcher what is published.

use std::sync::Arc;

use super::fault::Fault;
use super::{Ask, Desk};
use crate::authenticate::{Permit, Role};
use crate::figure::Figure;
use crate::report::{Parameters, Report, duplicates};

impl Desk {
    /// A report of everything, as it counts now.
    ///
    /// # Errors
    /// When the parameters name what there is not, or the store fails.
    pub(super) async fn whole(&self, name: &str, parameters: Parameters) -> Result<Report, Fault> {
        self.workshop.report(name, parameters).await.map(Arc::unwrap_or_clone)
    }
}

impl Ask<'_> {
    /// What the reader may have of a report.
    ///
    /// # Errors
    /// As for the whole; [`Fault::NotAllowed`] where none of it is theirs.
    pub(super) async fn report(&self, name: &str, parameters: Parameters) -> Result<Report, Fault> {
        match (self.permit, self.visitor.map(|visitor| &visitor.user.role)) {
            (Permit::All | Permit::Read, _) => self.desk.whole(name, parameters).await,
            // Two selections of it could be subtracted; a unit's own part is like nothing in itself.
            (Permit::Own, Some(Role::Region(code))) if name == duplicates::DEFINITION.name => {
                let whole = self.desk.whole(name, Parameters::default()).await?;
                Ok(duplicates::for_sender(whole, code.as_str()))
            }
            (Permit::OwnCompleteness, _) if name == duplicates::DEFINITION.name => Err(Fault::NotAllowed),
            (Permit::Own, Some(Role::Region(code))) => Ok(own(self.desk.whole(name, parameters).await?, code.as_str())),
            (Permit::OwnExact, Some(Role::Region(code))) => self.desk.for_sender((name, parameters), code).await,
            (Permit::OwnAndPublished, Some(Role::Unit(units))) => self.desk.for_units((name, parameters), units).await,
            (Permit::OwnCompleteness, Some(Role::Unit(units))) => self.desk.of_units((name, parameters), units).await,
            (Permit::Released, _) => self.desk.released(name, parameters).await,
            _ => Err(Fault::NotAllowed),
        }
    }
}

/// The rows of one sender.
fn own(mut report: Report, code: &str) -> Report {
    let place = report.columns.iter().position(|column| column == "region");
    let is_own =
        |row: &Vec<Figure>| place.is_some_and(|place| matches!(&row[place], Figure::Text(region) if &**region == code));
    report.rows.retain(is_own);
    report
}
