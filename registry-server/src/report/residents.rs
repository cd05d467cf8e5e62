//! The inhabitants that a row's rate is made from.
//!
//! Promises: nobody lives in a unit, a care level, a form of ownership or an end reason: such a row has no rate; whatever stood in for an
//! official figure of the year is told in a note.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemas::codelist::CodeLists;
use schemas::record::Sex;

use super::{ReportData, Text};
use crate::aggregate::ALL;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::YearMonths;
use crate::aggregate::plan::{Follow, Plan};
use crate::aggregate::population::{Inhabitants, Who};

/// Inhabitants, and what was taken of them.
pub(super) struct Residents<'a> {
    inhabitants: Inhabitants<'a>,
    lists: &'a CodeLists,
    stand_ins: BTreeSet<(i16, i16)>,
    shipped: BTreeSet<i16>,
    /// Whether rows by sex, and rows by age, had no inhabitants.
    lacking: [bool; 2],
}

/// Which inhabitants a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<'a> {
    /// County code, or all regions.
    pub(super) region: Option<&'a str>,
    /// Sex and ages.
    pub(super) who: Who,
}

impl<'a> Residents<'a> {
    pub(super) fn new(data: &'a ReportData) -> Self {
        Self {
            inhabitants: Inhabitants::new(data.lists, &data.facts.populations),
            lists: data.lists,
            stand_ins: BTreeSet::new(),
            shipped: BTreeSet::new(),
            lacking: [false; 2],
        }
    }

    /// The same, where the successors of regions take over their inhabitants, or not.
    pub(super) fn following(self, follow: Follow) -> Self {
        Self { inhabitants: self.inhabitants.following(follow), ..self }
    }

    /// The inhabitants of a row with these labels, one a dimension, of those that the plan keeps; nothing where they are several groups of
    /// which each is told apart.
    pub(super) fn group<'l>(&self, plan: &'l Plan, labels: &'l [Arc<str>]) -> Option<Group<'l>> {
        let mut group = Group { region: None, who: Who::default() };
        let split = plan.by.iter().copied().zip(labels.iter().map(|label| &**label));
        let split: Vec<(Dimension, &str)> = split.filter(|(_, label)| *label != ALL).collect();
        let is_split = |dimension| split.iter().any(|(of, _)| *of == dimension);
        let mut kept = Vec::new();
        for (dimension, labels) in plan.only.narrowed().filter(|(dimension, _)| !is_split(*dimension)) {
            match labels {
                [label] => kept.push((dimension, label.as_str())),
                _ if divides(dimension) => return None,
                _ => {}
            }
        }
        for (dimension, label) in split.iter().copied().chain(kept) {
            match dimension {
                Dimension::Region => group.region = Some(label),
                Dimension::Sex => {
                    group.who.sex = Some([Sex::F, Sex::M].into_iter().find(|sex| sex.code() == label)?);
                }
                Dimension::AgeGroup => {
                    let band = self.lists.age_bands().find(|band| band.code == label)?;
                    group.who.ages = Some((band.from, band.to));
                }
                other if divides(other) => return None,
                _ => {}
            }
        }
        Some(group)
    }

    /// The person-years of a group over some months; remembers what stood in.
    pub(super) fn person_years(&mut self, group: Group<'_>, months: &YearMonths) -> Option<f64> {
        let Some(found) = self.inhabitants.person_years(group.region, months, group.who) else {
            self.note_lacking(group, months);
            return None;
        };
        self.stand_ins.extend(found.stand_ins);
        self.shipped.extend(found.shipped);
        Some(found.years)
    }

    /// Notes a split of which the figures do not tell, though they tell of the region.
    fn note_lacking(&mut self, Group { region, who }: Group<'_>, months: &YearMonths) {
        let is_band = |(from, to)| self.lists.age_bands().any(|band| (band.from, band.to) == (from, to));
        if self.inhabitants.person_years(region, months, Who::default()).is_some() {
            let split = [who.sex.is_some(), who.ages.is_some_and(is_band)];
            self.lacking = [self.lacking[0] || split[0], self.lacking[1] || split[1]];
        }
    }

    /// What is lacking, and what stood in for official figures, of everything that was asked for so far.
    pub(super) fn notes(&self) -> Vec<Text> {
        let listed = |years: &BTreeSet<i16>| years.iter().map(i16::to_string).collect::<Vec<_>>().join(", ");
        let taken = |word: &str| {
            let taken = self.stand_ins.iter().map(|(wanted, taken)| format!("{wanted} {word} {taken}"));
            taken.collect::<Vec<_>>().join(", ")
        };
        let shipped = (!self.shipped.is_empty()).then(|| {
            let years = listed(&self.shipped);
            Text::made(
                format!(
                    "Invånare: kodlistans totaler för {years}, eftersom inga uppgifter är inlästa för dessa regioner (population \
                     import)."
                ),
                format!("Inhabitants: the code list's totals of {years}, since nothing was imported for these regions (population import)."),
            )
        });
        let stand_ins = (!self.stand_ins.is_empty()).then(|| {
            Text::made(
                format!("Invånare för år utan uppgift togs från närmaste år: {}.", taken("från")),
                format!("Inhabitants of years without a figure were taken from the nearest: {}.", taken("from")),
            )
        });
        let split = match self.lacking {
            [true, true] => Some(("kön och ålder", "sex and age")),
            [true, false] => Some(("kön", "sex")),
            [false, true] => Some(("ålder", "age")),
            [false, false] => None,
        };
        let lacking = split.map(|(sv, en)| {
            Text::made(
                format!("Antal per 1000 saknas där invånarna inte är inlästa per {sv} (population import)."),
                format!("There is no rate where inhabitants were not imported by {en} (population import)."),
            )
        });
        shipped.into_iter().chain(stand_ins).chain(lacking).collect()
    }
}

/// Whether a dimension divides inhabitants, or is one that nobody lives in; the others are of treatments alone.
fn divides(dimension: Dimension) -> bool {
    !matches!(
        dimension,
        Dimension::Programme
            | Dimension::ProgrammeVersion
            | Dimension::Condition
            | Dimension::DiagnosisGroup
            | Dimension::Severity
    )
}
