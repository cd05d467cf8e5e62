//! Depression and anxiety judged together, as NHS Talking Therapies does: PHQ-9 with an anxiety measure, both paired.
//!
//! Meaning: a person is a case when either score is, recovered when neither is any more. Formulas: with the figures below.
//! Denominators: recovery and `rel_recovery` among cases at first, the others among all with both pairs.

use schemas::language::Text;

use super::definition::Definition;
use super::share::Share;
use super::{PHQ9, Scale, Scores, reliable_change};

/// The measures in the order of the columns.
pub const NAMES: [&str; 6] = ["case_pre", "case_post", "recovery", "rel_improved", "rel_deteriorated", "rel_recovery"];

/// What the shares of the report mean.
pub const COMPOSITE: Definition = Definition {
    name: "composite",
    meaning: Text::fixed(
        "Depression (PHQ-9) och ångest tillsammans: fall om någon skattning är det, återhämtad om ingen är det längre, säkert bättre om minst en är säkert bättre och ingen säkert sämre.",
        "Depression (PHQ-9) and anxiety together: a case when either score is, recovered when neither is any more, reliably improved when at least one is reliably better and none reliably worse.",
    ),
    formula: "recovery = case first and neither case second; rel_recovery = recovery and rel_improved",
    population: Text::fixed(
        "behandlingar där båda instrumenten har båda skattningarna; recovery och rel_recovery bland fall före",
        "treatments in which both instruments have both scores; recovery and rel_recovery among cases at first",
    ),
    source: "NHS Talking Therapies manual",
    given: Text::fixed("PHQ-9 15 → 9, GAD-7 12 → 7", "PHQ-9 15 → 9, GAD-7 12 → 7"),
    gives: &[
        ("case_pre", Some(1.0)),
        ("recovery", Some(1.0)),
        ("rel_improved", Some(1.0)),
        ("rel_recovery", Some(1.0)),
    ],
    compute: || {
        let gad7 = Scale { caseness_from: Some(8.0), reliable_change: Some(4.0), ..PHQ9 };
        let pair = |first, second| Scores { first, second };
        let found = judge([(&PHQ9, pair(15.0, 9.0)), (&gad7, pair(12.0, 7.0))]);
        let one = |of: fn(&Composite) -> u64| found.as_ref().map(|found| of(found) as f64);
        vec![one(|c| c.case_pre), one(|c| c.recovery), one(|c| c.improved), one(|c| c.reliable_recovery)]
    },
};

/// What was found for one treatment, or how many times for many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Composite {
    /// Treatments with both pairs.
    pub n: u64,
    /// Either first score is a case.
    pub case_pre: u64,
    /// Either second score is a case.
    pub case_post: u64,
    /// A case at first, neither afterwards.
    pub recovery: u64,
    /// At least one reliably better, none reliably worse.
    pub improved: u64,
    /// At least one reliably worse, none reliably better.
    pub deteriorated: u64,
    /// Recovered and improved.
    pub reliable_recovery: u64,
}

/// Whether an instrument can take part: it needs a cut-off and a reliable change, and higher must be worse.
#[must_use]
pub fn can_take_part(scale: &Scale) -> bool {
    !scale.higher_is_better && scale.caseness_from.is_some() && scale.reliable_change.is_some()
}

/// Judges one treatment; `None` when an instrument cannot take part.
#[must_use]
pub fn judge(measures: [(&Scale, Scores); 2]) -> Option<Composite> {
    let either = |what: fn(&Scale, Scores) -> Option<bool>| {
        let [(depression, d), (anxiety, a)] = measures;
        Some(what(depression, d)? | what(anxiety, a)?)
    };
    if !measures.iter().all(|(scale, _)| can_take_part(scale)) {
        return None;
    }
    let case_pre = either(|scale, scores| scale.is_case(scores.first))?;
    let case_post = either(|scale, scores| scale.is_case(scores.second))?;
    let better = either(reliable_change::improved)?;
    let worse = either(reliable_change::deteriorated)?;
    let (recovery, improved) = (case_pre && !case_post, better && !worse);
    Some(Composite {
        n: 1,
        case_pre: case_pre.into(),
        case_post: case_post.into(),
        recovery: recovery.into(),
        improved: improved.into(),
        deteriorated: (worse && !better).into(),
        reliable_recovery: (recovery && improved).into(),
    })
}

impl Composite {
    /// Adds what was found elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.case_pre += other.case_pre;
        self.case_post += other.case_post;
        self.recovery += other.recovery;
        self.improved += other.improved;
        self.deteriorated += other.deteriorated;
        self.reliable_recovery += other.reliable_recovery;
    }

    /// The shares, in the order of [`NAMES`].
    #[must_use]
    pub fn shares(&self) -> [Share; 6] {
        let (of_all, of_cases) = (|n| Share { n, d: self.n }, |n| Share { n, d: self.case_pre });
        [
            of_all(self.case_pre),
            of_all(self.case_post),
            of_cases(self.recovery),
            of_all(self.improved),
            of_all(self.deteriorated),
            of_cases(self.reliable_recovery),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::PHQ9;
    use super::*;

    const GAD7: Scale = Scale { caseness_from: Some(8.0), reliable_change: Some(4.0), reliability: Some(0.92), ..PHQ9 };

    fn found(phq9: (f64, f64), gad7: (f64, f64)) -> Composite {
        let scores = |(first, second)| Scores { first, second };
        judge([(&PHQ9, scores(phq9)), (&GAD7, scores(gad7))]).unwrap()
    }

    #[test]
    fn worked_example_four_treatments() {
        let mut sum = Composite::default();
        for one in [
            found((15.0, 8.0), (6.0, 5.0)),
            found((15.0, 8.0), (9.0, 8.0)),
            found((15.0, 8.0), (3.0, 7.0)),
            found((4.0, 4.0), (3.0, 7.0)),
        ] {
            sum.add(&one);
        }
        let expected = Composite {
            n: 4,
            case_pre: 3,
            case_post: 1,
            recovery: 2,
            improved: 2,
            deteriorated: 1,
            reliable_recovery: 1,
        };
        assert_eq!(sum, expected);
        assert_eq!(sum.shares()[2], Share { n: 2, d: 3 });
    }

    #[test]
    fn one_better_and_one_worse_is_neither() {
        let mixed = found((15.0, 5.0), (3.0, 7.0));
        assert_eq!((mixed.improved, mixed.deteriorated, mixed.recovery, mixed.reliable_recovery), (0, 0, 1, 0));
    }

    #[test]
    fn an_instrument_without_a_cut_off_or_with_higher_as_better_cannot_take_part() {
        let scores = Scores { first: 9.0, second: 5.0 };
        for anxiety in [
            Scale { caseness_from: None, ..GAD7 },
            Scale { reliable_change: None, ..GAD7 },
            Scale { higher_is_better: true, ..GAD7 },
        ] {
            assert_eq!(judge([(&PHQ9, scores), (&anxiety, scores)]), None);
        }
    }
}
