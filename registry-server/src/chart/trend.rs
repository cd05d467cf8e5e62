//! Series over periods: lines that break where nothing can be shown, marks of their own shape, a legend below.

use maud::{Markup, html};

use super::frame::{self, EDGE, GREY, INK, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, HIDDEN, Mark, Shown, UNDEFINED, axis, marker};

/// Height of the drawing.
const HEIGHT: f64 = 280.0;
/// Room for numbers at the left.
const LEFT: f64 = 84.0;
/// Height of a line of the legend.
const LINE: f64 = 20.0;

/// A chart of lines.
#[derive(Debug)]
pub struct Trend<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From left to right.
    pub periods: &'a [String],
    /// At most six are told apart.
    pub series: &'a [Series],
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Of whom or what.
    pub name: String,
    /// A figure a period.
    pub marks: Vec<Mark>,
}

/// Where things are.
struct Place {
    top: f64,
    step: f64,
    scale: Scale,
}

impl Trend<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let top = frame::below_heading(&self.caption) + 30.0;
        let values = self.series.iter().flat_map(|series| &series.marks).filter_map(shown).flat_map(|shown| {
            let (low, high) = shown.interval.unwrap_or((shown.value, shown.value));
            [shown.value, low, high]
        });
        let place = Place {
            top,
            step: (WIDTH - EDGE - LEFT) / self.periods.len().max(1) as f64,
            scale: Scale::around(values.chain([0.0]), (top + HEIGHT, top)),
        };
        let body = html! {
            (axis::beside(&place.scale, (LEFT, WIDTH - EDGE), &self.caption))
            (self.below(&place))
            (self.gaps(&place))
            @for (kind, series) in self.series.iter().enumerate() { (self.line(kind, series, &place)) }
            (self.legend(top + HEIGHT + 44.0))
        };
        frame::svg(&self.caption, top + HEIGHT + 44.0 + LINE * self.entries().len() as f64 + 4.0, &body)
    }

    /// The names of periods, as many as have room.
    fn below(&self, place: &Place) -> Markup {
        let widest = self.periods.iter().map(|period| frame::width(period, SMALL) + 8.0).fold(0.0, f64::max);
        let every = (1..=self.periods.len()).find(|every| *every as f64 * place.step >= widest).unwrap_or(1);
        html! { @for (number, period) in self.periods.iter().enumerate().step_by(every) {
            text x=(px(place.x(number))) y=(px(place.top + HEIGHT + 18.0)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) {
                (frame::clean(period))
            }
        } }
    }

    /// A box of dashes on the ground of each period in which something is hidden.
    fn gaps(&self, place: &Place) -> Markup {
        let hidden = |number: &usize| self.series.iter().any(|series| series.marks.get(*number) == Some(&Mark::Hidden));
        html! { @for number in (0..self.periods.len()).filter(hidden) {
            (gap((place.x(number) - 5.0, place.top + HEIGHT - 16.0)))
        } }
    }

    fn line(&self, kind: usize, series: &Series, place: &Place) -> Markup {
        let at = |number: usize, shown: &Shown| (place.x(number), place.scale.at(shown.value));
        let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
        for (number, mark) in series.marks.iter().enumerate() {
            match (shown(mark), runs.last_mut()) {
                (Some(shown), Some(run)) => run.push(at(number, shown)),
                _ => runs.push(Vec::new()),
            }
        }
        let told = self.series.len() == 1 && self.widest_text() < place.step;
        html! {
            @for run in &runs { (marker::line(kind, run)) }
            @for (number, mark) in series.marks.iter().enumerate() { @if let Some(shown) = shown(mark) {
                @let (x, y) = at(number, shown);
                @if let Some((low, high)) = shown.interval {
                    line x1=(px(x)) x2=(px(x)) y1=(px(place.scale.at(low))) y2=(px(place.scale.at(high))) stroke=(INK) {}
                }
                (marker::marker(kind, (x, y)))
                @if told { text x=(px(x)) y=(px(y - 10.0)) text-anchor="middle" font-size=(px(SMALL)) { (shown.text) } }
            } }
        }
    }

    fn widest_text(&self) -> f64 {
        let marks = self.series.iter().flat_map(|series| &series.marks).filter_map(shown);
        marks.map(|shown| frame::width(&shown.text, SMALL) + 4.0).fold(0.0, f64::max)
    }

    /// A line of the legend each: every series, then what stands for figures that are not shown.
    fn entries(&self) -> Vec<(Markup, &str)> {
        let language = self.caption.language;
        let any = |mark: &Mark| self.series.iter().any(|series| series.marks.contains(mark));
        let series = self.series.iter().enumerate().map(|(kind, series)| {
            let ends = [(0.0, 0.0), (34.0, 0.0)];
            (html! { (marker::line(kind, &ends)) (marker::marker(kind, (17.0, 0.0))) }, series.name.as_str())
        });
        let hidden = any(&Mark::Hidden).then(|| (gap((12.0, -7.0)), HIDDEN.pick(language)));
        let undefined = any(&Mark::Undefined)
            .then(|| (html! { text x="17" y="4" text-anchor="middle" { "–" } }, UNDEFINED.pick(language)));
        series.chain(hidden).chain(undefined).collect()
    }

    fn legend(&self, top: f64) -> Markup {
        html! { @for (line, (sign, words)) in self.entries().iter().enumerate() {
            @let y = top + LINE * line as f64;
            g transform={ "translate(" (px(LEFT)) " " (px(y)) ")" } { (sign) }
            text x=(px(LEFT + 44.0)) y=(px(y + 4.0)) { (frame::fitted(words, TEXT, WIDTH - LEFT - 60.0)) }
        } }
    }
}

impl Place {
    fn x(&self, number: usize) -> f64 {
        LEFT + self.step * (number as f64 + 0.5)
    }
}

fn shown(mark: &Mark) -> Option<&Shown> {
    if let Mark::Shown(shown) = mark { Some(shown) } else { None }
}

fn gap((x, y): (f64, f64)) -> Markup {
    html! { rect x=(px(x)) y=(px(y)) width="10" height="14" fill="none" stroke=(GREY) stroke-dasharray="3 2" {} }
}
