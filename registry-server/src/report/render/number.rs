//! A figure as a person reads it: rounded, in the unit of its column, with the language's decimal mark.
//!
//! Promises: a true zero is `0`, an undefined figure is nothing, a hidden one is `*`; nothing else is.

use schemas::language::{Language, grouped};

use crate::report::figure::Figure;
use crate::report::heading::Unit;

/// The mark of a hidden figure.
pub const HIDDEN: &str = "*";

/// The text of a figure.
#[must_use]
pub fn shown(figure: &Figure, unit: Unit, language: Language) -> String {
    match figure {
        Figure::Text(text) => text.to_string(),
        Figure::Count(count) => grouped(&count.to_string()),
        Figure::Number(number) => decimal(*number, unit, language),
        Figure::Undefined => String::new(),
        Figure::Hidden => HIDDEN.to_owned(),
    }
}

fn decimal(number: f64, unit: Unit, language: Language) -> String {
    let (number, digits) = match unit {
        Unit::Share => (number * 100.0, 1),
        Unit::Days | Unit::PerCent => (number, 1),
        Unit::PerThousand if number.abs() < 1.0 => (number, 4),
        Unit::PerThousand | Unit::Points | Unit::Deviations => (number, 2),
        Unit::PersonYears | Unit::Count => (number, 0),
        Unit::None => (number, 3),
    };
    if number == 0.0 {
        return "0".to_owned();
    }
    language.number(number, digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_undefined_and_hidden_are_three_texts_and_numbers_read_as_in_the_language() {
        let sv = |figure: &Figure, unit| shown(figure, unit, Language::Sv);
        for (figure, unit, expected) in [
            (Figure::Number(0.0), Unit::Share, "0"),
            (Figure::Undefined, Unit::Share, ""),
            (Figure::Hidden, Unit::Share, "*"),
            (Figure::Count(0), Unit::Count, "0"),
            (Figure::Number(0.875), Unit::Share, "87,5"),
            (Figure::Number(0.000_04), Unit::Share, "0,0"),
            (Figure::Number(-1.25), Unit::Points, "−1,25"),
            (Figure::Number(2_408_360.0), Unit::PersonYears, "2\u{a0}408\u{a0}360"),
            (Figure::Count(12_345), Unit::Count, "12\u{a0}345"),
            (Figure::Count(1_234), Unit::Count, "1234"),
        ] {
            assert_eq!(sv(&figure, unit), expected, "{figure:?}");
        }
        assert_eq!(shown(&Figure::Number(0.875), Unit::Share, Language::En), "87.5");
    }
}
