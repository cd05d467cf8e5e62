//! Invented persons of a register, for tables that leave it.
//!
//! Promises: everything follows from the seed; nobody of them exists; the numbers behind a table are counted here again.

/// What they are told apart by.
pub mod dimension;
/// Numbers that look drawn.
pub mod draw;
/// Kinds of registers.
pub mod shape;

use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::request::Request;
use registry_server::disclose::engine::secret::Secret;
use registry_server::disclose::engine::table::{Disclosed, Table};
use registry_server::disclose::engine::tally::{Contributor, Facts, Units};
use registry_server::disclose::engine::vocabulary::{self, Kind, Vocabulary};
use registry_server::disclose::engine::{Cut, Refusal, disclose};

use dimension::Dimension;
use draw::Draw;
use shape::Shape;

/// Units of each level of care in each region.
const UNITS: usize = 3;
/// The second measure of a register that measures twice.
pub const ANSWERED: &str = "answered";
/// The dimension of the level of care.
const CARE: usize = 6;

/// An invented register, frozen.
#[derive(Debug)]
pub struct Crowd {
    /// What its tables may be split by, as everybody can look it up.
    pub dimensions: Vec<Dimension>,
    /// The same for the engine.
    pub vocabulary: Vocabulary,
    /// The finest code of each person in each dimension.
    pub persons: Vec<Vec<usize>>,
    contributors: Vec<Contributor>,
    units: Units,
}

impl Crowd {
    /// A register of this shape.
    ///
    /// # Panics
    /// The engine refuses the invented dimensions.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self::planted(shape, |_, _| {})
    }

    /// A register of this shape with something changed of each person's codes.
    ///
    /// # Panics
    /// The engine refuses the invented dimensions.
    #[must_use]
    pub fn planted(shape: Shape, plant: impl Fn(&[Dimension], &mut [usize])) -> Self {
        let dimensions = dimension::all();
        let vocabulary = Vocabulary::new(registered(&dimensions));
        let mut draw = Draw::new(shape.seed);
        let mut persons: Vec<Vec<usize>> = (0..shape.persons).map(|_| person(shape, &dimensions, &mut draw)).collect();
        for codes in &mut persons {
            plant(&dimensions, codes);
        }
        let contributor = |(number, codes): (usize, &Vec<usize>)| Contributor {
            subject: format!("{} {} {number}", shape.name, shape.seed).into_bytes(),
            unit: u32::try_from((codes[0] * 10 + codes[CARE]) * UNITS + number % UNITS).unwrap_or(0),
            // The engine counts codes from the whole, which is its place 0.
            codes: codes.iter().map(|code| code + 1).collect(),
        };
        let contributors = persons.iter().enumerate().map(contributor).collect();
        let units = Units { public: (0..1_000).collect(), ..Units::default() };
        Self { dimensions, vocabulary, persons, contributors, units }
    }

    /// The same register with a second measure: whether somebody was measured at all, which the response says too. Whether the engine is
    /// told that the two are of the same persons.
    ///
    /// # Panics
    /// The engine refuses the invented dimensions.
    #[must_use]
    pub fn measured_twice(self, is_told: bool) -> Self {
        let answered = vocabulary::Dimension::new(ANSWERED, Kind::Outcome, &["answer"], &[("yes", ""), ("no", "")])
            .expect("an invented dimension is a hierarchy");
        let all = registered(&self.dimensions).into_iter().chain([answered]).collect();
        let pairs = [("no", "yes"), ("no", "no"), ("yes", "unknown")];
        let exclude = |known: Vocabulary, (here, there): (&str, &str)| {
            known.excluding((ANSWERED, here), ("response", there)).expect("registered")
        };
        let vocabulary = pairs.into_iter().filter(|_| is_told).fold(Vocabulary::new(all), exclude);
        let response = self.dimensions.last().expect("there is one");
        let measured = response.code("measured").expect("registered");
        let with = |(codes, one): (&Vec<usize>, &Contributor)| {
            let is_measured = codes.last().is_some_and(|code| response.at(*code, 1) == measured);
            let own = one.codes.iter().copied().chain([if is_measured { 1 } else { 2 }]);
            Contributor { codes: own.collect(), ..one.clone() }
        };
        let contributors = self.persons.iter().zip(&self.contributors).map(with).collect();
        Self { vocabulary, contributors, ..self }
    }

    /// The facts of the register, the persons in an order of this seed: 0 for the first.
    ///
    /// # Panics
    /// The engine refuses invented persons.
    #[must_use]
    pub fn facts(&self, order: u64) -> Facts {
        let mut contributors = self.contributors.clone();
        if order > 0 {
            Draw::new(order).shuffle(&mut contributors);
        }
        Facts::new(contributors, self.units.clone(), &self.vocabulary).expect("invented persons have registered codes")
    }

    /// The facts of the register without some persons, by their places.
    ///
    /// # Panics
    /// The engine refuses invented persons.
    #[must_use]
    pub fn facts_without(&self, gone: &[usize]) -> Facts {
        let stays = |(place, one): (usize, &Contributor)| (!gone.contains(&place)).then(|| one.clone());
        let contributors = self.contributors.iter().enumerate().filter_map(stays).collect();
        Facts::new(contributors, self.units.clone(), &self.vocabulary).expect("invented persons have registered codes")
    }

    /// The table that leaves facts of this register, under the key of a seed.
    ///
    /// # Errors
    /// None leaves.
    ///
    /// # Panics
    /// Something was asked for that is not registered.
    pub fn table(
        &self,
        facts: &Facts,
        asked: &str,
        (ledger, seed): (&Ledger, u8),
    ) -> Result<Disclosed<Table>, Refusal> {
        let secret = Secret::new(&[seed; 32], "2025Q4");
        let cut = Cut { vocabulary: &self.vocabulary, facts, secret: &secret };
        let request = Request::read(asked, &self.vocabulary).expect("what a test asks for is registered");
        disclose(&cut, &request, ledger)
    }
}

/// The codes of one person: each dimension after the one before it, so that they go together.
fn person(shape: Shape, dimensions: &[Dimension], draw: &mut Draw) -> Vec<usize> {
    let mut codes: Vec<usize> = Vec::with_capacity(dimensions.len());
    for (place, dimension) in dimensions.iter().enumerate() {
        let region = codes.first().copied().unwrap_or(0);
        let before = codes.last().copied().unwrap_or(0);
        let weight = |code: usize| match place {
            0 => shape.regions.weight(code) * shape.tilt(place, code, 0, 0),
            _ => dimension.codes[code].weight * shape.tilt(place, code, region, before),
        };
        let leaves: Vec<usize> = dimension.leaves().collect();
        let weights: Vec<f64> = leaves.iter().map(|code| weight(*code)).collect();
        codes.push(leaves[draw.one_of(&weights)]);
    }
    codes
}

fn registered(dimensions: &[Dimension]) -> Vec<vocabulary::Dimension> {
    let registered = |dimension: &Dimension| {
        let above = |code: &dimension::Code| code.above.map_or("", |above| dimension.codes[above].name.as_str());
        let codes: Vec<(&str, &str)> = dimension.codes.iter().map(|code| (code.name.as_str(), above(code))).collect();
        let known = vocabulary::Dimension::new(dimension.name, dimension.kind, dimension.levels, &codes)
            .expect("an invented dimension is a hierarchy");
        known.tighten(None, dimension.least).expect("an invented limit loosens nothing")
    };
    dimensions.iter().map(registered).collect()
}
