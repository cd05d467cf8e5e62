//! Exact limits of counts.
//!
//! Promises: probabilities come from the quotients of neighbours, starting at the most likely value and divided by
//! their sum, so no gamma function is needed and nothing underflows where it matters. It must not know reports.

use crate::continuous::bisect;

/// Garwood's exact 95 % limits of the mean of a Poisson count.
pub(crate) fn garwood(count: usize) -> (f64, f64) {
    let widest = 2.0 * count as f64 + 20.0;
    let low = if count == 0 { 0.0 } else { bisect(0.0, widest, |mean| poisson_at_most(count - 1, mean) <= 0.975) };
    (low, bisect(0.0, widest, |mean| poisson_at_most(count, mean) <= 0.025))
}

/// Spiegelhalter's interpolated limit of a binomial share: with r the smallest whole number with F(r) >= p it is
/// (r - (F(r) - p) / f(r)) / n, clipped to 0..1. A share of 0 or 1 has itself as limit.
pub(crate) fn binomial_limit(n: usize, share: f64, p: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return share;
    }
    let weights = binomial_weights(n, share);
    let total: f64 = weights.iter().sum();
    let mut below = 0.0;
    for (r, weight) in weights.iter().enumerate() {
        below += weight / total;
        if below >= p {
            return ((r as f64 - (below - p) / (weight / total)) / n as f64).clamp(0.0, 1.0);
        }
    }
    1.0
}

fn binomial_weights(n: usize, share: f64) -> Vec<f64> {
    let odds = share / (1.0 - share);
    let growth = |r: usize| (n - r) as f64 / (r + 1) as f64 * odds;
    let likeliest = (0..n).find(|&r| growth(r) <= 1.0).unwrap_or(n);
    let mut weights = vec![0.0; n + 1];
    weights[likeliest] = 1.0;
    for r in likeliest..n {
        weights[r + 1] = weights[r] * growth(r);
    }
    for r in (0..likeliest).rev() {
        weights[r] = weights[r + 1] / growth(r);
    }
    weights
}

fn poisson_at_most(count: usize, mean: f64) -> f64 {
    let growth = |k: usize| mean / (k + 1) as f64;
    let mut likeliest = 0;
    while growth(likeliest) > 1.0 {
        likeliest += 1;
    }
    let (mut total, mut below) = (0.0, 0.0);
    let mut add = |k: usize, weight: f64| {
        total += weight;
        if k <= count {
            below += weight;
        }
    };
    let (mut k, mut weight) = (likeliest, 1.0);
    while weight > 1e-20 {
        add(k, weight);
        weight *= growth(k);
        k += 1;
    }
    weight = 1.0;
    for k in (0..likeliest).rev() {
        weight /= growth(k);
        add(k, weight);
    }
    below / total
}

#[cfg(test)]
mod tests {
    use super::{binomial_limit, garwood};

    #[test]
    fn garwood_limits_agree_with_chi_square_tables() {
        let near = |figure: f64, published: f64| assert!((figure - published).abs() < 1e-12, "{figure}");
        // Half the quantiles of chi-square with two degrees of freedom are logarithms.
        near(garwood(0).1, -(0.025_f64.ln()));
        near(garwood(1).0, -(0.975_f64.ln()));
        near(garwood(0).0, 0.0);
        assert!((garwood(10).0 - 4.795_389).abs() < 1e-6);
        assert!((garwood(10).1 - 18.390_356).abs() < 1e-6);
    }

    #[test]
    fn binomial_limits_interpolate_and_keep_the_ends() {
        // n = 2, share 1/2: F = 1/4, 3/4, 1; the median lies halfway between 0 and 1 cases above 1/4.
        assert!((binomial_limit(2, 0.5, 0.5) - 0.25).abs() < 1e-15);
        assert!(binomial_limit(2, 0.5, 0.001).abs() < 1e-15);
        assert!((binomial_limit(7, 1.0, 0.001) - 1.0).abs() < 1e-15);
        let large = binomial_limit(20_000, 0.77, 0.975);
        let normal = 0.77 + 1.96 * (0.77 * 0.23 / 20_000.0_f64).sqrt();
        assert!((large - normal).abs() < 1e-4, "{large}");
    }
}
