//! The mean score at a timepoint.
//!
//! Meaning: how burdened those who answered were at that time. Formula: mean, SD with n - 1, interval mean ± t(0.975, n-1) x SD / sqrt(n).
//! Population: treatments with a score at the timepoint, paired or not; how many they are of all stands beside the mean.

use schemas::language::Text;

use super::change::Spread;
use super::definition::Definition;

/// What a mean score at a timepoint means.
pub const TRAJECTORY: Definition = Definition {
    name: "mean_score, sd_score, score_lo, score_hi",
    meaning: Text::fixed(
        "Medelvärde och standardavvikelse av skattningarna vid en tidpunkt, i instrumentets poäng, med 95 %-intervall för medelvärdet.",
        "Mean and standard deviation of the scores at a timepoint, in the instrument's points, with the 95 % interval of the mean.",
    ),
    formula: "mean = sum / n; SD with n - 1; mean ± t(0.975, n-1) x SD / sqrt(n)",
    population: Text::fixed(
        "behandlingar med en skattning vid tidpunkten, också de som saknar en vid andra tidpunkter",
        "treatments with a score at the timepoint, also those that lack one at other timepoints",
    ),
    source: "Student 1908; which answer stands for a timepoint: statistics of the register, section 2",
    given: Text::fixed(
        "skattningarna 10, 12, 12 och 18 före behandlingen",
        "the scores 10, 12, 12 and 18 before the treatment",
    ),
    gives: &[
        ("mean_score", Some(13.0)),
        ("sd_score", Some(3.464_101_615_137_754_4)),
        ("score_lo", Some(7.487_841_306_888_761)),
        ("score_hi", Some(18.512_158_693_111_24)),
    ],
    compute: || figures(&[(10.0, 1), (12.0, 2), (18.0, 1)]).to_vec(),
};

/// Mean, SD and both limits of scores, each with how often it occurs.
#[must_use]
pub fn figures(scores: &[(f64, u64)]) -> [Option<f64>; 4] {
    let spread = Spread::of(scores.iter().copied());
    let interval = spread.and_then(|spread| spread.interval());
    [
        spread.map(|spread| spread.mean),
        spread.and_then(|spread| spread.sd),
        interval.map(|(low, _)| low),
        interval.map(|(_, high)| high),
    ]
}
