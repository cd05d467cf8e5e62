//! Tables that a request asks for, as reports are asked.
//!
//! Promises: what researchers do not get is told by the same sentence as everywhere.

use schemas::codelist::CodeLists;

use super::parameters::Audience;
use super::{ParameterError, Parameters, ReportName, UnknownReport};
use crate::request::form::Table;

/// Why a table is not given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotGiven {
    /// There is no such report.
    #[error(transparent)]
    Report(#[from] UnknownReport),
    /// It is not asked for in this way.
    #[error(transparent)]
    Parameters(#[from] ParameterError),
}

/// The report and parameters that a table is made with.
///
/// # Errors
/// What there is instead, where researchers do not get such a table.
pub fn requested(table: &Table, lists: &CodeLists) -> Result<(ReportName, Parameters), NotGiven> {
    let name: ReportName = table.report.parse()?;
    let (by, instruments) = (table.by.join(","), table.instrument.join(","));
    let named = [
        ("by", Some(by.as_str())),
        ("instrument", Some(instruments.as_str()).filter(|text| !text.is_empty())),
        ("comparison", table.comparison.as_deref()),
        ("period", table.period.as_deref()),
    ];
    let pairs = named.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let parameters = Parameters { audience: Audience::Research, ..Parameters::from_pairs(pairs)? };
    super::check(name, lists, &parameters)?;
    Ok((name, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(report: &str, by: &[&str]) -> Table {
        Table { report: report.to_owned(), by: by.iter().map(|name| (*name).to_owned()).collect(), ..Table::default() }
    }

    #[test]
    fn only_what_researchers_get_can_be_requested() {
        let lists = CodeLists::builtin();
        for given in [table("outcomes", &["region"]), table("groups", &[]), table("outcomes", &["programme"])] {
            assert_eq!(requested(&given, &lists).unwrap().0.to_string(), given.report);
        }
        for (refused, said) in [
            (table("outcomes", &["unit"]), "undivided"),
            (table("funnel", &[]), "undivided"),
            (table("outcomes", &["shoe_size"]), "region"),
            (table("nothing", &[]), "outcomes"),
        ] {
            let sentence = requested(&refused, &lists).unwrap_err().to_string();
            assert!(sentence.contains(said) && !sentence.contains("shoe_size"), "{sentence}");
        }
        let year = |period: &str| Table { period: Some(period.to_owned()), ..table("outcomes", &[]) };
        assert!(requested(&year("year"), &lists).is_ok() && requested(&year("month"), &lists).is_err());
    }
}
