//! Report `rates`: treatments per 1000 inhabitants, three years side by side.
//!
//! Promises: only whole calendar years that have ended are compared; a year of which the selection leaves days out is empty; every region
//! of the code list has a row; the highest and lowest are named, never numbered.

/// Which years stand side by side.
mod years;
/// The highest and the lowest rate, in words.
mod extremes;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::figure::Figure;
use super::region_rows::region_rows;
use super::residents::{Group, Residents};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::dimension::{Dimension, age};
use crate::aggregate::plan::Plan;
use crate::aggregate::sum::{Count, Sums};
use crate::aggregate::{ALL, Grouping, UNKNOWN};
use crate::indicator::growth::growth;
use crate::indicator::rate::{Rate, rate};
use crate::report::parameters::Parameters;
use years::Years;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "rates",
    version: 1,
    meaning: Text::fixed(
        "Hur många behandlingar det var per 1000 invånare, tre hela år bredvid varandra. Talet visar inte behovet.",
        "How many treatments there were per 1000 inhabitants, three whole years side by side. The rate does not show the need.",
    ),
    needs: &[],
    on_screen: &[
        "n_first",
        "n_middle",
        "n_last",
        "rate_first",
        "rate_middle",
        "rate_last",
        "rate_lo_last",
        "rate_hi_last",
        "change_n",
        "change_rate",
    ],
    build,
};

/// The ages that the rehabilitation guarantee was for, and its access measure.
const SPAN: (u8, u8) = (16, 67);
/// What rows of that span are called.
const SPAN_NAME: &str = "16-67";
/// What rows of everybody are called.
const EVERYBODY: &str = "all";

/// What a year's columns are called.
const PLACES: [&str; 3] = ["first", "middle", "last"];

/// What stands of each year, and where its rate does.
const OF_A_YEAR: [&str; 6] = ["year", "n", "person_years", "rate", "rate_lo", "rate_hi"];
const RATE: usize = 3;

/// Treatments of each year: of everybody, and of the span.
#[derive(Debug, Clone, Copy, Default)]
struct Counts([[u64; 2]; 3]);

impl Count for Counts {
    fn add(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *own += other;
        }
    }
}

/// A year's figures of one row.
struct Year {
    n: u64,
    person_years: Option<f64>,
    rate: Option<Rate>,
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let asked = parameters.plan(notes::day(data));
    let years = Years::choose(data, &asked);
    let plan = years.only(&asked);
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let sums = Sums::new(&data.facts, &grouping, |counts: &mut Counts, treatment| {
        let Some(place) = years.place(plan.cohort.date(treatment)) else { return };
        let inside = age(treatment).is_some_and(|age| (u16::from(SPAN.0)..=u16::from(SPAN.1)).contains(&age));
        counts.0[place][0] += 1;
        counts.0[place][1] += u64::from(inside);
    });
    let mut found: Vec<(Vec<Arc<str>>, Counts)> =
        grouping.groups.iter().map(|group| (grouping.texts(group), sums.of(group))).collect();
    let printed: BTreeSet<Vec<Arc<str>>> = found.iter().map(|(texts, _)| texts.clone()).collect();
    let missing =
        region_rows((&plan.by, &plan.only), data.lists, &printed).into_iter().filter(|texts| !printed.contains(texts));
    found.extend(missing.map(|texts| (texts, Counts::default())));

    let mut rates = Rates {
        residents: Residents::new(data).following(plan.structure),
        plan: &plan,
        years: &years,
        rows: Vec::new(),
        regions: Default::default(),
    };
    for (texts, counts) in &found {
        rates.rows_of(&texts[1..], counts);
    }
    rates.check()?;
    let mut columns = grouping_columns(parameters, &["ages"]);
    let keys = columns.len();
    for place in PLACES {
        columns.extend(OF_A_YEAR.map(|name| format!("{name}_{place}")));
    }
    columns.extend(["change_n", "change_rate"].map(str::to_owned));
    let mut notes = notes::selection(&plan, &grouping);
    notes.extend(years.notes());
    let [everybody, span] = &rates.regions;
    // The span is what the measure is defined for, once its inhabitants are known everywhere.
    let (ages, regions) = if span.len() < everybody.len() { (EVERYBODY, everybody) } else { (SPAN_NAME, span) };
    notes.extend(extremes::note(data.lists, (years.last(), ages), regions));
    notes.extend(rates.residents.notes());
    if !rates.rows.is_empty() && !rates.rows.iter().any(|row| row[keys - 1] == Figure::text(SPAN_NAME)) {
        notes.push(Text::fixed(
            "Åldrarna 16-67 år kan inte visas: invånarna är inte inlästa per ettårsklass (population import).",
            "The ages 16-67 cannot be shown: inhabitants were not imported by single years of age (population import).",
        ));
    }
    Ok(Table { columns, keys, rows: rates.rows, notes })
}

/// The treatments that the report takes of what was asked for.
pub(super) fn selection(data: &ReportData, asked: &Plan) -> Plan {
    Years::choose(data, asked).only(asked)
}

/// The rows in the making, and the last year's rate of every region: of everybody, and of the span.
struct Rates<'a> {
    residents: Residents<'a>,
    plan: &'a Plan,
    years: &'a Years,
    rows: Vec<Vec<Figure>>,
    regions: [Vec<(String, u64, Rate)>; 2],
}

impl Rates<'_> {
    /// The row of everybody, and that of the span where its inhabitants are known.
    fn rows_of(&mut self, labels: &[Arc<str>], counts: &Counts) {
        let group = self.residents.group(self.plan, labels);
        let everybody = self.years_of(group, counts, 0);
        self.push(labels, EVERYBODY, &everybody);
        self.remember(labels, &everybody, 0);
        let span = group.filter(|group| group.who.ages.is_none()).map(|group| {
            let who = crate::aggregate::population::Who { ages: Some((SPAN.0, Some(SPAN.1))), ..group.who };
            self.years_of(Some(Group { who, ..group }), counts, 1)
        });
        if let Some(span) = span.filter(|years| years.iter().flatten().any(|year| year.rate.is_some())) {
            self.push(labels, SPAN_NAME, &span);
            self.remember(labels, &span, 1);
        }
    }

    /// Refuses a split by sex or age that gives no rate at all, because nobody told how many inhabitants it divides.
    fn check(&self) -> Result<(), ParameterError> {
        let splits = [Dimension::Sex, Dimension::AgeGroup];
        for (place, split) in (1..).zip(&self.plan.by).filter(|(_, split)| splits.contains(split)) {
            let group = |row: &&Vec<Figure>| !row[place].is_sum() && row[place] != Figure::text(UNKNOWN);
            let is_rate = |year: &[Figure]| matches!(year[RATE], Figure::Number(_));
            let has_rate = |row: &Vec<Figure>| row[self.plan.by.len() + 2..].chunks_exact(OF_A_YEAR.len()).any(is_rate);
            let mut groups = self.rows.iter().filter(group).peekable();
            if groups.peek().is_some() && !groups.any(has_rate) {
                return Err(ParameterError::NoInhabitants(*split));
            }
        }
        Ok(())
    }

    /// Keeps the last year's rate of a region.
    fn remember(&mut self, labels: &[Arc<str>], years: &[Option<Year>; 3], ages: usize) {
        if let Some(code) = self.region_alone(labels)
            && let Some((n, rate)) = years[2].as_ref().and_then(|year| Some((year.n, year.rate?)))
        {
            self.regions[ages].push((code.to_owned(), n, rate));
        }
    }

    fn years_of(&mut self, group: Option<Group<'_>>, counts: &Counts, ages: usize) -> [Option<Year>; 3] {
        std::array::from_fn(|place| {
            let year = self.years.whole(place)?;
            let n = counts.0[place][ages];
            let person_years = group.and_then(|group| self.residents.person_years(group, &vec![(year, 12)]));
            Some(Year { n, person_years, rate: person_years.and_then(|years| rate(n, years)) })
        })
    }

    /// The region of a row that sums over everything else.
    fn region_alone<'l>(&self, labels: &'l [Arc<str>]) -> Option<&'l str> {
        let mut narrowed = self.plan.by.iter().zip(labels).filter(|(_, label)| &***label != ALL);
        match (narrowed.next(), narrowed.next()) {
            (Some((Dimension::Region, label)), None) => Some(label),
            _ => None,
        }
    }

    fn push(&mut self, labels: &[Arc<str>], ages: &str, years: &[Option<Year>; 3]) {
        let mut row = vec![Figure::text(self.years.label())];
        row.extend(labels.iter().map(Figure::from));
        row.push(Figure::text(ages));
        for (place, year) in years.iter().enumerate() {
            row.push(Figure::text(self.years.number(place).to_string()));
            let rate = year.as_ref().and_then(|year| year.rate);
            row.extend([
                year.as_ref().map_or(Figure::Undefined, |year| Figure::Count(year.n)),
                year.as_ref().and_then(|year| year.person_years).into(),
                rate.map(|rate| rate.per_1000).into(),
                rate.map(|rate| rate.low).into(),
                rate.map(|rate| rate.high).into(),
            ]);
        }
        let [first, _, last] = years;
        let both = first.as_ref().zip(last.as_ref());
        let rates = both.and_then(|(first, last)| first.rate.zip(last.rate));
        row.push(both.and_then(|(first, last)| growth(first.n as f64, last.n as f64)).into());
        row.push(rates.and_then(|(first, last)| growth(first.per_1000, last.per_1000)).into());
        self.rows.push(row);
    }
}

#[cfg(test)]
mod tests;
