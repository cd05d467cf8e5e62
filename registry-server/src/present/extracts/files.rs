//! `/extracts/{number}/files`: the archive of a request, for whoever asked while it can be fetched, and for approvers who look at it first.
//!
//! Promises: who may not have it now finds nothing there, and the page of the request says why; each time that it is fetched stands in the
//! audit log by the address and the person.

use super::{caseworker, find};
use crate::casework::NotTaken;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::fault::Fault;

/// The archive.
///
/// # Errors
/// [`Fault::NotFound`] for whom there is none now; when the store fails.
pub(super) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let number = find(ask).await?.number;
    match caseworker(ask)?.files(number).await {
        Ok(package) => Ok(Answer::Attached {
            name: format!("extract-{number}.zip"),
            content_type: "application/zip",
            bytes: package.bytes,
        }),
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(_) => Err(Fault::NotFound),
    }
}
