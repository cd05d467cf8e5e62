//! Normal and Student quantiles and the exact factor of Hedges' g.
//!
//! Promises: about 1e-13 relative in the range a report uses, from sums and products of positive terms only, so nothing
//! cancels. It must not know reports.

use std::f64::consts::{FRAC_2_PI, PI};
use std::sync::LazyLock;

/// The half width of the central 95 % of a normal distribution; every share asks for it.
pub(crate) static Z95: LazyLock<f64> = LazyLock::new(|| normal_quantile(0.975));
/// The half width of the central 99.8 %.
pub(crate) static Z998: LazyLock<f64> = LazyLock::new(|| normal_quantile(0.999));

/// z with Phi(z) = p, for p from one half to 0.9999.
fn normal_quantile(p: f64) -> f64 {
    bisect(0.0, 9.0, |z| normal_below(z) >= p)
}

/// t that Student's variable exceeds with probability 0.025.
pub(crate) fn student_975(degrees: usize) -> f64 {
    // One degree of freedom has the widest limits, 12.7.
    bisect(0.0, 13.0, |t| student_central(t, degrees) >= 0.95)
}

/// J(m) = G(m/2) / (sqrt(m/2) G((m-1)/2)) for m of at least 2.
pub(crate) fn exact_small_sample_factor(m: usize) -> f64 {
    // The quotient of the two gamma values is known for 2 and 3, and grows by m / (m - 1) when m grows by 2.
    let (start, known) = if m.is_multiple_of(2) { (2, 1.0 / PI.sqrt()) } else { (3, PI.sqrt() / 2.0) };
    let quotient = (start..m).step_by(2).fold(known, |quotient, m| quotient * m as f64 / (m - 1) as f64);
    quotient / (m as f64 / 2.0).sqrt()
}

/// The smallest argument from which a monotone condition holds, to the last bit.
pub(crate) fn bisect(from: f64, to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (from, to);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return high;
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/(3*5) + ...), for z of at least 0.
fn normal_below(z: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (z, 0.0, 1.0);
    while term > 1e-18 * sum {
        sum += term;
        odd += 2.0;
        term *= z * z / odd;
    }
    0.5 + (-z * z / 2.0).exp() / (2.0 * PI).sqrt() * sum
}

/// P(-t < T < t) by the finite sums for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4).
fn student_central(t: f64, degrees: usize) -> f64 {
    let angle = (t / (degrees as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let even = degrees.is_multiple_of(2);
    let mut term = if even { 1.0 } else { cosine };
    let mut sum = 0.0;
    for power in (usize::from(!even)..=degrees.saturating_sub(2)).step_by(2) {
        sum += term;
        term *= (power + 1) as f64 / (power + 2) as f64 * cosine * cosine;
    }
    if even { sine * sum } else { FRAC_2_PI * (angle + sine * if degrees > 1 { sum } else { 0.0 }) }
}

#[cfg(test)]
mod tests {
    use super::{exact_small_sample_factor, normal_quantile, student_975};

    #[test]
    fn quantiles_agree_with_published_tables() {
        let near = |figure: f64, published: f64| assert!((figure - published).abs() < 5e-13 * published, "{figure}");
        near(normal_quantile(0.975), 1.959_963_984_540_054);
        near(normal_quantile(0.999), 3.090_232_306_167_813_5);
        // tan(0.475 pi) and 0.95 sqrt(2 / (1 - 0.95^2)): closed forms for one and two degrees of freedom.
        near(student_975(1), (0.475 * std::f64::consts::PI).tan());
        near(student_975(2), 0.95 * (2.0 / (1.0 - 0.95_f64 * 0.95)).sqrt());
        near(student_975(10), 2.228_138_851_986_275);
    }

    #[test]
    fn the_small_sample_factor_has_its_closed_forms() {
        let near = |figure: f64, exact: f64| assert!((figure - exact).abs() < 1e-14, "{figure}");
        near(exact_small_sample_factor(2), 1.0 / std::f64::consts::PI.sqrt());
        near(exact_small_sample_factor(4), 2.0 / (2.0 * std::f64::consts::PI).sqrt());
        near(exact_small_sample_factor(3), std::f64::consts::PI.sqrt() / 2.0 / 1.5_f64.sqrt());
    }
}
