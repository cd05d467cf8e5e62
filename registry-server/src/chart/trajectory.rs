//! Means along a treatment with the band of their intervals, and below each point how many stand behind it.

use maud::{Markup, html};
use schemas::language::{Language, Text};

use super::columns::{self, Columns, LEFT};
use super::frame::{self, COLOURS, GREY, SMALL, px};
use super::{Caption, HIDDEN, Mark, Shown, UNDEFINED, marker, trend};

/// Height of a row of counts.
const COUNTS: f64 = 16.0;
/// What stands where a count is hidden.
const STAR: &str = "*";
static INTERVAL: Text = Text::fixed("95 %-intervall", "95 % interval");

/// A chart of means by timepoint.
#[derive(Debug)]
pub struct Trajectory<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From left to right.
    pub timepoints: &'a [String],
    /// At most six are told apart.
    pub courses: &'a [Course],
    /// Fewer treatments than this have no band.
    pub fewest: u64,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Of whom.
    pub name: String,
    /// A mean a timepoint.
    pub marks: Vec<Mark>,
    /// How many stand behind each; nothing where that is hidden.
    pub counts: Vec<Option<u64>>,
}

impl Trajectory<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let marks = self.courses.iter().flat_map(|course| &course.marks);
        let place =
            Columns::around(&self.caption, self.timepoints, marks.filter_map(columns::shown).flat_map(trend::reach));
        let below = place.ground() + 38.0;
        let (entries, legend) = (self.entries(), below + COUNTS * self.courses.len() as f64 + 14.0);
        let body = html! {
            (place.axes())
            (place.names())
            @for (kind, course) in self.courses.iter().enumerate() { (self.band(kind, course, &place)) }
            @for (kind, course) in self.courses.iter().enumerate() {
                (course_line(kind, course, &place))
                (self.counts((kind, course), below + COUNTS * kind as f64, &place))
            }
            (columns::legend(&entries, legend))
        };
        frame::svg(&self.caption, legend + columns::taken(&entries), &body)
    }

    /// Between the ends of the intervals, in a piece each time that enough treatments stand behind the means in a row.
    fn band(&self, kind: usize, course: &Course, place: &Columns) -> Markup {
        let ends = course.marks.iter().enumerate().map(|(number, mark)| {
            let enough = course.counts.get(number).copied().flatten().is_some_and(|n| n >= self.fewest);
            let (low, high) = columns::shown(mark).filter(|_| enough)?.interval?;
            Some((place.at(number, low), place.at(number, high)))
        });
        let (class, colour) = (format!("band band-{}", kind % COLOURS.len()), COLOURS[kind % COLOURS.len()]);
        html! { @for piece in columns::pieces(ends) {
            @if let [((x, low), (_, high))] = piece[..] {
                line class=(class) x1=(px(x)) x2=(px(x)) y1=(px(low)) y2=(px(high)) stroke=(colour) stroke-width="8" stroke-opacity="0.18" {}
            } @else {
                @let around: Vec<_> = piece.iter().map(|(low, _)| *low).chain(piece.iter().rev().map(|(_, high)| *high)).collect();
                polygon class=(class) points=(marker::points(&around)) fill=(colour) fill-opacity="0.18" {}
            }
        } }
    }

    /// The counts of a line, behind its mark.
    fn counts(&self, (kind, course): (usize, &Course), y: f64, place: &Columns) -> Markup {
        let language = self.caption.language;
        let texts: Vec<String> = course.counts.iter().map(|n| counted(*n, language)).collect();
        html! {
            (marker::marker(kind, (LEFT - 40.0, y - 4.0)))
            text class="quiet" x=(px(LEFT - 28.0)) y=(px(y)) font-size=(px(SMALL)) fill=(GREY) { "n =" }
            (place.texts(&texts, y))
        }
    }

    fn entries(&self) -> Vec<(Markup, &str)> {
        let language = self.caption.language;
        let any = |mark: &Mark| self.courses.iter().any(|course| course.marks.contains(mark));
        let courses =
            self.courses.iter().enumerate().map(|(kind, course)| (marker::sample(kind), course.name.as_str()));
        let band = html! { rect class="band" x="0" y="-6" width="34" height="12" fill=(GREY) fill-opacity="0.18" {} };
        let hidden = any(&Mark::Hidden).then(|| (columns::gap((12.0, -7.0)), HIDDEN.pick(language)));
        let undefined = any(&Mark::Undefined).then(|| (dash((17.0, 4.0)), UNDEFINED.pick(language)));
        courses.chain([(band, INTERVAL.pick(language))]).chain(hidden).chain(undefined).collect()
    }
}

fn course_line(kind: usize, course: &Course, place: &Columns) -> Markup {
    html! {
        @for run in place.runs(&course.marks) { (marker::line(kind, &run)) }
        @for (number, mark) in course.marks.iter().enumerate() { @match mark {
            Mark::Shown(Shown { value, text, .. }) => g {
                title { (frame::clean(text)) }
                (marker::marker(kind, place.at(number, *value)))
            },
            Mark::Hidden => { (place.gap(number)) },
            Mark::Undefined => { (dash((place.x(number), place.ground() - 6.0))) },
        } }
    }
}

fn dash((x, y): (f64, f64)) -> Markup {
    html! { text x=(px(x)) y=(px(y)) text-anchor="middle" { "–" } }
}

/// A count as people write it.
fn counted(n: Option<u64>, language: Language) -> String {
    n.map_or_else(|| STAR.to_owned(), |n| language.number(n as f64, 0))
}
