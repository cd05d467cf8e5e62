//! Response: the burden fell by at least a given share.

use schemas::language::Text;

use super::{ALLOWANCE, Example, Measure, PHQ9, Scale, Scores};

/// Share of the burden above the scale's floor.
pub const RESPONSE: Measure = Measure {
    name: "response",
    meaning: Text::fixed(
        "Besvären över lägsta möjliga poäng minskade med minst gränsvärdesuppsättningens andel för respons.",
        "The burden above the lowest possible score fell by at least the response share of the threshold set.",
    ),
    formula: "improvement >= response_share x (first - lowest)",
    denominator: Text::fixed(
        "par vars första skattning låg över lägsta möjliga poäng; bara instrument där högre är sämre",
        "pairs with first above the lowest possible score; only instruments where higher is worse",
    ),
    source: "statistics of the register, section 4",
    applies: higher_is_worse,
    judge: |scale, scores| {
        let burden = scores.first - scale.lowest;
        (burden > 0.0).then(|| scale.improvement(scores) + ALLOWANCE >= scale.response_share * burden)
    },
    example: Example { scale: PHQ9, pairs: &[(16.0, 8.0), (16.0, 9.0), (0.0, 0.0), (15.0, 7.0)], n: 2, d: 3 },
};

/// Half of the raw score, as some reports have it; differs where the lowest possible score is not 0.
pub const RESPONSE_RAW: Measure = Measure {
    name: "response_raw",
    meaning: Text::fixed("Råpoängen minst halverades.", "The raw score was at least halved."),
    formula: "improvement >= 50 % of first",
    denominator: Text::fixed(
        "par vars första skattning låg över 0; bara instrument där högre är sämre",
        "pairs with first above 0; only instruments where higher is worse",
    ),
    source: "statistics of the register, section 4",
    applies: higher_is_worse,
    judge: |scale, Scores { first, second }| {
        (first > 0.0).then(|| scale.improvement(Scores { first, second }) + ALLOWANCE >= 0.5 * first)
    },
    example: Example { scale: Scale { lowest: 16.0, ..PHQ9 }, pairs: &[(60.0, 38.0), (60.0, 30.0)], n: 1, d: 2 },
};

fn higher_is_worse(scale: &Scale) -> bool {
    !scale.higher_is_better
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_that_does_not_begin_at_zero_responds_by_what_lies_above_its_floor() {
        let pswq = Scale { lowest: 16.0, ..PHQ9 };
        let scores = Scores { first: 60.0, second: 38.0 };
        assert_eq!((RESPONSE.judge)(&pswq, scores), Some(true));
        assert_eq!((RESPONSE_RAW.judge)(&pswq, scores), Some(false));
    }

    #[test]
    fn another_threshold_set_may_ask_for_a_smaller_share() {
        let third = Scale { response_share: 0.3, ..PHQ9 };
        assert_eq!((RESPONSE.judge)(&third, Scores { first: 10.0, second: 7.0 }), Some(true));
    }
}
