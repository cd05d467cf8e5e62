//! One figure of a table: a text, a count, a number, nothing, or one that is hidden.
//!
//! Promises: undefined is never zero; a number is finite and never a negative zero.

use std::sync::Arc;

use crate::aggregate::ALL;
use crate::indicator::share::Share;

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A label.
    Text(Arc<str>),
    /// How many.
    Count(u64),
    /// A measured or computed value.
    Number(f64),
    /// Not defined for this row.
    Undefined,
    /// Kept back by disclosure control; never zero and never nothing.
    Hidden,
}

impl Figure {
    /// A label that is made for this row.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// The code of a label.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        if let Self::Text(code) = self { Some(code) } else { None }
    }

    /// Whether it is the label of a dimension that is summed over.
    #[must_use]
    pub fn is_sum(&self) -> bool {
        matches!(self, Self::Text(text) if &**text == ALL)
    }

    /// What rows are sorted by: labels as code points, `ALL` after them, nothing before them.
    #[must_use]
    pub(crate) fn rank(&self) -> (u8, &str) {
        match self {
            Self::Text(text) if &**text == ALL => (2, ""),
            Self::Text(text) => (1, text),
            Self::Count(_) | Self::Number(_) | Self::Undefined | Self::Hidden => (0, ""),
        }
    }
}

impl From<f64> for Figure {
    fn from(number: f64) -> Self {
        // Adding zero turns a negative zero into zero.
        if number.is_finite() { Self::Number(number + 0.0) } else { Self::Undefined }
    }
}

impl From<Option<f64>> for Figure {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Undefined, Self::from)
    }
}

impl From<&Arc<str>> for Figure {
    fn from(text: &Arc<str>) -> Self {
        Self::Text(Arc::clone(text))
    }
}

/// The five figures of a share: `_n`, `_d`, `_p`, `_lo`, `_hi`; all undefined without one.
pub(crate) fn share(share: Option<Share>) -> [Figure; 5] {
    let Some(share) = share else { return [const { Figure::Undefined }; 5] };
    let limits = share.limits();
    [
        Figure::Count(share.n),
        Figure::Count(share.d),
        share.p().into(),
        limits.map(|(low, _)| low).into(),
        limits.map(|(_, high)| high).into(),
    ]
}

/// The names of a share's five columns.
pub(crate) fn share_columns(name: &str) -> [String; 5] {
    ["n", "d", "p", "lo", "hi"].map(|part| format!("{name}_{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_zero_is_zero_and_what_is_not_finite_is_undefined() {
        assert!(matches!(Figure::from(-0.0), Figure::Number(zero) if zero.is_sign_positive()));
        assert_eq!(Figure::from(f64::NAN), Figure::Undefined);
        assert_eq!(Figure::from(f64::INFINITY), Figure::Undefined);
    }

    #[test]
    fn the_total_is_sorted_last_and_a_missing_label_first() {
        let mut labels =
            [Figure::text("ALL"), Figure::text("Ö"), Figure::Undefined, Figure::text("BDI"), Figure::text("unknown")];
        labels.sort_by(|a, b| a.rank().cmp(&b.rank()));
        let sorted =
            [Figure::Undefined, Figure::text("BDI"), Figure::text("unknown"), Figure::text("Ö"), Figure::text("ALL")];
        assert_eq!(labels, sorted);
    }
}
