//! What is asked: of the register, and of a peer.
//!
//! Promises: the register answers the first from cells; each other names a dimension that no cell knows, so that the rows are scanned.

use std::collections::BTreeMap;

use registry_server::report::Parameters;

use super::Means;

/// The instrument that is asked for, and which of its scores are held against each other.
const SCORES: [(&str, &str); 2] = [("instrument", "PHQ-9"), ("comparison", "paired")];

/// Outcomes by some dimensions and periods.
#[derive(Debug, serde::Serialize)]
pub(super) struct Question {
    by: &'static [&'static str],
    period: &'static str,
}

/// The question that cells answer.
pub(super) const OF_CELLS: Question = Question { by: &["region", "programme"], period: "quarter" };
/// Questions that need the rows; the first is also asked when nothing was read yet.
pub(super) const OF_ROWS: [Question; 8] = [
    Question { by: &["region", "sex", "age_group"], period: "quarter" },
    Question { by: &["sex"], period: "year" },
    Question { by: &["unit"], period: "month" },
    Question { by: &["severity"], period: "quarter" },
    Question { by: &["region", "severity"], period: "year" },
    Question { by: &["condition", "age_group"], period: "month" },
    Question { by: &["programme", "sex", "severity"], period: "quarter" },
    Question { by: &["unit", "programme", "sex"], period: "year" },
];

impl Question {
    /// As a table's line names it.
    pub(super) fn name(&self) -> String {
        let names: Vec<String> = self.by.iter().chain([&self.period]).map(|name| name.replace('_', " ")).collect();
        names.join(" x ")
    }

    /// As the register is asked.
    pub(super) fn parameters(&self) -> anyhow::Result<Parameters> {
        let by = self.by.join(",");
        let asked = [("by", by.as_str()), ("period", self.period)];
        Ok(Parameters::from_pairs(asked.into_iter().chain(SCORES))?)
    }

    /// Pairs and mean change of each finest group of the register's answer.
    pub(super) fn means(&self, csv: &str) -> anyhow::Result<Means> {
        let mut means = Means::new();
        for line in csv::Reader::from_reader(csv.as_bytes()).deserialize::<BTreeMap<String, String>>() {
            let line = line?;
            let group: Vec<String> = ["period"].iter().chain(self.by).map(|column| line[*column].clone()).collect();
            if !group.iter().any(|label| label == "ALL") && line["n_paired"] != "0" {
                means.insert(group, (line["n_paired"].parse()?, line["mean_change"].parse()?));
            }
        }
        Ok(means)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_finest_groups_with_pairs_are_held_against_a_peers() {
        let question = Question { by: &["sex"], period: "year" };
        let csv = "period,sex,n_paired,mean_change\n2024,F,2,-1.5\n2024,ALL,2,-1.5\n2024,M,0,\n";
        let expected = Means::from([(vec!["2024".to_owned(), "F".to_owned()], (2, -1.5))]);
        assert_eq!(question.means(csv).unwrap(), expected);
    }

    #[test]
    fn a_question_reads_as_its_dimensions_and_its_periods() {
        assert_eq!(OF_ROWS[0].name(), "region x sex x age group x quarter");
        assert!(OF_ROWS.iter().all(|question| question.parameters().is_ok()));
    }
}
