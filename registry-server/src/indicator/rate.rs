//! Treatments per 1000 inhabitants and year, with exact Poisson limits (Garwood 1936).
//!
//! Meaning: how often people are treated. Formula: n / person-years x 1000; limits: the Poisson means for which n or more, and n or
//! fewer, have probability 0.025. Denominator: person-years.

use schemas::language::Text;

use super::definition::Definition;
use super::distribution::gamma_quantile;

/// What a rate means.
pub const RATE: Definition = Definition {
    name: "rate_per_1000",
    meaning: Text::fixed(
        "Behandlingar per 1000 invånare och år, med exakta Poissongränser.",
        "Treatments per 1000 inhabitants and year, with exact Poisson limits.",
    ),
    formula: "n / person-years x 1000; limits: the Poisson means for which n or more, and n or fewer, have probability 0.025",
    population: Text::fixed(
        "personår: invånare gånger periodens längd i år",
        "person-years: inhabitants times the length of the period in years",
    ),
    source: "Garwood 1936",
    given: Text::fixed("5 behandlingar på 2000 personår", "5 treatments in 2000 person-years"),
    gives: &[
        ("rate_per_1000", Some(2.5)),
        ("rate_lo", Some(0.811_743_195_059_210_3)),
        ("rate_hi", Some(5.834_166_039_661_335)),
    ],
    compute: || {
        let rate = rate(5, 2000.0);
        vec![rate.map(|rate| rate.per_1000), rate.map(|rate| rate.low), rate.map(|rate| rate.high)]
    },
};

/// A rate per 1000 person-years with its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The rate itself.
    pub per_1000: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// The rate of `n` events; `None` without person-years.
#[must_use]
pub fn rate(n: u64, person_years: f64) -> Option<Rate> {
    if person_years <= 0.0 {
        return None;
    }
    let per_1000 = |events: f64| events / person_years * 1000.0;
    let low = if n == 0 { 0.0 } else { gamma_quantile(n as f64, 0.025) };
    Some(Rate {
        per_1000: per_1000(n as f64),
        low: per_1000(low),
        high: per_1000(gamma_quantile(n as f64 + 1.0, 0.975)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_five_of_two_thousand_person_years() {
        let five = rate(5, 2000.0).unwrap();
        assert!((five.per_1000 - 2.5).abs() < 1e-12);
        assert!((five.low - 0.811_743_195_059_210_3).abs() < 1e-10);
        assert!((five.high - 5.834_166_039_661_335).abs() < 1e-10);
    }

    #[test]
    fn nobody_treated_has_a_rate_of_zero_and_an_upper_limit() {
        let none = rate(0, 1000.0).unwrap();
        assert_eq!((none.per_1000, none.low), (0.0, 0.0));
        assert!((none.high - 3.688_879_454_113_936).abs() < 1e-10, "-ln 0.025");
        assert_eq!(rate(0, 0.0), None);
    }
}
