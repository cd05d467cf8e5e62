//! An invented register: every person from one seed, or cell by cell.

use std::path::Path;

use super::super::ledger::Ledger;
use super::super::request::Request;
use super::super::secret::Secret;
use super::super::table::{Disclosed, Row, Table};
use super::super::tally::{Contributor, Facts, Units};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::super::{Cut, disclose};

/// A register with its key.
pub(super) struct Invented {
    pub(super) vocabulary: Vocabulary,
    pub(super) contributors: Vec<Contributor>,
    facts: Facts,
    secret: Secret,
}

impl Invented {
    /// A register of these persons.
    pub(super) fn new(vocabulary: Vocabulary, contributors: Vec<Contributor>, units: Units) -> Self {
        let facts = Facts::new(contributors.clone(), units, &vocabulary).unwrap();
        Self { vocabulary, contributors, facts, secret: Secret::new(&[7; 32], "2025Q4") }
    }

    /// So many persons in 21 regions of very different size.
    pub(super) fn of(persons: usize) -> Self {
        let regions: Vec<String> = (1..=21).map(|region| format!("{region:02}")).collect();
        let regions: Vec<(&str, &str)> = regions.iter().map(|region| (region.as_str(), "")).collect();
        let bands = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"].map(|band| (band, ""));
        let dimension =
            |name, kind, level, codes: &[(&str, &str)]| Dimension::new(name, kind, &[level], codes).unwrap();
        let vocabulary = Vocabulary::new(vec![
            dimension("region", Kind::Place, "region", &regions),
            dimension("sex", Kind::Known, "sex", &[("F", ""), ("M", "")]),
            dimension("age", Kind::Known, "band", &bands),
            dimension("severity", Kind::Known, "band", &["none", "mild", "moderate", "severe"].map(|band| (band, ""))),
        ]);
        let weights: [&[f64]; 4] = [
            &std::array::from_fn::<f64, 21, _>(|region| 1.0 / (region as f64 + 1.0).powf(0.9)),
            &[2.0, 1.0],
            &[2.0, 4.0, 4.0, 3.0, 2.0, 1.0],
            &[1.0, 3.0, 3.0, 1.0],
        ];
        let mut chance = Chance(7);
        let contributor = |person: usize| Contributor {
            subject: format!("person {person}").into_bytes(),
            unit: u32::try_from(person % 7).unwrap(),
            codes: weights.iter().map(|weights| 1 + chance.pick(weights)).collect(),
        };
        let units = Units { public: (0..7).collect(), ..Units::default() };
        Self::new(vocabulary, (0..persons).map(contributor).collect(), units)
    }

    pub(super) fn cut(&self) -> Cut<'_> {
        Cut { vocabulary: &self.vocabulary, facts: &self.facts, secret: &self.secret }
    }

    /// The first table that leaves this register.
    pub(super) fn table(&self, asked: &str) -> Disclosed<Table> {
        disclose(&self.cut(), &Request::read(asked, &self.vocabulary).unwrap(), &Ledger::default()).unwrap()
    }

    /// Persons behind a row, counted again.
    pub(super) fn persons(&self, table: &Table, row: &Row) -> u64 {
        let is_in = |contributor: &&Contributor| {
            table.columns.iter().zip(&row.codes).filter(|(_, code)| *code != "ALL").all(|(column, code)| {
                let place = self.vocabulary.dimensions.iter().position(|known| known.name() == column).unwrap();
                let known = &self.vocabulary.dimensions[place];
                let wanted = known.code(code).unwrap();
                let code = contributor.codes[self.vocabulary.given[place]];
                known.at(code, known.nodes[wanted].depth) == wanted
            })
        };
        self.contributors.iter().filter(is_in).count() as u64
    }
}

/// Three regions by sex, so many persons in each named cell, all of public units.
pub(super) fn small(cells: &[(&str, &str, usize)]) -> Invented {
    let vocabulary = Vocabulary::new(vec![
        Dimension::new("region", Kind::Place, &["region"], &[("01", ""), ("03", ""), ("05", "")]).unwrap(),
        Dimension::new("sex", Kind::Known, &["sex"], &[("F", ""), ("M", "")]).unwrap(),
    ]);
    let cells: Vec<(Vec<&str>, usize)> =
        cells.iter().map(|(region, sex, persons)| (vec![*region, *sex], *persons)).collect();
    let contributors = contributors(&vocabulary, &cells);
    Invented::new(vocabulary, contributors, Units { public: (0..7).collect(), ..Units::default() })
}

/// So many persons with each of these codes, in the order in which the dimensions were given, of three units in turn.
pub(super) fn contributors(vocabulary: &Vocabulary, cells: &[(Vec<&str>, usize)]) -> Vec<Contributor> {
    let given = |place: usize| {
        let ordered = vocabulary.given.iter().position(|given| *given == place).unwrap();
        &vocabulary.dimensions[ordered]
    };
    let person = |(codes, number): (&Vec<&str>, usize)| Contributor {
        subject: format!("{codes:?} {number}").into_bytes(),
        unit: u32::try_from(number % 3).unwrap(),
        codes: codes.iter().enumerate().map(|(place, code)| given(place).code(code).unwrap()).collect(),
    };
    cells.iter().flat_map(|(codes, persons)| (0..*persons).map(move |number| (codes, number))).map(person).collect()
}

/// Every Rust file of a folder of this package: its name and its text.
pub(super) fn names(folder: &str) -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    files
}

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn pick(&mut self, weights: &[f64]) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut left = (self.0 >> 11) as f64 / (1_u64 << 53) as f64 * weights.iter().sum::<f64>();
        let reached = |weight: &f64| {
            left -= weight;
            left < 0.0
        };
        weights.iter().position(reached).unwrap_or(weights.len() - 1)
    }
}
