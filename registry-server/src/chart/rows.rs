//! A chart of rows: labels at the left, the drawing in the middle, the figures themselves at the right.

use maud::{Markup, html};

use super::frame::{self, EDGE, GREY, INK, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, HIDDEN, Mark, Reference, Row, Shown, UNDEFINED, axis};

/// Height of a row.
const ROW: f64 = 24.0;
/// Limits of the room for labels.
const LABELS: (f64, f64) = (60.0, 280.0);
/// Width of the gap that stands for a hidden figure.
const GAP: f64 = 56.0;

/// What is laid out.
pub(super) struct Rows<'a> {
    pub(super) caption: &'a Caption<'a>,
    /// Label and figures, a row each.
    pub(super) texts: Vec<(&'a str, String)>,
    /// Every value that the axis must hold.
    pub(super) values: Vec<f64>,
    /// A line that all rows are seen against.
    pub(super) reference: Option<&'a Reference>,
    /// What stands between heading and drawing, and its height.
    pub(super) above: (Markup, f64),
}

/// Draws the rows; `mark` draws one, by its number, around a height.
pub(super) fn drawn(rows: &Rows, mark: impl Fn(usize, f64, &Scale) -> Markup) -> String {
    let (legend, taken) = &rows.above;
    let top = frame::below_heading(rows.caption);
    let over = if rows.reference.is_some() { 20.0 } else { 4.0 };
    let (start, end) = (top + taken + over, top + taken + over + ROW * rows.texts.len() as f64);
    let labels = rows.texts.iter().map(|(label, _)| frame::width(label, TEXT)).fold(LABELS.0, f64::max).min(LABELS.1);
    let figures = rows.texts.iter().map(|(_, text)| frame::width(text, SMALL)).fold(0.0, f64::max);
    let scale = Scale::around(rows.values.iter().copied(), (EDGE + labels + 12.0, WIDTH - EDGE - figures - 20.0));
    let body = html! {
        g transform={ "translate(0 " (px(top)) ")" } { (legend) }
        (axis::below(&scale, (start, end), rows.caption))
        @if let Some(reference) = rows.reference { (line(reference, &scale, (start, end))) }
        @for (number, (label, text)) in rows.texts.iter().enumerate() {
            @let middle = start + ROW * (number as f64 + 0.5);
            text x=(px(EDGE + labels)) y=(px(middle + 4.0)) text-anchor="end" { (frame::fitted(label, TEXT, LABELS.1)) }
            (mark(number, middle, &scale))
            text x=(px(WIDTH - EDGE)) y=(px(middle + 4.0)) text-anchor="end" font-size=(px(SMALL)) { (frame::clean(text)) }
        }
    };
    frame::svg(rows.caption, end + axis::HEIGHT, &body)
}

/// The figures of a row as people read them.
pub(super) fn texts<'a>(rows: &'a [Row], caption: &Caption) -> Vec<(&'a str, String)> {
    let text = |row: &'a Row| {
        let figure = match &row.mark {
            Mark::Shown(shown) => shown.text.as_str(),
            Mark::Hidden => HIDDEN.pick(caption.language),
            Mark::Undefined => "",
        };
        (row.label.as_str(), with_count(figure, row.count.as_deref()))
    };
    rows.iter().map(text).collect()
}

/// A figure, and how many stand behind it.
pub(super) fn with_count(figure: &str, count: Option<&str>) -> String {
    match count {
        Some(count) if figure.is_empty() => format!("n = {count}"),
        Some(count) => format!("{figure} · n = {count}"),
        None => figure.to_owned(),
    }
}

/// Every value that a row's drawing reaches.
pub(super) fn reach(rows: &[Row]) -> impl Iterator<Item = f64> {
    rows.iter().filter_map(|row| if let Mark::Shown(shown) = &row.mark { Some(shown) } else { None }).flat_map(
        |Shown { value, interval, .. }| {
            let (low, high) = interval.unwrap_or((*value, *value));
            [*value, low, high]
        },
    )
}

/// What stands for a figure that is not shown.
pub(super) fn absent(mark: &Mark, middle: f64, (scale, caption): (&Scale, &Caption)) -> Markup {
    let (left, _) = scale.places();
    let words = match mark {
        Mark::Shown(_) => return html! {},
        Mark::Hidden => return gap(left, middle, caption),
        Mark::Undefined => UNDEFINED.pick(caption.language).to_owned(),
    };
    html! { text class="quiet" x=(px(left + 6.0)) y=(px(middle + 4.0)) font-size=(px(SMALL)) fill=(GREY) { (words) } }
}

/// A box of dashes that says that something is hidden.
pub(super) fn gap(left: f64, middle: f64, caption: &Caption) -> Markup {
    html! {
        rect class="gap" x=(px(left + 1.0)) y=(px(middle - 7.0)) width=(px(GAP)) height="14" fill="none" stroke=(GREY) stroke-dasharray="3 2" {}
        text class="quiet" x=(px(left + 1.0 + GAP / 2.0)) y=(px(middle + 4.0)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) {
            (HIDDEN.pick(caption.language))
        }
    }
}

/// An interval as a line with ends.
pub(super) fn whisker((low, high): (f64, f64), middle: f64, scale: &Scale) -> Markup {
    let (low, high) = (px(scale.at(low)), px(scale.at(high)));
    let (top, bottom, middle) = (px(middle - 4.0), px(middle + 4.0), px(middle));
    html! {
        path class="ink" d={ "M" (low) " " (top) "V" (bottom) "M" (low) " " (middle) "H" (high) "M" (high) " " (top) "V" (bottom) }
            stroke=(INK) fill="none" {}
    }
}

fn line(reference: &Reference, scale: &Scale, (top, bottom): (f64, f64)) -> Markup {
    let x = scale.at(reference.value);
    let (left, right) = scale.places();
    let anchor = if x < left + 90.0 {
        "start"
    } else if x > right - 90.0 {
        "end"
    } else {
        "middle"
    };
    html! {
        line class="ink" x1=(px(x)) x2=(px(x)) y1=(px(top - 4.0)) y2=(px(bottom)) stroke=(INK) stroke-dasharray="6 4" {}
        text x=(px(x)) y=(px(top - 8.0)) text-anchor=(anchor) font-size=(px(SMALL)) { (frame::clean(&reference.text)) }
    }
}
