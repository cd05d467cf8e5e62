//! Points beside the limits of chance around a common target (Spiegelhalter 2005); the shape of a point says where it lies.

use maud::{Markup, html};
use schemas::language::Text;

use super::frame::{self, EDGE, GREY, INK, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, HIDDEN, Reference, axis, marker};

const HEIGHT: f64 = 340.0;
const LEFT: f64 = 84.0;
/// Height of a line of the legend.
const LINE: f64 = 20.0;
/// What the shapes of points and the lines mean.
static MEANINGS: [Text; 5] = [
    Text::fixed("inom 95 %-gränserna", "within the 95 % limits"),
    Text::fixed("utanför 95 %, inom 99,8 %", "outside 95 %, within 99.8 %"),
    Text::fixed("utanför 99,8 %-gränserna", "outside the 99.8 % limits"),
    Text::fixed("95 %-gränser", "95 % limits"),
    Text::fixed("99,8 %-gränser", "99.8 % limits"),
];

/// A chart of points beside limits.
#[derive(Debug)]
pub struct Funnel<'a> {
    /// What it says around its drawing; its axis is the one at the left.
    pub caption: Caption<'a>,
    /// What is counted along the axis below.
    pub counted: &'a str,
    /// What all points are seen against.
    pub target: &'a Reference,
    /// The limits, by rising count.
    pub limits: &'a [Limits],
    /// In any order.
    pub points: &'a [Point],
    /// How many points are hidden.
    pub hidden: usize,
    /// Who counts too few to be drawn; their figures are in the table.
    pub few: &'a str,
}

/// The limits of chance for some count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// How many are counted.
    pub n: f64,
    /// The two of 95 %.
    pub inner: (f64, f64),
    /// The two of 99.8 %.
    pub outer: (f64, f64),
}

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Who, in a word.
    pub label: String,
    /// Its value.
    pub value: f64,
    /// The limits for its own count.
    pub limits: Limits,
}

/// Where things are: below, and at the left.
struct Place {
    x: Scale,
    y: Scale,
}

impl Funnel<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let top = frame::below_heading(&self.caption) + 30.0;
        let bottom = top + HEIGHT;
        let counts = self.points.iter().map(|point| point.limits.n).chain([0.0]);
        let drawn = self.limits.iter().flat_map(|limits| [limits.outer.0, limits.outer.1]);
        let values = self.points.iter().map(|point| point.value).chain(drawn).chain([self.target.value]);
        let place =
            Place { x: Scale::around(counts, (LEFT, WIDTH - EDGE - 20.0)), y: Scale::around(values, (bottom, top)) };
        let (left, right) = place.x.places();
        let target = px(place.y.at(self.target.value));
        let body = html! {
            (axis::beside(&place.y, (left, right), &self.caption))
            (axis::below(&place.x, (top, bottom), &Caption { axis: self.counted, ..self.caption }))
            line class="ink" x1=(px(left)) x2=(px(right)) y1=(target) y2=(target) stroke=(INK) {}
            (self.curves(&place))
            (self.points(&place))
            (self.legend(bottom + 56.0))
        };
        frame::svg(&self.caption, bottom + 56.0 + 4.5 * LINE, &body)
    }

    fn curves(&self, place: &Place) -> Markup {
        if self.limits.len() < 2 {
            return html! {};
        }
        let along = |limit: fn(&Limits) -> f64| -> String {
            let places: Vec<_> =
                self.limits.iter().map(|limits| (place.x.at(limits.n), place.y.at(limit(limits)))).collect();
            marker::points(&places)
        };
        html! {
            @for points in [along(|limits| limits.inner.0), along(|limits| limits.inner.1)] {
                polyline class="limit" points=(points) fill="none" stroke=(GREY) stroke-dasharray="5 4" {}
            }
            @for points in [along(|limits| limits.outer.0), along(|limits| limits.outer.1)] {
                polyline class="limit" points=(points) fill="none" stroke=(GREY) {}
            }
        }
    }

    /// The points, each named where its name has room.
    fn points(&self, place: &Place) -> Markup {
        let at = |point: &Point| (place.x.at(point.limits.n), place.y.at(point.value));
        let around = |(x, y): (f64, f64)| Room { x: x - 5.0, y: y - 5.0, width: 10.0, height: 10.0 };
        let mut taken: Vec<Room> = self.points.iter().map(|point| around(at(point))).collect();
        let mut names: Vec<(Room, &str)> = Vec::new();
        for point in self.points {
            if let Some(room) = free(&point.label, at(point), &taken) {
                taken.push(room);
                names.push((room, &point.label));
            }
        }
        html! {
            @for point in self.points { g {
                title { (frame::clean(&point.label)) ", n = " (px(point.limits.n)) }
                (marker::marker(point.kind(), at(point)))
            } }
            @for (room, name) in &names {
                text x=(px(room.x)) y=(px(room.y + 10.0)) font-size=(px(SMALL)) { (frame::clean(name)) }
            }
        }
    }

    fn legend(&self, top: f64) -> Markup {
        let language = self.caption.language;
        let words = |place: usize| MEANINGS[place].pick(language);
        let hidden =
            if self.hidden == 0 { String::new() } else { format!("{}: {}", HIDDEN.pick(language), self.hidden) };
        let lines = [
            (words(3), ("limit", GREY), "5 4"),
            (words(4), ("limit", GREY), "none"),
            (&self.target.text, ("ink", INK), "none"),
        ];
        html! {
            @for kind in 0..3 {
                @let y = top + LINE * kind as f64;
                (marker::marker(kind, (LEFT + 17.0, y)))
                text x=(px(LEFT + 44.0)) y=(px(y + 4.0)) { (frame::fitted(words(kind), TEXT, 290.0)) }
            }
            @for (line, (words, (class, colour), dashes)) in lines.into_iter().enumerate() {
                @let y = top + LINE * line as f64;
                line class=(class) x1=(px(LEFT + 340.0)) x2=(px(LEFT + 374.0)) y1=(px(y)) y2=(px(y)) stroke=(colour) stroke-dasharray=(dashes) {}
                text x=(px(LEFT + 384.0)) y=(px(y + 4.0)) { (frame::fitted(words, TEXT, 220.0)) }
            }
            text x=(px(LEFT + 620.0)) y=(px(top + 4.0)) { (hidden) }
            text x=(px(LEFT)) y=(px(top + 3.0 * LINE + 4.0)) { (frame::fitted(self.few, TEXT, WIDTH - LEFT - EDGE)) }
        }
    }
}

impl Point {
    /// Its shape: within the limits, outside the inner ones, outside the outer ones.
    fn kind(&self) -> usize {
        let outside = |(low, high): (f64, f64)| self.value < low || self.value > high;
        usize::from(outside(self.limits.inner)) + usize::from(outside(self.limits.outer))
    }
}

/// A place on the paper that is taken.
#[derive(Debug, Clone, Copy)]
struct Room {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Room {
    fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// A free place for a name beside, above or below its point.
fn free(label: &str, (x, y): (f64, f64), taken: &[Room]) -> Option<Room> {
    let (width, height) = (frame::width(label, SMALL), 13.0);
    let corners =
        [(x + 7.0, y - 6.0), (x - 7.0 - width, y - 6.0), (x - width / 2.0, y - 20.0), (x - width / 2.0, y + 7.0)];
    let rooms = corners.map(|(x, y)| Room { x, y, width, height });
    rooms.into_iter().find(|room| room.x + width < WIDTH && taken.iter().all(|other| !room.overlaps(other)))
}
