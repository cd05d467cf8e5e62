//! Effect sizes: the mean improvement in standard deviations.
//!
//! Formulas: d_pre over SD of first; d_pooled over sqrt of the mean of both variances; d_z over SD of the changes; hedges_g =
//! d_pooled x (1 - 3 / (4(n-1) - 1)); hedges_g_exact = d_pooled x J(n-1). Denominator: the pairs; an SD of 0 leaves empty what
//! divides by it.

use schemas::language::Text;

use statrs::function::gamma::ln_gamma;

use super::Pair;
use super::change::Spread;
use super::definition::Definition;

/// From here on the series for J is exact to the last digits, below it the gamma function is.
const SERIES_FROM: u64 = 100;

/// What `d_pre` means.
pub const PRE: Definition = Definition {
    name: "d_pre",
    meaning: Text::fixed(
        "Medelförbättringen i standardavvikelser av de första skattningarna.",
        "The mean improvement in standard deviations of the first scores.",
    ),
    formula: "mean improvement / sd_first",
    population: PAIRS,
    source: "Becker 1988",
    given: TEN,
    gives: &[("d_pre", Some(1.5))],
    compute: || vec![ten().pre],
};

/// What `d_pooled` means.
pub const POOLED: Definition = Definition {
    name: "d_pooled",
    meaning: Text::fixed(
        "Medelförbättringen i sammanvägda standardavvikelser.",
        "The mean improvement in pooled standard deviations.",
    ),
    formula: "mean improvement / sqrt((sd_first² + sd_second²) / 2)",
    population: PAIRS,
    source: "Cohen 1988",
    given: TEN,
    gives: &[("d_pooled", Some(1.697_056_274_847_714))],
    compute: || vec![ten().pooled],
};

/// What `d_z` means.
pub const Z: Definition = Definition {
    name: "d_z",
    meaning: Text::fixed(
        "Medelförbättringen i standardavvikelser av ändringarna.",
        "The mean improvement in standard deviations of the changes.",
    ),
    formula: "mean improvement / sd_change",
    population: PAIRS,
    source: "Cohen 1988",
    given: TEN,
    gives: &[("d_z", Some(1.2))],
    compute: || vec![ten().z],
};

/// What `hedges_g` means.
pub const HEDGES: Definition = Definition {
    name: "hedges_g",
    meaning: Text::fixed(
        "d_pooled med den vanliga rättelsen för små urval.",
        "d_pooled with the usual correction for small samples.",
    ),
    formula: "d_pooled x (1 - 3 / (4(n-1) - 1))",
    population: PAIRS,
    source: "Hedges 1981",
    given: TEN,
    gives: &[("hedges_g", Some(1.551_594_308_432_195_7))],
    compute: || vec![ten().hedges],
};

/// What `hedges_g_exact` means.
pub const HEDGES_EXACT: Definition = Definition {
    name: "hedges_g_exact",
    meaning: Text::fixed(
        "d_pooled med den exakta rättelsen för små urval.",
        "d_pooled with the exact correction for small samples.",
    ),
    formula: "d_pooled x J(n-1), J(m) = Γ(m/2) / (sqrt(m/2) Γ((m-1)/2)), n > 2",
    population: PAIRS,
    source: "Hedges 1981",
    given: TEN,
    gives: &[("hedges_g_exact", Some(1.550_897_119_542_327))],
    compute: || vec![ten().hedges_exact],
};

/// Over whom.
const PAIRS: Text = Text::fixed(
    "paren; en SD på 0 lämnar tomt det som delas med den",
    "the pairs; an SD of 0 leaves empty what divides by it",
);
/// The example of all five.
const TEN: Text = Text::fixed(
    "10 par, medelförbättring 6, SD 4 före, 3 efter, 5 för ändringen",
    "10 pairs, mean improvement 6, SD 4 of first, 3 of second, 5 of the change",
);

/// The effect sizes of the example.
fn ten() -> EffectSizes {
    let spread = |mean, sd| Spread { n: 10, mean, sd: Some(sd) };
    effect_sizes(6.0, &Spreads { first: spread(15.0, 4.0), second: spread(9.0, 3.0), change: spread(-6.0, 5.0) })
}

/// The five effect sizes; each undefined on its own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EffectSizes {
    /// Over the SD of the first scores.
    pub pre: Option<f64>,
    /// Over the pooled SD.
    pub pooled: Option<f64>,
    /// Over the SD of the changes.
    pub z: Option<f64>,
    /// Pooled, with the usual approximate correction for small samples.
    pub hedges: Option<f64>,
    /// Pooled, with the exact correction.
    pub hedges_exact: Option<f64>,
}

/// First scores, second scores and changes of the same pairs.
#[derive(Debug, Clone, Copy)]
pub struct Spreads {
    /// Of the first scores.
    pub first: Spread,
    /// Of the second scores.
    pub second: Spread,
    /// Of second minus first.
    pub change: Spread,
}

impl Spreads {
    /// The spreads of pairs; `None` without any.
    #[must_use]
    pub fn of(pairs: impl Iterator<Item = Pair> + Clone) -> Option<Self> {
        let values = pairs
            .map(|Pair { scores, count, .. }| ([scores.first, scores.second, scores.second - scores.first], count));
        let [first, second, change] = Spread::of_each(values)?;
        Some(Self { first, second, change })
    }
}

/// The effect sizes of a mean improvement in points.
#[must_use]
pub fn effect_sizes(mean_improvement: f64, spreads: &Spreads) -> EffectSizes {
    let n = spreads.change.n;
    let pooled = match (spreads.first.sd, spreads.second.sd) {
        (Some(first), Some(second)) if first > 0.0 || second > 0.0 => {
            Some(mean_improvement / f64::midpoint(first.powi(2), second.powi(2)).sqrt())
        }
        _ => None,
    };
    EffectSizes {
        pre: spreads.first.divisor().map(|sd| mean_improvement / sd),
        pooled,
        z: spreads.change.divisor().map(|sd| mean_improvement / sd),
        hedges: pooled.map(|d| d * (1.0 - 3.0 / (4.0 * (n as f64 - 1.0) - 1.0))),
        hedges_exact: pooled.filter(|_| n > 2).map(|d| d * exact_correction(n - 1)),
    }
}

/// J(m) = Γ(m/2) / (sqrt(m/2) Γ((m-1)/2)), for m from 2 (Hedges 1981).
fn exact_correction(m: u64) -> f64 {
    let m = m as f64;
    if m < SERIES_FROM as f64 {
        return (ln_gamma(m / 2.0) - ln_gamma((m - 1.0) / 2.0)).exp() / (m / 2.0).sqrt();
    }
    // Γ(x + 1/2) / (sqrt(x) Γ(x)) in powers of 1/8x; differences of log-gammas lose digits for large x.
    let y = 1.0 / (4.0 * (m - 1.0));
    let series = 1.0 + y * (-1.0 + y * (0.5 + y * (2.5 + y * (-2.625 + y * -49.875))));
    series * ((m - 1.0) / m).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(n: u64, mean: f64, sd: f64) -> Spread {
        Spread { n, mean, sd: Some(sd) }
    }

    #[test]
    fn worked_example_ten_pairs() {
        let spreads =
            Spreads { first: spread(10, 15.0, 4.0), second: spread(10, 9.0, 3.0), change: spread(10, -6.0, 5.0) };
        let d = effect_sizes(6.0, &spreads);
        assert_eq!((d.pre, d.z), (Some(1.5), Some(1.2)));
        let pooled = 6.0 / 12.5_f64.sqrt();
        assert!((d.pooled.unwrap() - pooled).abs() < 1e-12);
        assert!((d.hedges.unwrap() - pooled * (1.0 - 3.0 / 35.0)).abs() < 1e-12);
        assert!((d.hedges_exact.unwrap() - pooled * 0.913_874_891_792_552_2).abs() < 1e-12);
    }

    #[test]
    fn no_spread_empties_only_what_divides_by_it() {
        let spreads = Spreads { first: spread(5, 9.0, 0.0), second: spread(5, 6.0, 2.0), change: spread(5, -3.0, 2.0) };
        let d = effect_sizes(3.0, &spreads);
        assert_eq!((d.pre.is_some(), d.pooled.is_some(), d.z.is_some()), (false, true, true));
        let spreads = Spreads { second: spread(5, 6.0, 0.0), change: spread(5, -3.0, 0.0), ..spreads };
        assert_eq!(effect_sizes(3.0, &spreads), EffectSizes::default());
    }

    #[test]
    fn two_pairs_have_no_exact_correction() {
        let spreads = Spreads { first: spread(2, 9.0, 1.0), second: spread(2, 6.0, 1.0), change: spread(2, -3.0, 1.0) };
        let d = effect_sizes(3.0, &spreads);
        assert_eq!((d.hedges, d.hedges_exact), (Some(0.0), None));
    }

    #[test]
    fn gamma_function_and_series_meet() {
        let by_recursion = (SERIES_FROM..SERIES_FROM + 9).map(|m| (m, exact_correction(m)));
        for (m, series) in by_recursion {
            let x = m as f64;
            let gamma = (ln_gamma(x / 2.0) - ln_gamma((x - 1.0) / 2.0)).exp() / (x / 2.0).sqrt();
            assert!((series - gamma).abs() < 1e-12, "J({m}): {series} {gamma}");
        }
    }
}
