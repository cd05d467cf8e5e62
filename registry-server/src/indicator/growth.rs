//! Growth from one count or rate to another, in per cent.
//!
//! Meaning: how much larger the later figure is than the earlier, of the earlier. Formula: (later - earlier) / earlier x 100.
//! Population: whatever both figures count. From zero it is undefined.
use schemas::language::Text;

use super::definition::Definition;

/// What growth means.
pub const GROWTH: Definition = Definition {
    name: "change_previous, change_base, change_n, change_rate",
    meaning: Text::fixed(
        "Ändring i procent från ett tidigare tal till ett senare, av det tidigare.",
        "The change in per cent from an earlier figure to a later one, of the earlier.",
    ),
    formula: "(later - earlier) / earlier x 100",
    population: Text::fixed(
        "det som båda talen räknar; från noll är den odefinierad",
        "whatever both figures count; from zero it is undefined",
    ),
    source: "published tables of sessions and page views, which left their base period in doubt: here it is always printed",
    given: Text::fixed(
        "25 038 i den första perioden och 44 858 i den sista; 8 och 6",
        "25 038 in the first period and 44 858 in the last; 8 and 6",
    ),
    gives: &[("change_base", Some(79.159_677_290_518_41)), ("change_base", Some(-25.0))],
    compute: || vec![growth(25_038.0, 44_858.0), growth(8.0, 6.0)],
};

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
