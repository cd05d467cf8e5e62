//! Who delivered when: a row a sender, a cell a week; the shape in a cell says how it went.

use maud::{Markup, html};
use schemas::language::Text;

use super::Caption;
use super::frame::{COLOURS, GREY, INK, clean, px};
use super::grid::{self, Cell, Grid};

/// Height of a row.
const ROW: f64 = 22.0;
/// No shape is wider than this, half of it.
const HALF: f64 = 8.0;

/// A chart of weeks.
#[derive(Debug)]
pub struct Strip<'a> {
    /// What it says around its drawing; its axis names the weeks.
    pub caption: Caption<'a>,
    /// From left to right.
    pub weeks: &'a [String],
    /// From top to bottom.
    pub senders: &'a [Sender],
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    /// Who.
    pub label: String,
    /// How each week went.
    pub weeks: Vec<Week>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Week {
    /// How it went.
    pub state: State,
    /// What more is to be said of it, such as how many records came.
    pub note: Option<String>,
}

/// How a week went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// What was expected came in time.
    OnTime,
    /// It came, but not in time.
    Late,
    /// Nothing came.
    Silent,
    /// The sender had told of a pause.
    Paused,
    /// Nothing was expected.
    NothingExpected,
    /// The sender was not enrolled yet.
    BeforeEnrolment,
}

/// Every state, in the order of the legend.
const STATES: [State; 6] =
    [State::OnTime, State::Late, State::Silent, State::Paused, State::NothingExpected, State::BeforeEnrolment];

impl State {
    /// What it is called.
    #[must_use]
    pub fn text(self) -> &'static Text {
        static TEXTS: [Text; 6] = [
            Text::fixed("i tid", "on time"),
            Text::fixed("sen", "late"),
            Text::fixed("tyst", "silent"),
            Text::fixed("planerat uppehåll", "planned pause"),
            Text::fixed("ingen leverans väntad", "no delivery expected"),
            Text::fixed("ännu inte ansluten", "not yet enrolled"),
        ];
        &TEXTS[self as usize]
    }

    /// The class of its shape, for colours.
    fn class(self) -> &'static str {
        ["on-time", "late", "silent", "paused", "nothing-expected", "before-enrolment"][self as usize]
    }
}

impl Strip<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let language = self.caption.language;
        let legend = |state: &State| {
            let cell = Cell { x: 0.0, y: 0.0, width: 20.0, height: ROW };
            (shape(*state, cell), state.text().pick(language))
        };
        let laid_out = Grid {
            caption: &self.caption,
            rows: self.senders.iter().map(|sender| sender.label.as_str()).collect(),
            columns: self.weeks,
            height: ROW,
            legend: STATES.iter().map(legend).collect(),
        };
        grid::drawn(&laid_out, |(row, column), cell| {
            let Some(week) = self.senders[row].weeks.get(column) else { return html! {} };
            let words = week.state.text().pick(language);
            html! { g {
                title {
                    (clean(&self.senders[row].label)) ", " (clean(&self.weeks[column])) ": " (words)
                    @if let Some(note) = &week.note { ", " (clean(note)) }
                }
                (shape(week.state, cell))
            } }
        })
    }
}

/// Full, half full, a cross, two bars, a dot, a stroke: told apart without colours.
fn shape(state: State, cell: Cell) -> Markup {
    let (x, y, half) = (cell.x, cell.y, (cell.width / 2.0 - 1.0).min(HALF));
    let class = state.class();
    let frame = |inside: Markup| {
        html! {
            rect class={ (class) " frame" } x=(px(x - half)) y=(px(y - HALF)) width=(px(2.0 * half)) height=(px(2.0 * HALF)) fill="none" stroke=(GREY) {}
            (inside)
        }
    };
    let filled = |top: f64, colour: &str| {
        html! {
            rect class=(class) x=(px(x - half)) y=(px(top)) width=(px(2.0 * half)) height=(px(y + HALF - top)) fill=(colour) {}
        }
    };
    match state {
        State::OnTime => filled(y - HALF, COLOURS[2]),
        State::Late => frame(filled(y + 1.0, COLOURS[4])),
        State::Silent => {
            let cross = format!(
                "M{} {}L{} {}M{} {}L{} {}",
                px(x - half),
                px(y - HALF),
                px(x + half),
                px(y + HALF),
                px(x - half),
                px(y + HALF),
                px(x + half),
                px(y - HALF)
            );
            frame(html! { path class=(class) d=(cross) stroke=(COLOURS[1]) stroke-width="2" fill="none" {} })
        }
        State::Paused => {
            let (third, height) = (half / 3.0, px(HALF));
            let bars = format!(
                "M{} {}v{height}M{} {}v{height}",
                px(x - third),
                px(y - HALF / 2.0),
                px(x + third),
                px(y - HALF / 2.0)
            );
            html! { path class=(class) d=(bars) stroke=(INK) stroke-width="2" fill="none" {} }
        }
        State::NothingExpected => html! { circle class=(class) cx=(px(x)) cy=(px(y)) r="1.5" fill=(GREY) {} },
        State::BeforeEnrolment => {
            html! { path class=(class) d={ "M" (px(x - half)) " " (px(y)) "H" (px(x + half)) } stroke=(GREY) fill="none" {} }
        }
    }
}
