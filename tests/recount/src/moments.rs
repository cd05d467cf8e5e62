//! Means and standard deviations.
//!
//! Promises: what is undefined is `None`; a spread that is only rounding is 0. It must not know what the values mean.

/// The mean of some values.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

/// The standard deviation with n - 1 below; needs two values.
pub(crate) fn sd(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let sd = (squares / (values.len() - 1) as f64).sqrt();
    let largest = values.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
    Some(if sd <= 1e-12 * largest { 0.0 } else { sd })
}

/// A quotient; a denominator of 0 leaves it undefined.
pub(crate) fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    if denominator > 0.0 { Some(numerator / denominator) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{mean, sd};

    #[test]
    fn a_spread_of_rounding_is_zero_and_one_value_has_none() {
        assert_eq!(sd(&[1.0 / 3.0, 4.0 / 3.0 - 1.0]), Some(0.0));
        assert_eq!(sd(&[4.0]), None);
        assert_eq!(mean(&[]), None);
        assert_eq!(sd(&[1.0, 3.0]), Some(2.0_f64.sqrt()));
    }
}
