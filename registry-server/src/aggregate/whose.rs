//! The part of the facts that somebody may have exactly: all, what one sender sent, or what counts for some units.
//!
//! Promises: nothing of others is in the part; where a treatment counts is asked of the same structure as in every report.
//! Must not know: roles, reports.

use foldhash::HashSet;
use schemas::codelist::CodeLists;
use schemas::id::{HsaId, SenderCode};

use super::plan::Plan;
use super::structure::Structure;
use crate::fact::{Facts, TreatmentFact};

/// Whose treatments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those that one sender sent.
    Sender(SenderCode),
    /// Those that all other senders sent.
    AllBut(SenderCode),
    /// Those that count for these units.
    Units(Vec<HsaId>),
}

impl Whose {
    /// Whether what a sender sent of a unit is theirs.
    fn has<'a>(&self, sender: &str, unit: impl FnOnce() -> &'a str) -> bool {
        match self {
            Self::All => true,
            Self::Sender(code) => code.as_str() == sender,
            Self::AllBut(code) => code.as_str() != sender,
            Self::Units(units) => {
                let unit = unit();
                units.iter().any(|own| own.as_str() == unit)
            }
        }
    }

    /// Their part of facts that were read whole. Units, inhabitants and breaks stay: they tell of no treatment.
    #[must_use]
    pub fn part_of(&self, facts: &Facts, lists: &CodeLists, plan: &Plan) -> Facts {
        let structure = Structure::new(facts, lists, plan);
        let counted = |sender: &str, unit: &str| self.has(sender, || structure.unit_place(sender, unit).unit);
        let is_theirs = |fact: &&TreatmentFact| self.has(&fact.sender, || structure.place(fact).unit);
        let theirs = |sender: &str, unit: &str| self.has(sender, || unit);
        let treatments: Vec<_> = facts.treatments.iter().filter(is_theirs).cloned().collect();
        let rows: HashSet<i64> = treatments.iter().map(|fact| fact.row).collect();
        Facts {
            treatments,
            outcomes: facts.outcomes.iter().filter(|fact| rows.contains(&fact.row)).cloned().collect(),
            details: facts.details.iter().filter(|fact| rows.contains(&fact.row)).cloned().collect(),
            units: facts.units.clone(),
            populations: facts.populations.clone(),
            activities: facts.activities.iter().filter(|fact| counted(&fact.sender, &fact.unit)).cloned().collect(),
            senders: facts.senders.iter().filter(|fact| theirs(&fact.sender, "")).cloned().collect(),
            runs: facts.runs.iter().filter(|fact| theirs(&fact.sender, "")).cloned().collect(),
            denominators: facts
                .denominators
                .iter()
                .filter(|fact| theirs(&fact.region, fact.unit.as_deref().unwrap_or_default()))
                .cloned()
                .collect(),
            breaks: facts.breaks.clone(),
            ..Facts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use schemas::record::Status;

    use super::*;
    use crate::fact::OutcomeFact;
    use crate::outcome::{Comparison, Pair};
    use crate::report::Parameters;

    fn treatment(row: i64, sender: &str, (start, end): (&str, Option<&str>)) -> TreatmentFact {
        TreatmentFact {
            row,
            subject: row,
            sender: sender.into(),
            unit_start: start.into(),
            unit_end: end.map(Into::into),
            programme: "angesthjalpen".into(),
            programme_version: None,
            status: Status::Completed,
            end_reason: None,
            started_on: date(2025, 1, 1),
            ended_on: date(2025, 3, 1),
            sex: None,
            birth_year: None,
            diagnosis: None,
        }
    }

    #[test]
    fn a_sender_has_what_it_sent_and_a_unit_what_counts_for_it_with_the_scores_and_nothing_else() {
        const E1: &str = "SE9990120000-E001";
        const E2: &str = "SE9990120000-E002";
        let instrument = "PHQ-9".into();
        let pair = Pair { comparison: Comparison::Paired, first: Some(9.0), second: Some(5.0) };
        let facts = Facts {
            treatments: vec![
                treatment(1, "12", (E1, None)),
                treatment(2, "12", (E2, Some(E1))),
                treatment(3, "P01", (E1, None)),
                treatment(4, "01", (E2, None)),
            ],
            outcomes: (1..5).map(|row| OutcomeFact::new(row, &instrument, pair)).collect(),
            ..Facts::default()
        };
        let lists = CodeLists::builtin();
        let rows = |whose: &Whose, attribution: &str| {
            let asked = Parameters::from_pairs([("attribution", attribution)]).unwrap();
            let part = whose.part_of(&facts, &lists, &asked.plan(date(2026, 1, 1)));
            let rows: Vec<i64> = part.treatments.iter().map(|fact| fact.row).collect();
            assert_eq!(part.outcomes.iter().map(|fact| fact.row).collect::<Vec<_>>(), rows);
            rows
        };
        let unit = Whose::Units(vec![E1.parse().unwrap()]);
        assert_eq!(rows(&Whose::All, "start"), [1, 2, 3, 4]);
        let sender = || "12".parse().unwrap();
        assert_eq!(rows(&Whose::Sender(sender()), "start"), [1, 2]);
        assert_eq!(rows(&Whose::AllBut(sender()), "start"), [3, 4]);
        assert_eq!((rows(&unit, "start"), rows(&unit, "end")), (vec![1, 3], vec![1, 2, 3]));
    }
}
