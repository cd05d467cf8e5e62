//! Caseness: scores at or above the clinical cut-off.

use schemas::language::Text;

use super::{Example, Measure, PHQ9};

/// Cases at first.
pub const BEFORE: Measure = Measure {
    name: "case_pre",
    meaning: Text::fixed(
        "Den första skattningen är på eller över gränsen för kliniskt fall.",
        "The first score is at or above the clinical cut-off.",
    ),
    formula: "first >= caseness_from",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "instruments.csv of the threshold set; NHS Talking Therapies manual",
    applies: |scale| scale.caseness_from.is_some(),
    judge: |scale, scores| scale.is_case(scores.first),
    example: Example { scale: PHQ9, pairs: &[(10.0, 4.0), (9.0, 12.0)], n: 1, d: 2 },
};

/// Cases afterwards.
pub const AFTER: Measure = Measure {
    name: "case_post",
    meaning: Text::fixed(
        "Den andra skattningen är på eller över gränsen för kliniskt fall.",
        "The second score is at or above the clinical cut-off.",
    ),
    formula: "second >= caseness_from",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "instruments.csv of the threshold set; NHS Talking Therapies manual",
    applies: |scale| scale.caseness_from.is_some(),
    judge: |scale, scores| scale.is_case(scores.second),
    example: Example { scale: PHQ9, pairs: &[(10.0, 4.0), (9.0, 12.0), (20.0, 10.0)], n: 2, d: 3 },
};
