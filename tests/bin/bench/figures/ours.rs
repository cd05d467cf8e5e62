//! The register's own figures: its cells made, and questions asked of cells and of rows.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use registry_server::fact::Facts;
use registry_server::reader::Reader;
use registry_server::report::{self, ReportData, ReportName, render};
use registry_server::store::{Location, Opening, open};
use schemas::codelist::CodeLists;

use super::Means;
use super::filling::{Filling, fill};
use super::invent::FIRST;
use super::question::{OF_CELLS, OF_ROWS, Question};
use crate::meter::now;
use crate::table::median;

/// When everything arrives.
const ARRIVAL: &str = "2026-01-01T00:00:00Z";
/// How often a question is asked; the middle time counts.
const TIMES: usize = 15;

/// What was measured; times are milliseconds.
pub(super) struct Measured {
    /// All cells made from the rows.
    pub(super) refresh: f64,
    /// The question of cells, asked the first time.
    pub(super) cells_first: f64,
    /// The first question of the rows, when nothing was read yet.
    pub(super) rows_first: f64,
    /// The question of cells, then those of rows, each asked several times.
    pub(super) asked: Vec<f64>,
    /// All reports as CSV.
    pub(super) written: String,
    /// What a peer must find too, question by question.
    pub(super) means: Vec<Means>,
}

/// Fills an empty store and asks it.
pub(super) async fn run(url: &str, folder: &Path, size: u32) -> anyhow::Result<Measured> {
    let location = Location::read(url, folder).map_err(anyhow::Error::msg)?;
    let store = open(&location, Opening::NewOrCurrent).await?;
    fill(Arc::clone(&store), Filling { size, first: FIRST, at: ARRIVAL.parse()? }).await?;
    let lists = CodeLists::builtin();
    let reader = Reader::new(Arc::clone(&store), &lists);
    let asking = Asking { reader, lists, at: ARRIVAL.parse()? };
    let begun = now();
    asking.reader.refresh().await?;
    let refresh = milliseconds(begun);
    let (cells_first, from_cells) = asking.once(&OF_CELLS).await?;
    let (rows_first, _) = asking.once(&OF_ROWS[0]).await?;
    let rows = Arc::new(store.facts(Asking::name()?.needs()).await?);
    let from_rows = render::csv(&asking.build(rows, &OF_CELLS)?)?;
    anyhow::ensure!(from_rows == render::csv(&from_cells)?, "cells and rows tell different figures");
    let (mut asked, mut written, mut means) = (Vec::new(), String::new(), Vec::new());
    for question in questions() {
        let (took, csv) = asking.again(question).await?;
        asked.push(took);
        means.push(question.means(&csv)?);
        written += &csv;
    }
    store.close().await;
    Ok(Measured { refresh, cells_first, rows_first, asked, written, means })
}

/// All that is asked, in the order in which it is measured.
pub(super) fn questions() -> impl Iterator<Item = &'static Question> {
    std::iter::once(&OF_CELLS).chain(&OF_ROWS)
}

struct Asking {
    reader: Reader,
    lists: CodeLists,
    at: Timestamp,
}

impl Asking {
    fn name() -> anyhow::Result<ReportName> {
        Ok("outcomes".parse()?)
    }

    async fn once(&self, question: &Question) -> anyhow::Result<(f64, report::Report)> {
        let begun = now();
        let facts = self.reader.facts(Self::name()?, &question.parameters()?, self.at).await?;
        let report = self.build(facts, question)?;
        Ok((milliseconds(begun), report))
    }

    fn build(&self, facts: Arc<Facts>, question: &Question) -> anyhow::Result<report::Report> {
        let data = ReportData { facts, lists: &self.lists, thresholds: self.lists.thresholds(), as_of: self.at };
        Ok(report::build(Self::name()?, &data, &question.parameters()?)?)
    }

    /// The middle time of some, and the answer as CSV.
    async fn again(&self, question: &Question) -> anyhow::Result<(f64, String)> {
        let (_, report) = self.once(question).await?;
        let csv = render::csv(&report)?;
        drop(report);
        let mut took = Vec::new();
        for _ in 0..TIMES {
            // With the time that its letting go takes.
            let begun = now();
            drop(self.once(question).await?);
            took.push(milliseconds(begun));
        }
        Ok((median(took.into_iter()), csv))
    }
}

fn milliseconds(begun: std::time::Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}
