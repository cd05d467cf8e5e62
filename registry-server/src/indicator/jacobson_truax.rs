//! Jacobson and Truax's reliable change: the limit follows from the spread and the reliability in the report's own population.

use schemas::language::Text;

use super::{Example, Measure, PHQ9, Scale, Scores};

/// 1.96 exactly, as in the article, not the quantile.
const FACTOR: f64 = 1.96;

/// Better by more than the limit.
pub const IMPROVED: Measure = Measure {
    name: "jt_improved",
    meaning: Text::fixed(
        "Skattningen förbättrades med mer än Jacobsons och Truax gräns.",
        "The score became better by more than Jacobson and Truax's limit.",
    ),
    formula: "improvement > 1.96 x sqrt(2) x SD of all first scores x sqrt(1 - reliability)",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "Jacobson and Truax 1991",
    applies: |scale| scale.jacobson_truax.is_some(),
    judge: |scale, scores| scale.jacobson_truax.map(|limit| scale.improvement(scores) > limit),
    example: Example { scale: WITH_LIMIT, pairs: &[(20.0, 14.0), (10.0, 8.0), (15.0, 15.0)], n: 1, d: 3 },
};

/// Worse by more than the limit.
pub const DETERIORATED: Measure = Measure {
    name: "jt_deteriorated",
    meaning: Text::fixed(
        "Skattningen försämrades med mer än Jacobsons och Truax gräns.",
        "The score became worse by more than Jacobson and Truax's limit.",
    ),
    formula: "improvement < -1.96 x sqrt(2) x SD of all first scores x sqrt(1 - reliability)",
    denominator: Text::fixed("alla par", "all pairs"),
    source: "Jacobson and Truax 1991",
    applies: |scale| scale.jacobson_truax.is_some(),
    judge: |scale, Scores { first, second }| {
        scale.jacobson_truax.map(|limit| scale.improvement(Scores { first, second }) < -limit)
    },
    example: Example { scale: WITH_LIMIT, pairs: &[(10.0, 16.0), (20.0, 22.0), (15.0, 15.0)], n: 1, d: 3 },
};

/// The limit that follows from the first scores of the examples: their SD is 5, the reliability 0.89.
const WITH_LIMIT: Scale = Scale { jacobson_truax: Some(4.596_607_444_626_961), ..PHQ9 };

/// The limit in points, from the first scores of all pairs of the report's population: undefined with fewer than 3 pairs, without a
/// reliability, or when it would be 0.
#[must_use]
pub fn limit(pairs: u64, sd_first: Option<f64>, reliability: Option<f64>) -> Option<f64> {
    let limit = FACTOR * 2.0_f64.sqrt() * sd_first? * (1.0 - reliability?).sqrt();
    (pairs > 2 && limit > 0.0).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_stand_under_the_limit_of_their_own_first_scores() {
        for measure in [&IMPROVED, &DETERIORATED] {
            let firsts = measure.example.pairs.iter().map(|(first, _)| (*first, 1));
            let sd = super::super::change::Spread::of(firsts).and_then(|spread| spread.sd);
            assert_eq!(limit(3, sd, PHQ9.reliability), measure.example.scale.jacobson_truax, "{}", measure.name);
        }
    }

    #[test]
    fn the_limit_needs_three_pairs_a_reliability_and_a_spread() {
        let five = limit(3, Some(5.0), Some(0.84)).unwrap();
        assert!((five - 1.96 * 2.0_f64.sqrt() * 5.0 * 0.4).abs() < 1e-12);
        assert_eq!(limit(2, Some(5.0), Some(0.84)), None);
        assert_eq!(limit(3, Some(0.0), Some(0.84)), None);
        assert_eq!(limit(3, Some(5.0), Some(1.0)), None);
        assert_eq!(limit(3, Some(5.0), None), None);
        assert_eq!(limit(3, None, Some(0.84)), None);
    }
}
