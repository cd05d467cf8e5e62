//! Which treatments are kept before anything is counted: in some dimensions, those of the labels that are named.
//!
//! Promises: a selection of nothing keeps everything; the order in which it was named changes nothing; whoever has no label in a
//! dimension is kept where [`UNKNOWN`] is named. Must not know: code lists, reports.

use super::UNKNOWN;
use super::dimension::Dimension;

/// Labels to keep, a list for each dimension that is narrowed, in the order of [`Dimension::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Selection(Vec<(Dimension, Vec<String>)>);

impl Selection {
    /// Keeps these labels of a dimension only, in place of what was named before; no label at all keeps every one.
    pub fn keep(&mut self, dimension: Dimension, mut labels: Vec<String>) {
        labels.sort_unstable();
        labels.dedup();
        self.0.retain(|(known, _)| *known != dimension);
        if !labels.is_empty() {
            self.0.push((dimension, labels));
            let place = |of: Dimension| Dimension::ALL.iter().position(|known| *known == of);
            self.0.sort_by_key(|(of, _)| place(*of));
        }
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }

    /// The dimensions that are narrowed, with their labels.
    pub fn narrowed(&self) -> impl Iterator<Item = (Dimension, &[String])> {
        self.0.iter().map(|(dimension, labels)| (*dimension, labels.as_slice()))
    }

    /// The labels that are kept of a dimension; nothing where all are.
    #[must_use]
    pub fn of(&self, dimension: Dimension) -> Option<&[String]> {
        self.narrowed().find(|(of, _)| *of == dimension).map(|(_, labels)| labels)
    }

    /// Whether a label of a dimension is kept.
    #[must_use]
    pub fn takes_label(&self, dimension: Dimension, label: Option<&str>) -> bool {
        let label = label.unwrap_or(UNKNOWN);
        self.of(dimension).is_none_or(|labels| labels.iter().any(|kept| kept == label))
    }

    /// Whether something with these labels is kept.
    pub fn takes<'a>(&self, label: impl Fn(Dimension) -> Option<&'a str>) -> bool {
        self.narrowed().all(|(dimension, _)| self.takes_label(dimension, label(dimension)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(named: &[(Dimension, &[&str])]) -> Selection {
        let mut selection = Selection::default();
        for (dimension, labels) in named {
            selection.keep(*dimension, labels.iter().map(|label| (*label).to_owned()).collect());
        }
        selection
    }

    #[test]
    fn what_is_named_is_kept_in_every_dimension_and_the_order_changes_nothing() {
        use Dimension::{Programme, Region, Sex};
        let selection = of(&[(Sex, &["M", "F", "M"]), (Region, &["12"])]);
        assert_eq!(selection, of(&[(Region, &["12"]), (Sex, &["F", "M"])]));
        let label = |region, sex| move |dimension| if dimension == Region { region } else { sex };
        assert!(selection.takes(label(Some("12"), Some("F"))));
        assert!(!selection.takes(label(Some("01"), Some("F"))) && !selection.takes(label(Some("12"), None)));
        assert!(selection.takes_label(Programme, None) && of(&[(Sex, &["unknown"])]).takes_label(Sex, None));
        assert!(of(&[]).takes(label(None, None)) && of(&[(Sex, &["F"]), (Sex, &[])]).is_everything());
    }
}
