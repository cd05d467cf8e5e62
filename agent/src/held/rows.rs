//! The rows behind a held treatment, read from the source again.
//!
//! Promises: for a terminal only; an identity number shows its year and nothing else, so that a look over the shoulder tells nobody
//! who it is.

use futures_util::StreamExt as _;
use jiff::Timestamp;

use crate::cycle::{CycleError, close, open};
use crate::identity::looks_like_identity;
use crate::pseudonymise::row_name;
use crate::setup::Setup;
use crate::source::{MEASUREMENTS, Pages, Rows, Since, TREATMENTS};

/// One value of a row.
#[derive(Debug, PartialEq, Eq)]
pub struct Cell {
    /// The column.
    pub column: &'static str,
    /// Its value, numbers of persons masked.
    pub value: String,
}

/// The rows of a treatment's id: of treatments first, then of answers.
///
/// # Errors
/// When a source cannot be read.
pub async fn show(setup: &Setup, id: &str, now: Timestamp) -> Result<Vec<Vec<Cell>>, CycleError> {
    let mut rows = Vec::new();
    let mut sources = open(setup, now).await?;
    for opened in &mut sources {
        collect(opened.source.treatments(Rows::Since(Since::Beginning)), (TREATMENTS.names, id), &mut rows).await?;
        collect(opened.source.measurements(Rows::Since(Since::Beginning)), (MEASUREMENTS.names, id), &mut rows).await?;
    }
    close(sources).await;
    Ok(rows)
}

async fn collect(
    mut pages: Pages<'_>,
    (columns, id): (&'static [&'static str], &str),
    rows: &mut Vec<Vec<Cell>>,
) -> Result<(), CycleError> {
    let mut number = 0;
    while let Some(page) = pages.next().await {
        for row in page?.rows() {
            number += 1;
            if !row.get("treatment_id").map_or_else(|| row_name(number) == id, |own| own == id) {
                continue;
            }
            let cell = |column: &&'static str| Some(Cell { column, value: masked(column, row.get(column)?) });
            rows.push(columns.iter().filter_map(cell).collect());
        }
    }
    Ok(())
}

fn masked(column: &str, value: &str) -> String {
    if column != "person_id" && !looks_like_identity(value) {
        return value.to_owned();
    }
    let shown: String = value.chars().take(4).collect();
    format!("{shown}{}", "*".repeat(value.chars().count().saturating_sub(4)))
}
