//! The report `flow` as a chart: how many reached each stage, from the referral to the follow-up.
//!
//! Promises: every number is a cell of the table; a hidden one is a gap; where a stage is no part of the one before it, no share goes on.

use schemas::language::Text;

use crate::chart::Caption;
use crate::chart::flow::{Flow, Stage};
use crate::figure::Figure;
use crate::yearbook::chapters::Columns;
use crate::yearbook::figures::Figures;

static STAGES: [(Text, &str); 6] = [
    (Text::fixed("remissdatum känt", "referral date known"), "referral_known_n"),
    (Text::fixed("bedömning känd", "assessment known"), "assessment_known_n"),
    (Text::fixed("påbörjade", "started"), "n_started"),
    (Text::fixed("fullföljde", "completed"), "completed_n"),
    (Text::fixed("skattade sig efter", "answered after"), "after_n"),
    (Text::fixed("följdes upp", "followed up"), "followed_n"),
];
static OF_ALL: Text = Text::fixed("% av de påbörjade har datumet", "% of the started have the date");
static OF_COMPLETED: Text = Text::fixed("% av de fullföljda följdes upp", "% of the completed were followed up");

/// The stages; nothing where there is no row.
pub(super) fn flow(figures: &Figures, caption: Caption) -> Option<String> {
    let row = figures.rows.first()?;
    let stages = STAGES.iter().enumerate().map(|(number, (label, value))| Stage {
        label: label.pick(figures.language).to_owned(),
        mark: figures.mark(row, Columns { value, interval: None, count: None }),
        losses: Vec::new(),
        aside: aside(figures, row, number),
    });
    Some(Flow { caption, stages: &stages.collect::<Vec<_>>() }.svg())
}

/// What stands below a stage that the next is no part of.
fn aside(figures: &Figures, row: &[Figure], number: usize) -> Option<String> {
    let (words, column) = match number {
        0 => (&OF_ALL, "referral_known_p"),
        1 => (&OF_ALL, "assessment_known_p"),
        4 => (&OF_COMPLETED, "followed_p"),
        _ => return None,
    };
    // Rounded as the shares that go on are, also where it is nought.
    let share = figures.value(row, column).map(|share| figures.language.number(share, 1));
    let hidden = figures.is_hidden(row, column).then(|| figures.plain(row, column));
    let told = |share: String| format!("{share} {}", words.pick(figures.language));
    Some(share.or(hidden).map_or_else(String::new, told))
}
