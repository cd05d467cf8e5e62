//! A share or a count of a report by two grouping columns, as cells.
//!
//! Promises: a cell of the chart is one of the table, timepoints in the order of time; where the table has no row the chart's is not defined. A count that is
//! nought everywhere is not drawn.

use schemas::record::Timepoint;

use crate::aggregate::ALL;
use crate::chart::matrix::{Cells, Field, Matrix};
use crate::chart::{Caption, Mark};
use crate::figure::Figure;
use crate::yearbook::chapters::Columns;
use crate::yearbook::figures::{Figures, code_of};

/// The first grouping column downwards, the second across; nothing where no figure is shown or hidden.
pub(super) fn matrix(figures: &Figures, caption: Caption, (cells, value): (Cells, &'static str)) -> Option<String> {
    let [down, across] = figures.of else { return None };
    let (below, beside) = (codes(figures, down), codes(figures, across));
    let find = |item: &str, column: &str| {
        let is_it = |name: &str, code: &str, row: &[Figure]| code_of(figures.report, row, name) == Some(code);
        figures.rows.iter().find(|row| is_it(down, item, row) && is_it(across, column, row))
    };
    let columns = Columns { value, interval: None, count: None };
    let mark = |item: &str, column: &str| find(item, column).map_or(Mark::Undefined, |row| figures.mark(row, columns));
    let label = |item: &str| {
        let row = figures.rows.iter().find(|row| code_of(figures.report, row, down) == Some(item));
        row.map_or_else(|| item.to_owned(), |row| figures.plain(row, down))
    };
    let fields: Vec<Field> = below
        .iter()
        .map(|item| Field { label: label(item), marks: beside.iter().map(|column| mark(item, column)).collect() })
        .collect();
    let tells = |mark: &Mark| match mark {
        Mark::Shown(shown) => cells == Cells::Shares || shown.value > 0.0,
        Mark::Hidden => true,
        Mark::Undefined => false,
    };
    let any = fields.iter().flat_map(|field| &field.marks).any(tells);
    // Codes have room above narrow columns, names have none.
    let names: Vec<String> = beside.iter().map(|code| if *code == ALL { "Σ" } else { code }.to_owned()).collect();
    any.then(|| Matrix { caption, cells, columns: &names, fields: &fields }.svg())
}

/// The codes of a grouping column, timepoints as they follow one another, the total last.
fn codes<'a>(figures: &Figures<'a>, column: &str) -> Vec<&'a str> {
    let mut codes: Vec<&str> = Vec::new();
    for code in figures.rows.iter().filter_map(|row| code_of(figures.report, row, column)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes.sort_by_key(|code| (*code == ALL, code.parse::<Timepoint>().ok(), *code));
    codes
}
