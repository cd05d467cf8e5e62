//! How complete each field is in each region: the number in every cell, and the darker the cell the more is missing.

use maud::{Markup, html};
use schemas::language::Language;

use super::frame::{FAINT, GREY, INK, SMALL, clean, px};
use super::grid::{self, Cell, Grid};
use super::{Caption, HIDDEN, Mark, UNDEFINED};

/// Height of a row.
const ROW: f64 = 24.0;
/// What stands in a cell whose figure is hidden, and in one where none is defined.
const SIGNS: [&str; 2] = ["*", "–"];
/// From how many per cent, which fill, and which text on it.
const SHADES: [(f64, &str, &str); 5] = [
    (98.0, "#f3f8fc", INK),
    (90.0, "#d0e5f3", INK),
    (75.0, "#8fc7e8", INK),
    (50.0, "#2b7bb0", "#ffffff"),
    (f64::NEG_INFINITY, "#08375c", "#ffffff"),
];

/// A chart of shares, fields by regions.
#[derive(Debug)]
pub struct Matrix<'a> {
    /// What it says around its drawing; its axis names the columns.
    pub caption: Caption<'a>,
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
    /// Per cent, a column each.
    pub marks: Vec<Mark>,
}

impl Matrix<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let language = self.caption.language;
        let ranges = ranges(language);
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
                Mark::Undefined => UNDEFINED.pick(language),
            };
            html! { g {
                title { (clean(&self.fields[row].label)) ", " (clean(&self.columns[column])) ": " (clean(words)) }
                (drawn(mark, cell, language))
            } }
        })
    }

    /// What the shades mean, and the signs that occur.
    fn legend<'b>(&self, ranges: &'b [String]) -> Vec<(Markup, &'b str)> {
        let cell = Cell { x: 0.0, y: 0.0, width: 20.0, height: 18.0 };
        let any = |mark: &Mark| self.fields.iter().any(|field| field.marks.contains(mark));
        let language = self.caption.language;
        let shades = ranges.iter().enumerate().map(|(number, range)| (shade(number, cell), range.as_str()));
        let signs = [(Mark::Hidden, HIDDEN.pick(language)), (Mark::Undefined, UNDEFINED.pick(language))];
        let signs =
            signs.into_iter().filter(|(mark, _)| any(mark)).map(|(mark, words)| (drawn(&mark, cell, language), words));
        shades.chain(signs).collect()
    }
}

/// What each shade stands for.
fn ranges(language: Language) -> Vec<String> {
    let limit = |percent: f64| language.number(percent, 0);
    SHADES
        .iter()
        .enumerate()
        .map(|(number, (from, _, _))| match (number.checked_sub(1), from.is_finite()) {
            (None, _) => format!("{} {} %", language.pick("minst", "at least"), limit(*from)),
            (Some(above), true) => format!("{}–{} %", limit(*from), limit(SHADES[above].0)),
            (Some(above), false) => format!("{} {} %", language.pick("under", "below"), limit(SHADES[above].0)),
        })
        .collect()
}

fn drawn(mark: &Mark, cell: Cell, language: Language) -> Markup {
    match mark {
        Mark::Shown(shown) => {
            let number = SHADES.iter().position(|(from, _, _)| shown.value >= *from).unwrap_or(SHADES.len() - 1);
            // Rounded down, so that only what is complete reads as 100.
            html! { (shade(number, cell)) (words(&language.number(shown.value.floor(), 0), cell, (&format!("on-shade-{number}"), SHADES[number].2))) }
        }
        Mark::Hidden => html! { (framed(cell)) (words(SIGNS[0], cell, ("quiet", GREY))) },
        Mark::Undefined => words(SIGNS[1], cell, ("quiet", GREY)),
    }
}

fn shade(number: usize, cell: Cell) -> Markup {
    html! {
        rect class={ "shade-" (number) } x=(px(cell.x - cell.width / 2.0 + 1.0)) y=(px(cell.y - cell.height / 2.0 + 1.0))
            width=(px(cell.width - 2.0)) height=(px(cell.height - 2.0)) fill=(SHADES[number].1) stroke=(FAINT) {}
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
