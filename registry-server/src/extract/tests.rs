//! Who is counted, which codes are listed, and what the engine is given.

use std::sync::Arc;

use jiff::civil::date;
use schemas::codelist::CodeLists;
use schemas::record::{Ownership, Sex, Status};

use super::codes::{Codes, Listing};
use super::cohort::Cohort;
use super::measure::Measure;
use super::population::Population;
use crate::disclose::engine::ledger::Ledger;
use crate::disclose::engine::request::Request;
use crate::disclose::engine::secret::Secret;
use crate::disclose::engine::table::{Shown, Table};
use crate::disclose::engine::{Cut, disclose};
use crate::fact::{Facts, OutcomeFact, SenderFact, TreatmentFact, UnitFact};
use crate::outcome::Comparison;
use crate::subject::Pepper;

/// The n-th treatment of a person of region 01 who took a programme for worry.
fn treatment(row: i64, subject: i64) -> TreatmentFact {
    TreatmentFact {
        row,
        subject,
        sender: "01".into(),
        unit_start: "SE9990010000-E001".into(),
        unit_end: None,
        programme: "oroshjalpen".into(),
        programme_version: None,
        status: Status::Completed,
        end_reason: None,
        started_on: date(2025, 1, 10),
        ended_on: date(2025, 3, 20),
        sex: Some(if subject % 2 == 0 { Sex::F } else { Sex::M }),
        birth_year: Some(1990),
        diagnosis: None,
    }
}

fn unit(sender: &str, unit: &str) -> UnitFact {
    UnitFact {
        sender: sender.into(),
        unit: unit.into(),
        name: "Enheten".into(),
        county: sender.into(),
        care_level: Some("primary".into()),
        ownership: Some(Ownership::Public),
        successor: None,
    }
}

fn heard(sender: &str) -> SenderFact {
    SenderFact {
        sender: sender.into(),
        status: "active".into(),
        enrolled_at: "2025-01-01T00:00:00Z".to_owned(),
        first_accepted_at: Some("2025-02-01T00:00:00Z".to_owned()),
        last_accepted_at: None,
        last_seen_at: None,
        paused_until: None,
        schedule: None,
        timezone: None,
    }
}

/// So many persons of region 01, each with one treatment.
fn facts(persons: i64) -> Facts {
    Facts {
        treatments: (1..=persons).map(|number| treatment(number, number)).collect(),
        units: vec![unit("01", "SE9990010000-E001")],
        senders: vec![heard("01")],
        ..Facts::default()
    }
}

fn listing(before: Option<&Codes>) -> Listing<'_> {
    Listing::new(&Pepper::new([9; 32]), before)
}

fn codes(facts: &Facts) -> (Cohort, Codes) {
    let lists = CodeLists::builtin();
    let cohort = Cohort::of(facts, &lists);
    let codes = Codes::of(&cohort, &facts.senders, &lists, &listing(None));
    (cohort, codes)
}

/// The listed codes of a dimension.
fn listed(facts: &Facts, dimension: &str) -> Vec<String> {
    let (_, codes) = codes(facts);
    let of = codes.dimensions.into_iter().find(|known| known.name == dimension).unwrap();
    of.codes.into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_person_counts_once_by_the_first_treatment() {
    let mut facts = facts(20);
    let later = TreatmentFact { started_on: date(2025, 6, 1), ended_on: date(2025, 9, 1), ..treatment(21, 7) };
    let earlier = TreatmentFact { started_on: date(2024, 6, 1), ended_on: date(2024, 9, 1), ..treatment(22, 8) };
    // The same number with another sender is another person.
    let elsewhere = TreatmentFact { sender: "12".into(), ..treatment(23, 9) };
    facts.treatments.extend([later, earlier, elsewhere]);
    let cohort = Cohort::of(&facts, &CodeLists::builtin());
    let rows: Vec<i64> = cohort.persons.iter().map(|person| person.row).collect();
    assert_eq!(cohort.persons.len(), 21);
    assert!(rows.contains(&7) && !rows.contains(&21), "the first of the seventh person counts");
    assert!(rows.contains(&22) && !rows.contains(&8), "of the eighth it is the earlier one, delivered later");
}

#[test]
fn a_code_that_few_have_is_gathered_or_its_persons_are_in_no_table() {
    let mut facts = facts(30);
    for (number, programme) in [(31, "stresshjalpen"), (32, "stresshjalpen"), (33, "depressionshjalpen")] {
        facts.treatments.push(TreatmentFact { programme: programme.into(), ..treatment(number, number) });
    }
    assert_eq!(listed(&facts, "programme"), ["worry", "oroshjalpen"], "three are too few to stand together");
    let (cohort, codes_of_33) = codes(&facts);
    let left_out = Population::new((&facts, &cohort, &codes_of_33), &[], &CodeLists::builtin()).unwrap().left_out;
    assert_eq!(left_out, 3);
    let more = [(34, "depressionshjalpen"), (35, "depressionshjalpen"), (36, "stresshjalpen"), (37, "sovhjalpen")];
    for (number, programme) in more.into_iter().chain((38..=40).map(|number| (number, "sovhjalpen"))) {
        facts.treatments.push(TreatmentFact { programme: programme.into(), ..treatment(number, number) });
    }
    assert_eq!(listed(&facts, "programme"), ["OTHER", "OTHER OTHER", "worry", "oroshjalpen"], "ten of three");
    for number in 41..=46 {
        facts.treatments.push(TreatmentFact { programme: "stresshjalpen".into(), ..treatment(number, number) });
    }
    let nine = listed(&facts, "programme");
    assert!(nine.contains(&"stresshjalpen".to_owned()), "nine are always enough: {nine:?}");
    // Without sex nobody is in any table, whatever it is split by.
    facts.treatments.push(TreatmentFact { sex: None, ..treatment(90, 90) });
    let (cohort, codes) = codes(&facts);
    let population = Population::new((&facts, &cohort, &codes), &[], &CodeLists::builtin()).unwrap();
    assert_eq!(population.left_out, 1, "one without sex; seven of two programmes still stand together");
}

#[test]
fn a_region_of_which_nothing_was_received_is_told_as_such() {
    let mut facts = facts(30);
    let (_, alone) = codes(&facts);
    assert!(alone.silent.contains(&"12".to_owned()) && !alone.silent.contains(&"01".to_owned()));
    facts.senders.push(heard("12"));
    let (_, both) = codes(&facts);
    assert!(!both.silent.contains(&"12".to_owned()), "it delivers, whether or not somebody stands there");
    assert_eq!(alone.silent.len(), both.silent.len() + 1);
}

/// The table of a measure for the whole country, of persons of whom every third has both scores.
fn table(measure: &Measure, question: &str) -> Table {
    let (lists, mut facts) = (CodeLists::builtin(), facts(240));
    for number in (1..=240).filter(|number| number % 3 != 0) {
        facts.outcomes.push(OutcomeFact {
            row: number,
            instrument: Arc::from("PHQ-9"),
            comparison: Comparison::Paired,
            first: Some(12.0 + (number % 9) as f64),
            second: Some((number % 14) as f64),
        });
    }
    let (cohort, codes) = codes(&facts);
    let population = Population::new((&facts, &cohort, &codes), std::slice::from_ref(measure), &lists).unwrap();
    let secret = Secret::new(&[3; 32], "cut");
    let cut = Cut { vocabulary: &population.vocabulary, facts: &population.facts, secret: &secret };
    let request = Request::read(question, &population.vocabulary).unwrap();
    Table::clone(&disclose(&cut, &request, &Ledger::default()).unwrap())
}

fn shown(table: &Table, code: &str) -> i64 {
    let row = table.rows.iter().find(|row| row.codes == [code]).unwrap();
    let Shown::Count(count) = row.shown else { panic!("{row:?}") };
    i64::try_from(count).unwrap()
}

#[test]
fn outcomes_are_judged_by_the_register_s_own_measures() {
    let lists = CodeLists::builtin();
    let recovery = Measure::read("recovery", Some("PHQ-9"), None, &lists).unwrap();
    let table = table(&recovery, "recovery.PHQ-9.paired:result");
    // Every pair begins as a case; 10 of the 14 second scores are below the limit.
    let pairs: Vec<i64> = (1..=240).filter(|number| number % 3 != 0).collect();
    let recovered = pairs.iter().filter(|number| *number % 14 < 10).count();
    assert!((shown(&table, "judged") - 160).abs() < 5 && (shown(&table, "not judged") - 80).abs() < 5, "{table:?}");
    assert!((shown(&table, "yes") - i64::try_from(recovered).unwrap()).abs() < 5, "{recovered}: {table:?}");
}

#[test]
fn means_are_of_those_who_answered_both_times() {
    let lists = CodeLists::builtin();
    let means = Measure::read("means", Some("PHQ-9"), None, &lists).unwrap();
    let table = table(&means, "mean:PHQ-9.paired");
    let row = table.rows.iter().find(|row| row.codes == ["yes"]).unwrap();
    let told = serde_json::to_value(row).unwrap();
    let pairs: Vec<f64> =
        (1..=240).filter(|number| number % 3 != 0).map(|number| 12.0 + f64::from(number % 9)).collect();
    let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
    let printed = told["means"]["shown"]["mean_first"].as_f64().unwrap();
    assert!((printed - mean).abs() <= 0.05 + 1e-9, "{printed} beside {mean}: {told}");
}

#[test]
fn a_code_comes_at_a_number_that_nobody_knows_and_stays_listed_also_when_its_persons_go() {
    let lists = CodeLists::builtin();
    let with = |persons: i64, pepper: u8, before: Option<&Codes>| {
        let mut facts = facts(60);
        let of = |number| TreatmentFact { programme: "stresshjalpen".into(), ..treatment(100 + number, 100 + number) };
        facts.treatments.extend((0..persons).map(of));
        let cohort = Cohort::of(&facts, &lists);
        let codes = Codes::of(&cohort, &facts.senders, &lists, &Listing::new(&Pepper::new([pepper; 32]), before));
        let is_listed = codes.dimensions.iter().any(|one| one.codes.iter().any(|(code, _)| code == "stresshjalpen"));
        (codes, is_listed)
    };
    let least = |pepper| (1..20).find(|persons| with(*persons, pepper, None).1).unwrap();
    let all: std::collections::BTreeSet<i64> = (0..40).map(least).collect();
    assert!(all.iter().all(|least| (5..10).contains(least)) && all.len() > 3, "{all:?}");
    let (then, is_listed) = with(9, 9, None);
    assert!(is_listed);
    for persons in [4, 1, 0] {
        let (now, is_listed) = with(persons, 9, Some(&then));
        assert!(is_listed, "{persons} are left");
        assert!(with(persons, 9, Some(&now)).1 && !with(persons, 9, None).1, "from cut to cut");
    }
}
