//! The scores of an instrument that tell its measures apart: every whole one, or a grid with all limits where scores have decimals.
//!
//! Promises: where scores are whole all of them are there and no other; where they are not, each limit of a measure stands there with what
//! lies just below and above it, as do the scores that a reliable change or a response leads to from there. Must not know: persons.

use schemas::codelist::Instrument;

use crate::indicator::Scale;

/// Steps of the grid where scores have decimals.
const STEPS: u8 = 20;
/// What lies just beside a limit.
const HAIR: f64 = 0.001;

/// The scores, lowest first.
pub(super) fn all(instrument: &Instrument, scale: &Scale) -> Vec<f64> {
    let range = instrument.lowest..=instrument.highest;
    if instrument.integer {
        return std::iter::successors(Some(range.start().ceil()), |score| Some(score + 1.0))
            .take_while(|score| range.contains(score))
            .collect();
    }
    let width = instrument.highest - instrument.lowest;
    let grid = (0..=STEPS).map(|step| instrument.lowest + width * f64::from(step) / f64::from(STEPS));
    let limits: Vec<f64> = grid.chain([scale.caseness_from, scale.remission_to].into_iter().flatten()).collect();
    let moved = limits.iter().flat_map(|limit| reached(*limit, scale));
    let beside = moved.flat_map(|score| [score - HAIR, score, score + HAIR]);
    let mut all: Vec<f64> = beside.filter(|score| range.contains(score)).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// A score, and where a change beyond measurement error and a response lead to from there.
fn reached(score: f64, scale: &Scale) -> impl Iterator<Item = f64> {
    let change = scale.reliable_change.into_iter().flat_map(move |change| [score - change, score + change]);
    let kept = 1.0 - scale.response_share;
    [score, scale.lowest + (score - scale.lowest) * kept, score * kept].into_iter().chain(change)
}
