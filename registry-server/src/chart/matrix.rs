//! How complete each field is in each region, or how many each rule kept back: the number in every cell, and the darker the cell the more
//! is missing or kept back.

use maud::{Markup, html};
use schemas::language::{Language, Text};

use super::frame::{FAINT, GREY, INK, SMALL, clean, px};
use super::grid::{self, Cell, Grid};
use super::{Caption, HIDDEN, Mark, UNDEFINED};

/// Height of a row.
const ROW: f64 = 24.0;
/// What stands in a cell whose figure is hidden, and in one where none is defined.
const SIGNS: [&str; 2] = ["*", "–"];
/// What a count is called that no row tells of.
static NOTHING: Text = Text::fixed("ingen rad i tabellen", "no row in the table");
/// Which fill, and which text on it, the lightest first.
const SHADES: [(&str, &str); 5] =
    [("#f3f8fc", INK), ("#d0e5f3", INK), ("#8fc7e8", INK), ("#2b7bb0", "#ffffff"), ("#08375c", "#ffffff")];
/// The least share of each shade, per cent; nothing is less than the last.
const SHARES: [f64; 4] = [98.0, 90.0, 75.0, 50.0];
/// The largest count of each shade; the last has none.
const COUNTS: [f64; 4] = [0.0, 9.0, 99.0, 999.0];

/// What the cells of a chart hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// Per cent; the less, the darker.
    Shares,
    /// How many; the more, the darker.
    Counts,
}

/// A chart of shares or counts, fields or rules by regions.
#[derive(Debug)]
pub struct Matrix<'a> {
    /// What it says around its drawing; its axis names the columns.
    pub caption: Caption<'a>,
    /// What they are.
    pub cells: Cells,
    /// From left to right.
    pub columns: &'a [String],
    /// From top to bottom.
    pub fields: &'a [Field],
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Of what.
    pub label: String,
    /// Per cent or a count, a column each.
    pub marks: Vec<Mark>,
}

impl Matrix<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let language = self.caption.language;
        let ranges = self.cells.ranges(language);
        let laid_out = Grid {
            caption: &self.caption,
            rows: self.fields.iter().map(|field| field.label.as_str()).collect(),
            columns: self.columns,
            height: ROW,
            legend: self.legend(&ranges),
        };
        grid::drawn(&laid_out, |(row, column), cell| {
            let Some(mark) = self.fields[row].marks.get(column) else { return html! {} };
            let words = match mark {
                Mark::Shown(shown) => shown.text.as_str(),
                Mark::Hidden => HIDDEN.pick(language),
                Mark::Undefined => self.cells.undefined(language),
            };
            html! { g {
                title { (clean(&self.fields[row].label)) ", " (clean(&self.columns[column])) ": " (clean(words)) }
                (drawn((self.cells, mark), cell, language))
            } }
        })
    }

    /// What the shades mean, and the signs that occur.
    fn legend<'b>(&self, ranges: &'b [String]) -> Vec<(Markup, &'b str)> {
        let cell = Cell { x: 0.0, y: 0.0, width: 20.0, height: 18.0 };
        let any = |mark: &Mark| self.fields.iter().any(|field| field.marks.contains(mark));
        let language = self.caption.language;
        let shades = ranges.iter().enumerate().map(|(number, range)| (shade(number, cell), range.as_str()));
        let signs = [(Mark::Hidden, HIDDEN.pick(language)), (Mark::Undefined, self.cells.undefined(language))];
        let signs = signs
            .into_iter()
            .filter(|(mark, _)| any(mark))
            .map(|(mark, words)| (drawn((self.cells, &mark), cell, language), words));
        shades.chain(signs).collect()
    }
}

impl Cells {
    /// The number of a value's shade.
    fn shade(self, value: f64) -> usize {
        let place = match self {
            Self::Shares => SHARES.iter().position(|least| value >= *least),
            Self::Counts => COUNTS.iter().position(|most| value <= *most),
        };
        place.unwrap_or(SHADES.len() - 1)
    }

    /// What a cell says.
    fn number(self, value: f64, language: Language) -> String {
        match self {
            // Rounded down, so that only what is complete reads as 100.
            Self::Shares => language.number(value.floor(), 0),
            Self::Counts => language.number(value, 0),
        }
    }

    /// What a cell without a figure is called.
    fn undefined(self, language: Language) -> &'static str {
        match self {
            Self::Shares => UNDEFINED.pick(language),
            Self::Counts => NOTHING.pick(language),
        }
    }

    /// What each shade stands for.
    fn ranges(self, language: Language) -> Vec<String> {
        let limit = |number: f64| language.number(number, 0);
        let (least, below) = (language.pick("minst", "at least"), language.pick("under", "below"));
        let of = |place: usize| match (self, place) {
            (Self::Shares, 0) => format!("{least} {} %", limit(SHARES[0])),
            (Self::Shares, 4) => format!("{below} {} %", limit(SHARES[3])),
            (Self::Shares, _) => format!("{}–{} %", limit(SHARES[place]), limit(SHARES[place - 1])),
            (Self::Counts, 0) => limit(COUNTS[0]),
            (Self::Counts, 4) => format!("{least} {}", limit(COUNTS[3] + 1.0)),
            (Self::Counts, _) => format!("{}–{}", limit(COUNTS[place - 1] + 1.0), limit(COUNTS[place])),
        };
        (0..SHADES.len()).map(of).collect()
    }
}

fn drawn((cells, mark): (Cells, &Mark), cell: Cell, language: Language) -> Markup {
    match mark {
        Mark::Shown(shown) => {
            let number = cells.shade(shown.value);
            let (text, colour) = (cells.number(shown.value, language), SHADES[number].1);
            html! { (shade(number, cell)) (words(&text, cell, (&format!("on-shade-{number}"), colour))) }
        }
        Mark::Hidden => html! { (framed(cell)) (words(SIGNS[0], cell, ("quiet", GREY))) },
        Mark::Undefined => words(SIGNS[1], cell, ("quiet", GREY)),
    }
}

fn shade(number: usize, cell: Cell) -> Markup {
    html! {
        rect class={ "shade-" (number) } x=(px(cell.x - cell.width / 2.0 + 1.0)) y=(px(cell.y - cell.height / 2.0 + 1.0))
            width=(px(cell.width - 2.0)) height=(px(cell.height - 2.0)) fill=(SHADES[number].0) stroke=(FAINT) {}
    }
}

fn framed(cell: Cell) -> Markup {
    html! {
        rect class="gap" x=(px(cell.x - cell.width / 2.0 + 2.0)) y=(px(cell.y - cell.height / 2.0 + 2.0))
            width=(px(cell.width - 4.0)) height=(px(cell.height - 4.0)) fill="none" stroke=(GREY) stroke-dasharray="3 2" {}
    }
}

fn words(text: &str, cell: Cell, (class, colour): (&str, &str)) -> Markup {
    html! { text class=(class) x=(px(cell.x)) y=(px(cell.y + 4.0)) text-anchor="middle" font-size=(px(SMALL)) fill=(colour) { (text) } }
}
