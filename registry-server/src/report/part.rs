//! Some rows of a report as a report of their own.
//!
//! Promises: the rows and figures are the report's; only what none of the rows defines is left away.

use std::collections::BTreeMap;

use super::Report;
use super::figure::Figure;

impl Report {
    /// Keeps the rows with a code in a grouping column, and the columns of figures that one of them defines.
    pub fn keep(&mut self, (column, code): (&str, &str)) {
        let Some(place) = self.columns[..self.keys].iter().position(|known| known == column) else { return };
        self.rows.retain(|row| row[place].code() == Some(code));
        let tells = |place: usize| place < self.keys || self.rows.iter().any(|row| row[place] != Figure::Undefined);
        let kept: Vec<usize> = (0..self.columns.len()).filter(|place| tells(*place)).collect();
        self.columns = kept.iter().map(|place| self.columns[*place].clone()).collect();
        for row in &mut self.rows {
            *row = kept.iter().map(|place| row[*place].clone()).collect();
        }
        let labels = std::mem::take(&mut self.labels).into_iter();
        let moved = labels.filter_map(|((place, code), text)| {
            let place = kept.iter().position(|kept| *kept == place)?;
            Some(((place, code), text))
        });
        self.labels = moved.collect::<BTreeMap<_, _>>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::invented::{facts, report, treatment};

    #[test]
    fn some_rows_of_a_report_keep_their_figures_and_lose_the_columns_that_none_of_them_defines() {
        let whole = report(facts(vec![treatment(1, "12", "A")]), "data-quality", &[]);
        let mut fields = whole.clone();
        fields.keep(("level", "field"));
        assert_eq!(fields.rows.len(), whole.rows.len(), "no rule kept anything back");
        assert!(whole.columns.contains(&"held".to_owned()) && !fields.columns.contains(&"held".to_owned()));
        let valid = |report: &Report| {
            let place = report.columns.iter().position(|column| column == "valid_p").unwrap();
            report.rows.iter().map(|row| row[place].clone()).collect::<Vec<_>>()
        };
        assert_eq!(valid(&fields), valid(&whole));
        assert_eq!(fields.labels, whole.labels);
        let mut rules = whole.clone();
        rules.keep(("level", "rule"));
        assert_eq!((rules.rows.len(), rules.columns.len()), (0, whole.keys));
    }
}
