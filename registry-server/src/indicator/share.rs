//! A share: counted of how many, with Wilson's limits.
//!
//! Meaning: n of d. Formula: p = n/d; limits (p + z²/2d ± z sqrt(p(1-p)/d + z²/4d²)) / (1 + z²/d), z = Φ⁻¹(0.975), clipped to 0..1.
//! Denominator 0: p and limits are undefined.

use schemas::language::Text;

use super::definition::Definition;
use super::distribution::Z975;

/// What a share and its limits mean.
pub const SHARE: Definition = Definition {
    name: "_p, _lo, _hi",
    meaning: Text::fixed(
        "En andel: räknade av hur många, med Wilsons 95 %-gränser.",
        "A share: counted of how many, with Wilson's 95 % limits.",
    ),
    formula: "p = n/d; limits (p + z²/2d ± z sqrt(p(1-p)/d + z²/4d²)) / (1 + z²/d), z = Φ⁻¹(0.975), clipped to 0..1",
    population: Text::fixed(
        "nämnaren, kolumnen _d; är den 0 är andelen odefinierad",
        "the denominator, column _d; where it is 0 the share is undefined",
    ),
    source: "Wilson 1927",
    given: Text::fixed("9 av 10", "9 of 10"),
    gives: &[("p", Some(0.9)), ("lo", Some(0.595_849_973_204_761_5)), ("hi", Some(0.982_123_786_904_927))],
    compute: || {
        let share = Share { n: 9, d: 10 };
        vec![share.p(), share.limits().map(|limits| limits.0), share.limits().map(|limits| limits.1)]
    },
};

/// Counted of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Counted.
    pub n: u64,
    /// Among.
    pub d: u64,
}

impl Share {
    /// The share itself, 0 to 1.
    #[must_use]
    pub fn p(&self) -> Option<f64> {
        (self.d > 0).then(|| self.n as f64 / self.d as f64)
    }

    /// Wilson's 95 % limits, low and high.
    #[must_use]
    pub fn limits(&self) -> Option<(f64, f64)> {
        let p = self.p()?;
        let d = self.d as f64;
        let z2 = Z975 * Z975;
        let middle = p + z2 / (2.0 * d);
        let half = Z975 * (p * (1.0 - p) / d + z2 / (4.0 * d * d)).sqrt();
        let scale = 1.0 + z2 / d;
        // The formula gives exactly 0 and 1 here; its doubles do not.
        let low = if self.n == 0 { 0.0 } else { (middle - half) / scale };
        let high = if self.n == self.d { 1.0 } else { (middle + half) / scale };
        Some((low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_nine_of_ten() {
        let share = Share { n: 9, d: 10 };
        let (low, high) = share.limits().unwrap();
        assert_eq!(share.p(), Some(0.9));
        assert!((low - 0.595_849_973_204_761_5).abs() < 1e-12, "{low}");
        assert!((high - 0.982_123_786_904_927).abs() < 1e-12, "{high}");
    }

    #[test]
    fn nobody_of_nobody_is_undefined_and_nobody_of_some_is_zero() {
        assert_eq!((Share { n: 0, d: 0 }.p(), Share { n: 0, d: 0 }.limits()), (None, None));
        for d in 1..100 {
            let (none, all) = (Share { n: 0, d }, Share { n: d, d });
            assert_eq!((none.p(), none.limits().map(|limits| limits.0)), (Some(0.0), Some(0.0)));
            assert_eq!((all.p(), all.limits().map(|limits| limits.1)), (Some(1.0), Some(1.0)));
        }
    }
}
