//! The report `groups`: how many treatments, persons and inhabitants.
//!
//! Promises: every region stands in every printed period, also with nothing; a person counts once per sender. It must
//! not know scores.

use std::collections::{BTreeMap, BTreeSet};

use crate::discrete::garwood;
use crate::group::{Group, by_group, by_period};
use crate::input::{Input, Population};
use crate::moments::quotient;
use crate::selection::{ALL, Selection, year};
use crate::share::Share;
use crate::table::{Line, Report, Table, share_columns};
use crate::treatment::Treatment;

/// The report by region and programme.
pub(crate) fn groups(input: &Input, treatments: &[Treatment], selection: Selection) -> Table {
    let mut members = by_group(treatments, selection);
    let regions = input.populations.iter().map(|population| population.region.as_str()).chain([ALL]);
    for (period, region) in
        by_period(treatments, selection).keys().flat_map(|period| regions.clone().map(move |region| (period, region)))
    {
        let group = Group { period: period.clone(), region: region.to_owned(), programme: ALL.to_owned() };
        members.entry(group).or_default();
    }
    let years: BTreeSet<u16> = treatments.iter().map(|treatment| selection.year(treatment)).collect();
    let person_years = |group: &Group| {
        if group.period == ALL {
            years.iter().map(|&year| inhabitants(&input.populations, &group.region, year)).sum::<Option<f64>>()
        } else {
            let whole = inhabitants(&input.populations, &group.region, year(&group.period))?;
            Some(whole / selection.period.in_a_year())
        }
    };
    let lines = members.iter().map(|(group, members)| line(group, members, person_years(group))).collect();
    let keys = Report::Groups.keys();
    let counts = ["n_started", "n_persons", "n_completed", "n_discontinued"];
    let rates = ["person_years", "rate_per_1000", "rate_lo", "rate_hi"];
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let columns = [named(keys), named(&counts), share_columns("completed").collect(), named(&rates)].concat();
    Table::new(columns, lines, keys.len())
}

fn line(group: &Group, members: &[&Treatment], person_years: Option<f64>) -> Line {
    let persons: BTreeSet<_> = members.iter().map(|treatment| (&treatment.region, &treatment.person)).collect();
    let completed = members.iter().filter(|treatment| treatment.completed()).count();
    let (low, high) = garwood(members.len());
    let per_thousand = |count: f64| Some(1000.0 * quotient(count, person_years?)?);
    let mut line = Line::new(&group.cells());
    line.count(members.len());
    line.count(persons.len());
    line.count(completed);
    line.count(members.len() - completed);
    line.share(Some(Share { n: completed, d: members.len() }));
    line.figure(person_years);
    line.figure(per_thousand(members.len() as f64));
    line.figure(per_thousand(low));
    line.figure(per_thousand(high));
    line
}

/// Inhabitants of a region or, for `ALL`, of all regions; a missing year takes the region's nearest earlier, else its
/// earliest.
fn inhabitants(populations: &[Population], region: &str, wanted: u16) -> Option<f64> {
    let mut known: BTreeMap<&str, BTreeMap<u16, f64>> = BTreeMap::new();
    for population in populations.iter().filter(|population| region == ALL || population.region == region) {
        known.entry(&population.region).or_default().insert(population.year, population.inhabitants);
    }
    let nearest = |years: &BTreeMap<u16, f64>| {
        years.range(..=wanted).next_back().or_else(|| years.iter().next()).map(|(_, &inhabitants)| inhabitants)
    };
    if known.is_empty() { None } else { known.values().map(nearest).sum() }
}

#[cfg(test)]
mod tests {
    use super::{Population, inhabitants};

    #[test]
    fn a_missing_year_takes_the_nearest_earlier_of_each_region() {
        let of = |region: &str, year, inhabitants| Population { region: region.to_owned(), year, inhabitants };
        let known = [of("01", 2018, 10.0), of("01", 2020, 12.0), of("09", 2020, 1.0)];
        assert_eq!(inhabitants(&known, "01", 2019), Some(10.0));
        assert_eq!(inhabitants(&known, "01", 2017), Some(10.0));
        assert_eq!(inhabitants(&known, "01", 2021), Some(12.0));
        assert_eq!(inhabitants(&known, "ALL", 2018), Some(11.0));
        assert_eq!(inhabitants(&known, "03", 2018), None);
    }
}
