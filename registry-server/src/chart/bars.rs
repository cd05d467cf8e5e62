//! Shares and rates: a bar a row from zero, its interval, and a line that all are seen against.

use maud::{Markup, html};

use super::frame::{COLOURS, px};
use super::rows::{self, Rows};
use super::scale::Scale;
use super::{Caption, Mark, Reference, Row, Shown};

/// Half the height of a bar.
const HALF: f64 = 7.0;

/// A chart of bars.
#[derive(Debug)]
pub struct Bars<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From top to bottom.
    pub rows: &'a [Row],
    /// A line that all rows are seen against.
    pub reference: Option<&'a Reference>,
}

impl Bars<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let further = self.reference.map(|reference| reference.value).into_iter().chain([0.0]);
        let laid_out = Rows {
            caption: &self.caption,
            texts: rows::texts(self.rows, &self.caption),
            values: rows::reach(self.rows).chain(further).collect(),
            reference: self.reference,
            above: (html! {}, 0.0),
        };
        rows::drawn(&laid_out, |number, middle, scale| match &self.rows[number].mark {
            Mark::Shown(shown) => bar(shown, middle, scale),
            absent => rows::absent(absent, middle, (scale, &self.caption)),
        })
    }
}

fn bar(shown: &Shown, middle: f64, scale: &Scale) -> Markup {
    let (zero, end) = (scale.at(0.0), scale.at(shown.value));
    // A true zero is a line that can be seen.
    let width = (end - zero).abs().max(1.5);
    html! {
        rect class="bar" x=(px(zero.min(end))) y=(px(middle - HALF)) width=(px(width)) height=(px(2.0 * HALF)) fill=(COLOURS[5]) {}
        @if let Some(interval) = shown.interval { (rows::whisker(interval, middle, scale)) }
    }
}
