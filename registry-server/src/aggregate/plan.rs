//! Which treatments a report takes, and how it splits them.
//!
//! Promises: every text that a user writes is one of a closed list, or the error says which there are.

use jiff::civil::Date;

use super::dimension::Dimension;
use super::period::Period;
use super::selection::Selection;
use crate::fact::TreatmentFact;

/// Which treatments, split how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The dimensions, in the order of the columns.
    pub by: Vec<Dimension>,
    /// Which date decides.
    pub cohort: Cohort,
    /// Which spans of time stand apart.
    pub period: Period,
    /// First cohort date, included.
    pub from: Option<Date>,
    /// Last cohort date, included.
    pub to: Option<Date>,
    /// Which unit counts after a handover.
    pub attribution: Attribution,
    /// Whether successors take over.
    pub structure: Follow,
    /// Which of the treatments are kept.
    pub only: Selection,
}

impl Plan {
    /// The period of a cohort date (see [`Period::ordinal`]); `None` outside the selection.
    #[must_use]
    pub fn period_of(&self, day: Date) -> Option<i32> {
        let inside = self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to);
        if inside { self.period.ordinal(day) } else { None }
    }

    /// Whether a dimension is asked for, to split by or to keep some of.
    #[must_use]
    pub fn names(&self, dimension: Dimension) -> bool {
        self.by.contains(&dimension) || self.only.of(dimension).is_some()
    }

    /// The same selection, undivided and with everything kept.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { only: Selection::default(), ..self.split_by(Vec::new()) }
    }

    /// The same selection, split by other dimensions.
    #[must_use]
    pub fn split_by(&self, by: Vec<Dimension>) -> Self {
        Self { by, ..self.clone() }
    }
}

/// Text that is not in a closed list of choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is one of {choices}")]
pub struct UnknownChoice {
    /// What was chosen.
    pub what: &'static str,
    /// What there is to choose.
    pub choices: &'static str,
}

/// An enum whose variants are the choices a user has, with the text of each.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident, $what:literal, $choices:literal, $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::aggregate::plan::UnknownChoice;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::aggregate::plan::UnknownChoice { what: $what, choices: $choices }),
                }
            }
        }
    };
}

pub(crate) use choice;

choice! {
    /// Which date decides whether and when a treatment counts.
    Cohort, "cohort", "started, ended",
    /// The start.
    Started = "started",
    /// The end.
    Ended = "ended"
}
choice! {
    /// Which unit a treatment counts for when it was handed over.
    Attribution, "attribution", "start, end",
    /// The unit that started it.
    Start = "start",
    /// The unit that it was handed over to.
    End = "end"
}
choice! {
    /// Whether the successors of units, programmes and regions take over their figures.
    Follow, "structure", "as-was, current",
    /// Each as it was.
    AsWas = "as-was",
    /// Successors take over.
    Current = "current"
}

impl Cohort {
    /// The date that decides.
    #[must_use]
    pub fn date(self, treatment: &TreatmentFact) -> Date {
        match self {
            Self::Started => treatment.started_on,
            Self::Ended => treatment.ended_on,
        }
    }
}
