//! Parts of a whole: a bar a row, its parts side by side in one order, each with its figure where it has room.

use maud::{Markup, html};
use schemas::language::Language;

use super::frame::{self, EDGE, INK, SMALL, WIDTH, px};
use super::rows::{self, Rows};
use super::scale::Scale;
use super::{Caption, HIDDEN, Mark};

/// Fill of a part, colour of the text on it, and its hatching, which tells it apart without colours.
const FILLS: [(&str, &str, Option<&str>); 4] = [
    ("#005a8d", "#ffffff", None),
    ("#8fc7e8", INK, Some("rise")),
    ("#e3e6ea", INK, None),
    ("#f2a56b", INK, Some("fall")),
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
            Parts::Shown(parts) => bar(parts, middle, (scale, language)),
            Parts::Hidden => rows::absent(&Mark::Hidden, middle, (scale, &self.caption)),
            Parts::Undefined => rows::absent(&Mark::Undefined, middle, (scale, &self.caption)),
        })
    }

    /// What the fills mean, from left to right as in the bars, and the hatchings themselves.
    fn legend(&self) -> Markup {
        let each = (WIDTH - 2.0 * EDGE) / self.parts.len().max(1) as f64;
        html! {
            defs {
                (hatching("rise", "M0 6L6 0"))
                (hatching("fall", "M0 0L6 6"))
            }
            @for (place, (part, fill)) in self.parts.iter().zip(FILLS).enumerate() {
                @let left = EDGE + each * place as f64;
                (filled((left, 8.0), (16.0, 14.0), fill))
                text x=(px(left + 22.0)) y="19" { (frame::fitted(part, frame::TEXT, each - 26.0)) }
            }
        }
    }
}

fn bar(parts: &[f64], middle: f64, (scale, language): (&Scale, Language)) -> Markup {
    let mut from = 0.0;
    let pieces: Vec<(f64, f64, f64)> = parts
        .iter()
        .map(|part| {
            let (left, right) = (scale.at(from), scale.at(from + part));
            from += part;
            (left, right - left, *part)
        })
        .collect();
    html! {
        @for ((left, width, part), fill) in pieces.iter().zip(FILLS).filter(|((_, _, part), _)| *part > 0.0) {
            (filled((*left, middle - HALF), (*width, 2.0 * HALF), fill))
            @if *width >= ROOM {
                text x=(px(left + width / 2.0)) y=(px(middle + 4.0)) text-anchor="middle" font-size=(px(SMALL)) fill=(fill.1)
                    stroke=(fill.0) stroke-width="4" paint-order="stroke" { (language.number(*part, 1)) }
            }
        }
    }
}

type Fill = (&'static str, &'static str, Option<&'static str>);

fn filled((x, y): (f64, f64), (width, height): (f64, f64), (fill, _, hatched): Fill) -> Markup {
    let (x, y, width, height) = (px(x), px(y), px(width), px(height));
    html! {
        rect x=(x) y=(y) width=(width) height=(height) fill=(fill) stroke="#ffffff" {}
        @if let Some(name) = hatched {
            rect x=(x) y=(y) width=(width) height=(height) fill={ "url(#" (name) ")" } {}
        }
    }
}

fn hatching(name: &str, path: &str) -> Markup {
    html! {
        pattern id=(name) width="6" height="6" patternUnits="userSpaceOnUse" {
            path d=(path) stroke="#ffffff" stroke-width="1.5" {}
        }
    }
}
