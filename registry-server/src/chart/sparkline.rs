//! A course as small as a word: a line without an axis, its last figure marked; the text says what it shows.

use maud::{Markup, html};
use schemas::language::{Language, Text};

use super::columns::{self, gap};
use super::frame::{self, GREY, px};
use super::scale::Scale;
use super::{HIDDEN, Mark, UNDEFINED, marker};

const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 32.0;
/// Empty space at the edges, so that a mark has room.
const EDGE: f64 = 7.0;
static LATEST: Text = Text::fixed("senast", "latest");

/// A small chart of one series.
#[derive(Debug)]
pub struct Sparkline<'a> {
    /// Of what and whom, in a few words.
    pub title: &'a str,
    /// The language of words.
    pub language: Language,
    /// From the oldest to the latest.
    pub marks: &'a [Mark],
}

impl Sparkline<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let values = self.marks.iter().filter_map(columns::shown).map(|shown| shown.value);
        let scale = Scale::around(values, (HEIGHT - EDGE, EDGE));
        let step = (WIDTH - 2.0 * EDGE) / self.marks.len().saturating_sub(1).max(1) as f64;
        let x = |number: usize| EDGE + step * number as f64;
        let places = self.marks.iter().enumerate();
        let runs =
            columns::pieces(places.map(|(number, mark)| Some((x(number), scale.at(columns::shown(mark)?.value)))));
        html! {
            svg class="chart sparkline" xmlns="http://www.w3.org/2000/svg" role="img" lang=(self.language.tag())
                viewBox={ "0 0 " (px(WIDTH)) " " (px(HEIGHT)) } width=(px(WIDTH)) height=(px(HEIGHT)) {
                title { (frame::clean(self.title)) }
                desc { (self.words()) }
                @for run in &runs { (piece(run)) }
                @for (number, mark) in self.marks.iter().enumerate() { (absent(mark, x(number))) }
                @if let Some(shown) = self.marks.last().and_then(columns::shown) {
                    (marker::marker(0, (x(self.marks.len() - 1), scale.at(shown.value))))
                }
            }
        }
        .into_string()
    }

    /// The same in words: the latest figure.
    fn words(&self) -> String {
        let latest = match self.marks.last() {
            Some(Mark::Shown(shown)) => frame::clean(&shown.text),
            Some(Mark::Hidden) => HIDDEN.pick(self.language).to_owned(),
            Some(Mark::Undefined) | None => UNDEFINED.pick(self.language).to_owned(),
        };
        format!("{}: {latest}", LATEST.pick(self.language))
    }
}

/// A line through figures that follow one another; one alone is a dot.
fn piece(run: &[(f64, f64)]) -> Markup {
    html! {
        (marker::line(0, run))
        @if let [(x, y)] = run { circle class="mark-0" cx=(px(*x)) cy=(px(*y)) r="1.5" fill=(frame::COLOURS[0]) {} }
    }
}

/// What stands for a figure that is not shown.
fn absent(mark: &Mark, x: f64) -> Markup {
    match mark {
        Mark::Shown(_) => html! {},
        Mark::Hidden => gap((x - 5.0, HEIGHT / 2.0 - 7.0)),
        Mark::Undefined => {
            html! { path class="quiet-line" d={ "M" (px(x - 3.0)) " " (px(HEIGHT / 2.0)) "h6" } stroke=(GREY) {} }
        }
    }
}
