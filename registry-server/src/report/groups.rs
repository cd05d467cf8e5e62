//! Report `groups`: treatments, persons, completion, and treatments per inhabitants.
//!
//! Promises: by region, every region of the code list has a row for every printed period, also those with nothing; a rate stands
//! only where the group's inhabitants are known. The figures are defined in `indicator`.

use std::collections::HashSet;
use std::sync::Arc;

use schemas::codelist::CodeLists;

use super::figure::{Figure, share, share_columns};
use super::persons::ONCE_PER_SENDER;
use super::region_rows::kept_regions;
use super::residents::Residents;
use super::{Definition, ParameterError, ReportData, Table, Text, audience, grouping_columns, notes};
use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::Plan;
use crate::aggregate::tally::{Persons, Tallies, Tally};
use crate::aggregate::{ALL, Grouping};
use crate::indicator::rate::rate;
use crate::indicator::share::Share;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "groups",
    version: 1,
    meaning: Text::fixed(
        "Hur många behandlingar och personer det var, hur många behandlingar som fullföljdes och hur många det var per 1000 \
         invånare och år.",
        "How many treatments and persons there were, how many treatments were completed, and how many there were per 1000 \
         inhabitants and year.",
    ),
    needs: &[],
    on_screen: &[
        "n_started",
        "n_persons",
        "n_completed",
        "n_discontinued",
        "completed_p",
        "completed_lo",
        "completed_hi",
        "rate_per_1000",
        "rate_lo",
        "rate_hi",
    ],
    build,
};

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let tallies = Tallies::new(&data.facts, &grouping);
    let persons = Persons::new(&data.facts, &grouping);
    let mut rates =
        Rates { residents: Residents::new(data).following(plan.structure), plan: &plan, grouping: &grouping };
    let mut rows = Vec::new();
    let mut printed = HashSet::new();
    for group in &grouping.groups {
        let texts = grouping.texts(group);
        rows.push(rates.row(&texts, grouping.period(group), (tallies.of(group), persons.of(group))));
        printed.insert(texts);
    }
    for (texts, period) in region_rows(&plan, &grouping, data.lists) {
        if !printed.contains(&texts) {
            rows.push(rates.row(&texts, period, (Tally::default(), 0)));
        }
    }
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    columns.extend(["n_started", "n_persons", "n_completed", "n_discontinued"].map(str::to_owned));
    columns.extend(share_columns("completed"));
    columns.extend(["person_years", "rate_per_1000", "rate_lo", "rate_hi"].map(str::to_owned));
    let mut notes = audience::exact(parameters, || notes::selection(&plan, &grouping));
    notes.push(ONCE_PER_SENDER);
    notes.extend(rates.residents.notes());
    Ok(Table { columns, keys, rows, notes })
}

/// The texts of a region row, and its period.
type RegionRow = (Vec<Arc<str>>, Option<i32>);

/// Every region, and the country, in every printed period; all other dimensions summed over.
fn region_rows(plan: &Plan, grouping: &Grouping, lists: &CodeLists) -> Vec<RegionRow> {
    let Some(place) = plan.by.iter().position(|dimension| *dimension == Dimension::Region) else { return Vec::new() };
    let all: Arc<str> = Arc::from(ALL);
    let regions: Vec<Arc<str>> = kept_regions(&plan.only, lists).map(Arc::from).chain([Arc::clone(&all)]).collect();
    let periods = grouping.periods().iter().copied().map(Some).chain([None]);
    periods
        .flat_map(|period| {
            let label: Arc<str> =
                period.map_or_else(|| Arc::clone(&all), |ordinal| Arc::from(plan.period.label(ordinal)));
            let mut total = vec![Arc::clone(&all); plan.by.len() + 1];
            total[0] = label;
            regions.iter().map(move |region| {
                let mut texts = total.clone();
                texts[place + 1] = Arc::clone(region);
                (texts, period)
            })
        })
        .collect()
}

/// What a row's rate is made from.
struct Rates<'a> {
    residents: Residents<'a>,
    plan: &'a Plan,
    grouping: &'a Grouping,
}

impl Rates<'_> {
    fn row(&mut self, texts: &[Arc<str>], period: Option<i32>, (tally, persons): (Tally, u64)) -> Vec<Figure> {
        let Tally { started, completed } = tally;
        let mut row: Vec<Figure> = texts.iter().map(Figure::from).collect();
        row.extend([started, persons, completed, started - completed].map(Figure::Count));
        row.extend(share(Some(Share { n: completed, d: started })));
        let years = self.person_years(&texts[1..], period);
        let rate = years.and_then(|years| rate(started, years));
        row.extend([
            Figure::from(years),
            rate.map(|rate| rate.per_1000).into(),
            rate.map(|rate| rate.low).into(),
            rate.map(|rate| rate.high).into(),
        ]);
        row
    }

    fn person_years(&mut self, labels: &[Arc<str>], period: Option<i32>) -> Option<f64> {
        let group = self.residents.group(self.plan, labels)?;
        let months = self.plan.period.year_months(period, &self.grouping.years);
        self.residents.person_years(group, &months)
    }
}
