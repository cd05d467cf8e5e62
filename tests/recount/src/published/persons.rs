//! The report `persons`: distinct persons by sex and age.

use std::collections::BTreeSet;

use super::cross::{cells, cross};
use super::{Counting, Episode, named};
use crate::table::{Line, Table};

/// The age bands of the reports: the first age of each, and its name.
const BANDS: [(u16, &str); 8] = [
    (0, "0-17"),
    (18, "18-24"),
    (25, "25-34"),
    (35, "35-44"),
    (45, "45-54"),
    (55, "55-64"),
    (65, "65-74"),
    (75, "75+"),
];

pub(super) fn persons(counting: &Counting, keys: &[&str]) -> Table {
    let members = cross(&counting.episodes, counting.selection, |episode| {
        let Episode { treatment, further } = episode;
        let unknown = || "unknown".to_owned();
        let sex = further.sex.clone().unwrap_or_else(unknown);
        let age = episode.age().map_or_else(unknown, |age| band(age).to_owned());
        vec![treatment.region.clone(), treatment.programme.clone(), sex, age]
    });
    let lines = members.iter().map(|(key, members)| {
        let persons: BTreeSet<(&str, &str)> =
            members.iter().map(|episode| (&*episode.treatment.region, &*episode.treatment.person)).collect();
        let mut line = Line::new(&cells(key));
        line.count(persons.len());
        line.count(members.len());
        line
    });
    let columns = [named(keys), named(&["n_persons", "n_started"])].concat();
    Table::new(columns, lines.collect(), keys.len())
}

fn band(age: u16) -> &'static str {
    BANDS.iter().rev().find(|(from, _)| *from <= age).map_or("unknown", |(_, name)| name)
}
