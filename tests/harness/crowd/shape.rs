//! Kinds of registers: 17 as they come, from small to large, and 3 extreme ones.

use super::draw::Draw;

/// Thousands of people in each region of a country like Sweden.
const PEOPLE: [f64; 21] = [
    2455.0, 1767.0, 1422.0, 473.0, 404.0, 369.0, 344.0, 308.0, 303.0, 287.0, 287.0, 283.0, 281.0, 279.0, 249.0, 247.0,
    243.0, 205.0, 158.0, 133.0, 61.0,
];
/// Persons in each of the ordinary registers, and what each follows from: a frozen data set of the whole country holds all years, and one unit
/// of one region alone has treated 8 000 persons (domain, section 1).
const ORDINARY: [(usize, u64); 17] = [
    (8_000, 7),
    (10_000, 8),
    (12_000, 9),
    (15_000, 10),
    (18_000, 11),
    (22_000, 12),
    (27_000, 13),
    (33_000, 14),
    (40_000, 15),
    (50_000, 16),
    (60_000, 17),
    (9_000, 18),
    (11_000, 19),
    (13_500, 20),
    (20_000, 21),
    (25_000, 22),
    (30_000, 23),
];
/// The same of registers in their first years, which are attacked too and promise less.
const YOUNG: [(usize, u64); 6] = [(2_000, 1), (2_500, 2), (3_000, 3), (4_000, 4), (5_000, 5), (6_000, 6)];

/// How persons are spread over regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regions {
    /// As the people of a country are.
    Country,
    /// Nearly all in few.
    Skewed,
    /// All but three have up to three persons or so.
    Tiny,
}

impl Regions {
    /// How much of the register is in a region.
    #[must_use]
    pub fn weight(self, region: usize) -> f64 {
        match self {
            Self::Country => PEOPLE[region],
            Self::Skewed => 2000.0 / ((region + 1) as f64).powi(3),
            Self::Tiny if region < 3 => 2000.0,
            Self::Tiny => 1.5,
        }
    }
}

/// A kind of register.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its name in what is printed.
    pub name: &'static str,
    /// Persons in it.
    pub persons: usize,
    /// How they are spread over the country.
    pub regions: Regions,
    /// How much codes go together: 0 for not at all, up to 1.
    pub mix: f64,
    /// What everything follows from.
    pub seed: u64,
}

impl Shape {
    /// By how much a code comes more or less often, by the region and by the code before.
    #[must_use]
    pub fn tilt(self, dimension: usize, code: usize, region: usize, before: usize) -> f64 {
        let lot = |other: usize| {
            let place = (dimension * 100 + code) * 100 + other;
            Draw::new(self.seed ^ (place as u64) << 20).share() * 2.0 - 1.0
        };
        (self.mix * (lot(region) + lot(before + 50))).exp()
    }
}

/// 17 ordinary registers.
#[must_use]
pub fn ordinary() -> Vec<Shape> {
    ORDINARY.into_iter().map(|known| of_the_country("ordinary", known)).collect()
}

/// 6 registers in their first years.
#[must_use]
pub fn young() -> Vec<Shape> {
    YOUNG.into_iter().map(|known| of_the_country("young", known)).collect()
}

fn of_the_country(name: &'static str, (persons, seed): (usize, u64)) -> Shape {
    let mix = match seed % 4 {
        1 => 0.0,
        2 => 0.15,
        3 => 0.3,
        _ => 0.45,
    };
    Shape { name, persons, regions: Regions::Country, mix, seed }
}

/// 3 extreme registers.
#[must_use]
pub fn extreme() -> Vec<Shape> {
    let shape = |name, persons, regions, seed| Shape { name, persons, regions, mix: 0.9, seed };
    vec![
        shape("very skewed", 14_000, Regions::Skewed, 101),
        shape("tiny regions", 6_000, Regions::Tiny, 102),
        shape("nearly all hidden", 250, Regions::Country, 103),
    ]
}
