//! Statistics Sweden's population table as it is downloaded: region x age x sex, a column a year or a column that names the year.
//!
//! Promises: the layout is read off the headers; rows that sum others are left out, and kept only where the file has nothing finer; a
//! municipality, an unknown column and a figure that stands twice are refused with their place.

use std::collections::BTreeMap;

use schemas::codelist::{CodeListError, CodeLists, Population};
use schemas::record::Sex;

use super::cell::{self, Ages, Of};
use super::sheet::Sheet;

/// Where things stand.
struct Layout {
    region: usize,
    age: Option<usize>,
    sex: Option<usize>,
    years: Years,
}

/// Where the years stand.
enum Years {
    /// A column each.
    Across(Vec<(usize, i16)>),
    /// One column that names the year, and one with the count.
    Down {
        /// The year's.
        year: usize,
        /// The count's.
        count: usize,
    },
}

/// A figure with its place.
struct Found {
    line: u64,
    region: String,
    year: i16,
    sex: Of<Sex>,
    ages: Of<Ages>,
    population: u64,
}

/// The inhabitants of the regions in a table.
pub(super) fn populations(sheet: &Sheet, lists: &CodeLists) -> Result<Vec<Population>, CodeListError> {
    let layout = Layout::read(sheet)?;
    let mut found = Vec::new();
    for (line, values) in &sheet.lines {
        found.extend(layout.figures(sheet, lists, (*line, values))?);
    }
    let by_sex = found.iter().any(|found| matches!(found.sex, Of::One(_)));
    let by_age = found.iter().any(|found| matches!(found.ages, Of::One(_)));
    found.retain(|found| (found.sex != Of::Total || !by_sex) && (found.ages != Of::Total || !by_age));
    if found.is_empty() {
        return Err(sheet.fault(1, None, "the file holds no region's inhabitants"));
    }
    let mut rows = BTreeMap::new();
    for found in found {
        let line = found.line;
        let row = found.into_population();
        let key = (row.region.clone(), row.year, row.sex, row.age_from, row.age_to);
        if rows.insert(key, row).is_some() {
            return Err(sheet.fault(line, None, "the same region, year, sex and age stand in an earlier line"));
        }
    }
    Ok(rows.into_values().collect())
}

impl Layout {
    fn read(sheet: &Sheet) -> Result<Self, CodeListError> {
        let lower: Vec<String> = sheet.headers.iter().map(|header| header.to_lowercase()).collect();
        let place = |names: &[&str]| lower.iter().position(|header| names.contains(&header.as_str()));
        let (age, sex) = (place(&["ålder", "age"]), place(&["kön", "sex"]));
        let year = place(&["år", "year", "tid"]);
        let missing = "no column is called region; the file is Statistics Sweden's table with the columns region, ålder, kön and år, \
                       or has the columns region, year, sex, age_from, age_to and population";
        let region = place(&["region", "län"]).ok_or_else(|| sheet.fault(1, None, missing))?;
        let named = [Some(region), age, sex, year];
        let others: Vec<usize> = (0..lower.len()).filter(|place| !named.contains(&Some(*place))).collect();
        let across = || -> Result<Vec<(usize, i16)>, CodeListError> {
            let year = |place: &usize| Some((*place, cell::year(&sheet.headers[*place])?));
            let unknown = "is not known; download the table with region, ålder, kön and år alone";
            others.iter().map(|place| year(place).ok_or_else(|| sheet.fault(1, Some(*place), unknown))).collect()
        };
        let years = match (year, others.as_slice()) {
            (_, []) => return Err(sheet.fault(1, None, "no column holds inhabitants")),
            (Some(year), [count]) => Years::Down { year, count: *count },
            (Some(_), [_, unknown, ..]) => {
                return Err(sheet.fault(
                    1,
                    Some(*unknown),
                    "is one column too many; beside år there is one with inhabitants",
                ));
            }
            (None, _) => Years::Across(across()?),
        };
        Ok(Self { region, age, sex, years })
    }

    /// The figures of one line; none of a line that sums regions.
    fn figures(
        &self,
        sheet: &Sheet,
        lists: &CodeLists,
        (line, values): (u64, &[String]),
    ) -> Result<Vec<Found>, CodeListError> {
        let fault = |place: usize| move |message: &'static str| sheet.fault(line, Some(place), message);
        let Of::One(region) = cell::region(&values[self.region], lists).map_err(fault(self.region))? else {
            return Ok(Vec::new());
        };
        let sex = self.sex.map_or(Ok(Of::Total), |place| cell::sex(&values[place]).map_err(fault(place)))?;
        let ages = self.age.map_or(Ok(Of::Total), |place| cell::ages(&values[place]).map_err(fault(place)))?;
        let figures = match &self.years {
            Years::Across(years) => years.clone(),
            Years::Down { year, count } => {
                let named = cell::year(&values[*year]).ok_or("is no calendar year with four digits");
                vec![(*count, named.map_err(fault(*year))?)]
            }
        };
        let mut found = Vec::new();
        for (place, year) in figures {
            let population = cell::count(&values[place]).map_err(fault(place))?;
            let (region, sex, ages) = (region.clone(), sex.clone(), ages.clone());
            found.push(Found { line, region, year, sex, ages, population });
        }
        Ok(found)
    }
}

impl Found {
    fn into_population(self) -> Population {
        let Self { region, year, sex, ages, population, .. } = self;
        let (age_from, age_to) = match ages {
            Of::One((from, to)) => (Some(from), to),
            Of::Total => (None, None),
        };
        let sex = match sex {
            Of::One(sex) => Some(sex),
            Of::Total => None,
        };
        Population {
            region,
            year,
            sex,
            age_from,
            age_to,
            population,
            valid_from: None,
            valid_to: None,
            successor: None,
        }
    }
}
