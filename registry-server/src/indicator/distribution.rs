//! The quantiles that limits stand on, to at least eleven digits.
//!
//! Promises: right for one pair and for a million. statrs is used where it is that exact; its Student t quantile loses digits for many
//! degrees of freedom, so a series takes over there.

use std::sync::OnceLock;

use statrs::distribution::{Binomial, ContinuousCDF, Discrete, DiscreteCDF, Gamma, StudentsT};

/// Φ⁻¹(0.975).
pub const Z975: f64 = 1.959_963_984_540_054;
/// Φ⁻¹(0.999).
pub const Z999: f64 = 3.090_232_306_167_813_6;

/// From here on the series is exact to twelve digits.
const SERIES_FROM: u64 = 400;

/// The quantiles at 0.975 that were asked for, by degrees of freedom.
static T975: [OnceLock<f64>; 400] = [const { OnceLock::new() }; 400];
/// The bits of 0.975.
const P975: u64 = 0.975_f64.to_bits();

/// The quantile of Student's t; `p` is 0.975 or 0.999. One degree of freedom or more, else not a number.
#[must_use]
pub fn student_quantile(p: f64, freedom: u64) -> f64 {
    if freedom >= SERIES_FROM {
        return student_series(if p > 0.99 { Z999 } else { Z975 }, freedom as f64);
    }
    let exact = || StudentsT::new(0.0, 1.0, freedom as f64).map_or(f64::NAN, |t| t.inverse_cdf(p));
    // A table of groups asks for the same few quantiles thousands of times, and each is searched for by bisection.
    let known = usize::try_from(freedom).ok().and_then(|freedom| T975.get(freedom)).filter(|_| p.to_bits() == P975);
    known.map_or_else(exact, |known| *known.get_or_init(exact))
}

/// Cornish and Fisher's expansion around the normal quantile (Abramowitz and Stegun 26.7.5).
fn student_series(z: f64, freedom: f64) -> f64 {
    let z2 = z * z;
    let g1 = z * (z2 + 1.0) / 4.0;
    let g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let g4 = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92_160.0;
    z + (g1 + (g2 + (g3 + g4 / freedom) / freedom) / freedom) / freedom
}

/// The quantile of the gamma distribution with scale 1: half the chi-square quantile with twice the shape as degrees of freedom.
#[must_use]
pub fn gamma_quantile(shape: f64, p: f64) -> f64 {
    let Ok(gamma) = Gamma::new(shape, 1.0) else { return f64::NAN };
    let mut x = gamma.inverse_cdf(p);
    // One step of Newton's method on the distribution function takes off what bisection left.
    let density = statrs::distribution::Continuous::pdf(&gamma, x);
    if density > 0.0 {
        x -= (gamma.cdf(x) - p) / density;
    }
    x
}

/// The binomial limit at probability `p`, interpolated between whole numbers (Spiegelhalter 2005): with r the smallest whole number
/// whose distribution function F(r) reaches `p`, (r - (F(r) - p) / f(r)) / n, clipped to 0..1. A target of 0 or 1 is its own limit.
#[must_use]
pub fn binomial_limit(n: u64, target: f64, p: f64) -> f64 {
    if target <= 0.0 || target >= 1.0 {
        return target;
    }
    let Ok(binomial) = Binomial::new(target, n) else { return f64::NAN };
    let mean = n as f64 * target;
    let z = if p > 0.99 {
        Z999
    } else if p > 0.5 {
        Z975
    } else if p > 0.01 {
        -Z975
    } else {
        -Z999
    };
    let guess = (mean + z * (mean * (1.0 - target)).sqrt()).clamp(0.0, n as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..n just above")]
    let mut r = guess as u64;
    let mut reached = binomial.cdf(r);
    while reached < p && r < n {
        r += 1;
        reached += binomial.pmf(r);
    }
    while r > 0 && reached - binomial.pmf(r) >= p {
        reached -= binomial.pmf(r);
        r -= 1;
    }
    ((r as f64 - (reached - p) / binomial.pmf(r)) / n as f64).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-11 * expected.abs().max(1.0), "{actual} is not {expected}");
    }

    /// Reference values with 30 digits (mpmath).
    #[test]
    fn student_quantiles_are_exact_from_one_to_a_million() {
        for (freedom, expected) in [
            (1, 12.706_204_736_174_705),
            (2, 4.302_652_729_749_464),
            (3, 3.182_446_305_283_709_5),
            (5, 2.570_581_835_636_315_5),
            (30, 2.042_272_456_301_238),
            (118, 1.980_272_249_272_974_5),
            (399, 1.965_927_295_920_882),
            (400, 1.965_912_343_229_463_2),
            (1_000, 1.962_339_080_826_408_5),
            (100_000, 1.959_987_707_534_609_5),
            (1_000_000, 1.959_966_356_814_107),
        ] {
            close(student_quantile(0.975, freedom), expected);
        }
        assert!(student_quantile(0.975, 0).is_nan());
    }

    #[test]
    fn gamma_quantiles_are_exact_from_one_to_a_million() {
        for (shape, p, expected) in [
            (1.0, 0.025, 0.025_317_807_984_289_876),
            (1.0, 0.975, 3.688_879_454_113_936_3),
            (5.0, 0.025, 1.623_486_390_118_420_4),
            (6.0, 0.975, 11.668_332_079_322_67),
            (237.0, 0.025, 207.784_763_818_835_87),
            (238.0, 0.975, 269.172_580_819_346),
            (10_000.0, 0.025, 9_804.952_467_260_184),
            (1_000_000.0, 0.025, 998_040.983_340_293_9),
            (1_000_001.0, 0.975, 1_001_961.911_945_432_2),
        ] {
            close(gamma_quantile(shape, p), expected);
        }
    }

    #[test]
    fn binomial_limits_are_exact_and_interpolated() {
        for (n, target, p, expected) in [
            (119, 0.768, 0.025, 0.685_643_378_609_285_6),
            (119, 0.768, 0.975, 0.837_680_154_766_070_7),
            (35, 0.768, 0.001, 0.515_753_995_864_375_2),
            (35, 0.768, 0.999, 0.946_327_715_403_192_3),
            (3, 0.01, 0.025, 0.0),
            (3, 0.01, 0.999, 0.325_374_961_738_598_1),
            (1_000, 0.001, 0.975, 0.002_900_898_859_885_029_8),
            (100_000, 0.5, 0.001, 0.495_108_939_294_996_2),
            (1_000_000, 0.3, 0.999, 0.301_416_191_654_973_9),
        ] {
            close(binomial_limit(n, target, p), expected);
        }
    }

    #[test]
    fn a_certain_target_is_its_own_limit() {
        assert_eq!((binomial_limit(9, 0.0, 0.025), binomial_limit(9, 1.0, 0.999)), (0.0, 1.0));
    }
}
