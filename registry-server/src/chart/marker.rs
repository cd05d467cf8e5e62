//! Marks that differ in shape as well as in colour, and lines that differ in their dashes.

use maud::{Markup, html};

use super::frame::{COLOURS, px};

/// Dashes of the lines of series, the first a whole line.
const DASHES: [&str; 6] = ["none", "8 4", "2 3", "10 4 2 4", "5 5", "14 3"];

/// The mark of a series or a kind, by its number; six differ.
pub(super) fn marker(kind: usize, (x, y): (f64, f64)) -> Markup {
    let (colour, class) = (colour(kind), format!("mark-{}", kind % COLOURS.len()));
    let at = |dx: f64, dy: f64| format!("{} {}", px(x + dx), px(y + dy));
    let path = match kind % COLOURS.len() {
        0 => return html! { circle class=(class) cx=(px(x)) cy=(px(y)) r="4.5" fill=(colour) stroke="#ffffff" {} },
        1 => format!("M{}L{}L{}L{}Z", at(0.0, -6.0), at(6.0, 0.0), at(0.0, 6.0), at(-6.0, 0.0)),
        2 => format!("M{}L{}L{}L{}Z", at(-4.5, -4.5), at(4.5, -4.5), at(4.5, 4.5), at(-4.5, 4.5)),
        3 => format!("M{}L{}L{}Z", at(0.0, -5.5), at(5.5, 4.5), at(-5.5, 4.5)),
        4 => format!("M{}L{}L{}Z", at(0.0, 5.5), at(5.5, -4.5), at(-5.5, -4.5)),
        _ => {
            let cross = format!("M{}L{}M{}L{}", at(-4.5, -4.5), at(4.5, 4.5), at(-4.5, 4.5), at(4.5, -4.5));
            return html! { path class={ "line-" (kind % COLOURS.len()) } d=(cross) stroke=(colour) stroke-width="2.5" fill="none" {} };
        }
    };
    html! { path class=(class) d=(path) fill=(colour) stroke="#ffffff" {} }
}

/// A line through places, in the way of a series.
pub(super) fn line(kind: usize, places: &[(f64, f64)]) -> Markup {
    html! { @if places.len() > 1 {
        polyline class={ "line-" (kind % COLOURS.len()) } points=(points(places)) fill="none" stroke=(colour(kind)) stroke-width="2" stroke-dasharray=(DASHES[kind % DASHES.len()]) {}
    } }
}

/// How a series looks, for a legend: a piece of its line with its mark.
pub(super) fn sample(kind: usize) -> Markup {
    html! { (line(kind, &[(0.0, 0.0), (34.0, 0.0)])) (marker(kind, (17.0, 0.0))) }
}

/// Places as the points of a line.
pub(super) fn points(places: &[(f64, f64)]) -> String {
    places.iter().map(|(x, y)| format!("{},{}", px(*x), px(*y))).collect::<Vec<_>>().join(" ")
}

fn colour(kind: usize) -> &'static str {
    COLOURS[kind % COLOURS.len()]
}
