//! The report `funnel` as a chart: its points, and exact limits for every count between them.

use super::figures::Figures;
use crate::chart::funnel::{Funnel, Limits, Point};
use crate::chart::{Caption, Reference};
use crate::figure::Figure;
use crate::indicator::control_limits;

/// Into how many steps the limits are drawn.
const STEPS: u64 = 60;

/// Points that count fewer are listed, not drawn: chance puts them anywhere.
const FEWEST: u64 = 5;

/// The drawing; nothing where no point is shown.
pub(super) fn svg(figures: &Figures, caption: Caption) -> Option<String> {
    let language = caption.language;
    let all = figures.rows.iter().filter_map(|row| point(figures, row));
    let (points, few): (Vec<Point>, Vec<Point>) = all.partition(|point| point.limits.n >= FEWEST as f64);
    let first = figures.rows.iter().find(|row| point(figures, row).is_some())?;
    let few = few.into_iter().map(|point| point.label).collect::<Vec<_>>().join(", ");
    let few = if few.is_empty() {
        few
    } else {
        let (fewer, drawn) = language.pick(("färre än", "räknade, inte ritade"), ("fewer than", "counted, not drawn"));
        format!("{fewer} {FEWEST} {drawn}: {few}")
    };
    let target = figures.value(first, "target")? * 100.0;
    let name = language.pick("gemensamt värde", "common value");
    let funnel = Funnel {
        caption,
        counted: language.pick("antal räknade", "number counted"),
        limits: &limits(figures, target / 100.0),
        target: &Reference { value: target, text: format!("{name} {}", language.number(target, 1)) },
        points: &points,
        few: &few,
        hidden: figures.rows.iter().filter(|row| figures.is_hidden(row, "value")).count(),
    };
    (!points.is_empty()).then(|| funnel.svg())
}

fn point(figures: &Figures, row: &[Figure]) -> Option<Point> {
    let per_cent = |column: &str| figures.value(row, column).map(|value| value * 100.0);
    Some(Point {
        label: figures.label(row),
        value: per_cent("value")?,
        limits: Limits {
            n: figures.value(row, "n")?,
            inner: (per_cent("exact_lo95")?, per_cent("exact_hi95")?),
            outer: (per_cent("exact_lo998")?, per_cent("exact_hi998")?),
        },
    })
}

/// The limits from half the smallest count that is drawn to the largest.
fn limits(figures: &Figures, target: f64) -> Vec<Limits> {
    let place = figures.report.columns.iter().position(|column| column == "n");
    let counts = figures.rows.iter().filter_map(|row| if let Figure::Count(n) = row[place?] { Some(n) } else { None });
    let counts = counts.filter(|n| *n >= FEWEST);
    let (low, high) = counts.fold((u64::MAX, 1), |(low, high), n| (low.min(n), high.max(n)));
    let low = (low / 2).clamp(1, high);
    let mut counts: Vec<u64> = (0..=STEPS).map(|step| low + (high - low) * step / STEPS).collect();
    counts.dedup();
    let of = |n: u64| {
        let limits = control_limits::Limits::exact(target, n);
        Limits {
            n: n as f64,
            inner: (limits.lo95 * 100.0, limits.hi95 * 100.0),
            outer: (limits.lo998 * 100.0, limits.hi998 * 100.0),
        }
    };
    counts.into_iter().map(of).collect()
}
