//! Inhabitants and person-years, the denominators of rates.
//!
//! Promises: a missing year takes the nearest earlier, else the earliest, and says so; a population that the figures do not give,
//! also not as a sum of ages or of both sexes, is undefined, never a guess; a region that is gone has inhabitants no more, and they
//! are its successor's where successors are followed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemas::codelist::{CodeLists, Population};
use schemas::record::Sex;

use super::period::YearMonths;
use super::plan::Follow;
use super::structure::region_now;

/// Which inhabitants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Who {
    /// One sex, or both.
    pub sex: Option<Sex>,
    /// First and last age in years, included; no last age means no upper end.
    pub ages: Option<(u8, Option<u8>)>,
}

/// Person-years and the years whose population stood in for another's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonYears {
    /// Inhabitants x years.
    pub years: f64,
    /// The year asked for and the one taken.
    pub stand_ins: Vec<(i16, i16)>,
    /// The years that were taken from the code list.
    pub shipped: BTreeSet<i16>,
}

/// The figures of every region, by year.
#[derive(Debug)]
pub struct Inhabitants<'a> {
    regions: BTreeMap<&'a str, BTreeMap<i16, Vec<&'a Population>>>,
    official: BTreeSet<&'a str>,
    lists: &'a CodeLists,
    follow: Follow,
}

impl<'a> Inhabitants<'a> {
    /// The imported figures. The code list's stand in only for regions of which nothing was imported, so that an official series is
    /// never mixed with the list's single year.
    #[must_use]
    pub fn new(lists: &'a CodeLists, imported: &'a [Population]) -> Self {
        let mut lines: BTreeMap<_, &Population> = BTreeMap::new();
        let official: BTreeSet<&str> = imported.iter().map(|line| &*line.region).collect();
        let built_in = lists.populations().filter(|line| !official.contains(line.region.as_str()));
        for line in built_in.chain(imported) {
            lines.insert((&*line.region, line.year, line.sex, line.age_from, line.age_to), line);
        }
        let mut regions: BTreeMap<&str, BTreeMap<i16, Vec<&Population>>> = BTreeMap::new();
        for ((region, year, ..), line) in lines {
            regions.entry(region).or_default().entry(year).or_default().push(line);
        }
        Self { regions, official, lists, follow: Follow::AsWas }
    }

    /// The same, where the successors of regions take over their inhabitants, or not.
    #[must_use]
    pub fn following(self, follow: Follow) -> Self {
        Self { follow, ..self }
    }

    /// Person-years over some months: of one region, or of all that have figures. `None` where a population is not known.
    #[must_use]
    pub fn person_years(&self, region: Option<&str>, months: &YearMonths, who: Who) -> Option<PersonYears> {
        let of_region = |known: &&str| match self.follow {
            _ if region.is_none() => true,
            Follow::AsWas => region == Some(known),
            Follow::Current => region == Some(region_now(self.lists, known)),
        };
        let mut regions = self.regions.iter().filter(|(known, _)| of_region(known)).peekable();
        regions.peek()?;
        let (mut person_months, mut stand_ins, mut shipped) = (0, Vec::new(), BTreeSet::new());
        for (region, years) in regions {
            for (wanted, count) in months.iter().filter(|(year, _)| self.lives_on(region, *year)) {
                let (inhabitants, taken) = nearest(years, *wanted, who)?;
                person_months += inhabitants * u64::from(*count);
                if !self.official.contains(region) {
                    shipped.insert(taken);
                }
                if taken != *wanted {
                    stand_ins.push((*wanted, taken));
                }
            }
        }
        Some(PersonYears { years: person_months as f64 / 12.0, stand_ins, shipped })
    }

    /// Whether a region is in use in the last month of a year, at the end of which inhabitants are counted.
    fn lives_on(&self, region: &str, year: i16) -> bool {
        let Some(known) = self.lists.region(region) else { return true };
        let last = (year, 12);
        let month = |day: Date| (day.year(), day.month());
        known.valid_from.is_none_or(|from| month(from) <= last) && known.valid_to.is_none_or(|to| last <= month(to))
    }
}

fn nearest(years: &BTreeMap<i16, Vec<&Population>>, wanted: i16, who: Who) -> Option<(u64, i16)> {
    let earlier = years.range(..=wanted).rev();
    let later = years.range(wanted..);
    earlier.chain(later).find_map(|(year, lines)| Some((count(lines, who)?, *year)))
}

/// The figure for both sexes together where there is one, else the sum of women and men.
fn count(lines: &[&Population], who: Who) -> Option<u64> {
    let of_sex = |sex| {
        let of_sex: Vec<&Population> = lines.iter().copied().filter(|line| line.sex == sex).collect();
        count_ages(&of_sex, who)
    };
    match who.sex {
        Some(sex) => of_sex(Some(sex)),
        None => of_sex(None).or_else(|| Some(of_sex(Some(Sex::F))? + of_sex(Some(Sex::M))?)),
    }
}

/// The figure for all ages where it is asked for and there is one, else the sum of spans that fill the ages without gap or overlap.
fn count_ages(lines: &[&Population], who: Who) -> Option<u64> {
    let whole = lines.iter().find(|line| line.age_from.is_none() && line.age_to.is_none());
    if let (None, Some(whole)) = (who.ages, whole) {
        return Some(whole.population);
    }
    let (mut next, last) = who.ages.unwrap_or((0, None));
    let end = |line: &Population| line.age_to.unwrap_or(u8::MAX);
    let mut sum = 0;
    loop {
        let starts_here =
            lines.iter().filter(|line| line.age_from.unwrap_or(0) == next && end(line) <= last.unwrap_or(u8::MAX));
        let narrowest = starts_here.min_by_key(|line| end(line))?;
        sum += narrowest.population;
        if end(narrowest) == last.unwrap_or(u8::MAX) {
            return Some(sum);
        }
        next = end(narrowest).checked_add(1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(year: i16, sex: Option<Sex>, ages: (Option<u8>, Option<u8>), population: u64) -> Population {
        Population {
            region: "01".to_owned(),
            year,
            sex,
            age_from: ages.0,
            age_to: ages.1,
            population,
            valid_from: None,
            valid_to: None,
            successor: None,
        }
    }

    fn years(lines: &[Population], months: &YearMonths, who: Who) -> Option<PersonYears> {
        let lists = CodeLists::builtin();
        Inhabitants::new(&lists, lines).person_years(Some("01"), months, who)
    }

    #[test]
    fn a_missing_year_takes_the_nearest_earlier_else_the_earliest() {
        let lines = [line(2015, None, (None, None), 1200), line(2018, None, (None, None), 2400)];
        for (wanted, inhabitants, taken) in [(2014, 1200.0, 2015), (2017, 1200.0, 2015), (2019, 2400.0, 2018)] {
            let found = years(&lines, &vec![(wanted, 12)], Who::default()).unwrap();
            assert_eq!(
                found,
                PersonYears { years: inhabitants, stand_ins: vec![(wanted, taken)], ..PersonYears::default() }
            );
        }
        let quarter = years(&lines, &vec![(2015, 3)], Who::default()).unwrap();
        assert_eq!(quarter, PersonYears { years: 300.0, ..PersonYears::default() });
    }

    #[test]
    fn a_span_of_ages_is_summed_from_narrower_ones_of_both_sexes() {
        let mut lines = Vec::new();
        for sex in [Some(Sex::F), Some(Sex::M)] {
            lines.push(line(2015, sex, (Some(0), Some(17)), 10));
            lines.push(line(2015, sex, (Some(18), Some(20)), 20));
            lines.push(line(2015, sex, (Some(21), Some(24)), 30));
            lines.push(line(2015, sex, (Some(25), None), 40));
        }
        let count = |sex, ages| years(&lines, &vec![(2015, 12)], Who { sex, ages }).map(|found| found.years);
        assert_eq!(count(None, Some((18, Some(24)))), Some(100.0));
        assert_eq!(count(Some(Sex::F), Some((25, None))), Some(40.0));
        assert_eq!(count(Some(Sex::M), None), Some(100.0));
        assert_eq!(count(None, Some((25, Some(34)))), None, "the figures end in one open span");
    }

    #[test]
    fn an_imported_series_stands_alone_and_the_lists_year_only_where_nothing_was_imported() {
        let lists = CodeLists::builtin();
        let of = |lines: &[Population], year| {
            Inhabitants::new(&lists, lines).person_years(Some("01"), &vec![(year, 12)], Who::default()).unwrap().years
        };
        let shipped = of(&[], 2021);
        assert!(shipped > 2_000_000.0);
        let imported = [line(2018, None, (None, None), 7)];
        let replaced = of(&[line(2021, None, (None, None), 8)], 2021);
        assert_eq!((of(&imported, 2021), of(&imported, 2018), replaced), (7.0, 7.0, 8.0));
    }

    #[test]
    fn who_lived_in_a_region_that_is_gone_counts_for_its_successor_until_that_counts_them() {
        let gone = "code,letter,name,organisation_number,population_2021,aliases,valid_from,valid_to,successor\n\
                    12,M,Region Skåne,232100-0255,1402425,,,2023-12-31,01\n";
        let list = schemas::codelist::ListName::Regions;
        let addition = schemas::codelist::Addition { list, file: "local.csv".to_owned(), text: gone.to_owned() };
        let lists = CodeLists::builtin().with_additions(&[addition]).unwrap();
        let of = |region: &str, year, population| Population {
            region: region.to_owned(),
            ..line(year, None, (None, None), population)
        };
        let lines = [of("01", 2023, 10), of("12", 2023, 7), of("01", 2024, 18)];
        let lived = |follow, (region, year)| {
            let inhabitants = Inhabitants::new(&lists, &lines).following(follow);
            inhabitants.person_years(Some(region), &vec![(year, 12)], Who::default()).map(|found| found.years)
        };
        for (follow, expected) in [
            (Follow::AsWas, [Some(10.0), Some(18.0), Some(7.0), Some(0.0)]),
            (Follow::Current, [Some(17.0), Some(18.0), None, None]),
        ] {
            let found = [("01", 2023), ("01", 2024), ("12", 2023), ("12", 2024)].map(|asked| lived(follow, asked));
            assert_eq!(found, expected, "{follow}");
        }
    }

    #[test]
    fn a_region_without_figures_has_no_person_years() {
        let lists = CodeLists::builtin();
        assert_eq!(
            Inhabitants::new(&lists, &[]).person_years(Some("unknown"), &vec![(2021, 12)], Who::default()),
            None
        );
    }
}
