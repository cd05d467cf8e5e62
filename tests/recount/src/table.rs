//! A report as columns and rows of text, as its CSV is.
//!
//! Promises: numbers are the shortest text that reads back to the same double, undefined is empty; rows are in the
//! order of their keys with `ALL` last. It must not know how a figure is counted.

use crate::input::InputError;
use crate::selection::ALL;
use crate::share::Share;

/// One of the four reports that are counted a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Scores before and after.
    Outcomes,
    /// Numbers and rates.
    Groups,
    /// Depression and anxiety together.
    Composite,
    /// Regions and units against their common level.
    Funnel,
}

impl Report {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Outcomes, Self::Groups, Self::Composite, Self::Funnel];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Groups => "groups",
            Self::Composite => "composite",
            Self::Funnel => "funnel",
        }
    }

    /// The columns that tell its rows apart.
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Outcomes => &["period", "region", "programme", "instrument", "comparison"],
            Self::Groups => &["period", "region", "programme"],
            Self::Composite => &["period", "region", "programme", "comparison", "pair"],
            Self::Funnel => &["period", "level", "instrument", "measure", "point"],
        }
    }
}

/// A report: named columns and rows of as many cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells in the order of the columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads CSV text with a header.
    ///
    /// # Errors
    /// When the text is no CSV or a row has another number of cells than the header.
    pub fn from_csv(text: &str) -> Result<Self, InputError> {
        let unreadable = |error: csv::Error| InputError(format!("The table cannot be read: {error}."));
        let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns = owned(reader.headers().map_err(unreadable)?);
        let rows = reader.records().map(|record| record.map(|record| owned(&record)).map_err(unreadable));
        Ok(Self { columns, rows: rows.collect::<Result<_, _>>()? })
    }

    /// The table as CSV text with a header.
    ///
    /// # Panics
    /// When a row is not as wide as the header.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for line in std::iter::once(&self.columns).chain(&self.rows) {
            writer.write_record(line).expect("every row is as wide as the header");
        }
        String::from_utf8(writer.into_inner().expect("memory takes every byte")).expect("only text was written")
    }

    /// The rows in which a column has a value; none if there is no such column.
    #[must_use]
    pub fn only(&self, column: &str, value: &str) -> Self {
        let at = self.columns.iter().position(|name| name == column);
        let fits = |row: &&Vec<String>| at.is_some_and(|at| row[at] == value);
        Self { columns: self.columns.clone(), rows: self.rows.iter().filter(fits).cloned().collect() }
    }

    /// The same rows with those of these columns that there are.
    #[must_use]
    pub fn with(&self, columns: &[String]) -> Self {
        let kept: Vec<usize> = (0..self.columns.len()).filter(|at| columns.contains(&self.columns[*at])).collect();
        let only = |row: &Vec<String>| kept.iter().map(|at| row[*at].clone()).collect();
        Self { columns: only(&self.columns), rows: self.rows.iter().map(only).collect() }
    }

    pub(crate) fn new(columns: Vec<String>, lines: Vec<Line>, keys: usize) -> Self {
        let mut rows: Vec<Vec<String>> = lines.into_iter().map(|line| line.0).collect();
        rows.sort_by_cached_key(|row| -> Vec<(bool, String)> {
            row[..keys].iter().map(|cell| (cell == ALL, cell.clone())).collect()
        });
        Self { columns, rows }
    }
}

/// The names of a share's five columns.
pub(crate) fn share_columns(name: &str) -> impl Iterator<Item = String> {
    ["n", "d", "p", "lo", "hi"].into_iter().map(move |part| format!("{name}_{part}"))
}

/// A row in the making.
pub(crate) struct Line(Vec<String>);

impl Line {
    pub(crate) fn new(keys: &[&str]) -> Self {
        Self(keys.iter().map(|&key| key.to_owned()).collect())
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.0.push(count.to_string());
    }

    pub(crate) fn figure(&mut self, figure: Option<f64>) {
        self.0.push(figure.map(|figure| figure.to_string()).unwrap_or_default());
    }

    /// Five cells; all empty if the share is not defined at all.
    pub(crate) fn share(&mut self, share: Option<Share>) {
        let Some(share) = share else {
            self.0.extend(std::iter::repeat_n(String::new(), 5));
            return;
        };
        let limits = share.wilson();
        self.count(share.n);
        self.count(share.d);
        self.figure(share.value());
        self.figure(limits.map(|limits| limits.0));
        self.figure(limits.map(|limits| limits.1));
    }
}
