//! Reliable change: a difference that is more than measurement error, by the instrument's published constant.

use schemas::language::Text;

use super::{ALLOWANCE, Example, Measure, PHQ9, Scale, Scores};

/// Reliably better.
pub const IMPROVED: Measure = Measure {
    name: "rel_improved",
    meaning: Text::fixed(
        "Skattningen förbättrades med minst den tillförlitliga förändringen.",
        "The score became better by at least the reliable change.",
    ),
    formula: "improvement >= reliable_change",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "instruments.csv of the threshold set; NHS Talking Therapies manual",
    applies: |scale| scale.reliable_change.is_some(),
    judge: improved,
    example: Example { scale: PHQ9, pairs: &[(15.0, 9.0), (15.0, 10.0), (15.0, 3.0)], n: 2, d: 3 },
};

/// Reliably worse.
pub const DETERIORATED: Measure = Measure {
    name: "rel_deteriorated",
    meaning: Text::fixed(
        "Skattningen försämrades med minst den tillförlitliga förändringen.",
        "The score became worse by at least the reliable change.",
    ),
    formula: "improvement <= -reliable_change",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "instruments.csv of the threshold set; NHS Talking Therapies manual",
    applies: |scale| scale.reliable_change.is_some(),
    judge: deteriorated,
    example: Example { scale: PHQ9, pairs: &[(9.0, 15.0), (9.0, 14.0), (9.0, 9.0)], n: 1, d: 3 },
};

/// Whether the pair is reliably better; `None` without a reliable change.
pub(crate) fn improved(scale: &Scale, scores: Scores) -> Option<bool> {
    scale.reliable_change.map(|change| scale.improvement(scores) + ALLOWANCE >= change)
}

/// Whether the pair is reliably worse; `None` without a reliable change.
pub(crate) fn deteriorated(scale: &Scale, scores: Scores) -> Option<bool> {
    scale.reliable_change.map(|change| scale.improvement(scores) - ALLOWANCE <= -change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_higher_is_better_a_rise_is_the_improvement() {
        let scale = Scale { higher_is_better: true, ..PHQ9 };
        let rise = Scores { first: 10.0, second: 16.0 };
        assert_eq!((improved(&scale, rise), deteriorated(&scale, rise)), (Some(true), Some(false)));
    }
}
