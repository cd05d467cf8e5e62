//! The exact figures of a report beside those that leave the register: what protection did.
//!
//! Promises: every figure that a screen shows stands twice, exactly and as everybody may see it; a figure that is not published at all is
//! empty there. For staff alone: both together say what was hidden. Must not know: who asks.

use std::collections::HashMap;

use super::heading::PUBLISHED;
use super::{Figure, Report, Text};

/// Both reports in one; they are of the same data and were asked for alike.
#[must_use]
pub fn beside(exact: Report, published: &Report) -> Report {
    let keys = exact.keys;
    let named = |row: &[Figure]| format!("{:?}", &row[..keys]);
    let known: HashMap<String, &Vec<Figure>> = published.rows.iter().map(|row| (named(row), row)).collect();
    let place = |report: &Report, name: &str| report.columns.iter().position(|column| column == name);
    let shown: Vec<(&str, usize, Option<usize>)> =
        exact.on_screen.iter().filter_map(|name| Some((*name, place(&exact, name)?, place(published, name)))).collect();
    let row = |row: &Vec<Figure>| {
        let other = known.get(&named(row));
        let figures = shown.iter().flat_map(|(_, own, theirs)| {
            let seen = other.zip(*theirs).map_or(Figure::Undefined, |(other, place)| other[place].clone());
            [row[*own].clone(), seen]
        });
        row[..keys].iter().cloned().chain(figures).collect::<Vec<Figure>>()
    };
    let rows: Vec<Vec<Figure>> = exact.rows.iter().map(row).collect();
    let twice = shown.iter().flat_map(|(name, ..)| [(*name).to_owned(), format!("{name}{PUBLISHED}")]);
    let columns = exact.columns[..keys].iter().cloned().chain(twice).collect();
    let mut notes = vec![told(&rows, keys)];
    notes.extend(published.notes.iter().skip(1).cloned());
    let labels = exact.labels.into_iter().filter(|((place, _), _)| *place < keys).collect();
    Report { columns, rows, notes, labels, ..exact }
}

/// How many of the exact figures that stand in the table are hidden in what is published.
fn told(rows: &[Vec<Figure>], keys: usize) -> Text {
    let pairs = rows.iter().flat_map(|row| row[keys..].chunks_exact(2));
    let there: Vec<&[Figure]> = pairs.filter(|pair| pair[0] != Figure::Undefined).collect();
    let hidden = there.iter().filter(|pair| pair[1] == Figure::Hidden).count();
    let other = there.iter().filter(|pair| pair[1] != Figure::Hidden && pair[0] != pair[1]).count();
    let all = there.len();
    Text::made(
        format!(
            "Varje siffra exakt och som den publiceras. Av de {all} exakta siffrorna i den här tabellen är {hidden} dolda (*) i det som publiceras och {other} andra där."
        ),
        format!(
            "Each figure exactly and as it is published. Of the {all} exact figures in this table, {hidden} are hidden (*) in what is published and {other} are others there."
        ),
    )
}
