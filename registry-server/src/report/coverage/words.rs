//! What a row of coverage says beside its figures.
//!
//! Promises: every share that does not stand has its reason named.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::counted::Lacking;
use super::outside::Told;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::Plan;
use crate::report::Text;
use crate::report::figure::Figure;

/// Who counts outside: the sources, or that there is none or not enough.
pub(super) fn source(told: Option<&Told>, whole: bool) -> Figure {
    match told {
        Some(told) if whole => Figure::text(told.sources.iter().copied().collect::<Vec<_>>().join(", ")),
        Some(told) if told.is_told() => Figure::text("outside source in part"),
        _ => Figure::text("no outside source"),
    }
}

/// The notes: how is counted, and which shares do not stand.
pub(super) fn notes(plan: &Plan, above: &[String], (divided, lacking): (&BTreeSet<Date>, &Lacking)) -> Vec<Text> {
    let mut notes = vec![
        Text::fixed(
            "Avslutade enligt avsändaren: allt i dess senaste läsning av allt, även kvarhållna, avvisade, skyddade och deras som motsatt \
             sig, men inte testpatienter, pågående och stödprogram.",
            "Ended by the sender: everything in its newest reading of everything, also the held, rejected, protected and opted out, but \
             no test patients, ongoing treatments and support programmes.",
        ),
        Text::fixed(
            "Här räknas alltid efter slutdatum och till den enhet som påbörjade behandlingen. Intervallen är Wilsons, 95 %.",
            "Counted by the end date and for the unit that started the treatment, whatever was asked for. Limits are Wilson's, 95 %.",
        ),
    ];
    let finer: Vec<&str> = plan.by.iter().filter(|by| !is_told(**by)).map(|by| by.name()).collect();
    if !finer.is_empty() {
        let finer = finer.join(", ");
        notes.push(Text::made(
            format!("Antal behandlingar utanför registret finns inte per {finer}; alla står under ALL."),
            format!("Treatments outside the register are not counted by {finer}; all stand under ALL."),
        ));
    }
    if !lacking.is_empty() {
        let months = lacking.iter().map(|(region, month)| format!("{region} {}", month.strftime("%Y-%m")));
        let months = months.collect::<Vec<_>>().join(", ");
        notes.push(Text::made(
            format!("Källan utanför registret omfattar inte allt i dessa regioner och månader, så täckningsgraden saknas: {months}."),
            format!("The outside source does not tell everything of these regions and months, so coverage is empty: {months}."),
        ));
    }
    if !divided.is_empty() {
        let months = divided.iter().map(|month| month.strftime("%Y-%m").to_string()).collect::<Vec<_>>().join(", ");
        notes.push(Text::made(
            format!("Urvalet delar dessa månader, så deras andelar saknas; välj hela månader: {months}."),
            format!("The selection divides these months, so their shares are empty; choose whole months: {months}."),
        ));
    }
    if !above.is_empty() {
        let rows = above.join("; ");
        notes.push(Text::made(
            format!("Registret har fler behandlingar än källan utanför, så täckningsgraden saknas: {rows}."),
            format!("The register has more treatments than the outside source, so coverage is empty: {rows}."),
        ));
    }
    notes
}

/// Whether counts are told by a dimension.
fn is_told(dimension: Dimension) -> bool {
    use Dimension::{CareLevel, Condition, Ownership, Programme, Region, Unit};
    matches!(dimension, Region | Unit | Programme | Condition | CareLevel | Ownership)
}
