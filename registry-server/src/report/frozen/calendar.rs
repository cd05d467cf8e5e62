//! What stands below every report from a year's cut: its days, who has not signed, what was remarked, whether it is published.

use crate::moment::minute;
use crate::report::Text;
use crate::store::{Calendar, Cut};

/// The sentences.
pub(super) fn notes(cut: &Cut) -> Vec<Text> {
    let Some(calendar) = &cut.calendar else { return Vec::new() };
    let Calendar { year, stop, comments_until, published } = calendar;
    let mut notes = vec![Text::made(
        format!("Uppgifter för {year}: datastopp {stop}, synpunkter till och med {comments_until}."),
        format!("Data of {year}: data stop {stop}, comments until {comments_until}."),
    )];
    notes.push(match published {
        None => Text::fixed("Inte publicerade.", "Not published."),
        Some(published) => {
            let at = minute(published.at);
            let reason = published.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            Text::made(format!("Publicerade {at}{reason}."), format!("Published {at}{reason}."))
        }
    });
    let missing = cut.unsigned().join(", ");
    if !missing.is_empty() {
        notes.push(Text::made(format!("Underskrift saknas från: {missing}."), format!("Not signed by: {missing}.")));
    }
    for comment in &cut.comments {
        let (of, text) = (&comment.of, &comment.comment);
        notes.push(Text::made(format!("Synpunkt från {of}: {text}"), format!("Comment by {of}: {text}")));
    }
    notes
}
