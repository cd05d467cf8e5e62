//! Where a count belongs: as far down as its source tells.
//!
//! Promises: a dimension that only a single treatment tells is not told by any count; what a source does not tell is never guessed.

use schemas::codelist::CodeLists;
use schemas::record::Ownership;

use crate::aggregate::UNKNOWN;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::structure::Place;

/// Region, unit and programme of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Spot<'a> {
    /// County code, or unknown.
    pub(super) region: &'a str,
    /// The unit, where it is told.
    pub(super) unit: Option<UnitSpot<'a>>,
    /// Programme code, where it is told.
    pub(super) programme: Option<&'a str>,
}

/// A unit and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct UnitSpot<'a> {
    /// HSA-id, or unknown.
    pub(super) unit: &'a str,
    care_level: &'a str,
    ownership: &'a str,
}

impl<'a> Spot<'a> {
    /// The spot of a unit's place; the unit is left out where the source does not tell it.
    pub(super) fn of(place: &Place<'a>, programme: Option<&'a str>) -> Self {
        let ownership = match place.ownership {
            Some(Ownership::Public) => "public",
            Some(Ownership::Private) => "private",
            None => UNKNOWN,
        };
        let unit = UnitSpot { unit: place.unit, care_level: place.care_level.unwrap_or(UNKNOWN), ownership };
        Self { region: place.region.unwrap_or(UNKNOWN), unit: Some(unit), programme }
    }

    /// The label in a dimension; nothing where it is not told.
    pub(super) fn label<'b>(&self, dimension: Dimension, lists: &'b CodeLists) -> Option<&'b str>
    where
        'a: 'b,
    {
        match dimension {
            Dimension::Region => Some(self.region),
            Dimension::Unit => self.unit.map(|unit| unit.unit),
            Dimension::CareLevel => self.unit.map(|unit| unit.care_level),
            Dimension::Ownership => self.unit.map(|unit| unit.ownership),
            Dimension::Programme => self.programme,
            Dimension::Condition => self
                .programme
                .map(|code| lists.programme(code).map_or(UNKNOWN, |programme| programme.condition.as_str())),
            _ => None,
        }
    }
}

/// How far down a row is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Depth {
    /// By the unit or something that follows from it.
    pub(super) unit: bool,
    /// By the programme or something that follows from it.
    pub(super) programme: bool,
}

impl Depth {
    /// Every depth.
    pub(super) const ALL: [Self; 4] = [
        Self { unit: false, programme: false },
        Self { unit: false, programme: true },
        Self { unit: true, programme: false },
        Self { unit: true, programme: true },
    ];

    /// The depth of a row that is split by these dimensions.
    pub(super) fn of(split: impl Iterator<Item = Dimension>) -> Self {
        let mut depth = Self { unit: false, programme: false };
        for dimension in split {
            depth.unit |= matches!(dimension, Dimension::Unit | Dimension::CareLevel | Dimension::Ownership);
            depth.programme |= matches!(dimension, Dimension::Programme | Dimension::Condition);
        }
        depth
    }

    /// The spot, no further down than this.
    pub(super) fn cut(self, spot: Spot<'_>) -> Spot<'_> {
        Spot { unit: spot.unit.filter(|_| self.unit), programme: spot.programme.filter(|_| self.programme), ..spot }
    }
}
