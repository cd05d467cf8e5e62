//! Parts of a whole: a bar a row, its parts side by side in one order, each with its figure where it has room.

use maud::{Markup, html};
use schemas::canonical;

use super::frame::{self, EDGE, GREY, INK, SMALL, WIDTH, px};
use super::rows::{self, Rows};
use super::scale::Scale;
use super::{Caption, HIDDEN, Mark};

/// Fill of a part, colour of the text on it, and the stroke of its hatching, which tells it apart without colours.
const FILLS: [(&str, &str, Option<&str>); 4] = [
    ("#005a8d", "#ffffff", None),
    ("#8fc7e8", INK, Some("M0 6L6 0")),
    ("#e3e6ea", INK, None),
    ("#f2a56b", INK, Some("M0 0L6 6")),
];
/// A part must be so wide to hold its figure.
const ROOM: f64 = 34.0;
/// Half the height of a bar.
const HALF: f64 = 9.0;

/// A chart of parts.
#[derive(Debug)]
pub struct Stack<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// What the parts are called, in their order; at most four.
    pub parts: &'a [&'a str],
    /// From top to bottom.
    pub rows: &'a [Whole],
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Who or what.
    pub label: String,
    /// How many stand behind it, as people write it.
    pub count: Option<String>,
    /// Its parts.
    pub parts: Parts,
}

/// The parts of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Parts {
    /// Per cent of the whole, in the order of the chart's parts.
    Shown(Vec<f64>),
    /// As a gap that says so.
    Hidden,
    /// As a word.
    Undefined,
}

impl Stack<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let language = self.caption.language;
        let text = |row: &Whole| {
            let hidden = if row.parts == Parts::Hidden { HIDDEN.pick(language) } else { "" };
            rows::with_count(hidden, row.count.as_deref())
        };
        let laid_out = Rows {
            caption: &self.caption,
            texts: self.rows.iter().map(|row| (row.label.as_str(), text(row))).collect(),
            values: vec![0.0, 100.0],
            reference: None,
            above: (self.legend(), 48.0),
        };
        rows::drawn(&laid_out, |number, middle, scale| match &self.rows[number].parts {
            Parts::Shown(parts) => self.bar(parts, middle, scale),
            Parts::Hidden => rows::absent(&Mark::Hidden, middle, (scale, &self.caption)),
            Parts::Undefined => rows::absent(&Mark::Undefined, middle, (scale, &self.caption)),
        })
    }

    /// What the fills mean, from left to right as in the bars, and the hatchings themselves.
    fn legend(&self) -> Markup {
        let each = (WIDTH - 2.0 * EDGE) / self.parts.len().max(1) as f64;
        html! {
            defs {
                @for place in 0..FILLS.len() { (self.hatching(place)) }
            }
            @for (place, part) in self.parts.iter().enumerate().take(FILLS.len()) {
                @let left = EDGE + each * place as f64;
                (self.filled((left, 8.0), (16.0, 14.0), place))
                text x=(px(left + 22.0)) y="19" { (frame::fitted(part, frame::TEXT, each - 26.0)) }
            }
        }
    }

    fn bar(&self, parts: &[f64], middle: f64, scale: &Scale) -> Markup {
        let mut from = 0.0;
        let pieces: Vec<(f64, f64, f64)> = parts
            .iter()
            .map(|part| {
                let (left, right) = (scale.at(from), scale.at(from + part));
                from += part;
                (left, right - left, *part)
            })
            .collect();
        let shown = pieces.iter().zip(FILLS).enumerate().filter(|(_, ((_, _, part), _))| *part > 0.0);
        html! {
            @for (place, ((left, width, part), (fill, text, _))) in shown {
                (self.filled((*left, middle - HALF), (*width, 2.0 * HALF), place))
                @if *width >= ROOM {
                    text class={ "on-part-" (place) } x=(px(left + width / 2.0)) y=(px(middle + 4.0)) text-anchor="middle" font-size=(px(SMALL))
                        fill=(text) stroke=(fill) stroke-width="4" paint-order="stroke" { (self.caption.language.number(*part, 1)) }
                }
            }
        }
    }

    fn filled(&self, (x, y): (f64, f64), (width, height): (f64, f64), place: usize) -> Markup {
        let (x, y, width, height) = (px(x), px(y), px(width), px(height));
        let (fill, _, hatched) = FILLS[place];
        html! {
            rect class={ "part-" (place) } x=(x) y=(y) width=(width) height=(height) fill=(fill) stroke=(GREY) {}
            @if hatched.is_some() {
                rect x=(x) y=(y) width=(width) height=(height) fill={ "url(#" (self.id(place)) ")" } {}
            }
        }
    }

    fn hatching(&self, place: usize) -> Markup {
        html! { @if let (_, _, Some(path)) = FILLS[place] {
            pattern id=(self.id(place)) width="6" height="6" patternUnits="userSpaceOnUse" {
                path class="hatch" d=(path) stroke="#ffffff" stroke-width="1.5" {}
            }
        } }
    }

    /// What a hatching is called: charts that stand on one page must not share a name, and the same chart always gives the same text.
    fn id(&self, place: usize) -> String {
        let told = format!("{}{:?}", self.caption.title, self.rows);
        format!("hatching-{}-{place}", &canonical::sha256_hex(told.as_bytes())[..12])
    }
}
