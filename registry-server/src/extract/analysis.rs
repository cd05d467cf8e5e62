//! The statistician's file: one row a treatment and one a score, for analyses that no table answers.
//!
//! Promises: ids are drawn anew for each file, so that no id leads from one file to another or to the
//! register, while rows whose months and scores are rare can still be told again: it stays with staff, for thirty days; no pseudonym, no record key,
//! no unit's name, no day and no year of birth stand in it: days are months, ages are the register's bands; rows are in the order of the
//! drawn ids, which tells nothing. Must not know: who asks, whether they may.

use std::collections::{BTreeMap, BTreeSet};

use schemas::canonical::sha256_hex;
use schemas::codelist::CodeLists;
use schemas::record::Status;

use super::package::parquet;
use crate::aggregate::dimension::{Dimension, Traits};
use crate::aggregate::plan::Attribution;
use crate::aggregate::structure::Structure;
use crate::fact::{Facts, OutcomeFact, TreatmentFact};
use crate::outcome::Comparison;
use crate::report::render::harmless;

/// Columns of treatments.
pub const TREATMENTS: [&str; 16] = [
    "treatment",
    "person",
    "unit",
    "sender",
    "region",
    "care_level",
    "ownership",
    "programme",
    "programme_version",
    "sex",
    "age_group",
    "diagnosis_group",
    "started_month",
    "ended_month",
    "status",
    "end_reason",
];
/// Columns of scores.
pub const SCORES: [&str; 4] = ["treatment", "instrument", "score", "points"];

/// A file of rows.
#[derive(Debug)]
pub struct File {
    /// What it is called, without what tells its form.
    pub name: &'static str,
    columns: &'static [&'static str],
    /// Texts in the order of the columns; empty where a value is not known.
    pub rows: Vec<Vec<String>>,
}

impl File {
    /// As comma separated values, none of which is a formula.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|text| harmless(text).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// As columns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn parquet(&self) -> Result<Vec<u8>, ::parquet::errors::ParquetError> {
        parquet::columns(self.columns, |column| self.rows.iter().map(|row| row[column].clone()).collect())
    }
}

/// Ids in an order that the random bytes decide.
struct Drawn(BTreeMap<String, usize>);

impl Drawn {
    fn new(random: &[u8; 32], names: BTreeSet<String>) -> Self {
        let place = |name: &String| sha256_hex(&[random, name.as_bytes()].concat());
        let mut names: Vec<(String, String)> = names.into_iter().map(|name| (place(&name), name)).collect();
        names.sort_unstable();
        Self((1..).zip(names).map(|(id, (_, name))| (name, id)).collect())
    }

    fn of(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or_default()
    }
}

/// The treatments and the scores of facts, under ids drawn by random bytes that are kept nowhere.
#[must_use]
pub fn files(facts: &Facts, lists: &CodeLists, random: &[u8; 32]) -> [File; 2] {
    let names =
        |name: &dyn Fn(&TreatmentFact) -> String| Drawn::new(random, facts.treatments.iter().map(name).collect());
    let treatments = names(&|one| treatment(one.row));
    let (persons, units) = (names(&person), names(&unit));
    let structure = Structure::as_was(facts, lists, Attribution::Start);
    let row = |one: &TreatmentFact| {
        let (place, programme) = (structure.place(one), structure.programme(one));
        let traits = Traits { treatment: one, place, programme, severity: None };
        let label = |dimension: Dimension| dimension.label(&traits, lists).unwrap_or_default().to_owned();
        let id = treatments.of(&treatment(one.row));
        let row = vec![
            id.to_string(),
            persons.of(&person(one)).to_string(),
            units.of(&unit(one)).to_string(),
            one.sender.to_string(),
            label(Dimension::Region),
            label(Dimension::CareLevel),
            label(Dimension::Ownership),
            programme.to_owned(),
            one.programme_version.as_deref().unwrap_or_default().to_owned(),
            label(Dimension::Sex),
            label(Dimension::AgeGroup),
            label(Dimension::DiagnosisGroup),
            month(one.started_on),
            month(one.ended_on),
            status(one.status).to_owned(),
            one.end_reason.as_deref().unwrap_or_default().to_owned(),
        ];
        (id, row)
    };
    let rows: BTreeMap<usize, Vec<String>> = facts.treatments.iter().map(row).collect();
    let scores: BTreeSet<(usize, &str, String, String)> = facts
        .outcomes
        .iter()
        .flat_map(|one| {
            points(one).map(|(score, value)| (treatments.of(&treatment(one.row)), &*one.instrument, score, value))
        })
        .collect();
    let score = |(id, instrument, score, value): (usize, &str, String, String)| {
        vec![id.to_string(), instrument.to_owned(), score, value]
    };
    [
        File { name: "treatments", columns: &TREATMENTS, rows: rows.into_values().collect() },
        File { name: "scores", columns: &SCORES, rows: scores.into_iter().map(score).collect() },
    ]
}

fn treatment(row: i64) -> String {
    format!("t {row}")
}

fn person(one: &TreatmentFact) -> String {
    format!("p {} {}", one.sender, one.subject)
}

fn unit(one: &TreatmentFact) -> String {
    format!("u {}", one.unit_start)
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Completed => "completed",
        Status::Discontinued => "discontinued",
    }
}

/// `YYYY-MM`.
fn month(day: jiff::civil::Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The scores of a comparison by what they are: each is told once, whatever it is compared with.
fn points(one: &OutcomeFact) -> impl Iterator<Item = (String, String)> {
    let names = match one.comparison {
        Comparison::Paired => ["pre".to_owned(), "post".to_owned()],
        Comparison::FirstLast => ["first".to_owned(), "last".to_owned()],
        Comparison::Locf => ["pre".to_owned(), "last observed".to_owned()],
        Comparison::Followup(months) => ["pre".to_owned(), format!("followup-{months}m")],
    };
    let known = names.into_iter().zip([one.first, one.second]);
    known.filter_map(|(name, points)| Some((name, points?.to_string())))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use schemas::record::Sex;

    use super::*;

    /// The n-th treatment of a person of region 01.
    fn facts(rows: &[(i64, i64)]) -> Facts {
        let treatment = |(row, subject): &(i64, i64)| TreatmentFact {
            row: *row,
            subject: *subject,
            sender: "01".into(),
            unit_start: "SE9990010000-E001".into(),
            unit_end: None,
            programme: "oroshjalpen".into(),
            programme_version: Some("=1+1".into()),
            status: Status::Completed,
            end_reason: None,
            started_on: date(2025, 1, 17),
            ended_on: date(2025, 3, 29),
            sex: Some(Sex::F),
            birth_year: Some(1987),
            diagnosis: None,
        };
        let outcome = |(row, _): &(i64, i64), comparison, second| OutcomeFact {
            row: *row,
            instrument: "GAD-7".into(),
            comparison,
            first: Some(14.0),
            second,
        };
        let outcomes = rows
            .iter()
            .flat_map(|row| [outcome(row, Comparison::Paired, Some(6.5)), outcome(row, Comparison::Followup(6), None)]);
        Facts { treatments: rows.iter().map(treatment).collect(), outcomes: outcomes.collect(), ..Facts::default() }
    }

    #[test]
    fn a_row_is_a_treatment_or_a_score_with_months_and_bands_and_ids_that_are_drawn_for_each_file() {
        let facts = facts(&[(501, 71), (502, 71), (503, 72)]);
        let lists = CodeLists::builtin();
        let [treatments, scores] = files(&facts, &lists, &[1; 32]);
        let column = |file: &File, name: &str| -> Vec<String> {
            let place = file.columns.iter().position(|known| *known == name).unwrap();
            file.rows.iter().map(|row| row[place].clone()).collect()
        };
        assert_eq!(column(&treatments, "treatment"), ["1", "2", "3"]);
        assert_eq!(column(&treatments, "started_month"), ["2025-01"; 3]);
        assert_eq!(column(&treatments, "ended_month"), ["2025-03"; 3]);
        let mut persons = column(&treatments, "person");
        persons.sort_unstable();
        assert!(persons == ["1", "1", "2"] || persons == ["1", "2", "2"], "one person has two: {persons:?}");
        assert_eq!(column(&scores, "score"), ["post", "pre"].repeat(3));
        assert_eq!(column(&scores, "points"), ["6.5", "14"].repeat(3), "a score is told once, one that is missing not");
        let text = String::from_utf8(treatments.csv().unwrap()).unwrap();
        assert!(text.contains("'=1+1") && !text.contains("1987"), "{text}");
        for told in ["501", "502", "503", "71", "72", "E001", "-17", "-29"] {
            assert!(!text.contains(told), "{told}: {text}");
        }
        let orders: BTreeSet<Vec<String>> =
            (0..20).map(|seed| column(&files(&facts, &lists, &[seed; 32])[0], "person")).collect();
        assert!(orders.len() > 1, "who is whom is another in another file");
        assert!(treatments.parquet().unwrap().starts_with(b"PAR1"));
    }
}
