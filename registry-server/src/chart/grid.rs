//! A chart of cells: a row a group, a column a step, a name at the left of each row and above each column, a legend below.

use maud::{Markup, html};

use super::Caption;
use super::frame::{self, EDGE, GREY, SMALL, TEXT, WIDTH, px};

/// Limits of the room for the names of rows.
const LABELS: (f64, f64) = (60.0, 230.0);
/// Height of the names of columns.
const NAMES: f64 = 22.0;
/// Height of a line of the legend.
const LINE: f64 = 22.0;
/// No cell is wider than this.
const WIDEST: f64 = 64.0;

/// What is laid out.
pub(super) struct Grid<'a> {
    pub(super) caption: &'a Caption<'a>,
    /// The names of rows, from top to bottom.
    pub(super) rows: Vec<&'a str>,
    /// The names of columns, from left to right.
    pub(super) columns: &'a [String],
    /// Height of a row.
    pub(super) height: f64,
    /// Signs and what they mean; a sign is drawn around a nought in 18 points each way.
    pub(super) legend: Vec<(Markup, &'a str)>,
}

/// Where a cell is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// Its middle.
    pub(super) x: f64,
    /// Its middle.
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Draws the cells; `cell` draws one, by the numbers of its row and its column.
pub(super) fn drawn(grid: &Grid, cell: impl Fn((usize, usize), Cell) -> Markup) -> String {
    let labels = grid.rows.iter().map(|label| frame::width(label, TEXT)).fold(LABELS.0, f64::max).min(LABELS.1);
    let left = EDGE + labels + 10.0;
    let width = ((WIDTH - EDGE - left) / grid.columns.len().max(1) as f64).min(WIDEST);
    let top = frame::below_heading(grid.caption) + 12.0;
    let start = top + NAMES;
    let end = start + grid.height * grid.rows.len() as f64;
    let at = |row: usize, column: usize| Cell {
        x: left + width * (column as f64 + 0.5),
        y: start + grid.height * (row as f64 + 0.5),
        width,
        height: grid.height,
    };
    let body = html! {
        text class="quiet" x=(px(EDGE)) y=(px(top + 10.0)) font-size=(px(SMALL)) fill=(GREY) {
            (frame::fitted(grid.caption.axis, SMALL, labels))
        }
        (names(grid.columns, (left, top + 10.0), width))
        @for (row, label) in grid.rows.iter().enumerate() {
            text x=(px(EDGE + labels)) y=(px(at(row, 0).y + 4.0)) text-anchor="end" { (frame::fitted(label, TEXT, LABELS.1)) }
            @for column in 0..grid.columns.len() { (cell((row, column), at(row, column))) }
        }
        (legend(&grid.legend, (left, end + 24.0)))
    };
    frame::svg(grid.caption, end + 24.0 + LINE * grid.legend.len().div_ceil(2) as f64, &body)
}

/// The names of columns, as many as have room.
fn names(columns: &[String], (left, y): (f64, f64), width: f64) -> Markup {
    let widest = columns.iter().map(|name| frame::width(name, SMALL) + 6.0).fold(0.0, f64::max);
    let every = (1..=columns.len()).find(|every| *every as f64 * width >= widest).unwrap_or(1);
    html! { @for (number, name) in columns.iter().enumerate().step_by(every) {
        text class="quiet" x=(px(left + width * (number as f64 + 0.5))) y=(px(y)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) {
            (frame::fitted(name, SMALL, width * every as f64))
        }
    } }
}

/// Two entries a line.
fn legend(entries: &[(Markup, &str)], (left, top): (f64, f64)) -> Markup {
    let each = (WIDTH - EDGE - left) / 2.0;
    html! { @for (number, (sign, words)) in entries.iter().enumerate() {
        @let (x, y) = (left + each * (number % 2) as f64, top + LINE * (number / 2) as f64);
        g transform={ "translate(" (px(x + 9.0)) " " (px(y)) ")" } { (sign) }
        text x=(px(x + 26.0)) y=(px(y + 4.0)) { (frame::fitted(words, TEXT, each - 34.0)) }
    } }
}

#[cfg(test)]
mod tests {
    use schemas::rule;

    use super::*;

    #[test]
    fn the_id_of_every_rule_has_room_beside_its_row() {
        for rule in rule::ALL {
            let id = rule.id();
            assert_eq!(frame::fitted(id, TEXT, LABELS.1), id);
        }
        let longer = "x".repeat(60);
        assert!(frame::fitted(&longer, TEXT, LABELS.1).ends_with('…'), "the control");
    }
}
