//! How many reached each stage, and between two stages how many left and why.

use maud::{Markup, html};
use schemas::language::Text;

use super::frame::{self, COLOURS, EDGE, GREY, SMALL, TEXT, WIDTH, px};
use super::scale::Scale;
use super::{Caption, HIDDEN, Mark, Shown, columns, marker, rows};

/// Height of a bar.
const BAR: f64 = 26.0;
/// Height between two bars.
const BETWEEN: f64 = 40.0;
/// Limits of the room for names.
const LABELS: (f64, f64) = (60.0, 220.0);
/// What stands where a count is hidden.
const STAR: &str = "*";
static KEPT: Text = Text::fixed("gick vidare", "went on");
static LOST: Text = Text::fixed("bortfall", "left");

/// A chart of stages.
#[derive(Debug)]
pub struct Flow<'a> {
    /// What it says around its drawing.
    pub caption: Caption<'a>,
    /// From first to last.
    pub stages: &'a [Stage],
}

/// One stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Which.
    pub label: String,
    /// How many reached it.
    pub mark: Mark,
    /// Who left before the next one.
    pub losses: Vec<Loss>,
    /// What stands below it where nobody goes on from it to the next.
    pub aside: Option<String>,
}

/// One reason to leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// Which.
    pub reason: String,
    /// How many left for it, as people write it; nothing where that is hidden.
    pub count: Option<String>,
}

/// Where things are.
struct Place {
    labels: f64,
    top: f64,
    scale: Scale,
}

impl Flow<'_> {
    /// The drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        let labels =
            self.stages.iter().map(|stage| frame::width(&stage.label, TEXT)).fold(LABELS.0, f64::max).min(LABELS.1);
        let counts = self
            .stages
            .iter()
            .map(|stage| columns::shown(&stage.mark).map_or(0.0, |shown| frame::width(&shown.text, TEXT)));
        let counts = counts.fold(0.0, f64::max);
        let place = Place {
            labels,
            top: frame::below_heading(&self.caption) + 26.0,
            scale: Scale::around(
                self.values().into_iter().flatten().chain([0.0]),
                (EDGE + labels + 12.0, WIDTH - EDGE - counts - 12.0),
            ),
        };
        let body = html! {
            text class="quiet" x=(px(EDGE + labels + 12.0)) y=(px(place.top - 10.0)) font-size=(px(SMALL)) fill=(GREY) { (frame::clean(self.caption.axis)) }
            @for number in 0..self.stages.len().saturating_sub(1) { (self.between(number, &place)) }
            @for (number, stage) in self.stages.iter().enumerate() { (self.stage(stage, place.y(number), &place)) }
        };
        let end = place.y(self.stages.len().saturating_sub(1)) + BAR;
        frame::svg(&self.caption, end + 20.0, &body)
    }

    fn values(&self) -> Vec<Option<f64>> {
        self.stages.iter().map(|stage| value(&stage.mark)).collect()
    }

    fn stage(&self, stage: &Stage, y: f64, place: &Place) -> Markup {
        let (left, middle) = (place.scale.at(0.0), y + BAR / 2.0);
        html! {
            text x=(px(EDGE + place.labels)) y=(px(middle + 4.0)) text-anchor="end" { (frame::fitted(&stage.label, TEXT, LABELS.1)) }
            @if let Mark::Shown(Shown { value, text, .. }) = &stage.mark {
                // A true zero is a line that can be seen.
                @let width = (place.scale.at(*value) - left).max(1.5);
                rect class="stage" x=(px(left)) y=(px(y)) width=(px(width)) height=(px(BAR)) fill=(COLOURS[0]) {}
                text x=(px(left + width + 8.0)) y=(px(middle + 4.0)) { (frame::clean(text)) }
            } @else {
                (rows::absent(&stage.mark, middle, (&place.scale, &self.caption)))
            }
        }
    }

    /// From a stage to the next: the shape between both bars, the share that went on, and the reasons of those who did not.
    fn between(&self, number: usize, place: &Place) -> Markup {
        if let Some(aside) = &self.stages[number].aside {
            let (left, middle) = (place.scale.at(0.0), f64::midpoint(place.y(number) + BAR, place.y(number + 1)));
            return html! { text x=(px(left + 8.0)) y=(px(middle + 4.0)) font-size=(px(SMALL)) {
                (frame::fitted(aside, SMALL, WIDTH - EDGE - left - 8.0))
            } };
        }
        let (from, to) = (value(&self.stages[number].mark), value(&self.stages[number + 1].mark));
        let (left, top, bottom) = (place.scale.at(0.0), place.y(number) + BAR, place.y(number + 1));
        let text = self.words(&self.stages[number], (from, to));
        html! {
            @if let (Some(from), Some(to)) = (from, to) {
                @let around = [(left, top), (place.scale.at(from), top), (place.scale.at(to), bottom), (left, bottom)];
                polygon class="passage" points=(marker::points(&around)) fill=(COLOURS[0]) fill-opacity="0.14" {}
            }
            text x=(px(left + 8.0)) y=(px(f64::midpoint(top, bottom) + 4.0)) font-size=(px(SMALL)) {
                (frame::fitted(&text, SMALL, WIDTH - EDGE - left - 8.0))
            }
        }
    }

    fn words(&self, stage: &Stage, both: (Option<f64>, Option<f64>)) -> String {
        let language = self.caption.language;
        let kept = match both {
            (Some(from), Some(to)) if from > 0.0 => {
                Some(format!("↓ {} % {}", language.number(100.0 * to / from, 1), KEPT.pick(language)))
            }
            _ => None,
        };
        let reason = |loss: &Loss| format!("{} {}", loss.reason, loss.count.as_deref().unwrap_or(STAR));
        let reasons: Vec<String> = stage.losses.iter().map(reason).collect();
        let hidden = stage.losses.iter().any(|loss| loss.count.is_none());
        let lost = (!reasons.is_empty()).then(|| {
            let star = if hidden { format!(" ({STAR} {})", HIDDEN.pick(language)) } else { String::new() };
            format!("{}: {}{star}", LOST.pick(language), reasons.join(", "))
        });
        kept.into_iter().chain(lost).collect::<Vec<_>>().join(" · ")
    }
}

impl Place {
    fn y(&self, number: usize) -> f64 {
        self.top + (BAR + BETWEEN) * number as f64
    }
}

fn value(mark: &Mark) -> Option<f64> {
    columns::shown(mark).map(|shown| shown.value)
}
