//! What a table of an extract may count: persons, how treatments ended, answers, outcomes by the register's measures, and means.
//!
//! Promises: every measure is the register's own, with its definition; an outcome belongs to one instrument and one comparison.
//! Must not know: persons, dimensions.

use std::fmt;

use schemas::codelist::{CodeLists, Instrument};
use schemas::language::Text;

use crate::indicator::{self, Scale, Scores, jacobson_truax};
use crate::outcome::Comparison;

/// Persons, split by nothing further.
pub const PERSONS: &str = "persons";
/// Whose treatment was completed.
pub const COMPLETED: &str = "completed";
/// Who answered both times.
pub const ANSWERED: &str = "answered";
/// Means before and after.
pub const MEANS: &str = "means";

/// What is counted of an instrument's scores.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Whether both scores are there.
    Answered,
    /// A yes or no that the two scores decide.
    Judged(&'static indicator::Measure),
    /// Means, spread and effect size.
    Means,
}

/// What asks for means in a question of the engine.
pub const MEAN: &str = "mean:";
/// The code of whoever is counted.
pub const YES: &str = "yes";
/// The code of whoever is among those asked about and is not counted.
pub const NO: &str = "no";
/// Below `not judged`: the same persons again, which a printed table leaves out.
pub const NEITHER: &str = "neither";
/// Codes of a measure that is judged of some only: among whom, and how.
const JUDGED: [(&str, &str); 5] =
    [("judged", ""), (YES, "judged"), (NO, "judged"), ("not judged", ""), (NEITHER, "not judged")];

/// A measure's own dimension in the engine.
#[derive(Debug, Clone)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its levels, coarsest first.
    pub levels: &'static [&'static str],
    /// Its codes, each with the one above it.
    pub codes: &'static [(&'static str, &'static str)],
}

/// A measure of a table.
#[derive(Debug, Clone)]
pub enum Measure {
    /// Persons.
    Persons,
    /// How treatments ended.
    Completed,
    /// Something of the scores on an instrument.
    Scores {
        /// What.
        kind: Kind,
        /// The instrument's code.
        instrument: String,
        /// Which two scores.
        comparison: Comparison,
    },
}

/// Why something is no measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmeasured {
    /// No such measure.
    Name,
    /// The measure needs an instrument that the register knows.
    Instrument,
    /// The measure is of no instrument.
    NoInstrument,
    /// The instrument lacks the constant that the measure needs.
    Constant,
    /// No such comparison.
    Comparison,
}

impl Unmeasured {
    /// What to write.
    #[must_use]
    pub fn sentence(self) -> Text {
        match self {
            Self::Name => Text::made(
                format!("det måttet finns inte; välj bland {}", names().join(", ")),
                format!("there is no such measure; choose one of {}", names().join(", ")),
            ),
            Self::Instrument => Text::fixed(
                "måttet räknas på ett instrument; skriv ett som registret har",
                "the measure is of an instrument; write one that the register has",
            ),
            Self::NoInstrument => Text::fixed(
                "måttet hör inte till något instrument; lämna instrument och jämförelse tomma",
                "the measure is of no instrument; leave instrument and comparison empty",
            ),
            Self::Constant => Text::fixed(
                "instrumentet har ingen överenskommen gräns för det måttet; välj ett annat mått",
                "the instrument has no agreed limit for that measure; choose another measure",
            ),
            Self::Comparison => Text::fixed(
                "skriv jämförelsen som paired, first_last, locf eller followup-Nm",
                "write the comparison as paired, first_last, locf or followup-Nm",
            ),
        }
    }
}

/// Every measure's name. Limits by Jacobson and Truax depend on who is in a table, and are left out.
#[must_use]
pub fn names() -> Vec<&'static str> {
    [PERSONS, COMPLETED, ANSWERED, MEANS].into_iter().chain(judged().map(|measure| measure.name)).collect()
}

/// The measures that two scores decide.
pub fn judged() -> impl Iterator<Item = &'static indicator::Measure> {
    let depends = [jacobson_truax::IMPROVED.name, jacobson_truax::DETERIORATED.name];
    indicator::ALL.into_iter().filter(move |measure| !depends.contains(&measure.name))
}

impl Measure {
    /// Reads a measure; no name means persons, no comparison means before and after.
    ///
    /// # Errors
    /// What is not registered.
    pub fn read(
        name: &str,
        instrument: Option<&str>,
        comparison: Option<&str>,
        lists: &CodeLists,
    ) -> Result<Self, Unmeasured> {
        let kind = match name {
            "" | PERSONS | COMPLETED => {
                if instrument.is_some() || comparison.is_some() {
                    return Err(Unmeasured::NoInstrument);
                }
                return Ok(if name == COMPLETED { Self::Completed } else { Self::Persons });
            }
            ANSWERED => Kind::Answered,
            MEANS => Kind::Means,
            other => Kind::Judged(judged().find(|measure| measure.name == other).ok_or(Unmeasured::Name)?),
        };
        let comparison = comparison.map_or(Ok(Comparison::Paired), str::parse).map_err(|_| Unmeasured::Comparison)?;
        let known = instrument.and_then(|code| lists.instrument(code)).ok_or(Unmeasured::Instrument)?;
        if let Kind::Judged(measure) = kind
            && !(measure.applies)(&scale(known, lists))
        {
            return Err(Unmeasured::Constant);
        }
        Ok(Self::Scores { kind, instrument: known.code.clone(), comparison })
    }

    /// The measure that a question of the engine names; nothing where it names none.
    #[must_use]
    pub fn named(question: &str, lists: &CodeLists) -> Option<Self> {
        if let Some(scored) = question.strip_prefix(MEAN) {
            let (instrument, comparison) = scored.rsplit_once('.')?;
            return Self::read(MEANS, Some(instrument), Some(comparison), lists).ok();
        }
        let name = question.split(':').next()?;
        let Some((measure, rest)) = name.split_once('.') else {
            return Self::read(name, None, None, lists).ok().filter(|known| known.dimension().is_some());
        };
        let (instrument, comparison) = rest.rsplit_once('.')?;
        Self::read(measure, Some(instrument), Some(comparison), lists).ok()
    }

    /// The dimension of its own that it has in the engine's vocabulary.
    #[must_use]
    pub fn dimension(&self) -> Option<Dimension> {
        let name = match self {
            Self::Persons => return None,
            Self::Scores { kind: Kind::Means, instrument, comparison } => {
                format!("{ANSWERED}.{instrument}.{comparison}")
            }
            other => other.to_string(),
        };
        let (levels, codes): (&'static [&'static str], &'static [(&'static str, &'static str)]) = match self {
            Self::Persons | Self::Completed => (&["result"], &[("completed", ""), ("discontinued", "")]),
            Self::Scores { kind: Kind::Judged(_), .. } => (&["judged", "result"], &JUDGED),
            Self::Scores { .. } => (&["result"], &[(YES, ""), (NO, "")]),
        };
        Some(Dimension { name, levels, codes })
    }

    /// The code of whoever has these scores, or lacks one of them.
    #[must_use]
    pub fn verdict(&self, scale: Option<&Scale>, scores: Option<Scores>) -> &'static str {
        match (self, scale, scores) {
            (Self::Scores { kind: Kind::Judged(measure), .. }, Some(scale), scores) => {
                match scores.and_then(|scores| (measure.judge)(scale, scores)) {
                    Some(true) => YES,
                    Some(false) => NO,
                    None => NEITHER,
                }
            }
            (.., Some(_)) => YES,
            (.., None) => NO,
        }
    }

    /// The name under which its scores are registered, where means are asked of them.
    #[must_use]
    pub fn scored(&self) -> Option<String> {
        match self {
            Self::Scores { kind: Kind::Means, instrument, comparison } => Some(format!("{instrument}.{comparison}")),
            _ => None,
        }
    }

    /// The name without its instrument.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Persons => PERSONS,
            Self::Completed => COMPLETED,
            Self::Scores { kind: Kind::Answered, .. } => ANSWERED,
            Self::Scores { kind: Kind::Means, .. } => MEANS,
            Self::Scores { kind: Kind::Judged(measure), .. } => measure.name,
        }
    }
}

/// The constants of an instrument, in the register's threshold set.
#[must_use]
pub fn scale(instrument: &Instrument, lists: &CodeLists) -> Scale {
    Scale::new(instrument, lists.thresholds().response_share)
}

/// As the engine's vocabulary names it: `recovery.PHQ-9.paired`.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Persons | Self::Completed => f.write_str(self.name()),
            Self::Scores { instrument, comparison, .. } => write!(f, "{}.{instrument}.{comparison}", self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, instrument: Option<&str>, comparison: Option<&str>) -> Result<String, Unmeasured> {
        Measure::read(name, instrument, comparison, &CodeLists::builtin()).map(|measure| measure.to_string())
    }

    #[test]
    fn a_measure_is_named_with_its_instrument_and_comparison() {
        assert_eq!(read("", None, None).unwrap(), "persons");
        assert_eq!(read("recovery", Some("PHQ-9"), None).unwrap(), "recovery.PHQ-9.paired");
        assert_eq!(read("means", Some("GAD-7"), Some("followup-6m")).unwrap(), "means.GAD-7.followup-6m");
    }

    #[test]
    fn what_is_not_registered_is_refused_with_what_to_write() {
        for (refused, why) in [
            (read("median", None, None), Unmeasured::Name),
            (read("recovery", None, None), Unmeasured::Instrument),
            (read("recovery", Some("XYZ"), None), Unmeasured::Instrument),
            (read("persons", Some("PHQ-9"), None), Unmeasured::NoInstrument),
            (read("means", Some("PHQ-9"), Some("pre")), Unmeasured::Comparison),
            (read("jt_improved", Some("PHQ-9"), None), Unmeasured::Name),
        ] {
            assert_eq!(refused, Err(why));
            assert!(!why.sentence().pick(schemas::language::Language::En).contains("XYZ"));
        }
        let lacking = CodeLists::builtin().instruments().find(|known| known.caseness_from.is_none()).cloned().unwrap();
        assert_eq!(read("recovery", Some(&lacking.code), None), Err(Unmeasured::Constant));
    }
}
