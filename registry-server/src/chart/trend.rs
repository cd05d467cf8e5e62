//! Series over periods: lines that break where nothing can be shown, marks of their own shape, a legend below.

use maud::{Markup, html};

use super::columns::{self, Columns};
use super::frame::{self, INK, SMALL, px};
use super::{Caption, HIDDEN, Mark, Shown, UNDEFINED, marker};

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

impl Trend<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let values = self.series.iter().flat_map(|series| &series.marks).filter_map(columns::shown).flat_map(reach);
        let place = Columns::around(&self.caption, self.periods, values);
        let entries = self.entries();
        let body = html! {
            (place.axes())
            (place.names())
            (self.gaps(&place))
            @for (kind, series) in self.series.iter().enumerate() { (self.line(kind, series, &place)) }
            (columns::legend(&entries, place.ground() + 44.0))
        };
        frame::svg(&self.caption, place.ground() + 44.0 + columns::taken(&entries), &body)
    }

    /// A box of dashes on the ground of each period in which something is hidden.
    fn gaps(&self, place: &Columns) -> Markup {
        let hidden = |number: &usize| self.series.iter().any(|series| series.marks.get(*number) == Some(&Mark::Hidden));
        html! { @for number in (0..self.periods.len()).filter(hidden) { (place.gap(number)) } }
    }

    fn line(&self, kind: usize, series: &Series, place: &Columns) -> Markup {
        let told = self.series.len() == 1 && self.widest_text() < place.step;
        html! {
            @for run in place.runs(&series.marks) { (marker::line(kind, &run)) }
            @for (number, mark) in series.marks.iter().enumerate() { @if let Some(shown) = columns::shown(mark) {
                @let (x, y) = place.at(number, shown.value);
                @if let Some((low, high)) = shown.interval {
                    line class="ink" x1=(px(x)) x2=(px(x)) y1=(px(place.scale.at(low))) y2=(px(place.scale.at(high))) stroke=(INK) {}
                }
                (marker::marker(kind, (x, y)))
                @if told { text x=(px(x)) y=(px(y - 10.0)) text-anchor="middle" font-size=(px(SMALL)) { (shown.text) } }
            } }
        }
    }

    fn widest_text(&self) -> f64 {
        let marks = self.series.iter().flat_map(|series| &series.marks).filter_map(columns::shown);
        marks.map(|shown| frame::width(&shown.text, SMALL) + 4.0).fold(0.0, f64::max)
    }

    /// A line of the legend each: every series, then what stands for figures that are not shown.
    fn entries(&self) -> Vec<(Markup, &str)> {
        let language = self.caption.language;
        let any = |mark: &Mark| self.series.iter().any(|series| series.marks.contains(mark));
        let series = self.series.iter().enumerate().map(|(kind, series)| (marker::sample(kind), series.name.as_str()));
        let hidden = any(&Mark::Hidden).then(|| (columns::gap((12.0, -7.0)), HIDDEN.pick(language)));
        let undefined = any(&Mark::Undefined)
            .then(|| (html! { text x="17" y="4" text-anchor="middle" { "–" } }, UNDEFINED.pick(language)));
        series.chain(hidden).chain(undefined).collect()
    }
}

/// Every value that a figure's drawing reaches.
pub(super) fn reach(shown: &Shown) -> [f64; 3] {
    let (low, high) = shown.interval.unwrap_or((shown.value, shown.value));
    [shown.value, low, high]
}
