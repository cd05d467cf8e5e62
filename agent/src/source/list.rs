//! The list of those who object where it is a file of lines beside the source, of whatever kind that is.
//!
//! Promises: a list that is named is read or stops everything; one that changes while it is read is noticed.

use super::csv;
use super::{OBJECTIONS, Pages, Place, SourceError, named};

/// The rows of `objections_file`; none when the source names none.
///
/// # Errors
/// When the file cannot be read or lacks a column; then nothing may be sent.
pub async fn objections_file(place: &Place) -> Result<Pages<'static>, SourceError> {
    let Some(file) = &place.config.objections_file else { return Ok(Box::pin(futures_util::stream::empty())) };
    let called = place.config.called().map(str::to_owned);
    let (path, place) = (place.folder.join(file), place.clone());
    let looked = tokio::task::spawn_blocking(move || csv::lone(&path, &OBJECTIONS, &place)).await;
    let pages = looked.unwrap_or_else(|_| Err(SourceError::Unreachable("reading was broken off; try again".into())));
    let called = called.as_deref();
    pages.map(|pages| named(pages, called)).map_err(|error| error.of(called))
}
