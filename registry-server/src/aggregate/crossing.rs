//! Sums by every subset of some labels: what stands in a row for each combination, and for each of its totals.
//!
//! Promises: what is added counts once in its own row and once in each total of it; what does not tell a label counts only where that
//! label is summed over. Rows come in no order of arrival.
//! Must not know: what is summed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ALL;

/// Rows by their labels; [`ALL`] stands for a label that is summed over.
#[derive(Debug)]
pub struct Crossing<V> {
    rows: BTreeMap<Vec<Arc<str>>, V>,
    all: Arc<str>,
}

impl<V: Default> Crossing<V> {
    /// No rows.
    #[must_use]
    pub fn new() -> Self {
        Self { rows: BTreeMap::new(), all: Arc::from(ALL) }
    }

    /// Lets something count in the row of its labels and in every total of it; `None` is a label that it does not tell.
    pub fn add(&mut self, labels: &[Option<&str>], count: impl Fn(&mut V)) {
        let mut rows = vec![Vec::with_capacity(labels.len())];
        for label in labels {
            let own = label.filter(|label| *label != ALL).map(Arc::from);
            let split: Vec<Vec<Arc<str>>> = own.iter().flat_map(|own| rows.iter().map(|row| with(row, own))).collect();
            for row in &mut rows {
                row.push(Arc::clone(&self.all));
            }
            rows.extend(split);
        }
        for row in rows {
            count(self.rows.entry(row).or_default());
        }
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = (&Vec<Arc<str>>, &V)> {
        self.rows.iter()
    }
}

impl<V: Default> Default for Crossing<V> {
    fn default() -> Self {
        Self::new()
    }
}

fn with(row: &[Arc<str>], label: &Arc<str>) -> Vec<Arc<str>> {
    row.iter().chain([label]).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(crossing: &Crossing<u64>) -> Vec<(String, u64)> {
        crossing.rows().map(|(labels, sum)| (labels.join(" "), *sum)).collect()
    }

    #[test]
    fn each_total_holds_what_its_rows_hold_and_what_tells_no_label() {
        let mut crossing = Crossing::new();
        for (labels, n) in [([Some("01"), Some("a")], 1), ([Some("01"), Some("b")], 2), ([Some("12"), None], 4)] {
            crossing.add(&labels, |sum| *sum += n);
        }
        let expected =
            [("01 ALL", 3), ("01 a", 1), ("01 b", 2), ("12 ALL", 4), ("ALL ALL", 7), ("ALL a", 1), ("ALL b", 2)];
        assert_eq!(sums(&crossing), expected.map(|(labels, sum)| (labels.to_owned(), sum)));
    }

    #[test]
    fn a_label_that_is_a_total_already_counts_once() {
        let mut crossing = Crossing::new();
        crossing.add(&[Some("ALL"), Some("a")], |sum| *sum += 1);
        assert_eq!(sums(&crossing), [("ALL ALL".to_owned(), 1), ("ALL a".to_owned(), 1)]);
    }
}
