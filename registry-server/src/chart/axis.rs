//! Lines and numbers along an edge of a drawing.

use maud::{Markup, html};

use super::Caption;
use super::frame::{EDGE, FAINT, GREY, SMALL, clean, px};
use super::scale::Scale;

/// Height that an axis below a drawing takes.
pub(super) const HEIGHT: f64 = 46.0;

/// Lines through a drawing from top to bottom, numbers below it, and what they measure.
pub(super) fn below(scale: &Scale, (top, bottom): (f64, f64), caption: &Caption) -> Markup {
    let (from, to) = scale.places();
    html! {
        @for (x, text) in scale.ticks(caption.language) {
            line class="grid" x1=(px(x)) x2=(px(x)) y1=(px(top)) y2=(px(bottom)) stroke=(FAINT) {}
            text class="quiet" x=(px(x)) y=(px(bottom + 16.0)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) { (text) }
        }
        (words((f64::midpoint(from, to), bottom + 34.0), caption.axis))
    }
}

/// Lines through a drawing from left to right, numbers at its left, and above them what they measure.
pub(super) fn beside(scale: &Scale, (left, right): (f64, f64), caption: &Caption) -> Markup {
    let (_, top) = scale.places();
    html! {
        @for (y, text) in scale.ticks(caption.language) {
            line class="grid" x1=(px(left)) x2=(px(right)) y1=(px(y)) y2=(px(y)) stroke=(FAINT) {}
            text class="quiet" x=(px(left - 8.0)) y=(px(y + 4.0)) text-anchor="end" font-size=(px(SMALL)) fill=(GREY) { (text) }
        }
        text class="quiet" x=(px(EDGE)) y=(px(top - 12.0)) font-size=(px(SMALL)) fill=(GREY) { (clean(caption.axis)) }
    }
}

/// What an axis measures, in the middle below it.
pub(super) fn words((x, y): (f64, f64), text: &str) -> Markup {
    html! { text class="quiet" x=(px(x)) y=(px(y)) text-anchor="middle" font-size=(px(SMALL)) fill=(GREY) { (clean(text)) } }
}
