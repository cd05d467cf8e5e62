//! Every measure's verdict on every distinct pair of scores, worked out once for all groups.
//!
//! Promises: the shares are those that `Measure::share` gives for the same pairs.

use super::share::Share;
use super::{ALL, Scale, Scores};

/// Measures.
const MEASURES: usize = ALL.len();

/// The verdicts on the pairs of one instrument and comparison.
#[derive(Debug)]
pub struct Judged {
    applies: [bool; MEASURES],
    /// For each pair and measure all bits or none: first whether it counts, then whether it is in the denominator.
    verdicts: Vec<[u32; 2 * MEASURES]>,
}

impl Judged {
    /// Judges pairs.
    #[must_use]
    pub fn new(scale: &Scale, pairs: &[Scores]) -> Self {
        let applies = ALL.map(|measure| (measure.applies)(scale));
        let judge = |scores: &Scores| {
            let mut verdicts = [0; 2 * MEASURES];
            for (place, measure) in ALL.iter().enumerate().filter(|(place, _)| applies[*place]) {
                let verdict = (measure.judge)(scale, *scores);
                verdicts[place] = if verdict == Some(true) { u32::MAX } else { 0 };
                verdicts[MEASURES + place] = if verdict.is_some() { u32::MAX } else { 0 };
            }
            verdicts
        };
        Self { applies, verdicts: pairs.iter().map(judge).collect() }
    }

    /// The share of every measure among pairs, each told by its place among those judged and how often it occurs.
    #[must_use]
    pub fn shares(&self, pairs: impl Iterator<Item = (u32, u32)>) -> [Option<Share>; MEASURES] {
        let mut sums = [0_u32; 2 * MEASURES];
        for (place, count) in pairs {
            for (sum, verdict) in sums.iter_mut().zip(&self.verdicts[place as usize]) {
                *sum += count & verdict;
            }
        }
        let share = |place: usize| Share { n: sums[place].into(), d: sums[MEASURES + place].into() };
        std::array::from_fn(|place| self.applies[place].then(|| share(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicator::{PHQ9, Pair};

    #[test]
    fn shares_are_those_of_each_measure_alone() {
        let scores: Vec<Scores> = (0..28)
            .flat_map(|first| (0..28).map(move |second| Scores { first: f64::from(first), second: f64::from(second) }))
            .collect();
        let count = |place: usize| u64::try_from(place * 7 % 5).unwrap();
        let pairs: Vec<Pair> =
            (0..).zip(&scores).map(|(at, scores)| Pair { scores: *scores, count: count(at), completed: 0 }).collect();
        for scale in [
            PHQ9,
            Scale { jacobson_truax: Some(4.5), ..PHQ9 },
            Scale { higher_is_better: true, caseness_from: None, ..PHQ9 },
        ] {
            let counts = (0..).zip(&pairs).map(|(place, pair)| (place, u32::try_from(pair.count).unwrap()));
            let alone = ALL.map(|measure| measure.share(&scale, &pairs));
            assert_eq!(Judged::new(&scale, &scores).shares(counts), alone);
        }
    }
}
