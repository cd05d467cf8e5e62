//! Treatments that two senders may both have delivered, as counts.
//!
//! Promises: pure; counts by pair of senders only, never a row: without a key that links senders nobody can tell whether two treatments
//! of the same programme, start, sex and year of birth are one person's.
//! Must not know: SQL, who reads it.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use schemas::record::Sex;
use serde::Serialize;

use crate::fact::TreatmentFact;
use crate::indicator::duplicates::of_pair;

/// How many treatments two senders may have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PossibleDuplicates {
    /// The one with the smaller code, and the other.
    pub senders: [String; 2],
    /// The largest number of treatments that both can have delivered: in each group of equal programme, start, sex and year of birth as
    /// many as the sender with fewer has.
    pub treatments: u64,
}

/// What two accounts of one treatment would share: programme, start, sex and year of birth.
pub(crate) type Likeness<'a> = (&'a str, Date, Sex, i16);

/// How many treatments each sender has, by what they share; one whose sex or year of birth is not known is like no other.
pub(crate) fn alike<'a>(
    treatments: impl IntoIterator<Item = &'a TreatmentFact>,
) -> HashMap<Likeness<'a>, BTreeMap<&'a str, u64>> {
    let mut alike: HashMap<Likeness, BTreeMap<&str, u64>> = HashMap::new();
    for treatment in treatments {
        let (Some(sex), Some(year)) = (treatment.sex, treatment.birth_year) else { continue };
        let likeness = (&*treatment.programme, treatment.started_on, sex, year);
        *alike.entry(likeness).or_default().entry(&treatment.sender).or_default() += 1;
    }
    alike
}

/// Counts them for every pair of senders that has any, by code.
#[must_use]
pub fn possible_duplicates(treatments: &[TreatmentFact]) -> Vec<PossibleDuplicates> {
    let mut pairs: BTreeMap<[&str; 2], u64> = BTreeMap::new();
    for senders in alike(treatments).values() {
        for (at, (one, n)) in senders.iter().enumerate() {
            for (other, m) in senders.iter().skip(at + 1) {
                *pairs.entry([one, other]).or_default() += of_pair(*n, *m);
            }
        }
    }
    let pair = |(senders, treatments): ([&str; 2], u64)| PossibleDuplicates {
        senders: senders.map(str::to_owned),
        treatments,
    };
    pairs.into_iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemas::record::Status;

    fn treatment(sender: &str, day: i8, sex: Option<Sex>, birth_year: Option<i16>) -> TreatmentFact {
        TreatmentFact {
            row: 1,
            subject: 1,
            sender: sender.into(),
            unit_start: "SE9990120000-E002".into(),
            unit_end: None,
            programme: "sovhjalpen".into(),
            programme_version: None,
            status: Status::Completed,
            end_reason: None,
            started_on: jiff::civil::date(2026, 2, day),
            ended_on: jiff::civil::date(2026, 4, 1),
            sex,
            birth_year,
            diagnosis: None,
        }
    }

    #[test]
    fn what_is_alike_at_two_senders_is_counted_once_for_each_that_both_can_have() {
        let (f, m) = (Some(Sex::F), Some(Sex::M));
        let treatments = [
            treatment("12", 1, f, Some(1980)),
            treatment("12", 1, f, Some(1980)),
            treatment("12", 1, f, Some(1980)),
            treatment("01", 1, f, Some(1980)),
            treatment("01", 1, f, Some(1980)),
            treatment("P07", 1, f, Some(1980)),
            // Another day, sex or year; and nothing known.
            treatment("12", 2, f, Some(1980)),
            treatment("01", 3, f, Some(1980)),
            treatment("01", 2, m, Some(1980)),
            treatment("01", 2, f, Some(1981)),
            treatment("12", 4, None, Some(1980)),
            treatment("01", 4, None, Some(1980)),
            treatment("12", 5, f, None),
            treatment("01", 5, f, None),
        ];
        let told: Vec<(String, u64)> = possible_duplicates(&treatments)
            .into_iter()
            .map(|pair| (pair.senders.join(" "), pair.treatments))
            .collect();
        assert_eq!(told, [("01 12".into(), 2), ("01 P07".into(), 1), ("12 P07".into(), 1)]);
        assert_eq!(possible_duplicates(&treatments[..3]), []);
    }
}
