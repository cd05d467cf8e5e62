//! One's own line through time before the band in which eight of ten lie.

use maud::{Markup, html};
use schemas::language::Text;

use super::columns::{self, Columns};
use super::frame::{self, GREY, px};
use super::{Caption, HIDDEN, Mark, Shown, UNDEFINED, marker, trend};

/// The bands from the widest to the narrowest: of which two deciles, and how dense.
const BANDS: [(usize, usize, &str); 4] = [(0, 8, "0.12"), (1, 7, "0.14"), (2, 6, "0.16"), (3, 5, "0.18")];
/// Height of the line of boxes below the periods.
const BOXES: f64 = 16.0;
/// Where the median stands among the deciles.
const MEDIAN: usize = 4;
static SPREAD: Text = Text::fixed("10:e–90:e percentilen", "10th–90th percentile");
static MIDDLE: Text = Text::fixed("median", "median");
/// What stands where there is no band, though the line is shown.
static NO_BAND: Text = Text::fixed(
    "under perioden, inget band: dolt, eller för få enheter",
    "below the period, no band: hidden, or too few units",
);

/// A chart of one's own figures before those of all.
#[derive(Debug)]
pub struct Decile<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From left to right.
    pub periods: &'a [String],
    /// The nine deciles of each period, rising; nothing where they cannot be shown.
    pub deciles: &'a [Option<[f64; 9]>],
    /// Of whom the deciles are.
    pub spread_name: &'a str,
    /// Whose line it is.
    pub own_name: &'a str,
    /// A figure a period.
    pub own: &'a [Mark],
}

impl Decile<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let all = self.deciles.iter().flatten().flatten().copied();
        let own = self.own.iter().filter_map(columns::shown).flat_map(trend::reach);
        let place = Columns::around(&self.caption, self.periods, all.chain(own));
        let [spread, median] =
            [&SPREAD, &MIDDLE].map(|of| format!("{}, {}", self.spread_name, of.pick(self.caption.language)));
        let entries = self.entries([&spread, &median]);
        let below = if self.deciles.contains(&None) { BOXES } else { 0.0 };
        let legend = place.ground() + 44.0 + below;
        // One name for what is drawn, also where there is no band.
        let body = html! { g class="spread" {
            (place.axes())
            (place.names())
            (self.bands(&place))
            (self.gaps(&place))
            (self.own(&place))
            (columns::legend(&entries, legend))
        } };
        frame::svg(&self.caption, legend + columns::taken(&entries), &body)
    }

    fn bands(&self, place: &Columns) -> Markup {
        let along = |decile: usize| {
            let places = self.deciles.iter().enumerate();
            columns::pieces(places.map(move |(number, deciles)| deciles.map(|all| place.at(number, all[decile]))))
        };
        html! {
            @for (low, high, density) in BANDS {
                @for (low, high) in along(low).iter().zip(along(high)) {
                    (band(low, &high, density))
                }
            }
            @for piece in along(MEDIAN) {
                polyline class="limit" points=(marker::points(&piece)) fill="none" stroke=(GREY) stroke-width="1.5" stroke-dasharray="6 4" {}
            }
        }
    }

    /// A box of dashes on the ground where one's own figure or that of the country is hidden, and below the period where there is no
    /// band: that is no figure, and must not be read as one of nought.
    fn gaps(&self, place: &Columns) -> Markup {
        let periods = 0..self.periods.len();
        let is_hidden = |number: &usize| self.own.get(*number) == Some(&Mark::Hidden);
        let has_no_band = |number: &usize| self.deciles.get(*number).is_none_or(Option::is_none);
        html! {
            @for number in periods.clone().filter(is_hidden) { (place.gap(number)) }
            @for number in periods.filter(has_no_band) { (place.gap_below(number)) }
            @for (number, _) in self.own.iter().enumerate().filter(|(_, mark)| **mark == Mark::Undefined) {
                text x=(px(place.x(number))) y=(px(place.ground() - 20.0)) text-anchor="middle" { "–" }
            }
        }
    }

    fn own(&self, place: &Columns) -> Markup {
        html! {
            @for run in place.runs(self.own) { (marker::line(0, &run)) }
            @for (number, Shown { value, text, .. }) in self.own.iter().enumerate().filter_map(|(number, mark)| Some((number, columns::shown(mark)?))) { g {
                title { (frame::clean(text)) }
                (marker::marker(0, place.at(number, *value)))
            } }
        }
    }

    /// The line, where there is any the band and its median, as `names` call these two, then what stands for figures that are not shown.
    fn entries<'b>(&'b self, names: [&'b str; 2]) -> Vec<(Markup, &'b str)> {
        let language = self.caption.language;
        let spread = html! { @for (number, (_, _, density)) in BANDS.iter().enumerate() {
            @let inset = 2.0 * number as f64;
            rect class="decile" x="0" y=(px(inset - 8.0)) width="34" height=(px(16.0 - 2.0 * inset)) fill=(GREY) fill-opacity=(density) {}
        } };
        let median = html! { line class="limit" x1="0" x2="34" y1="0" y2="0" stroke=(GREY) stroke-width="1.5" stroke-dasharray="6 4" {} };
        let gap = |words: &'static Text| (columns::gap((12.0, -7.0)), words.pick(language));
        let hidden = self.own.contains(&Mark::Hidden).then(|| gap(&HIDDEN));
        let no_band = self.deciles.contains(&None).then(|| gap(&NO_BAND));
        let undefined = self
            .own
            .contains(&Mark::Undefined)
            .then(|| (html! { text x="17" y="4" text-anchor="middle" { "–" } }, UNDEFINED.pick(language)));
        let has_band = self.deciles.iter().any(Option::is_some);
        std::iter::once((marker::sample(0), self.own_name))
            .chain([(spread, names[0]), (median, names[1])].into_iter().filter(|_| has_band))
            .chain(hidden)
            .chain(no_band)
            .chain(undefined)
            .collect()
    }
}

/// Between two lines; one period alone is a line from end to end.
fn band(low: &[(f64, f64)], high: &[(f64, f64)], density: &str) -> Markup {
    html! {
        @if let ([(x, low)], [(_, high)]) = (low, high) {
            line class="decile" x1=(px(*x)) x2=(px(*x)) y1=(px(*low)) y2=(px(*high)) stroke=(GREY) stroke-width="10" stroke-opacity=(density) {}
        } @else {
            @let around: Vec<_> = low.iter().chain(high.iter().rev()).copied().collect();
            polygon class="decile" points=(marker::points(&around)) fill=(GREY) fill-opacity=(density) {}
        }
    }
}
