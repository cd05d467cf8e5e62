//! Growth from one count or rate to another, in per cent.
//!
//! Meaning: how much larger the later figure is than the earlier, of the earlier. Formula: (later - earlier) / earlier x 100.
//! Population: whatever both figures count. From zero it is undefined.

/// The growth from an earlier figure to a later one, in per cent; undefined from zero.
#[must_use]
pub fn growth(earlier: f64, later: f64) -> Option<f64> {
    (earlier > 0.0).then(|| (later - earlier) / earlier * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_sessions_from_october_2022_to_april_2024() {
        // A published table of national sessions; it prints 79,16 per cent.
        let national = growth(25_038.0, 44_858.0).unwrap();
        assert!((national - 79.159_677).abs() < 1e-6, "{national}");
        assert_eq!(growth(8.0, 6.0), Some(-25.0));
    }

    #[test]
    fn no_growth_is_zero_and_growth_from_nothing_is_undefined() {
        assert_eq!((growth(3.0, 3.0), growth(3.0, 0.0), growth(0.0, 3.0)), (Some(0.0), Some(-100.0), None));
    }
}
