//! Recovery: a case at first and none afterwards.

use schemas::language::Text;

use super::{Example, Measure, PHQ9, Scale, Scores, reliable_change};

/// Below the cut-off afterwards.
pub const RECOVERY: Measure = Measure {
    name: "recovery",
    meaning: Text::fixed(
        "Ett kliniskt fall före är inte längre ett fall efteråt.",
        "A case at first was no case afterwards.",
    ),
    formula: "first >= caseness_from and second < caseness_from",
    denominator: Text::fixed("par som var kliniska fall före", "pairs that were a case at first"),
    source: "NHS Talking Therapies manual",
    applies: |scale| scale.caseness_from.is_some(),
    judge: recovered,
    example: Example { scale: PHQ9, pairs: &[(10.0, 9.0), (20.0, 10.0), (9.0, 2.0)], n: 1, d: 2 },
};

/// Below the cut-off afterwards and reliably better.
pub const RELIABLE_RECOVERY: Measure = Measure {
    name: "rel_recovery",
    meaning: Text::fixed(
        "Ett kliniskt fall före är inte längre ett fall efteråt, och skillnaden är större än mätfelet.",
        "A case at first was no case afterwards, and the difference is more than measurement error.",
    ),
    formula: "recovery and rel_improved",
    denominator: Text::fixed("par som var kliniska fall före", "pairs that were a case at first"),
    source: "NHS Talking Therapies manual",
    applies: |scale| scale.caseness_from.is_some() && scale.reliable_change.is_some(),
    judge: |scale, scores| Some(recovered(scale, scores)? && reliable_change::improved(scale, scores)?),
    example: Example { scale: PHQ9, pairs: &[(10.0, 9.0), (15.0, 9.0), (9.0, 2.0)], n: 1, d: 2 },
};

fn recovered(scale: &Scale, scores: Scores) -> Option<bool> {
    let (before, after) = (scale.is_case(scores.first)?, scale.is_case(scores.second)?);
    before.then_some(!after)
}
