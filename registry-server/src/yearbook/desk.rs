//! The charts of a page: of the newest period where several stand apart, and in words what there is nothing to draw of.
//!
//! Promises: what a page could draw of its report is drawn or said, so that no place is empty.

use schemas::language::{Language, Text};

use super::chapters::{self, Drawing, Kind};
use super::drawn::newest;
use crate::report::Report;

static NO_RANKING: Text = Text::fixed(
    "Enheter ritas inte, för att ingen rangordning ska följa; siffrorna står i tabellen.",
    "Units are not drawn, so that no ranking follows; the figures are in the table.",
);
static ALL_NOUGHT: Text = Text::fixed("alla är 0", "all are 0");
static NOTHING: Text = Text::fixed("här finns inget att rita", "there is nothing to draw here");

/// What a page shows above its table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Charts {
    /// The drawings.
    pub drawn: Vec<String>,
    /// What is not drawn and why, a sentence each.
    pub undrawn: Vec<String>,
    /// Whether they are of one period, the newest that each has figures for.
    pub is_newest: bool,
}

/// The charts of a report, as a page shows them.
#[must_use]
pub fn of_page(report: &Report, language: Language) -> Charts {
    let by = report.parameters.iter().find(|(name, _)| *name == "by").and_then(|(_, by)| by.as_deref());
    let by = by.unwrap_or_default();
    let (drawings, mut all) = (chapters::drawings(report.report, by), Charts::default());
    if report.rows.is_empty() {
        return all;
    }
    for drawing in &drawings {
        let (made, period) = newest(drawing, report, language);
        if made.is_empty() {
            all.undrawn.push(sentence(drawing, period, language));
        }
        all.is_newest |= period.is_some() && !made.is_empty();
        all.drawn.extend(made.into_iter().map(|chart| chart.svg));
    }
    if by.rsplit(',').next() == Some("unit") && !chapters::drawings(report.report, "").is_empty() {
        all.undrawn.push(NO_RANKING.pick(language).to_owned());
    }
    all
}

fn sentence(drawing: &Drawing, period: Option<&str>, language: Language) -> String {
    let what = drawing.what.pick(language);
    match (drawing.kind, period) {
        (Kind::Counts(_), Some(period)) => format!("{what} · {period}: {}.", ALL_NOUGHT.pick(language)),
        (Kind::Counts(_), None) => format!("{what}: {}.", ALL_NOUGHT.pick(language)),
        _ => format!("{what}: {}.", NOTHING.pick(language)),
    }
}
