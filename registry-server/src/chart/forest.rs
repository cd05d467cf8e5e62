//! Effects: a point a row with its interval, and a line where there is no effect.

use maud::{Markup, html};

use super::frame::{COLOURS, INK, px};
use super::rows::{self, Rows};
use super::scale::Scale;
use super::{Caption, Mark, Row, Shown};

/// A chart of points with intervals.
#[derive(Debug)]
pub struct Forest<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From top to bottom.
    pub rows: &'a [Row],
}

impl Forest<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let laid_out = Rows {
            caption: &self.caption,
            texts: rows::texts(self.rows, &self.caption),
            values: rows::reach(self.rows).chain([0.0]).collect(),
            reference: None,
            above: (html! {}, 0.0),
        };
        rows::drawn(&laid_out, |number, middle, scale| {
            let zero = px(scale.at(0.0));
            html! {
                // Row by row, so that the line is as long as there are rows.
                line class="ink" x1=(zero) x2=(zero) y1=(px(middle - 12.0)) y2=(px(middle + 12.0)) stroke=(INK) {}
                @match &self.rows[number].mark {
                    Mark::Shown(shown) => { (point(shown, middle, scale)) }
                    absent => { (rows::absent(absent, middle, (scale, &self.caption))) }
                }
            }
        })
    }
}

fn point(shown: &Shown, middle: f64, scale: &Scale) -> Markup {
    let x = scale.at(shown.value);
    html! {
        @if let Some(interval) = shown.interval { (rows::whisker(interval, middle, scale)) }
        rect class="mark-0" x=(px(x - 5.0)) y=(px(middle - 5.0)) width="10" height="10" fill=(COLOURS[0]) {}
    }
}
