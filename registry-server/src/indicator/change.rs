//! Means and standard deviations of weighted values, and the interval of a mean.
//!
//! Formula: SD with n - 1; interval mean ± t(0.975, n-1) x SD / sqrt(n). Denominator: the pairs.
//! Sums run over the values in the order given: sorted distinct values give the same bits whatever the order of arrival.

use schemas::language::Text;

use super::definition::Definition;
use super::distribution::student_quantile;

/// What mean and standard deviation mean.
pub const MEAN: Definition = Definition {
    name: "mean_change",
    meaning: Text::fixed(
        "Medelvärde och standardavvikelse av ändringen, andra skattningen minus första, i instrumentets poäng; likaså av första (mean_first) och andra (mean_second).",
        "Mean and standard deviation of the change, second score minus first, in the instrument's points; likewise of the first (mean_first) and the second (mean_second).",
    ),
    formula: "mean = sum / n; SD with n - 1; an SD at or below 1e-12 x max(1, largest absolute value) is 0",
    population: Text::fixed("paren: behandlingar med båda skattningarna", "the pairs: treatments with both scores"),
    source: "statistics of the register, sections 4 and 9",
    given: Text::fixed("ändringarna −6, −4, −4 och 2", "the changes −6, −4, −4 and 2"),
    gives: &[("mean_change", Some(-3.0)), ("sd_change", Some(3.464_101_615_137_754_4))],
    compute: || {
        let spread = Spread::of(FOUR.into_iter());
        vec![spread.map(|spread| spread.mean), spread.and_then(|spread| spread.sd)]
    },
};

/// What the interval of a mean change means.
pub const INTERVAL: Definition = Definition {
    name: "ci_lo, ci_hi",
    meaning: Text::fixed("95 %-intervall för ändringens medelvärde.", "The 95 % interval of the mean change."),
    formula: "mean ± t(0.975, n-1) x SD / sqrt(n)",
    population: Text::fixed("paren; odefinierat med färre än två", "the pairs; undefined with fewer than two"),
    source: "Student 1908",
    given: Text::fixed("ändringarna −6, −4, −4 och 2", "the changes −6, −4, −4 and 2"),
    gives: &[("ci_lo", Some(-8.512_158_693_111_239)), ("ci_hi", Some(2.512_158_693_111_239))],
    compute: || {
        let interval = Spread::of(FOUR.into_iter()).and_then(|spread| spread.interval());
        vec![interval.map(|limits| limits.0), interval.map(|limits| limits.1)]
    },
};

/// Four changes, with how often each occurs.
const FOUR: [(f64, u64); 3] = [(-6.0, 1), (-4.0, 2), (2.0, 1)];

/// An SD at or below this share of the largest absolute value is rounding, not spread.
const ROUNDING: f64 = 1e-12;

/// Number, mean and standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// How many values.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, n - 1; undefined below 2 values, exactly 0 where all are equal.
    pub sd: Option<f64>,
}

impl Spread {
    /// The spread of values, each with how often it occurs; `None` without any.
    pub fn of(values: impl Iterator<Item = (f64, u64)> + Clone) -> Option<Self> {
        Self::of_each(values.map(|(value, count)| ([value], count))).map(|[spread]| spread)
    }

    /// The spreads of several values that occur together, each as if it stood alone; `None` without any.
    pub fn of_each<const N: usize>(values: impl Iterator<Item = ([f64; N], u64)> + Clone) -> Option<[Self; N]> {
        let (mut n, mut sums, mut largest) = (0_u64, [0.0; N], [1.0_f64; N]);
        for (values, count) in values.clone() {
            n += count;
            for (place, value) in values.into_iter().enumerate() {
                sums[place] += value * count as f64;
                largest[place] = largest[place].max(value.abs());
            }
        }
        if n == 0 {
            return None;
        }
        let means = sums.map(|sum| sum / n as f64);
        let mut squares = [0.0; N];
        for (values, count) in values {
            for (place, value) in values.into_iter().enumerate() {
                squares[place] += (value - means[place]).powi(2) * count as f64;
            }
        }
        let spread = |place: usize| {
            let sd = (n > 1).then(|| (squares[place] / (n - 1) as f64).sqrt());
            let sd = sd.map(|sd| if sd <= ROUNDING * largest[place] { 0.0 } else { sd });
            Self { n, mean: means[place], sd }
        };
        Some(std::array::from_fn(spread))
    }

    /// The standard deviation where it can be divided by.
    #[must_use]
    pub fn divisor(&self) -> Option<f64> {
        self.sd.filter(|sd| *sd > 0.0)
    }

    /// The 95 % interval of the mean; both limits are the mean where all values are equal.
    #[must_use]
    pub fn interval(&self) -> Option<(f64, f64)> {
        let half = student_quantile(0.975, self.n.checked_sub(1)?) * self.sd? / (self.n as f64).sqrt();
        Some((self.mean - half, self.mean + half))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_four_changes() {
        let spread = Spread::of([(-6.0, 1), (-4.0, 2), (2.0, 1)].into_iter()).unwrap();
        assert_eq!((spread.n, spread.mean), (4, -3.0));
        assert!((spread.sd.unwrap() - 12.0_f64.sqrt()).abs() < 1e-12);
        let (low, high) = spread.interval().unwrap();
        assert!((low + 3.0 + 3.182_446_305_283_71 * 3.0_f64.sqrt()).abs() < 1e-9);
        assert!((high + 3.0 - 3.182_446_305_283_71 * 3.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn one_value_has_a_mean_and_nothing_else() {
        let one = Spread::of([(7.0, 1)].into_iter()).unwrap();
        assert_eq!((one.mean, one.sd, one.interval()), (7.0, None, None));
        assert_eq!(Spread::of(std::iter::empty()), None);
    }

    #[test]
    fn equal_decimals_have_no_spread_and_a_closed_interval() {
        let equal = Spread::of([(2.833_333_333_333_333_5, 3)].into_iter()).unwrap();
        assert_eq!((equal.sd, equal.divisor()), (Some(0.0), None));
        assert_eq!(equal.interval(), Some((equal.mean, equal.mean)));
    }
}
