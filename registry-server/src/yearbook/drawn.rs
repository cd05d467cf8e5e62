//! Which rows of a report a chart shows, and how its figures are written.
//!
//! Promises: rows keep the report's order, the total last; what is hidden in the table is hidden in the chart, and nothing is worked out
//! from a hidden figure; the rows of one period are drawn, or those of all together, and a heading names the period.

/// Cells by two columns.
mod cells;
/// Along a treatment.
mod course;
/// From referral to follow-up.
mod flow;

/// How far apart units lie.
mod spread;

use std::collections::BTreeSet;

use schemas::language::Language;

use super::chapters::{Columns, Drawing, Kind};
use super::figures::{Figures, code_of};
use super::funnel;
use crate::aggregate::ALL;
use crate::chart::bars::Bars;
use crate::chart::forest::Forest;
use crate::chart::matrix::Cells;
use crate::chart::stack::Stack;
use crate::chart::trend::Trend;
use crate::chart::{Caption, Mark, Reference, Row};
use crate::figure::Figure;
use crate::report::Report;
use crate::report::heading::heading;

/// What is left out of a heading, because every table of a yearbook has it.
const PAIRED: &str = "paired";

/// A chart of a table.
#[derive(Debug)]
pub(super) struct Chart {
    /// Part of its files' names: the drawing, then what it is a chart of.
    pub(super) name: String,
    /// What it shows.
    pub(super) title: String,
    /// The drawing.
    pub(super) svg: String,
}

/// What rows have in common, and the rows.
type Group<'a> = (Vec<&'a Figure>, Vec<&'a Vec<Figure>>);

/// The charts of the newest period that there is a figure of, and that period, where periods stand apart; else of all together. Of counts
/// the newest is drawn: nought is a figure too.
pub(super) fn newest<'a>(drawing: &Drawing, report: &'a Report, language: Language) -> (Vec<Chart>, Option<&'a str>) {
    let mut codes = if is_over_time(drawing) { Vec::new() } else { periods(&wanted(drawing, report), report) };
    let Some(first) = codes.first().copied() else { return (charts(drawing, report, (None, language)), None) };
    if matches!(drawing.kind, Kind::Counts(_)) {
        codes.truncate(1);
    }
    let mut each = codes.into_iter().map(|code| (charts(drawing, report, (Some(code), language)), Some(code)));
    each.find(|(charts, _)| !charts.is_empty()).unwrap_or((Vec::new(), Some(first)))
}

/// Whether a chart draws all periods beside one another.
fn is_over_time(drawing: &Drawing) -> bool {
    matches!(drawing.kind, Kind::Trend(_) | Kind::Deciles)
}

/// The periods that stand apart, the newest first: codes of one kind stand in the order of time, and what has no date has no digit.
fn periods<'a>(rows: &[&'a Vec<Figure>], report: &Report) -> Vec<&'a str> {
    let codes = rows.iter().filter_map(|row| code_of(report, row, "period"));
    let codes: BTreeSet<&str> = codes.filter(|code| code.starts_with(|c: char| c.is_ascii_digit())).collect();
    codes.into_iter().rev().collect()
}

/// The rows that a drawing is of.
fn wanted<'a>(drawing: &Drawing, report: &'a Report) -> Vec<&'a Vec<Figure>> {
    let only = |row: &&Vec<Figure>| drawing.only.iter().all(|(name, code)| code_of(report, row, name) == Some(*code));
    report.rows.iter().filter(only).collect()
}

/// Every chart of a drawing: one for each group of rows that is not told apart by the rows' own names.
pub(super) fn charts(drawing: &Drawing, report: &Report, (year, language): (Option<&str>, Language)) -> Vec<Chart> {
    let keys: Vec<&str> = report.columns[..report.keys].iter().map(String::as_str).collect();
    let is_own =
        |key: &str| key == "period" || drawing.of.contains(&key) || drawing.only.iter().any(|(name, _)| *name == key);
    let apart: Vec<usize> = (0..report.keys).filter(|place| !is_own(keys[*place])).collect();
    let wanted = wanted(drawing, report);
    let period =
        year.filter(|year| wanted.iter().any(|row| code_of(report, row, "period") == Some(*year))).unwrap_or(ALL);
    let over_time = is_over_time(drawing);
    let in_time = |row: &&&Vec<Figure>| {
        let of_row = code_of(report, row, "period");
        if over_time { of_row != Some(ALL) } else { of_row == Some(period) }
    };

    let mut groups: Vec<Group> = Vec::new();
    for row in wanted.iter().filter(in_time) {
        let group: Vec<&Figure> = apart.iter().map(|place| &row[*place]).collect();
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((group, vec![*row])),
        }
    }
    // What is of all comes first: a page may have room for no more.
    groups.sort_by_key(|(names, _)| names.iter().filter(|name| !name.is_sum()).count());
    let chart = |(_, rows): &Group| {
        let labels = rows.first().map_or(Vec::new(), |row| labels(report, row, (&apart, language)));
        let period = if over_time { ALL } else { period };
        let crossed = matches!(drawing.kind, Kind::Matrix(_) | Kind::Counts(_));
        let rows = if crossed { rows.clone() } else { whole_totals(report, rows, drawing.of) };
        let period = rows.first().filter(|_| period != ALL).map(|row| period_of(report, row, language));
        let figures = Figures { report, rows, of: drawing.of, language };
        let title = title(drawing, &labels, (period, language));
        let svg = svg(drawing.kind, &figures, &title)?;
        let name = std::iter::once(drawing.name.to_owned()).chain(labels).map(|label| slug(&label));
        Some(Chart { name: name.collect::<Vec<_>>().join("-"), title, svg })
    };
    groups.iter().filter_map(chart).collect()
}

/// The drawing; nothing where there is nothing to draw.
fn svg(kind: Kind, figures: &Figures, title: &str) -> Option<String> {
    let language = figures.language;
    let axis = axis(kind, figures);
    let description = match kind {
        Kind::Funnel => language.pick(
            "Varje punkt är en region; ingen rangordning följer. Siffrorna finns i tabellen.",
            "Each point is a region; no ranking follows. The figures are in the table.",
        ),
        _ => language.pick("Siffrorna finns i tabellen.", "The figures are in the table."),
    };
    let caption = Caption { title, description, axis: &axis, language };
    match kind {
        Kind::Bars(columns) => {
            let rows = drawable(figures.rows(columns))?;
            let reference = national(figures, &rows, columns);
            Some(Bars { caption, rows: &rows, reference: reference.as_ref() }.svg())
        }
        Kind::Forest(columns) => Some(Forest { caption, rows: &drawable(figures.rows(columns))? }.svg()),
        Kind::Stack(whole, parts) => {
            let names: Vec<&str> = parts.iter().map(|part| part.what.pick(language)).collect();
            Some(Stack { caption, parts: &names, rows: &figures.wholes(whole, parts)? }.svg())
        }
        Kind::Trend(columns) => {
            let (periods, series) = figures.series(columns)?;
            Some(Trend { caption, periods: &periods, series: &series }.svg())
        }
        Kind::Funnel => funnel::svg(figures, caption),
        Kind::Course(columns) => course::trajectory(figures, caption, columns),
        Kind::Flow => flow::flow(figures, caption),
        Kind::Deciles => spread::spread(figures, caption),
        Kind::Matrix(value) => cells::matrix(figures, caption, (Cells::Shares, value)),
        Kind::Counts(count) => cells::matrix(figures, caption, (Cells::Counts, count)),
    }
}

/// What an axis measures, and of whom.
fn axis(kind: Kind, figures: &Figures) -> String {
    let language = figures.language;
    let axis = match kind {
        Kind::Bars(columns) | Kind::Forest(columns) | Kind::Course(columns) => figures.axis(columns.value),
        Kind::Stack(..) | Kind::Funnel => language.pick("procent", "per cent").to_owned(),
        Kind::Trend(_) => language.pick("antal", "number").to_owned(),
        Kind::Deciles => spread::axis(figures),
        Kind::Flow => language.pick("antal behandlingar", "number of treatments").to_owned(),
        Kind::Matrix(_) | Kind::Counts(_) => {
            let across = figures.of.last().and_then(|name| heading(name));
            across.map_or_else(String::new, |across| across.text.pick(language).to_lowercase())
        }
    };
    let paired = match kind {
        Kind::Stack(whole, _) => whole == "n_paired",
        Kind::Forest(_) => true,
        _ => false,
    };
    let missing = language
        .pick("n = med båda skattningarna av dem med den första", "n = with both scores of those with the first");
    if paired && figures.tells_missing() { format!("{axis} · {missing}") } else { axis }
}

/// The rows, when there is a figure among them or one that is hidden.
fn drawable(rows: Vec<Row>) -> Option<Vec<Row>> {
    rows.iter().any(|row| row.mark != Mark::Undefined).then_some(rows)
}

/// The total of a share or a rate, which all rows are seen against; a count has none.
fn national(figures: &Figures, rows: &[Row], columns: Columns) -> Option<Reference> {
    let at = figures.rows.iter().position(|row| figures.is_total(row))?;
    let Mark::Shown(shown) = &rows.get(at)?.mark else { return None };
    columns.interval?;
    let label = figures.language.pick("alla", "all");
    Some(Reference { value: shown.value, text: format!("{label} {}", figures.plain(figures.rows[at], columns.value)) })
}

/// Rows in which every dimension of the chart is told, or none.
fn whole_totals<'a>(report: &Report, rows: &[&'a Vec<Figure>], of: &[&str]) -> Vec<&'a Vec<Figure>> {
    let sums = |row: &Vec<Figure>| of.iter().filter(|name| code_of(report, row, name) == Some(ALL)).count();
    rows.iter().copied().filter(|row| [0, of.len()].contains(&sums(row))).collect()
}

/// The period of a row, as people read it.
fn period_of(report: &Report, row: &[Figure], language: Language) -> String {
    let place = report.columns.iter().position(|column| column == "period");
    place.map_or_else(String::new, |place| report.text(row, place, language))
}

fn labels(report: &Report, row: &[Figure], (places, language): (&[usize], Language)) -> Vec<String> {
    let told = places.iter().filter(|place| row[**place] != Figure::text(PAIRED));
    told.map(|place| report.text(row, *place, language)).filter(|text| !text.is_empty()).collect()
}

fn title(drawing: &Drawing, labels: &[String], (period, language): (Option<String>, Language)) -> String {
    let name = |name: &&str| Some(heading(name)?.text.pick(language).to_lowercase());
    let named: Vec<String> = match drawing.kind {
        Kind::Funnel => vec!["region".to_owned()],
        Kind::Course(_) | Kind::Flow | Kind::Deciles => Vec::new(),
        Kind::Counts(_) if drawing.of.contains(&"item") => {
            vec![language.pick("regel", "rule").to_owned(), "region".to_owned()]
        }
        _ => drawing.of.iter().filter_map(name).collect(),
    };
    let per = language.pick("per", "by");
    let rows = if named.is_empty() {
        String::new()
    } else {
        format!(" {per} {}", named.join(language.pick(" och ", " and ")))
    };
    let whole = format!("{}{rows}", drawing.what.pick(language));
    labels.iter().cloned().chain(period).fold(whole, |title, part| format!("{title} · {part}"))
}

/// A label as part of a file's name.
fn slug(label: &str) -> String {
    let mut slug = String::new();
    for c in label.to_lowercase().chars() {
        match c {
            'å' | 'ä' => slug.push('a'),
            'ö' => slug.push('o'),
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests;
