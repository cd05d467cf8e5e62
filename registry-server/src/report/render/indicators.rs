//! A report as an indicator file in the long layout of national publications: one line a figure.
//!
//! Promises: every figure of the report is one line, whatever it is; `status` says whether its value is shown, hidden or undefined.

use super::{Report, exact};
use crate::aggregate::dimension::Dimension;
use crate::figure::Figure;

/// Period, group, measure id, value, status; the group is the labels of the dimensions asked for, joined by `/`, and the measure id is
/// report, its own grouping columns and column, joined by full stops.
///
/// # Errors
/// When a line cannot be written; writing to memory does not fail in practice.
pub fn indicators(report: &Report, by: &[Dimension]) -> Result<String, csv::Error> {
    let asked = by.iter().zip(&report.columns[1..report.keys]);
    let dimensions = asked.take_while(|(dimension, column)| dimension.name() == column.as_str()).count();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["period", "group", "measure", "value", "status"])?;
    for row in &report.rows {
        let (keys, figures) = row.split_at(report.keys);
        let texts: Vec<String> = keys.iter().map(exact).collect();
        let group = if dimensions == 0 { crate::aggregate::ALL.to_owned() } else { texts[1..=dimensions].join("/") };
        let own = texts[dimensions + 1..].iter().filter(|text| !text.is_empty());
        for (column, figure) in report.columns[report.keys..].iter().zip(figures) {
            let measure: Vec<&str> = std::iter::once(report.report)
                .chain(own.clone().map(String::as_str))
                .chain([column.as_str()])
                .collect();
            let (value, status) = match figure {
                Figure::Hidden => (String::new(), "hidden"),
                Figure::Undefined => (String::new(), "undefined"),
                other => (exact(other), "shown"),
            };
            writer.write_record([texts[0].as_str(), &group, &measure.join("."), &value, status])?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
