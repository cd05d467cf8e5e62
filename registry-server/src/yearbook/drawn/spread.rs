//! The report `deciles` as a chart: how far apart units or regions lie over time, and the line of all together or of the reader's own.
//!
//! Promises: every place is a figure of the table, shares per cent; a period without deciles has no band, and a hidden figure is a gap.

use crate::chart::decile::Decile;
use crate::chart::{Caption, Mark, Shown};
use crate::figure::Figure;
use crate::indicator::decile::COLUMNS;
use crate::report::heading::{Unit, heading};
use crate::yearbook::figures::{Figures, code_of};

/// The drawing; nothing where there is no figure, and nothing of regions where their spread is never told.
pub(super) fn spread(figures: &Figures, caption: Caption) -> Option<String> {
    let level = figures.rows.first().and_then(|row| code_of(figures.report, row, "level"))?;
    let language = figures.language;
    let deciles: Vec<Option<[f64; 9]>> = figures.rows.iter().map(|row| deciles(figures, row)).collect();
    if level == "region" && deciles.iter().all(Option::is_none) {
        return None;
    }
    let own: Vec<Mark> = figures.rows.iter().map(|row| own(figures, row)).collect();
    let periods = figures.rows.iter().map(|row| code_of(figures.report, row, "period").unwrap_or_default().to_owned());
    let is_own = figures.report.columns.first().is_some_and(|column| column == "whose");
    let decile = Decile {
        caption,
        periods: &periods.collect::<Vec<_>>(),
        deciles: &deciles,
        spread_name: if level == "unit" {
            language.pick("enheter", "units")
        } else {
            language.pick("regioner", "regions")
        },
        own_name: if is_own { language.pick("egna", "own") } else { language.pick("riket", "the country") },
        own: &own,
    };
    own.iter().any(|mark| *mark != Mark::Undefined).then(|| decile.svg())
}

/// What the values of a measure are, with their unit.
pub(super) fn axis(figures: &Figures) -> String {
    figures.rows.first().and_then(|row| measure(figures, row)).map_or_else(String::new, |heading| {
        let text = heading.text.pick(figures.language);
        heading.unit.text().map_or_else(|| text.to_owned(), |unit| format!("{text}, {}", unit.pick(figures.language)))
    })
}

fn measure(figures: &Figures, row: &[Figure]) -> Option<crate::report::heading::Heading> {
    let code = code_of(figures.report, row, "measure")?;
    heading(&format!("{code}_p")).or_else(|| heading(code))
}

/// By how much a figure is larger on the axis: shares stand per cent.
fn scale(figures: &Figures, row: &[Figure]) -> (f64, &'static str, usize) {
    let is_share = measure(figures, row).is_some_and(|heading| heading.unit == Unit::Share);
    if is_share { (100.0, " %", 1) } else { (1.0, "", 2) }
}

fn deciles(figures: &Figures, row: &[Figure]) -> Option<[f64; 9]> {
    let times = scale(figures, row).0;
    let values: Option<Vec<f64>> = COLUMNS.iter().map(|column| Some(times * figures.value(row, column)?)).collect();
    values?.try_into().ok()
}

fn own(figures: &Figures, row: &[Figure]) -> Mark {
    if figures.is_hidden(row, "value") {
        return Mark::Hidden;
    }
    let Some(value) = figures.value(row, "value") else { return Mark::Undefined };
    let (times, sign, digits) = scale(figures, row);
    let (value, n) = (times * value, figures.plain(row, "n"));
    let text = format!("{}{sign} (n = {n})", figures.language.number(value, digits));
    Mark::Shown(Shown { value, interval: None, text })
}
