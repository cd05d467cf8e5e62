//! A numerator, a denominator and Wilson limits.
//!
//! Promises: a denominator of 0 leaves share and limits undefined. It must not know what is counted.

use crate::continuous::Z95;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Share {
    pub(crate) n: usize,
    pub(crate) d: usize,
}

impl Share {
    /// How many of those that matter are counted.
    pub(crate) fn among<T>(items: &[T], matters: impl Fn(&T) -> bool, counts: impl Fn(&T) -> bool) -> Self {
        let within: Vec<&T> = items.iter().filter(|item| matters(item)).collect();
        Self { n: within.iter().filter(|item| counts(item)).count(), d: within.len() }
    }

    pub(crate) fn value(self) -> Option<f64> {
        if self.d == 0 { None } else { Some(self.n as f64 / self.d as f64) }
    }

    /// Wilson's 95 % limits, clipped to 0..1.
    pub(crate) fn wilson(self) -> Option<(f64, f64)> {
        let (p, d, z) = (self.value()?, self.d as f64, *Z95);
        let centre = p + z * z / (2.0 * d);
        let reach = z * (p * (1.0 - p) / d + z * z / (4.0 * d * d)).sqrt();
        let scale = 1.0 + z * z / d;
        Some((((centre - reach) / scale).clamp(0.0, 1.0), ((centre + reach) / scale).clamp(0.0, 1.0)))
    }
}
