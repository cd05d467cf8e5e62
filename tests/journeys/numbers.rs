//! Every figure: source database, agent, register, report - against figures that were counted by others.
//!
//! The first fixture's figures come from an independent reference, the second's from the recount, which shares no code with the product.

mod deliveries;
pub(crate) mod engines;
mod published;
mod usage;

use std::path::{Path, PathBuf};

use end_to_end::long_form::{Delivered, Printed, deliver};
use recount::{Report, Table};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn expected(folder: &Path, file: &str) -> Table {
    Table::from_csv(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

fn assert_equal(delivered: &Delivered, report: Report, table: &Table, printed: Printed<'_>) {
    let differences = delivered.differences(report, table, printed).unwrap();
    let first: Vec<String> = differences.iter().take(5).map(ToString::to_string).collect();
    assert!(
        differences.is_empty(),
        "{} {printed:?}: {} differences, first {first:#?}",
        report.name(),
        differences.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worked_example_gives_every_expected_figure_and_an_altered_score_does_not() {
    let folder = fixture("worked-example");
    let delivered = deliver(&folder, &folder.join("populations.csv")).await.unwrap();
    assert_eq!(delivered.treatments, 237);
    let printed = Printed { cohort: "started", period: "all" };
    for report in Report::ALL {
        let table = expected(&folder, &format!("expected-{}.csv", report.name()));
        assert_equal(&delivered, report, &table, printed);
    }

    // The positive control: one point on one score in the register is found.
    let mut connection = SqliteConnectOptions::new().filename(delivered.world.database()).connect().await.unwrap();
    let alter = "UPDATE outcome SET post = post + 1 WHERE treatment = \
                 (SELECT max(treatment) FROM outcome WHERE pre IS NOT NULL AND post IS NOT NULL)";
    assert!(sqlx::query(alter).execute(&mut connection).await.unwrap().rows_affected() > 0);
    connection.close().await.unwrap();
    let table = expected(&folder, "expected-outcomes.csv");
    assert!(!delivered.differences(Report::Outcomes, &table, printed).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_example_gives_every_recounted_figure_for_both_cohorts_and_every_year() {
    let folder = fixture("second-example");
    let delivered = deliver(&folder, &folder.join("populations.csv")).await.unwrap();
    assert!(delivered.treatments > 400);
    for cohort in ["started", "ended"] {
        for report in Report::ALL {
            let table = expected(&folder, &format!("expected-{}-{cohort}.csv", report.name()));
            assert_equal(&delivered, report, &table, Printed { cohort, period: "year" });
            assert_equal(&delivered, report, &table.only("period", "ALL"), Printed { cohort, period: "all" });
        }
    }
}
