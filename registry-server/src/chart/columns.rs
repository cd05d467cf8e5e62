//! A chart of columns: named steps from left to right, an axis at the left, a legend below.

use maud::{Markup, html};

use super::frame::{self, EDGE, GREY, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, Mark, Shown, axis};

/// Height of the drawing.
const HEIGHT: f64 = 280.0;
/// Room for numbers at the left.
pub(super) const LEFT: f64 = 84.0;
/// Height of a line of the legend.
const LINE: f64 = 20.0;

/// Where things are.
pub(super) struct Columns<'a> {
    caption: &'a Caption<'a>,
    names: &'a [String],
    top: f64,
    /// From one column to the next.
    pub(super) step: f64,
    /// From values to heights.
    pub(super) scale: Scale,
}

impl<'a> Columns<'a> {
    /// Room for named columns, and for every value and zero.
    pub(super) fn around(caption: &'a Caption, names: &'a [String], values: impl Iterator<Item = f64>) -> Self {
        let top = frame::below_heading(caption) + 30.0;
        let step = (WIDTH - EDGE - LEFT) / names.len().max(1) as f64;
        Self { caption, names, top, step, scale: Scale::around(values.chain([0.0]), (top + HEIGHT, top)) }
    }

    /// The middle of a column.
    pub(super) fn x(&self, number: usize) -> f64 {
        LEFT + self.step * (number as f64 + 0.5)
    }

    /// Where a value of a column stands.
    pub(super) fn at(&self, number: usize, value: f64) -> (f64, f64) {
        (self.x(number), self.scale.at(value))
    }

    /// The height at which the drawing ends.
    pub(super) fn ground(&self) -> f64 {
        self.top + HEIGHT
    }

    /// Lines, numbers and what they measure.
    pub(super) fn axes(&self) -> Markup {
        axis::beside(&self.scale, (LEFT, WIDTH - EDGE), self.caption)
    }

    /// The names of columns, as many as have room.
    pub(super) fn names(&self) -> Markup {
        self.texts(self.names, self.ground() + 18.0)
    }

    /// A text a column at a height, as many as have room.
    pub(super) fn texts(&self, texts: &[String], y: f64) -> Markup {
        let widest = texts.iter().map(|text| frame::width(text, SMALL) + 8.0).fold(0.0, f64::max);
        let every = (1..=texts.len()).find(|every| *every as f64 * self.step >= widest).unwrap_or(1);
        html! { @for (number, text) in texts.iter().enumerate().step_by(every) {
            text class="quiet" x=(px(self.x(number))) y=(px(y)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) {
                (frame::clean(text))
            }
        } }
    }

    /// A box of dashes on the ground of a column in which something is hidden.
    pub(super) fn gap(&self, number: usize) -> Markup {
        gap((self.x(number) - 5.0, self.ground() - 16.0))
    }

    /// A box of dashes below the name of a column, away from every figure.
    pub(super) fn gap_below(&self, number: usize) -> Markup {
        gap((self.x(number) - 5.0, self.ground() + 26.0))
    }

    /// The places of a series, in a piece each time that figures follow one another without a gap.
    pub(super) fn runs(&self, marks: &[Mark]) -> Vec<Vec<(f64, f64)>> {
        let places =
            marks.iter().enumerate().map(|(number, mark)| shown(mark).map(|shown| self.at(number, shown.value)));
        pieces(places)
    }
}

/// What follows one another without a gap.
pub(super) fn pieces<T>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let mut pieces = vec![Vec::new()];
    for item in items {
        match (item, pieces.last_mut()) {
            (Some(item), Some(piece)) => piece.push(item),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// A small box of dashes.
pub(super) fn gap((x, y): (f64, f64)) -> Markup {
    html! { rect class="gap" x=(px(x)) y=(px(y)) width="10" height="14" fill="none" stroke=(GREY) stroke-dasharray="3 2" {} }
}

/// Signs and what they mean, a line each from some height; a sign is drawn around a line 34 points long that begins at nought.
pub(super) fn legend(entries: &[(Markup, &str)], top: f64) -> Markup {
    html! { @for (line, (sign, words)) in entries.iter().enumerate() {
        @let y = top + LINE * line as f64;
        g transform={ "translate(" (px(LEFT)) " " (px(y)) ")" } { (sign) }
        text x=(px(LEFT + 44.0)) y=(px(y + 4.0)) { (frame::fitted(words, TEXT, WIDTH - LEFT - 60.0)) }
    } }
}

/// The height that a legend takes.
pub(super) fn taken(entries: &[(Markup, &str)]) -> f64 {
    LINE * entries.len() as f64 + 4.0
}

/// A figure that is shown.
pub(super) fn shown(mark: &Mark) -> Option<&Shown> {
    if let Mark::Shown(shown) = mark { Some(shown) } else { None }
}
