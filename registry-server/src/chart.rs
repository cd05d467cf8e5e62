//! Charts as SVG, drawn on the server: for pages, for files, for print.
//!
//! Promises: pure, the same figures give the same text; well-formed XML without script and without style of its own; labels are escaped;
//! nothing is told by colour alone; rows keep the order that they come in, never one by result; a hidden figure is a marked gap, an
//! undefined one a word, a true zero a mark at zero. Every colour is an attribute for files and print, and its element has a class by which a
//! page can give it another: `paper`, `ink`, `quiet` (text that stands back), `grid`, `gap`, `mark-N`, `line-N` and `band-N` of a series, and the
//! names of states, shades and parts.
//! Must not know: reports, SQL, who asks.

/// Lines and numbers along an edge.
mod axis;
/// Shares and rates, a bar a row, with intervals.
pub mod bars;
/// Named steps from left to right.
mod columns;
/// One's own line before the spread of all.
pub mod decile;
/// How many at which value.
pub mod distribution;
/// Stages, and who left between them.
pub mod flow;
/// Effects, a point a row, with intervals.
pub mod forest;
/// What stands around the drawing.
mod frame;
/// Points beside the limits of chance.
pub mod funnel;
/// Cells by row and column.
mod grid;
/// Marks that differ in shape.
mod marker;
/// Shares by field and region.
pub mod matrix;
/// As a picture of points.
pub mod png;
/// A row a group: labels, drawing, figures.
mod rows;
/// From values to places.
mod scale;
/// A series as small as a word.
pub mod sparkline;
/// Parts of a whole, a bar a row.
pub mod stack;
/// Deliveries by week.
pub mod strip;
/// Means along a treatment.
pub mod trajectory;
/// Series over periods.
pub mod trend;

use schemas::language::{Language, Text};

/// What a hidden figure is called.
static HIDDEN: Text = Text::fixed("dold", "hidden");
/// What an undefined figure is called.
static UNDEFINED: Text = Text::fixed("inte definierad", "not defined");

/// What every chart says around its drawing.
#[derive(Debug, Clone, Copy)]
pub struct Caption<'a> {
    /// What is shown, of whom and when.
    pub title: &'a str,
    /// The same for who cannot see it, in a sentence or two.
    pub description: &'a str,
    /// What the axis measures, with its unit.
    pub axis: &'a str,
    /// The language of words and numbers.
    pub language: Language,
}

/// A figure as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// At its place.
    Shown(Shown),
    /// As a gap that says so.
    Hidden,
    /// As a word.
    Undefined,
}

/// A figure that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its place, in the unit of the axis.
    pub value: f64,
    /// Its interval, in the same unit.
    pub interval: Option<(f64, f64)>,
    /// How people write it.
    pub text: String,
}

/// One row of a chart of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Who or what.
    pub label: String,
    /// How many stand behind it, as people write it.
    pub count: Option<String>,
    /// The figure.
    pub mark: Mark,
}

/// A line that all rows are seen against.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Its place, in the unit of the axis.
    pub value: f64,
    /// What it is.
    pub text: String,
}

#[cfg(test)]
mod tests;
