//! What invented persons are told apart by: the dimensions that a register of internet treatment has, with levels where it has them.

use registry_server::disclose::engine::vocabulary::Kind;

/// One code.
#[derive(Debug, Clone)]
pub struct Code {
    /// Its name.
    pub name: String,
    /// The code above it, if any.
    pub above: Option<usize>,
    /// Its level, from 1.
    pub depth: usize,
    /// How often it comes, on the finest level.
    pub weight: f64,
}

/// One dimension.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// Its name.
    pub name: &'static str,
    /// What it tells.
    pub kind: Kind,
    /// Its levels, coarsest first.
    pub levels: &'static [&'static str],
    /// The fewest persons that a cell of one of its codes is shown from.
    pub least: u64,
    /// Its codes, those above before those below.
    pub codes: Vec<Code>,
}

/// Codes, those above before those below: each with the code above it and, on the finest level, how often it comes.
type Listed = &'static [(&'static str, &'static str, f64)];

const SEX: Listed = &[("F", "", 66.0), ("M", "", 34.0)];
const AGE: Listed = &[
    ("18-34", "", 0.0),
    ("35-54", "", 0.0),
    ("55+", "", 0.0),
    ("18-24", "18-34", 2.0),
    ("25-34", "18-34", 4.0),
    ("35-44", "35-54", 4.0),
    ("45-54", "35-54", 3.0),
    ("55-64", "55+", 2.0),
    ("65+", "55+", 1.0),
];
const PROGRAMME: Listed = &[
    ("depression", "", 0.0),
    ("anxiety", "", 0.0),
    ("insomnia", "", 0.0),
    ("stress", "", 0.0),
    ("depression-1", "depression", 5.0),
    ("depression-2", "depression", 2.0),
    ("panic", "anxiety", 3.0),
    ("social", "anxiety", 2.0),
    ("worry", "anxiety", 3.0),
    ("insomnia-1", "insomnia", 3.0),
    ("stress-1", "stress", 3.0),
    ("stress-2", "stress", 1.0),
];
const DIAGNOSIS: Listed = &[("F32-F33", "", 6.0), ("F40-F41", "", 8.0), ("F43", "", 3.0), ("other", "", 4.0)];
const SEVERITY: Listed = &[("none", "", 1.0), ("mild", "", 3.0), ("moderate", "", 4.0), ("severe", "", 2.0)];
const CARE: Listed = &[("primary", "", 7.0), ("specialist", "", 3.0), ("other", "", 1.0)];
const PERIOD: Listed = &[
    ("2024", "", 0.0),
    ("2025", "", 0.0),
    ("2024H1", "2024", 0.0),
    ("2024H2", "2024", 0.0),
    ("2025H1", "2025", 0.0),
    ("2025H2", "2025", 0.0),
    ("2024Q1", "2024H1", 8.0),
    ("2024Q2", "2024H1", 9.0),
    ("2024Q3", "2024H2", 6.0),
    ("2024Q4", "2024H2", 10.0),
    ("2025Q1", "2025H1", 11.0),
    ("2025Q2", "2025H1", 11.0),
    ("2025Q3", "2025H2", 8.0),
    ("2025Q4", "2025H2", 13.0),
];
const RESPONSE: Listed = &[
    ("measured", "", 0.0),
    ("not measured", "", 0.0),
    ("yes", "measured", 4.0),
    ("no", "measured", 4.0),
    ("unknown", "not measured", 3.0),
];

/// All of them, in the order of the columns.
#[must_use]
pub fn all() -> Vec<Dimension> {
    let regions: Vec<(String, &str, f64)> = (1..=21).map(|region| (format!("{region:02}"), "", 1.0)).collect();
    let diagnosis = dimension("diagnosis", (Kind::Telling, &["group"]), DIAGNOSIS);
    vec![
        dimension("region", (Kind::Place, &["region"]), &regions),
        dimension("sex", (Kind::Known, &["sex"]), SEX),
        dimension("age", (Kind::Known, &["broad", "band"]), AGE),
        dimension("programme", (Kind::Telling, &["condition", "programme"]), PROGRAMME),
        Dimension { least: 10, ..diagnosis },
        dimension("severity", (Kind::Telling, &["band"]), SEVERITY),
        dimension("care_level", (Kind::Units, &["care_level"]), CARE),
        dimension("period", (Kind::Known, &["year", "half", "quarter"]), PERIOD),
        dimension("response", (Kind::Outcome, &["measured", "answer"]), RESPONSE),
    ]
}

fn dimension<N: AsRef<str>>(
    name: &'static str,
    (kind, levels): (Kind, &'static [&'static str]),
    listed: &[(N, &str, f64)],
) -> Dimension {
    let mut codes: Vec<Code> = Vec::new();
    for (code, above, weight) in listed {
        let above = codes.iter().position(|known| known.name == *above);
        let depth = above.map_or(1, |above| codes[above].depth + 1);
        codes.push(Code { name: code.as_ref().to_owned(), above, depth, weight: *weight });
    }
    let least = if matches!(kind, Kind::Units | Kind::Outcome) { 10 } else { 5 };
    Dimension { name, kind, levels, least, codes }
}

impl Dimension {
    /// Codes on a level, from 1.
    pub fn on(&self, depth: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.codes.len()).filter(move |code| self.codes[*code].depth == depth)
    }

    /// Codes on the finest level.
    pub fn leaves(&self) -> impl Iterator<Item = usize> + '_ {
        self.on(self.levels.len())
    }

    /// The code itself, or the one above it that stands on a level.
    #[must_use]
    pub fn at(&self, code: usize, depth: usize) -> usize {
        match self.codes[code] {
            Code { above: Some(above), depth: own, .. } if own > depth => self.at(above, depth),
            _ => code,
        }
    }

    /// The code of a name.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<usize> {
        self.codes.iter().position(|code| code.name == name)
    }
}
