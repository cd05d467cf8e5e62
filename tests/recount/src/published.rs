//! The reports on access and use that published tables ask for: rates, shares, growth, persons, waiting, sick leave,
//! benchmarks, courses, spread, what may be there twice.
//!
//! Promises: every table is counted from the treatments one by one. It must not know how the caller read them.

/// The report `benchmark`.
mod benchmark;
/// Treatments by every combination of labels.
mod cross;
/// The report `deciles`.
mod deciles;
/// The report `duplicates`.
mod duplicates;
/// The report `flow`.
mod flow;
/// The report `growth`.
mod growth;
/// The report `persons`.
mod persons;
/// The report `rates`.
mod rates;
/// The report `shares`.
mod shares;
/// The report `sick-leave`.
mod sick_leave;
/// The report `trajectory`.
mod trajectory;
/// The report `waiting`.
mod waiting;

use std::collections::BTreeMap;

use crate::input::{Input, InputError, Instrument};
use crate::selection::Selection;
use crate::table::Table;
use crate::treatment::{Treatment, treatments};

/// What a source knows of a treatment beyond what its scores need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Further {
    /// `F` or `M`.
    pub sex: Option<String>,
    /// Year of birth.
    pub birth_year: Option<u16>,
    /// Who runs the unit where it started: `public` or `private`.
    pub ownership: Option<String>,
    /// Who delivered it.
    pub sender: String,
    /// `YYYY-MM-DD`.
    pub referred: Option<String>,
    /// `YYYY-MM-DD`.
    pub assessed: Option<String>,
    /// Sick leave before, per cent.
    pub sick_before: Option<u8>,
    /// Sick leave after, per cent.
    pub sick_after: Option<u8>,
}

/// Everything that these reports are counted from.
#[derive(Debug)]
pub struct Published<'a> {
    /// The treatments with their scores and constants.
    pub input: &'a Input,
    /// The rest, by region and the source's id.
    pub further: BTreeMap<(String, String), Further>,
    /// Inhabitants by region and year: of all ages, and from 16 to 67.
    pub inhabitants: BTreeMap<(String, u16), [f64; 2]>,
    /// The last cohort date that counts, `YYYY-MM-DD`.
    pub last: String,
    /// Breaks in series: the day, and the region that it concerns, or all.
    pub breaks: Vec<(String, Option<String>)>,
}

/// One treatment with everything.
struct Episode<'a> {
    treatment: Treatment,
    further: &'a Further,
}

/// What a report is counted from.
struct Counting<'a> {
    episodes: Vec<Episode<'a>>,
    instruments: &'a BTreeMap<String, Instrument>,
    inhabitants: &'a BTreeMap<(String, u16), [f64; 2]>,
    breaks: &'a [(String, Option<String>)],
    selection: Selection,
}

/// A report that is counted here.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is split by here.
    pub by: &'static str,
    /// The columns that tell its rows apart.
    pub keys: &'static [&'static str],
    count: fn(&Counting, &[&str]) -> Table,
}

/// All of them.
pub const ALL: [Access; 11] = [
    Access { name: "rates", by: "region", keys: &["period", "region", "ages"], count: rates::rates },
    Access { name: "shares", by: BOTH, keys: GROUP, count: shares::shares },
    Access { name: "growth", by: BOTH, keys: GROUP, count: growth::growth },
    Access {
        name: "persons",
        by: BOTH,
        keys: &["period", "region", "programme", "sex", "age_group"],
        count: persons::persons,
    },
    Access { name: "waiting", by: BOTH, keys: GROUP, count: waiting::waiting },
    Access { name: "sick-leave", by: BOTH, keys: GROUP, count: sick_leave::sick_leave },
    Access {
        name: "benchmark",
        by: BOTH,
        keys: &["period", "region", "unit", "instrument", "level"],
        count: benchmark::benchmark,
    },
    Access {
        name: "trajectory",
        by: BOTH,
        keys: &["period", "region", "programme", "instrument", "timepoint"],
        count: trajectory::trajectory,
    },
    Access { name: "flow", by: BOTH, keys: &["period", "region", "programme", "instrument"], count: flow::flow },
    Access { name: "duplicates", by: BOTH, keys: &["period", "region", "other"], count: duplicates::duplicates },
    Access { name: "deciles", by: BOTH, keys: &["period", "level", "instrument", "measure"], count: deciles::deciles },
];

const BOTH: &str = "region,programme";
const GROUP: &[&str] = &["period", "region", "programme"];

impl Published<'_> {
    /// Counts a report over a selection.
    ///
    /// # Errors
    /// When the rows of one treatment contradict each other.
    ///
    /// # Panics
    /// When a treatment has no entry in `further`.
    pub fn count(&self, report: Access, selection: Selection) -> Result<Table, InputError> {
        let of = |treatment: Treatment| {
            let further = &self.further[&(treatment.region.clone(), treatment.id.clone())];
            Episode { treatment, further }
        };
        let counts = |treatment: &Treatment| selection.date(treatment) <= self.last.as_str();
        let counting = Counting {
            episodes: treatments(self.input)?.into_iter().filter(counts).map(of).collect(),
            instruments: &self.input.instruments,
            inhabitants: &self.inhabitants,
            breaks: &self.breaks,
            selection,
        };
        Ok((report.count)(&counting, report.keys))
    }
}

impl Episode<'_> {
    /// Age in the year of the start.
    fn age(&self) -> Option<u16> {
        crate::selection::year(&self.treatment.started).checked_sub(self.further.birth_year?)
    }
}

/// Owned names of columns.
fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
