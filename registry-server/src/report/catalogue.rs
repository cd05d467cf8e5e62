//! Report `catalogue`: which programmes are used where, at which kind of unit.
//!
//! Promises: only programmes with a treatment in the selection have a row; always by region, programme and care level, with every total;
//! every region has a row. Versions are those that treatments name, aliases those of the code list.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use schemas::codelist::{CodeLists, Programme, ProgrammeKind};

use super::figure::Figure;
use super::region_rows::region_rows;
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::crossing::Crossing;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::plan::Plan;
use crate::aggregate::sieve::Sieve;
use crate::aggregate::structure::Structure;
use crate::aggregate::{ALL, UNKNOWN};
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "catalogue",
    version: 1,
    meaning: Text::fixed(
        "Vilka behandlingsprogram som används i varje region, vid vilket slags enhet, sedan när och i vilka versioner.",
        "Which treatment programmes are used in each region, at which kind of unit, since when and in which versions.",
    ),
    needs: &[],
    on_screen: &["units", "n_started", "first_month", "last_month", "versions", "supplier"],
    build,
};

const KEYS: [&str; 4] = ["period", "region", "programme", "care_level"];
const BY: [Dimension; 3] = [Dimension::Region, Dimension::Programme, Dimension::CareLevel];
const COLUMNS: [&str; 8] =
    ["units", "n_started", "first_month", "last_month", "versions", "aliases", "supplier", "kind"];

/// What is used in a row.
#[derive(Debug, Default)]
struct Use<'a> {
    units: BTreeSet<&'a str>,
    treatments: u64,
    span: Option<(Date, Date)>,
    versions: BTreeSet<&'a str>,
}

/// Period, region, programme, care level, unit and version of some treatments.
type Cell<'a> = (i32, [&'a str; 4], Option<&'a str>);

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let mut uses: Crossing<Use> = Crossing::default();
    for ((period, [region, programme, care_level, unit], version), (n, (first, last))) in cells(data, &plan) {
        let period = plan.period.label(period);
        uses.add(&[Some(&period), Some(region), Some(programme), Some(care_level)], |row| {
            row.units.insert(unit);
            row.treatments += n;
            row.span = Some(row.span.map_or((first, last), |(early, late)| (early.min(first), late.max(last))));
            row.versions.extend(version);
        });
    }
    let found: BTreeMap<&Vec<Arc<str>>, &Use> = uses.rows().collect();
    let mut labels: BTreeSet<Vec<Arc<str>>> = found.keys().map(|labels| (*labels).clone()).collect();
    labels.extend(region_rows((&BY, &plan.only), data.lists, &labels));
    let nothing = Use::default();
    let rows = labels.iter().map(|labels| row(labels, found.get(labels).copied().unwrap_or(&nothing), data.lists));
    let columns = KEYS.iter().chain(&COLUMNS).map(|name| (*name).to_owned()).collect();
    let notes = vec![Text::fixed(
        "Alltid per region, program och vårdnivå. Tomma versioner betyder att källan inte anger någon; alias kommer från kodlistan.",
        "Always by region, programme and care level. No version means that the source names none; aliases are those of the code list.",
    )];
    Ok(Table { columns, keys: KEYS.len(), rows: rows.collect(), notes })
}

/// Treatments that differ in nothing that is shown, with how many they are and their first and last day.
fn cells<'a>(data: &'a ReportData, plan: &Plan) -> HashMap<Cell<'a>, (u64, (Date, Date))> {
    let structure = Structure::new(&data.facts, data.lists, plan);
    let mut cells: HashMap<Cell, (u64, (Date, Date))> = HashMap::new();
    let sieve = Sieve::new(&data.facts, data.lists, plan);
    let treatments = data.facts.treatments.iter().enumerate();
    for (_, treatment) in treatments.filter(|(index, treatment)| sieve.takes(*index, treatment)) {
        let day = plan.cohort.date(treatment);
        let Some(period) = plan.period_of(day) else { continue };
        let place = structure.place(treatment);
        let texts = [
            place.region.unwrap_or(UNKNOWN),
            structure.programme(treatment),
            place.care_level.unwrap_or(UNKNOWN),
            place.unit,
        ];
        let cell = cells.entry((period, texts, treatment.programme_version.as_deref())).or_insert((0, (day, day)));
        let (n, (first, last)) = *cell;
        *cell = (n + 1, (first.min(day), last.max(day)));
    }
    cells
}

fn row(labels: &[Arc<str>], used: &Use, lists: &CodeLists) -> Vec<Figure> {
    let month =
        |day: Option<Date>| day.map_or(Figure::Undefined, |day| Figure::text(day.strftime("%Y-%m").to_string()));
    // Versions of different programmes have nothing to do with each other.
    let one = &*labels[2] != ALL;
    let versions = one.then(|| used.versions.iter().copied().collect::<Vec<_>>().join("; "));
    let programme = lists.programme(&labels[2]);
    let mut row: Vec<Figure> = labels.iter().map(Figure::from).collect();
    row.extend([used.units.len() as u64, used.treatments].map(Figure::Count));
    row.extend([month(used.span.map(|(first, _)| first)), month(used.span.map(|(_, last)| last))]);
    row.extend([
        text(versions),
        text(programme.map(|programme| programme.aliases.join("; "))),
        text(programme.and_then(|programme| programme.supplier.clone())),
        text(programme.map(|programme| kind(programme).to_owned())),
    ]);
    row
}

fn text(text: Option<String>) -> Figure {
    text.filter(|text| !text.is_empty()).map_or(Figure::Undefined, Figure::text)
}

fn kind(programme: &Programme) -> &'static str {
    match programme.kind {
        ProgrammeKind::Treatment => "treatment",
        ProgrammeKind::Support => "support",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Facts, TreatmentFact, UnitFact};
    use crate::report::tests::invented::{ended, figures_of, report, unit};

    /// Two treatments of Sovhjälpen at a primary care unit, one at one that was never described.
    fn made(choice: &[(&str, &str)]) -> crate::report::Report {
        let sleep = |row, day, unit: &str, version: Option<&str>| TreatmentFact {
            programme: Arc::from("sovhjalpen"),
            unit_start: Arc::from(unit),
            programme_version: version.map(Arc::from),
            ..ended(row, "12", day)
        };
        let described = UnitFact { care_level: Some(Arc::from("primary")), ..unit("12", "A", None) };
        let treatments = vec![
            sleep(1, "2024-02-05", "A", Some("2.0")),
            sleep(2, "2024-05-20", "A", Some("1.0")),
            sleep(3, "2023-12-31", "B", None),
        ];
        report(Facts { treatments, units: vec![described], ..Facts::default() }, "catalogue", choice)
    }

    #[test]
    fn the_worked_example_tells_units_treatments_months_and_versions() {
        let made = made(&[]);
        let row = figures_of(&made, &["ALL", "12", "sovhjalpen", "primary"]);
        let of = |column: &str| row[column].clone();
        assert_eq!(["units", "n_started"].map(of), [1, 2].map(Figure::Count));
        assert_eq!(
            ["first_month", "last_month", "versions", "aliases", "supplier", "kind"].map(of),
            ["2024-02", "2024-05", "1.0; 2.0", "Sömnhjälpen", "Psykologpartners", "treatment"].map(Figure::text)
        );
        let total = figures_of(&made, &["ALL", "ALL", "ALL", "ALL"]);
        let of = |column: &str| total[column].clone();
        assert_eq!(["units", "n_started", "versions"].map(of), [Figure::Count(2), Figure::Count(3), Figure::Undefined]);
    }

    #[test]
    fn a_region_without_any_programme_has_one_row_and_a_programme_without_treatments_none() {
        let made = made(&[("from", "2024-01-01")]);
        let empty = figures_of(&made, &["ALL", "01", "ALL", "ALL"]);
        assert_eq!((empty["n_started"].clone(), empty["first_month"].clone()), (Figure::Count(0), Figure::Undefined));
        let programmes: BTreeSet<String> = made.rows.iter().map(|row| format!("{:?}", row[2])).collect();
        assert_eq!(programmes.len(), 2, "{programmes:?}");
        assert!(made.rows.iter().all(|row| row[3] != Figure::text(UNKNOWN)), "the unit B ended before");
    }
}
