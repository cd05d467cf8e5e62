//! Lines add up by cell, month and in all, and what is in no place is a difference.

use super::*;

fn cell(unit: &str, month: &str) -> Cell {
    Cell { unit: unit.into(), programme: "sovhjalpen".into(), month: month.into() }
}

fn place(cell: Cell, term: Option<Term>, rule: &str, (treatments, answers): (u64, u64)) -> Place {
    Place { cell, term, rule: rule.into(), treatments, answers }
}

fn account(places: Vec<Place>) -> Account {
    Account::new((7, "2024-06-01T10:00:00Z".into()), Reading::Full, places)
}

/// Two cells of one month and one of another; the last has lost a treatment.
fn places() -> Vec<Place> {
    let [one, other, later] = [cell("E1", "2024-03"), cell("E2", "2024-03"), cell("E1", "unknown")];
    vec![
        place(one.clone(), None, "", (5, 40)),
        place(one.clone(), Some(Term::Accepted), "", (3, 30)),
        place(one.clone(), Some(Term::Held), "unit-form", (2, 9)),
        place(one, Some(Term::Held), "score-range", (0, 1)),
        place(other.clone(), None, "", (1, 4)),
        place(other, Some(Term::Held), "unit-form", (1, 4)),
        place(later.clone(), None, "", (2, 0)),
        place(later, Some(Term::Excluded), "objection", (1, 0)),
    ]
}

#[test]
fn a_line_tells_each_term_with_its_rules_and_has_no_reason_for_a_rule_that_it_does_not_count() {
    let account = account(places());
    let line = |counted| account.lines.iter().find(|line| line.unit == "E1" && line.counted == counted).unwrap();
    let treatments = line(Counted::Treatments);
    assert_eq!((treatments.found, treatments.accepted, treatments.held, treatments.difference()), (5, 3, 2, 0));
    assert_eq!(treatments.reasons, [Reason { term: Term::Held, rule: "unit-form".into(), n: 2 }]);
    let answers = line(Counted::Answers);
    assert_eq!((answers.found, answers.accepted, answers.held, answers.difference()), (40, 30, 10, 0));
    let reason = |rule: &str, n| Reason { term: Term::Held, rule: rule.into(), n };
    assert_eq!(answers.reasons, [reason("score-range", 1), reason("unit-form", 9)]);
    assert_eq!(account.lines.len(), 5, "answers that nobody gave have no line");
}

#[test]
fn what_is_found_and_nowhere_is_a_difference_of_its_line_its_month_and_the_whole() {
    let account = account(places());
    let [treatments, answers] = [Counted::Treatments, Counted::Answers].map(|counted| account.sum(counted).terms);
    assert_eq!((treatments.found, treatments.difference), (8, 1));
    assert_eq!((answers.found, answers.difference), (44, 0));
    assert!(!account.balances());
    let months: Vec<(&str, i64)> =
        account.months(Counted::Treatments).into_iter().map(|(month, sum)| (month, sum.terms.difference)).collect();
    assert_eq!(months, [("2024-03", 0), ("unknown", 1)]);
}

#[test]
fn a_treatment_lost_in_one_cell_is_not_made_up_for_by_one_too_many_in_another() {
    let mut places = places();
    places.push(place(cell("E2", "2024-03"), Some(Term::Accepted), "", (1, 0)));
    let account = account(places);
    assert_eq!(account.sum(Counted::Treatments).terms.difference, 0);
    assert!(!account.balances());
}

#[test]
fn a_line_that_was_told_and_counts_nothing_any_more_is_told_as_empty() {
    let account = account(Vec::new());
    let emptied = account.emptied("full|answers|2024-03|E1|sovhjalpen").unwrap();
    assert_eq!((emptied.found, emptied.difference(), emptied.cycle), (0, 0, 7));
    assert_eq!((emptied.unit.as_str(), emptied.programme.as_str()), ("E1", "sovhjalpen"));
    for key in ["increment|answers|2024-03|E1|sovhjalpen", "full|scores|2024-03|E1|sovhjalpen", "SE9990120000-E001"] {
        assert_eq!(account.emptied(key), None, "{key}");
    }
}
