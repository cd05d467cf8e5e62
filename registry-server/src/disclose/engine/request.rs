//! What is asked for: a crossing of registered dimensions, each at a registered level.
//!
//! Promises: nothing else can be asked for; a free filter, a free date and a band of one's own are refused with one sentence that
//! names the valid choices. Source: disclosure, section 2.
//! Must not know: persons.

use crate::disclose::engine::vocabulary::{Kind, Vocabulary};

/// Dimensions that may be crossed where one of them is a part of the country or tells units apart.
const CROSSED_IN_PLACES: usize = 3;
/// What stands before the name of scores.
pub(super) const MEAN: &str = "mean:";
/// Dimensions that may be crossed over the whole country.
const CROSSED_IN_THE_COUNTRY: usize = 4;

/// A crossing that may be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Dimension and depth of the level, by dimension.
    pub(super) crossed: Vec<(usize, usize)>,
    /// The measure that means are asked of.
    pub(super) measured: Option<usize>,
}

/// Why something cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unaskable {
    /// Something that picks out persons by a rule of its own.
    #[error("{asked} is a filter of its own: a table covers its whole cut and is split by {choices}")]
    Filter {
        /// As asked for.
        asked: String,
        /// The registered dimensions.
        choices: String,
    },
    /// No registered dimension.
    #[error("{asked} is not registered: a table is split by {choices}")]
    Dimension {
        /// As asked for.
        asked: String,
        /// The registered dimensions.
        choices: String,
    },
    /// No registered scores.
    #[error("{asked} has no registered scores: means are asked of {choices}")]
    Mean {
        /// As asked for.
        asked: String,
        /// The registered scores.
        choices: String,
    },
    /// No registered level, such as bands of one's own.
    #[error("{asked} is no level of {dimension}: choose {choices}")]
    Level {
        /// As asked for.
        asked: String,
        /// The dimension.
        dimension: String,
        /// Its levels.
        choices: String,
    },
    /// The same dimension twice.
    #[error("{0} is asked for twice: choose one of its levels, the coarser ones come with it")]
    Twice(String),
    /// More than one measure.
    #[error("more than one measure is asked for: choose one, and ask for the others in tables of their own")]
    Outcomes,
    /// Too many at once.
    #[error(
        "{asked} dimensions are crossed: at most {CROSSED_IN_PLACES} with a part of the country or a kind of unit, {CROSSED_IN_THE_COUNTRY} without"
    )]
    Crossed {
        /// How many.
        asked: usize,
    },
}

impl Request {
    /// Reads `dimension` (finest level) or `dimension:level`, several with commas, and `mean:NAME` for means of registered scores, which
    /// brings the dimension of those who have them.
    ///
    /// # Errors
    /// Whatever is not in the vocabulary, and too many dimensions at once.
    pub fn read(text: &str, vocabulary: &Vocabulary) -> Result<Self, Unaskable> {
        let (mut crossed, mut measured) = (Vec::new(), None);
        for asked in text.split(',').map(str::trim).filter(|asked| !asked.is_empty()) {
            if let Some(name) = asked.strip_prefix(MEAN) {
                let place = measure(name, vocabulary)?;
                if measured.replace(place).is_some() {
                    return Err(Unaskable::Outcomes);
                }
                continue;
            }
            let one = one(asked, vocabulary)?;
            if crossed.iter().any(|(dimension, _)| *dimension == one.0) {
                return Err(Unaskable::Twice(vocabulary.dimensions[one.0].name.clone()));
            }
            crossed.push(one);
        }
        if let Some(place) = measured {
            with_pairs(&mut crossed, vocabulary.measures[place].pairs, vocabulary);
        }
        crossed.sort_unstable();
        let kinds: Vec<Kind> = crossed.iter().map(|(dimension, _)| vocabulary.dimensions[*dimension].kind).collect();
        let asked = kinds.iter().filter(|kind| **kind != Kind::Outcome).count();
        let is_of_parts = kinds.iter().any(|kind| matches!(kind, Kind::Place | Kind::Units));
        let most = if is_of_parts { CROSSED_IN_PLACES } else { CROSSED_IN_THE_COUNTRY };
        if kinds.len() - asked > 1 {
            Err(Unaskable::Outcomes)
        } else if asked > most {
            Err(Unaskable::Crossed { asked })
        } else {
            Ok(Self { crossed, measured })
        }
    }

    /// As it would be asked for.
    #[must_use]
    pub fn text(&self, vocabulary: &Vocabulary) -> String {
        let one = |(dimension, depth): &(usize, usize)| {
            let dimension = &vocabulary.dimensions[*dimension];
            format!("{}:{}", dimension.name, dimension.levels[depth - 1])
        };
        let mean = self.measured.map(|place| format!("{MEAN}{}", vocabulary.measures[place].name));
        self.crossed.iter().map(one).chain(mean).collect::<Vec<_>>().join(",")
    }

    /// Less detail: the dimension with most codes one level coarser, or gone where there is none. Nothing once nothing is left.
    pub(super) fn coarser(&self, vocabulary: &Vocabulary) -> Option<Self> {
        let codes = |(dimension, depth): &(usize, usize)| {
            vocabulary.dimensions[*dimension].nodes.iter().filter(|node| node.depth == *depth).count()
        };
        let pairs = self.measured.map(|place| vocabulary.measures[place].pairs.0);
        let free = (0..self.crossed.len()).filter(|place| Some(self.crossed[*place].0) != pairs);
        let place = { free }.max_by_key(|place| codes(&self.crossed[*place]))?;
        let mut crossed = self.crossed.clone();
        if crossed[place].1 > 1 {
            crossed[place].1 -= 1;
        } else {
            crossed.remove(place);
        }
        Some(Self { crossed, measured: self.measured })
    }
}

fn measure(name: &str, vocabulary: &Vocabulary) -> Result<usize, Unaskable> {
    let choices = || vocabulary.measures.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
    let place = vocabulary.measures.iter().position(|known| known.name == name);
    place.ok_or_else(|| Unaskable::Mean { asked: name.to_owned(), choices: choices() })
}

/// The crossing with the dimension of those who have scores, at their level or finer.
fn with_pairs(crossed: &mut Vec<(usize, usize)>, (dimension, node): (usize, usize), vocabulary: &Vocabulary) {
    let depth = vocabulary.dimensions[dimension].nodes[node].depth;
    match crossed.iter_mut().find(|(of, _)| *of == dimension) {
        Some(known) => known.1 = known.1.max(depth),
        None => crossed.push((dimension, depth)),
    }
}

fn one(asked: &str, vocabulary: &Vocabulary) -> Result<(usize, usize), Unaskable> {
    let choices = || vocabulary.dimensions.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
    if asked.contains(['=', '<', '>', '!', '(', '"', '\'']) {
        return Err(Unaskable::Filter { asked: asked.to_owned(), choices: choices() });
    }
    let (name, level) = asked.split_once(':').map_or((asked, None), |(name, level)| (name, Some(level)));
    let place = vocabulary.dimensions.iter().position(|known| known.name == name);
    let place = place.ok_or_else(|| Unaskable::Dimension { asked: name.to_owned(), choices: choices() })?;
    let dimension = &vocabulary.dimensions[place];
    let Some(level) = level else { return Ok((place, dimension.levels.len())) };
    let depth = dimension.levels.iter().position(|known| known == level).map(|depth| depth + 1);
    let unknown = || Unaskable::Level {
        asked: level.to_owned(),
        dimension: name.to_owned(),
        choices: dimension.levels.join(", "),
    };
    Ok((place, depth.ok_or_else(unknown)?))
}
