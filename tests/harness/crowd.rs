//! Invented persons of a register, for tables that leave it.
//!
//! Promises: everything follows from the seed; nobody of them exists; the numbers behind a table are counted here again.

use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::request::Request;
use registry_server::disclose::engine::secret::Secret;
use registry_server::disclose::engine::table::{Disclosed, Table};
use registry_server::disclose::engine::tally::{Contributor, Facts, Units};
use registry_server::disclose::engine::vocabulary::{Dimension, Kind, Vocabulary};
use registry_server::disclose::engine::{Cut, Refusal, disclose};

/// Regions of a country.
const REGIONS: usize = 21;
/// Names and codes of the dimensions beside the region, each with how often a code comes.
const DIMENSIONS: [(&str, &[(&str, f64)]); 4] = [
    ("sex", &[("F", 2.0), ("M", 1.0)]),
    ("age", &[("18-24", 2.0), ("25-34", 4.0), ("35-44", 4.0), ("45-54", 3.0), ("55-64", 2.0), ("65+", 1.0)]),
    ("severity", &[("none", 1.0), ("mild", 3.0), ("moderate", 3.0), ("severe", 1.0)]),
    ("programme", &[("a", 5.0), ("b", 4.0), ("c", 3.0), ("d", 3.0), ("e", 2.0), ("f", 2.0), ("g", 1.0), ("h", 1.0)]),
];

/// A kind of register.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its name in what is printed.
    pub name: &'static str,
    /// Persons in it.
    pub persons: usize,
    /// How much smaller each region is than the one before: 0 for none.
    pub skew: f64,
    /// What everything follows from.
    pub seed: u64,
}

/// An invented register, frozen.
#[derive(Debug)]
pub struct Crowd {
    /// What its tables may be split by.
    pub vocabulary: Vocabulary,
    facts: Facts,
    codes: Vec<Vec<usize>>,
}

impl Crowd {
    /// A register of this shape.
    ///
    /// # Panics
    /// The engine refuses invented persons.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let vocabulary = vocabulary();
        let regions: Vec<f64> = (1..=REGIONS).map(|region| (region as f64).powf(-shape.skew)).collect();
        let others = DIMENSIONS.map(|(_, codes)| codes.iter().map(|(_, weight)| *weight).collect::<Vec<f64>>());
        let weights: Vec<Vec<f64>> = [regions].into_iter().chain(others).collect();
        let mut draw = Draw(shape.seed);
        let codes: Vec<Vec<usize>> =
            (0..shape.persons).map(|_| weights.iter().map(|weights| 1 + draw.one_of(weights)).collect()).collect();
        let contributor = |(person, codes): (usize, &Vec<usize>)| Contributor {
            subject: format!("{} {} {person}", shape.name, shape.seed).into_bytes(),
            unit: u32::try_from(codes[0] * 3 + person % 3).unwrap_or(0),
            codes: codes.clone(),
        };
        let units = Units { public: (0..100).collect(), ..Units::default() };
        let facts = Facts::new(codes.iter().enumerate().map(contributor).collect(), units, &vocabulary);
        Self { facts: facts.expect("invented persons have registered codes"), vocabulary, codes }
    }

    /// The table that leaves, under the key of a seed.
    ///
    /// # Errors
    /// None leaves.
    ///
    /// # Panics
    /// Something was asked for that is not registered.
    pub fn table(&self, asked: &str, ledger: &Ledger, seed: u8) -> Result<Disclosed<Table>, Refusal> {
        let secret = Secret::new(&[seed; 32], "2025Q4");
        let cut = Cut { vocabulary: &self.vocabulary, facts: &self.facts, secret: &secret };
        let request = Request::read(asked, &self.vocabulary).expect("what a test asks for is registered");
        disclose(&cut, &request, ledger)
    }

    /// Persons with these codes, `ALL` for any, counted anew.
    #[must_use]
    pub fn persons(&self, columns: &[String], codes: &[String]) -> u64 {
        let wanted = |(column, code): (&String, &String)| {
            let place = Self::column(column);
            (code != "ALL").then(|| (place, self.codes_of(column).iter().position(|known| known == code)))
        };
        let wanted: Vec<(usize, Option<usize>)> = columns.iter().zip(codes).filter_map(wanted).collect();
        let is_meant = |person: &&Vec<usize>| wanted.iter().all(|(place, code)| Some(person[*place] - 1) == *code);
        self.codes.iter().filter(is_meant).count() as u64
    }

    /// The codes of a dimension, as everybody can look them up.
    #[must_use]
    pub fn codes_of(&self, column: &str) -> Vec<String> {
        let known = DIMENSIONS.iter().find(|(name, _)| *name == column);
        known.map_or_else(regions, |(_, codes)| codes.iter().map(|(code, _)| (*code).to_owned()).collect())
    }

    fn column(name: &str) -> usize {
        DIMENSIONS.iter().position(|(known, _)| *known == name).map_or(0, |place| place + 1)
    }
}

fn regions() -> Vec<String> {
    (1..=REGIONS).map(|region| format!("{region:02}")).collect()
}

fn vocabulary() -> Vocabulary {
    let dimension = |name, kind, codes: &[(&str, &str)]| {
        Dimension::new(name, kind, &["code"], codes).expect("one level is a hierarchy")
    };
    let regions = regions();
    let regions: Vec<(&str, &str)> = regions.iter().map(|region| (region.as_str(), "")).collect();
    let others = DIMENSIONS.iter().map(|(name, codes)| {
        let codes: Vec<(&str, &str)> = codes.iter().map(|(code, _)| (*code, "")).collect();
        dimension(name, Kind::Known, &codes)
    });
    Vocabulary::new([dimension("region", Kind::Place, &regions)].into_iter().chain(others).collect())
}

/// Numbers that look drawn.
struct Draw(u64);

impl Draw {
    fn one_of(&mut self, weights: &[f64]) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mut left = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 * weights.iter().sum::<f64>();
        let is_it = |weight: &f64| {
            left -= weight;
            left < 0.0
        };
        weights.iter().position(is_it).unwrap_or(weights.len() - 1)
    }
}
