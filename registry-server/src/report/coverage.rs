//! Report `coverage`: how much of what was treated stands in the register, by an outside count and by the senders' own.
//!
//! Promises: a share stands only where its denominator tells everything of which the register has treatments there, and is never above 1; who
//! never sent has a row where somebody outside tells of it. Counted by the end of treatments and the unit that started them.

/// Everything that is counted, by its labels.
mod counted;
/// Outside denominators.
mod outside;
/// The senders' own counts.
mod own;
/// Of each region and month, for what stands below other reports.
pub(crate) mod regional;
#[cfg(test)]
mod tests;
/// What a row says beside its figures.
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::figure::{Figure, share, share_columns};
use super::region_rows::region_rows;
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::plan::{Attribution, Cohort, Plan};
use crate::fact::Part;
use crate::indicator::coverage;
use crate::report::parameters::Parameters;
use counted::{Counted, Sums};
use outside::Told;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "coverage",
    version: 1,
    meaning: Text::fixed(
        "Täckningsgrad: hur stor andel av alla avslutade behandlingar i behandlingsprogram som finns i registret, enligt en källa \
         utanför registret; och överföringsgrad: andelen av dem som avsändarna själva räknat.",
        "Coverage: the share of all ended treatments of treatment programmes that is in the register, by a source outside it; and \
         transfer rate: the share of those that the senders count themselves.",
    ),
    needs: &[Part::Runs],
    on_screen: &[
        "eligible",
        "accepted",
        "coverage_p",
        "coverage_lo",
        "coverage_hi",
        "source",
        "own_eligible",
        "transfer_p",
    ],
    build,
};

/// A row's labels.
type Labels = Vec<Arc<str>>;

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let plan = Plan { cohort: Cohort::Ended, attribution: Attribution::Start, ..plan };
    let counted = Counted::new(&data.facts, data.lists, &plan);
    let (outside, lacking) = counted.outside(&data.facts);
    let mut labels: BTreeSet<Labels> = counted.sums.rows().map(|(labels, _)| labels.clone()).collect();
    labels.extend(outside.keys().cloned());
    labels.extend(region_rows((&plan.by, &plan.only), data.lists, &labels));
    let sums: BTreeMap<&Labels, &Sums> = counted.sums.rows().collect();
    let mut above = Vec::new();
    let mut rows = Vec::new();
    for labels in &labels {
        let sums = sums.get(labels).copied().cloned().unwrap_or_default();
        let told = outside.get(labels);
        if told.is_some_and(|told| told.is_whole() && told.ended < sums.accepted) {
            above.push(labels.join(" "));
        }
        rows.push(row(labels, &sums, told));
    }
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    columns.extend(["eligible", "accepted"].map(str::to_owned));
    columns.extend(share_columns("coverage"));
    columns.extend(["source", "found", "own_eligible"].map(str::to_owned));
    columns.extend(share_columns("transfer"));
    columns.extend(["held", "rejected", "pending", "opted_out", "protected", "test"].map(str::to_owned));
    let notes = words::notes(&plan, &above, (&counted.divided, &lacking));
    Ok(Table { columns, keys, rows, notes })
}

/// One row; a share only where its denominator tells everything and is not below its numerator.
fn row(labels: &[Arc<str>], sums: &Sums, told: Option<&Told>) -> Vec<Figure> {
    let of = |eligible: u64| coverage::of(sums.accepted, eligible);
    let whole = told.filter(|told| told.is_whole() && sums.divided == 0).map(|told| told.ended);
    let own = sums.own.filter(|_| sums.untold == 0 && sums.divided == 0);
    let count = |own: Option<u64>| own.map_or(Figure::Undefined, Figure::Count);
    let mut row: Vec<Figure> = labels.iter().map(Figure::from).collect();
    row.extend([count(whole), Figure::Count(sums.accepted)]);
    row.extend(share(whole.and_then(of)));
    row.push(words::source(told, whole.is_some()));
    row.extend([count(own.map(|own| own.found)), count(own.map(|own| own.eligible))]);
    row.extend(share(own.and_then(|own| of(own.eligible))));
    let terms = own.map(|own| [own.held, own.rejected, own.pending, own.opted_out, own.protected, own.test]);
    row.extend(terms.map_or([const { Figure::Undefined }; 6], |terms| terms.map(Figure::Count)));
    row
}
