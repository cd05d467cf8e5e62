//! Remission: the second score lies in the healthy range.

use schemas::language::Text;

use super::{Example, Measure, PHQ9};

/// Among everyone with both scores.
pub const REMISSION: Measure = Measure {
    name: "remission",
    meaning: Text::fixed(
        "Den andra skattningen ligger inom instrumentets gräns för remission.",
        "The second score lies in the instrument's range of remission.",
    ),
    formula: "second <= remission_to",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "instruments.csv of the threshold set",
    applies: |scale| scale.remission_to.is_some(),
    judge: |scale, scores| scale.remission_to.map(|to| scores.second <= to),
    example: Example { scale: PHQ9, pairs: &[(12.0, 4.0), (3.0, 4.0), (12.0, 5.0)], n: 2, d: 3 },
};

/// Among those who were not in remission from the start.
pub const REMISSION_SICK: Measure = Measure {
    name: "remission_sick",
    meaning: Text::fixed(
        "Som remission, bland dem som låg över gränsen för remission från början.",
        "As remission, among those who were above its range at first.",
    ),
    formula: "second <= remission_to",
    denominator: Text::fixed("par vars första skattning låg över remission_to", "pairs with first above remission_to"),
    source: "instruments.csv of the threshold set",
    applies: |scale| scale.remission_to.is_some(),
    judge: |scale, scores| scale.remission_to.filter(|to| scores.first > *to).map(|to| scores.second <= to),
    example: Example { scale: PHQ9, pairs: &[(12.0, 4.0), (3.0, 4.0), (12.0, 5.0)], n: 1, d: 2 },
};
