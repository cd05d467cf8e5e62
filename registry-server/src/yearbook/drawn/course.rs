//! The report `trajectory` as a chart: means along a treatment.
//!
//! Promises: every number is a cell of the table; a hidden one is a gap.

use schemas::record::Timepoint;

use crate::chart::trajectory::{Course, Trajectory};
use crate::chart::{Caption, Mark};
use crate::figure::Figure;
use crate::yearbook::chapters::Columns;
use crate::yearbook::figures::{Figures, code_of};

/// Means of fewer have no band.
const FEWEST: u64 = 10;

/// A line by time; nothing where no mean is shown or hidden.
pub(super) fn trajectory(figures: &Figures, caption: Caption, columns: Columns) -> Option<String> {
    let mut rows: Vec<(Timepoint, &Vec<Figure>)> =
        figures.rows.iter().filter_map(|row| Some((timepoint(figures, row)?, *row))).collect();
    rows.sort_by_key(|(at, _)| *at);
    let counted = columns.count.unwrap_or_default();
    let course = Course {
        name: figures.axis(columns.value),
        marks: rows.iter().map(|(_, row)| figures.mark(row, columns)).collect(),
        counts: rows.iter().map(|(_, row)| figures.counted(row, counted)).collect(),
    };
    let timepoints: Vec<String> = rows.iter().map(|(_, row)| figures.plain(row, "timepoint")).collect();
    let any = course.marks.iter().any(|mark| *mark != Mark::Undefined);
    any.then(|| Trajectory { caption, timepoints: &timepoints, courses: &[course], fewest: FEWEST }.svg())
}

fn timepoint(figures: &Figures, row: &[Figure]) -> Option<Timepoint> {
    code_of(figures.report, row, "timepoint")?.parse().ok()
}
