//! How many waited how long, where half and nine of ten lie, and how many were within a limit.

use maud::{Markup, html};

use super::frame::{self, COLOURS, EDGE, INK, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, HIDDEN, Reference, axis, columns};

const HEIGHT: f64 = 240.0;
const LEFT: f64 = 84.0;
/// Height of a line of names above the drawing.
const LINE: f64 = 16.0;

/// A chart of bars beside one another, over a span each.
#[derive(Debug)]
pub struct Distribution<'a> {
    /// What it says around its drawing; its axis is the one below.
    pub caption: Caption<'a>,
    /// What the heights count.
    pub counted: &'a str,
    /// By rising span.
    pub bins: &'a [Bin],
    /// Where something is worth a line: the median, the ninth decile, limits with the share within.
    pub lines: &'a [Reference],
    /// What lies beyond the last span, in a sentence.
    pub beyond: &'a str,
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// From where, in the unit of the axis below.
    pub from: f64,
    /// To where, itself not included.
    pub to: f64,
    /// How many; nothing where that is hidden.
    pub count: Option<u64>,
}

/// From spans to places, and from counts to heights.
struct Place {
    x: Scale,
    y: Scale,
}

impl Distribution<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let top = frame::below_heading(&self.caption) + 24.0 + LINE * self.lines.len() as f64;
        let bottom = top + HEIGHT;
        let spans = self.bins.iter().flat_map(|bin| [bin.from, bin.to]);
        let along = spans.chain(self.lines.iter().map(|line| line.value));
        let counts = self.bins.iter().filter_map(|bin| bin.count).map(|count| count as f64);
        let place = Place {
            x: Scale::around(along, (LEFT, WIDTH - EDGE - 20.0)),
            y: Scale::around(counts.chain([0.0]), (bottom, top)),
        };
        let body = html! {
            (axis::beside(&place.y, place.x.places(), &Caption { axis: self.counted, ..self.caption }))
            (axis::below(&place.x, (top, bottom), &self.caption))
            @for bin in self.bins { (self.bar(bin, &place)) }
            @for (number, line) in self.lines.iter().enumerate() { (reference(number, line, (&place, self.lines.len()))) }
            (self.words(bottom + 58.0))
        };
        frame::svg(&self.caption, bottom + 70.0, &body)
    }

    fn bar(&self, bin: &Bin, place: &Place) -> Markup {
        let (left, right, ground) = (place.x.at(bin.from), place.x.at(bin.to), place.y.at(0.0));
        let Some(count) = bin.count else {
            return columns::gap((f64::midpoint(left, right) - 5.0, ground - 16.0));
        };
        // A true zero is a line that can be seen.
        let height = (ground - place.y.at(count as f64)).max(1.5);
        let number = |value: f64| self.caption.language.number(value, 0);
        html! { g {
            title { (number(bin.from)) "–" (number(bin.to)) ": " (number(count as f64)) }
            rect class="bar" x=(px(left)) y=(px(ground - height)) width=(px(right - left)) height=(px(height)) fill=(COLOURS[5]) stroke="#ffffff" {}
        } }
    }

    /// What lies beyond, and what stands for a hidden count.
    fn words(&self, y: f64) -> Markup {
        let hidden = self.bins.iter().any(|bin| bin.count.is_none());
        html! {
            text x=(px(LEFT)) y=(px(y)) { (frame::fitted(self.beyond, TEXT, WIDTH - LEFT - EDGE - 120.0)) }
            @if hidden {
                (columns::gap((WIDTH - EDGE - 96.0, y - 11.0)))
                text x=(px(WIDTH - EDGE - 78.0)) y=(px(y)) { (HIDDEN.pick(self.caption.language)) }
            }
        }
    }
}

/// A line from top to bottom, its name on a line of its own above the drawing so that no two meet.
fn reference(number: usize, line: &Reference, (place, lines): (&Place, usize)) -> Markup {
    let (x, (left, right), (bottom, top)) = (place.x.at(line.value), place.x.places(), place.y.places());
    let named = top - 10.0 - LINE * (lines - 1 - number) as f64;
    let (anchor, beside) = if x > f64::midpoint(left, right) { ("end", x - 6.0) } else { ("start", x + 6.0) };
    let dashes = ["none", "8 4", "2 3", "10 4 2 4"][number % 4];
    html! {
        line class="ink" x1=(px(x)) x2=(px(x)) y1=(px(named - 9.0)) y2=(px(bottom)) stroke=(INK) stroke-width="1.5" stroke-dasharray=(dashes) {}
        text x=(px(beside)) y=(px(named)) text-anchor=(anchor) font-size=(px(SMALL)) { (frame::clean(&line.text)) }
    }
}
