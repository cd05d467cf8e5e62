//! What the plans of the sources say that the reports on deliveries must tell.
//!
//! Promises: nothing is read from the register or from an agent.

use std::collections::BTreeMap;

use end_to_end::platform::{Fate as AnswerFate, Leads, Plan, Treatment, TreatmentFault};
use recount::data_quality::Rules;
use recount::delivered::{Fate, Found, Outside};

use super::NEVER_SENT;

/// Every treatment of the sources, and what must become of it.
pub(super) fn found(plans: &[Plan]) -> Vec<Found> {
    let one = |plan: &Plan, treatment: &Treatment| Found {
        sender: plan.sender.clone(),
        unit: treatment.unit.clone(),
        programme: treatment.programme.to_owned(),
        month: treatment.ended.to_string()[..7].to_owned(),
        fate: match treatment.fault.map(TreatmentFault::rule) {
            None => Fate::Accepted,
            Some((rule, Leads::Held)) => Fate::Held(rule.to_owned()),
            Some((rule, Leads::Excluded)) => Fate::Excluded(rule.to_owned()),
        },
    };
    plans.iter().flat_map(|plan| plan.treatments.iter().map(move |treatment| one(plan, treatment))).collect()
}

/// What the platform's own statistics would tell: region 01 by the month, region 12 by unit and programme, region 14 nothing.
pub(super) fn outside(found: &[Found]) -> Vec<Outside> {
    let mut lines: BTreeMap<(String, Option<String>, Option<String>, String), usize> = BTreeMap::new();
    let counts = |one: &&Found| match &one.fate {
        Fate::Excluded(rule) => rule == "objection" || rule == "protected-identity",
        _ => true,
    };
    for one in found.iter().filter(|one| one.sender != "14").filter(counts) {
        let finer = |text: &String| (one.sender == "12").then(|| text.clone());
        let key = (one.sender.clone(), finer(&one.unit), finer(&one.programme), one.month.clone());
        *lines.entry(key).or_default() += 1;
    }
    lines.insert(("12".to_owned(), Some(NEVER_SENT.to_owned()), None, "2020-05".to_owned()), 5);
    let line = |((region, unit, programme, month), ended)| Outside {
        region,
        unit,
        programme,
        month,
        ended,
        source: "SoB".to_owned(),
    };
    lines.into_iter().map(line).collect()
}

/// What the rules must have held, by the plans.
pub(super) fn rules(plans: &[Plan]) -> Rules {
    let mut rules = Rules::new();
    for plan in plans {
        for (place, expected) in [plan.expected(Leads::Held), plan.expected_answers()].iter().enumerate() {
            for (rule, n) in expected {
                let counts = rules.entry((plan.sender.clone(), (*rule).to_owned())).or_default();
                counts[place] = usize::try_from(*n).unwrap();
            }
        }
        // The answers of a treatment stay with it.
        for treatment in &plan.treatments {
            if let Some((rule, Leads::Held)) = treatment.fault.map(TreatmentFault::rule) {
                let answers = treatment.answers.iter().filter(|answer| answer.fate == AnswerFate::Counts);
                rules.entry((plan.sender.clone(), rule.to_owned())).or_default()[1] += answers.count();
            }
        }
    }
    rules
}
