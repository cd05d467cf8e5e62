//! What the demo proves about itself: the register against a recount of the source databases.

use std::collections::BTreeMap;
use std::fmt::Debug;

use end_to_end::platform::read_back;
use end_to_end::world::{Region, World};
use recount::{Cohort, Input, Period, Report, Selection, Table, compare};

/// Checks with their outcome.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    failed: Vec<String>,
    held: usize,
}

impl Checks {
    /// Notes whether two figures are equal.
    pub(crate) fn equal<T: PartialEq + Debug>(&mut self, what: &str, (found, expected): (T, T)) {
        self.note(what, found == expected, || format!("found {found:?}, expected {expected:?}"));
    }

    fn note(&mut self, what: &str, holds: bool, detail: impl FnOnce() -> String) {
        if holds {
            self.held += 1;
        } else {
            self.failed.push(format!("{what}: {}", detail()));
        }
    }

    /// Prints the verdict; answers whether all held.
    #[must_use]
    pub(crate) fn tell(&self) -> bool {
        for failed in &self.failed {
            println!("FAILED  {failed}");
        }
        println!("{} checks hold, {} fail", self.held, self.failed.len());
        self.failed.is_empty()
    }
}

/// The register's own count of each region beside the number of treatments that count in its database.
pub(crate) fn reconcile(world: &World, regions: &[Region], checks: &mut Checks) -> anyhow::Result<()> {
    let arguments = ["report", "groups", "--by", "region", "--audience", "internal", "--format", "csv"];
    let table = Table::from_csv(&world.registry(&arguments)?.expect(&[0])?.stdout)?;
    let column = |name: &str| table.columns.iter().position(|column| column == name);
    let (Some(region), Some(n)) = (column("region"), column("n_started")) else {
        anyhow::bail!("the report has no such columns")
    };
    let stored: BTreeMap<&str, &str> = table.rows.iter().map(|row| (row[region].as_str(), row[n].as_str())).collect();
    println!("Reconciliation: what each database holds that counts, and what the register holds");
    for region in regions {
        let sender = region.site.sender.as_str();
        let counting = region.plan.treatments.iter().filter(|treatment| treatment.fault.is_none()).count();
        let found = stored.get(sender).copied().unwrap_or("0");
        println!("  {sender}: {counting} in the source, {found} in the register");
        checks
            .equal(&format!("region {sender}: the register holds what counts"), (found, counting.to_string().as_str()));
    }
    println!();
    Ok(())
}

/// All four reports against the recount, every figure.
pub(crate) async fn recount(world: &World, regions: &[Region], checks: &mut Checks) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for region in regions {
        rows.extend(read_back(&region.plan, &region.source).await?);
    }
    let input = Input {
        rows,
        instruments: recount::input::instruments_from_csv(include_str!("../../fixtures/instruments.csv"))?,
        populations: recount::input::populations_from_csv(include_str!("../../../schemas/codelists/populations.csv"))?,
        anxiety: anxiety(),
    };
    let counted = recount::recount(&input, Selection { cohort: Cohort::Ended, period: Period::All })?;
    println!("Recount from the source databases, by code that shares nothing with the register's");
    for report in Report::ALL {
        let printed = world.table(report, &[])?;
        let differences = compare(counted.table(report), &printed, report.keys());
        println!("  {}: {} rows, {} differences", report.name(), printed.rows.len(), differences.len());
        let first = || differences.first().map(ToString::to_string).unwrap_or_default();
        checks.note(
            &format!("report {} equals the recount", report.name()),
            differences.is_empty() && !printed.rows.is_empty(),
            first,
        );
    }
    println!();
    Ok(())
}

/// The programmes' own anxiety measures, as their suppliers use them.
fn anxiety() -> BTreeMap<String, String> {
    let own = [
        ("depressionshjalpen", "GAD-7"),
        ("oroshjalpen", "GAD-7"),
        ("stresshjalpen", "GAD-7"),
        ("angesthjalpen", "GAD-7"),
        ("depression-och-nedstamdhet", "GAD-7"),
        ("oro-och-angest", "PSWQ"),
        ("internetbehandling-for-depression", "GAD-7"),
        ("sovhjalpen", "GAD-7"),
    ];
    own.into_iter().map(|(programme, instrument)| (programme.to_owned(), instrument.to_owned())).collect()
}
