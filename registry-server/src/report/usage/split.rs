//! The counts of one sender, month, unit and programme: in all, and by sex and age as far as they are split.
//!
//! Promises: what is told in all counts once, however finely it is told beside; whoever is in all and in no group is told as unknown; a
//! count that was emptied is as if it had never been.

use std::collections::BTreeMap;

use schemas::record::Sex;

use crate::aggregate::UNKNOWN;
use crate::fact::ActivityFact;

/// Started, ended, ongoing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::report) struct Counts {
    /// Treatments that started.
    pub(in crate::report) started: u64,
    /// Treatments that ended.
    pub(in crate::report) ended: u64,
    /// Treatments ongoing on the month's last day.
    pub(in crate::report) ongoing: u64,
}

/// By which of the two the counts are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) struct Split {
    /// By sex.
    pub(in crate::report) sex: bool,
    /// By age group.
    pub(in crate::report) age: bool,
}

/// Sex and age group, where the counts are split by them.
pub(in crate::report) type Group<'a> = (Option<&'a str>, Option<&'a str>);

/// The counts as they were told.
#[derive(Debug, Default)]
pub(in crate::report) struct Told<'a>(BTreeMap<Group<'a>, Counts>);

impl Counts {
    pub(in crate::report) fn add(&mut self, other: Self) {
        self.started += other.started;
        self.ended += other.ended;
        self.ongoing += other.ongoing;
    }

    fn without(self, other: Self) -> Self {
        Self {
            started: self.started.saturating_sub(other.started),
            ended: self.ended.saturating_sub(other.ended),
            ongoing: self.ongoing.saturating_sub(other.ongoing),
        }
    }

    pub(in crate::report) fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl Split {
    /// Not at all.
    pub(in crate::report) const NOT: Self = Self { sex: false, age: false };

    fn of((sex, age): Group<'_>) -> Self {
        Self { sex: sex.is_some(), age: age.is_some() }
    }

    fn is_finer_than(self, other: Self) -> bool {
        self.sex >= other.sex && self.age >= other.age
    }

    fn cut(self, (sex, age): Group<'_>) -> Group<'_> {
        (sex.filter(|_| self.sex), age.filter(|_| self.age))
    }
}

impl<'a> Told<'a> {
    /// Adds one count.
    pub(in crate::report) fn add(&mut self, fact: &'a ActivityFact) {
        let counts = Counts { started: fact.started, ended: fact.ended, ongoing: fact.ongoing };
        if !counts.is_nothing() {
            self.0.entry((fact.sex.map(Sex::code), fact.age_group.as_deref())).or_default().add(counts);
        }
    }

    /// Whether anything is counted.
    pub(in crate::report) fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// The counts under one split: as they were told so, or summed from those that are told most nearly so; whoever is in no group of them
    /// is in the group `unknown`.
    pub(in crate::report) fn by(&self, split: Split) -> BTreeMap<Group<'a>, Counts> {
        let levels = [
            Split::NOT,
            Split { sex: true, age: false },
            Split { sex: false, age: true },
            Split { sex: true, age: true },
        ];
        let told = |level: &Split| level.is_finer_than(split) && self.0.keys().any(|group| Split::of(*group) == *level);
        let mut groups: BTreeMap<Group<'a>, Counts> = BTreeMap::new();
        if let Some(level) = levels.into_iter().find(told) {
            for (group, counts) in self.0.iter().filter(|(group, _)| Split::of(**group) == level) {
                groups.entry(split.cut(*group)).or_default().add(*counts);
            }
        }
        if split != Split::NOT {
            let mut named = Counts::default();
            for counts in groups.values() {
                named.add(*counts);
            }
            let all = self.by(Split::NOT).into_values().next().unwrap_or_default();
            let rest = all.without(named);
            if !rest.is_nothing() {
                groups.entry(split.cut((Some(UNKNOWN), Some(UNKNOWN)))).or_default().add(rest);
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const BOTH: Split = Split { sex: true, age: true };
    const SEX: Split = Split { sex: true, age: false };

    fn fact(sex: Option<Sex>, age: Option<&str>, started: u64) -> ActivityFact {
        let text = |text: &str| -> Arc<str> { Arc::from(text) };
        ActivityFact {
            sender: text("12"),
            month: text("2024-01"),
            unit: text("A"),
            programme: text("sovhjalpen"),
            sex,
            age_group: age.map(text),
            started,
            ended: 0,
            ongoing: 0,
        }
    }

    fn told(facts: &[ActivityFact], split: Split) -> Vec<(Group<'_>, u64)> {
        let mut told = Told::default();
        for fact in facts {
            told.add(fact);
        }
        told.by(split).into_iter().map(|(group, counts)| (group, counts.started)).collect()
    }

    #[test]
    fn what_is_told_in_all_and_split_counts_once_and_the_rest_is_unknown() {
        let facts = [fact(None, None, 9), fact(Some(Sex::F), Some("25-34"), 4), fact(Some(Sex::M), Some("25-34"), 3)];
        assert_eq!(told(&facts, Split::NOT), [((None, None), 9)]);
        assert_eq!(told(&facts, SEX), [((Some("F"), None), 4), ((Some("M"), None), 3), ((Some(UNKNOWN), None), 2)]);
        let ages: u64 = told(&facts, BOTH).iter().map(|(_, n)| n).sum();
        assert_eq!(ages, 9);
    }

    #[test]
    fn without_a_count_in_all_the_parts_are_summed_from_the_coarsest_that_is_told() {
        let facts = [fact(Some(Sex::F), None, 5), fact(Some(Sex::F), Some("25-34"), 4), fact(Some(Sex::M), None, 1)];
        assert_eq!(told(&facts, Split::NOT), [((None, None), 6)]);
        assert_eq!(told(&facts, SEX), [((Some("F"), None), 5), ((Some("M"), None), 1)]);
        assert_eq!(told(&facts[1..2], SEX), [((Some("F"), None), 4)]);
        assert_eq!(
            told(&facts, Split { sex: false, age: true }),
            [((None, Some("25-34")), 4), ((None, Some(UNKNOWN)), 2)]
        );
    }

    #[test]
    fn an_emptied_count_in_all_hides_nothing() {
        let facts = [fact(None, None, 0), fact(Some(Sex::F), Some("25-34"), 4)];
        assert_eq!(told(&facts, Split::NOT), [((None, None), 4)]);
    }
}
