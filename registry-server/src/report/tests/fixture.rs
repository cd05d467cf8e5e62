//! Reads a fixture, one line a score, into the facts that a store would yield.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use schemas::codelist::{CodeLists, Population};
use schemas::record::{Measurement, Status, Timepoint};

use crate::fact::{Facts, Names, OutcomeFact, TreatmentFact, UnitFact};
use crate::outcome;
use crate::report::{ParameterError, Parameters, Report, ReportData, build};

pub(super) type Line = HashMap<String, String>;

/// The lines of a CSV file below `tests/fixtures`, each by column name.
pub(super) fn lines(file: &str) -> Vec<Line> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "fixtures", file].iter().collect();
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|line| line.unwrap()).collect()
}

/// The facts of the fixture in a folder; geography as in the fixture, persons per sender.
pub(crate) fn facts(folder: &str) -> Facts {
    let mut by_treatment: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in lines(&format!("{folder}/treatments-long.csv")) {
        by_treatment.entry(line["treatment_id"].clone()).or_default().push(line);
    }
    let mut facts = Facts { populations: populations(folder), ..Facts::default() };
    let mut names = Names::default();
    let mut subjects = HashMap::new();
    let mut units: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for (row, lines) in (1..).zip(by_treatment.into_values()) {
        let line = &lines[0];
        let sender = names.share(&line["region"]);
        units.insert(line["unit"].clone(), Arc::clone(&sender));
        let next = subjects.len();
        let subject = *subjects.entry((line["region"].clone(), line["person"].clone())).or_insert(next);
        facts.treatments.push(treatment(row, i64::try_from(subject).unwrap(), line, &mut names));
        for scores in outcome::derive(&measurements(&lines)) {
            let instrument = names.share(&scores.instrument);
            facts.outcomes.extend(scores.pairs().map(|pair| OutcomeFact::new(row, &instrument, pair)));
        }
    }
    facts.units.extend(units.into_iter().map(|(unit, county)| UnitFact {
        sender: Arc::clone(&county),
        unit: names.share(&unit),
        name: names.share(&unit),
        county,
        care_level: None,
        ownership: None,
        successor: None,
    }));
    facts
}

/// A report over facts with the built-in lists.
pub(crate) fn report(facts: Facts, name: &str, parameters: &[(&str, &str)]) -> Report {
    tried(facts, name, parameters).unwrap()
}

/// The same, or why there is none.
pub(crate) fn tried(facts: Facts, name: &str, parameters: &[(&str, &str)]) -> Result<Report, ParameterError> {
    let lists = CodeLists::builtin();
    let data = ReportData {
        facts: facts.into(),
        lists: &lists,
        thresholds: lists.thresholds(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let parameters = Parameters::from_pairs(parameters.iter().copied()).unwrap();
    build(name.parse().unwrap(), &data, &parameters)
}

fn treatment(row: i64, subject: i64, line: &Line, names: &mut Names) -> TreatmentFact {
    TreatmentFact {
        row,
        subject,
        sender: names.share(&line["region"]),
        unit_start: names.share(&line["unit"]),
        unit_end: None,
        programme: names.share(&line["programme"]),
        programme_version: None,
        status: if line["status"] == "completed" { Status::Completed } else { Status::Discontinued },
        end_reason: None,
        started_on: line["started"].parse().unwrap(),
        ended_on: line["ended"].parse().unwrap(),
        sex: None,
        birth_year: line["birth_year"].parse().ok(),
        diagnosis: None,
    }
}

/// One answer a timepoint: the latest update, then the latest date, then the last text (the agent decides this before it sends).
pub(super) fn measurements(lines: &[Line]) -> Vec<Measurement> {
    let mut answers: BTreeMap<(&String, Timepoint), (&str, Date, &String)> = BTreeMap::new();
    for line in lines.iter().filter(|line| !line["instrument"].is_empty()) {
        let updated = line.get("updated_at").map_or("", String::as_str);
        let answer = (updated, line["date"].parse().unwrap(), &line["score"]);
        let known = answers.entry((&line["instrument"], line["timepoint"].parse().unwrap())).or_insert(answer);
        *known = answer.max(*known);
    }
    let measurement = |((instrument, timepoint), (_, answered_on, score)): ((&String, _), (&str, _, &String))| {
        Measurement { instrument: instrument.clone(), timepoint, answered_on, score: score.parse().unwrap() }
    };
    answers.into_iter().map(measurement).collect()
}

/// The fixture's populations.
pub(super) fn populations(folder: &str) -> Vec<Population> {
    let population = |line: Line| Population {
        region: line["region"].clone(),
        year: line["year"].parse().unwrap(),
        sex: None,
        age_from: None,
        age_to: None,
        population: line["population"].parse().unwrap(),
        valid_from: None,
        valid_to: None,
        successor: None,
    };
    lines(&format!("{folder}/populations.csv")).into_iter().map(population).collect()
}
