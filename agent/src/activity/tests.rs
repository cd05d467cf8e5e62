//! Counts over time, and which of them are told again.

use proptest::prelude::*;

use super::*;

const UNIT: &str = "SE9990120000-E001";

fn month(text: &str) -> Month {
    Month::of(format!("{text}-01").parse().unwrap())
}

fn cell(programme: &str) -> Cell {
    Cell { unit: UNIT.into(), programme: programme.into(), month: UNKNOWN.into() }
}

/// A treatment of nobody known, by its months; an end of `..` goes on.
fn course(start: &str, end: &str) -> Course {
    let end = match end {
        "" => End::Unknown,
        ".." => End::Ongoing,
        end => End::In(month(end)),
    };
    Course { started: Some(start).filter(|start| !start.is_empty()).map(month), end }
}

fn counted(courses: &[(&str, &str)]) -> BTreeMap<String, Activity> {
    let mut tally = Tally::default();
    for (start, end) in courses {
        tally.add(&cell("sovhjalpen"), course(start, end));
    }
    tally.counts()
}

/// Month, started, ended, ongoing.
fn lines(counts: &BTreeMap<String, Activity>) -> Vec<String> {
    let line = |c: &Activity| format!("{} {} {} {}", c.month, c.started, c.ended, c.ongoing);
    counts.values().map(line).collect()
}

fn fingerprint(count: &Activity) -> (Vec<u8>, [u8; 32]) {
    let content = canonical::bytes(count);
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(&schemas::record::content_hash(Kind::Activity, &content));
    (content, fingerprint)
}

fn told(counts: &BTreeMap<String, Activity>) -> Told {
    let fingerprints = counts.iter().map(|(key, count)| (key.clone(), fingerprint(count).1.to_vec())).collect();
    Told { fingerprints, left_until: None }
}

fn keys(changed: &[Changed]) -> Vec<&str> {
    changed.iter().map(|one| one.key.split('|').next().unwrap()).collect()
}

#[test]
fn a_treatment_counts_where_it_starts_where_it_ends_and_on_every_last_day_between() {
    assert_eq!(
        lines(&counted(&[("2023-11", "2024-02")])),
        ["2023-11 1 0 1", "2023-12 0 0 1", "2024-01 0 0 1", "2024-02 0 1 0"]
    );
    assert_eq!(lines(&counted(&[("2024-02", "2024-02")])), ["2024-02 1 1 0"]);
    assert_eq!(lines(&counted(&[("2024-01", "2023-12")])), ["2023-12 0 1 0", "2024-01 1 0 0"], "reversed");
    assert_eq!(lines(&counted(&[("2024-01", "")])), ["2024-01 1 0 0"], "an end that cannot be read");
    assert_eq!(lines(&counted(&[("", "2024-01")])), ["2024-01 0 1 0"], "a start that cannot be read");
}

#[test]
fn what_goes_on_is_counted_to_the_newest_month_that_was_read_and_no_further() {
    assert_eq!(lines(&counted(&[("2024-01", "..")])), ["2024-01 1 0 1"]);
    assert_eq!(
        lines(&counted(&[("2024-01", ".."), ("2024-03", "2024-03")])),
        ["2024-01 1 0 1", "2024-02 0 0 1", "2024-03 1 1 1"]
    );
}

#[test]
fn what_has_no_unit_or_programme_is_not_told_and_nothing_tells_sex_or_age() {
    let mut tally = Tally::default();
    for programme in ["sovhjalpen", "sovhjalpen", "angesthjalpen", UNKNOWN] {
        tally.add(&cell(programme), course("2024-01", "2024-01"));
    }
    tally.add(&cell("angesthjalpen"), Course::default());
    for unit in [UNKNOWN, "SE191212121212-E1"] {
        tally.add(&Cell { unit: unit.into(), ..cell("sovhjalpen") }, course("2024-01", "2024-01"));
    }
    let counts = tally.counts();
    let told: Vec<(&str, u64)> = counts.iter().map(|(key, count)| (key.as_str(), count.started)).collect();
    let one = ("2024-01|SE9990120000-E001|angesthjalpen||", 1);
    assert_eq!(told, [one, ("2024-01|SE9990120000-E001|sovhjalpen||", 2)]);
}

#[test]
fn given_counts_of_one_key_add_up() {
    let mut tally = Tally::default();
    let one = Activity { started: 2, ..Activity::emptied("2024-01|SE9990120000-E001|sovhjalpen||").unwrap() };
    tally.add_given(one.clone());
    tally.add_given(Activity { ended: 1, ..one });
    assert_eq!(lines(&tally.counts()), ["2024-01 4 1 0"]);
}

#[test]
fn only_what_changed_is_told_and_what_is_gone_is_told_as_zeros() {
    let before = counted(&[("2024-01", "2024-02"), ("2024-03", "2024-03")]);
    assert_eq!(changed(&before, &told(&before), fingerprint), []);
    let after = counted(&[("2024-01", "2024-01"), ("2024-03", "2024-03")]);
    let told = Told { left_until: None, ..told(&before) };
    let sent = changed(&after, &told, fingerprint);
    assert_eq!(keys(&sent), ["2024-01", "2024-02"]);
    let emptied: Activity = serde_json::from_slice(&sent[1].content).unwrap();
    assert_eq!((emptied.started, emptied.ended, emptied.ongoing), (0, 0, 0));
    let zeroed =
        Told { fingerprints: sent.iter().map(|one| (one.key.clone(), one.fingerprint.to_vec())).collect(), ..told };
    assert_eq!(keys(&changed(&after, &zeroed, fingerprint)), ["2024-03"], "zeros are told once");
}

#[test]
fn months_that_have_left_the_window_and_an_empty_source_take_nothing_back() {
    let before = counted(&[("2023-01", "2023-02"), ("2024-03", "2024-03")]);
    let windowed = Told { left_until: Some("2023-02".into()), ..told(&before) };
    assert_eq!(changed(&counted(&[("2024-03", "2024-03")]), &windowed, fingerprint), []);
    assert_eq!(changed(&BTreeMap::new(), &told(&before), fingerprint), []);
}

proptest! {
    #[test]
    fn the_counts_are_what_a_look_at_each_month_counts_and_the_order_changes_nothing(
        months in prop::collection::vec((0_u16..20, prop::option::of(0_u16..20)), 0..30),
    ) {
        let courses: Vec<Course> = months
            .iter()
            .map(|(start, end)| {
                let end = end.map_or(End::Ongoing, |end| End::In(Month(24_000 + end)));
                Course { started: Some(Month(24_000 + start)), end }
            })
            .collect();
        let tallied = |courses: &mut dyn Iterator<Item = &Course>| {
            let mut tally = Tally::default();
            courses.for_each(|course| tally.add(&cell("sovhjalpen"), *course));
            tally.counts()
        };
        let counts = tallied(&mut courses.iter());
        prop_assert_eq!(&counts, &tallied(&mut courses.iter().rev()));
        let newest = months.iter().flat_map(|(start, end)| [Some(*start), *end]).flatten().max();
        for month in newest.map_or(0..0, |newest| 0..newest + 1) {
            let is = |wanted: &dyn Fn(u16, Option<u16>) -> bool| {
                months.iter().filter(|(start, end)| wanted(*start, *end)).count() as u64
            };
            let expected = (
                is(&|start, _| start == month),
                is(&|_, end| end == Some(month)),
                is(&|start, end| start <= month && end.is_none_or(|end| end > month)),
            );
            let key = format!("{}|{UNIT}|sovhjalpen||", Month(24_000 + month).text());
            let found = counts.get(&key).map_or((0, 0, 0), |c| (c.started, c.ended, c.ongoing));
            prop_assert_eq!(found, expected);
        }
    }
}
