//! Means as they leave, and what somebody who knows the rules of rounding makes of them.

use std::collections::BTreeMap;

use super::super::ledger::Ledger;
use super::super::means::{Averaged, Means, Scored};
use super::super::request::{Request, Unaskable};
use super::super::secret::Secret;
use super::super::table::{Shown, Table};
use super::super::tally::{Contributor, Facts, Units, Unusable};
use super::super::vocabulary::{Dimension, Kind, Vocabulary};
use super::super::{Cut, disclose};

const HIGHEST: f64 = 27.0;

/// A county of persons with both scores.
struct County {
    code: &'static str,
    scores: Vec<(f64, f64)>,
}

impl County {
    fn of(code: &'static str, persons: usize) -> Self {
        let score = |number: usize| ((7 + number * 5 % 17) as f64, (number * 7 % 16) as f64);
        Self { code, scores: (0..persons).map(score).collect() }
    }
}

fn vocabulary(counties: &[County], highest: f64) -> Vocabulary {
    let codes: Vec<(&str, &str)> = counties.iter().map(|county| (county.code, "")).collect();
    let vocabulary = Vocabulary::new(vec![
        Dimension::new("county", Kind::Known, &["county"], &codes).unwrap(),
        Dimension::new("answered", Kind::Outcome, &["code"], &[("both", ""), ("not", "")]).unwrap(),
    ]);
    let (name, of, pairs) = ("PHQ-9", "PHQ-9", ("answered", "both"));
    vocabulary.scored(Scored { name, of, pairs, lowest: 0.0, highest, higher_is_better: false }).unwrap()
}

/// The persons of each county, and 40 in each who have no scores.
fn facts(counties: &[County], vocabulary: &Vocabulary) -> Facts {
    let (mut contributors, mut scores) = (Vec::new(), BTreeMap::new());
    for (place, county) in counties.iter().enumerate() {
        for number in 0..county.scores.len() + 40 {
            let subject = format!("{} {number}", county.code).into_bytes();
            let score = county.scores.get(number);
            if let Some(score) = score {
                scores.insert(subject.clone(), *score);
            }
            let codes = vec![place + 1, if score.is_some() { 1 } else { 2 }];
            contributors.push(Contributor { subject, unit: 1, codes });
        }
    }
    let units = Units { public: [1].into(), ..Units::default() };
    Facts::new(contributors, units, vocabulary).unwrap().scored("PHQ-9", &scores, vocabulary).unwrap()
}

fn table(counties: &[County], highest: f64) -> Table {
    let vocabulary = vocabulary(counties, highest);
    let (facts, secret) = (facts(counties, &vocabulary), Secret::new(&[7; 32], "2025Q4"));
    let cut = Cut { vocabulary: &vocabulary, facts: &facts, secret: &secret };
    let request = Request::read("county,mean:PHQ-9", &vocabulary).unwrap();
    let table = disclose(&cut, &request, &Ledger::default()).unwrap();
    let kept = Ledger::read([table.write(&secret).as_str()], &vocabulary, &secret).unwrap();
    assert_eq!(kept.released()[0], table, "means are kept too");
    Table::clone(&table)
}

fn means(table: &Table, county: &str) -> Option<Averaged> {
    let row = table.rows.iter().find(|row| row.codes == [county, "both"]).unwrap();
    assert!(
        matches!(row.shown, Shown::Count(_)) || row.means == Some(Averaged::Hidden),
        "no means beside a hidden count"
    );
    row.means
}

/// Mean and standard deviation, the plain way.
fn plain(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

const CODES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

#[test]
fn means_are_printed_with_one_decimal_and_the_rest_follows_from_what_is_printed() {
    let counties: Vec<County> = CODES.iter().map(|code| County::of(code, if *code == "b" { 14 } else { 60 })).collect();
    let table = table(&counties, HIGHEST);
    assert_eq!(table.split_by, "county:county,answered:code,mean:PHQ-9");
    let Some(Averaged::Shown(told)) = means(&table, "a") else { panic!("{table:?}") };
    let firsts: Vec<f64> = counties[0].scores.iter().map(|score| score.0).collect();
    let seconds: Vec<f64> = counties[0].scores.iter().map(|score| score.1).collect();
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let (first, second) = (plain(&firsts), plain(&seconds));
    assert_eq!((told.mean_first, told.sd_first), (tenth(first.0), tenth(first.1)));
    assert_eq!((told.mean_second, told.sd_second), (tenth(second.0), tenth(second.1)));
    assert!((told.mean_change - (told.mean_second - told.mean_first)).abs() < 1e-9, "{told:?}");
    let Shown::Count(n) = table.rows.iter().find(|row| row.codes == ["a", "both"]).unwrap().shown else { panic!() };
    let pooled = f64::midpoint(told.sd_first.powi(2), told.sd_second.powi(2)).sqrt();
    let g = -told.mean_change / pooled * (1.0 - 3.0 / (4.0 * (n as f64 - 1.0) - 1.0));
    assert_eq!(told.hedges_g, Some((g * 100.0).round() / 100.0));
    let (low, high) = told.interval.unwrap();
    let changes: Vec<f64> = counties[0].scores.iter().map(|score| score.1 - score.0).collect();
    let half = 2.0 * plain(&changes).1 / (n as f64).sqrt();
    assert!((low + high - 2.0 * told.mean_change).abs() < 0.21 && ((high - low) / 2.0 - half).abs() < 0.15, "{told:?}");
    let Some(Averaged::Shown(small)) = means(&table, "b") else { panic!("{table:?}") };
    assert_eq!((small.interval, small.hedges_g), (None, None), "fewer than 20 pairs");
}

#[test]
fn on_a_scale_to_a_hundred_means_are_whole_and_where_all_answers_are_alike_there_are_none() {
    let mut counties: Vec<County> = CODES.iter().map(|code| County::of(code, 60)).collect();
    counties[2].scores.iter_mut().for_each(|score| score.0 = 11.0);
    counties[3].scores.iter_mut().for_each(|score| *score = (score.0, 0.0));
    let table = table(&counties, 100.0);
    let Some(Averaged::Shown(told)) = means(&table, "a") else { panic!("{table:?}") };
    let whole = |value: f64| value.fract() == 0.0;
    assert!([told.mean_first, told.sd_first, told.mean_second, told.mean_change].into_iter().all(whole), "{told:?}");
    assert_eq!((means(&table, "c"), means(&table, "d")), (Some(Averaged::Hidden), Some(Averaged::Hidden)));
}

/// The narrowest bounds of the first scores' mean among fewer than ten persons that somebody who knows how many there are in each county
/// finds by taking counties off the whole; the range where there are none.
fn narrowest(told: &[(f64, Option<f64>)], whole: (f64, Option<f64>)) -> f64 {
    let mut narrowest = HIGHEST;
    for taken in 0_u32..1 << told.len() {
        let taken = |place: &usize| taken >> place & 1 == 1;
        let places: Vec<usize> = (0..told.len()).filter(taken).collect();
        let left = whole.0 - places.iter().map(|place| told[*place].0).sum::<f64>();
        let known = places.iter().map(|place| Some((told[*place].0, told[*place].1?))).collect::<Option<Vec<_>>>();
        let (Some(known), Some(mean)) = (known, whole.1) else { continue };
        if !(1.0..10.0).contains(&left) {
            continue;
        }
        let sum = whole.0 * mean - known.iter().map(|(n, mean)| n * mean).sum::<f64>();
        let off = 0.05 * (whole.0 + known.iter().map(|(n, _)| n).sum::<f64>());
        let (low, high) = (((sum - off) / left).max(0.0), ((sum + off) / left).min(HIGHEST));
        narrowest = narrowest.min(high - low);
    }
    narrowest
}

#[test]
fn no_mean_of_few_follows_from_printed_means_and_it_does_where_nothing_is_kept_back() {
    let mut found = 0;
    for (small, large) in [([4, 3], 60), ([3, 5], 90), ([2, 2], 1_200), ([8, 1], 40)] {
        let sizes: Vec<usize> = small.into_iter().chain([large; 6]).collect();
        let counties: Vec<County> = CODES.iter().zip(&sizes).map(|(code, size)| County::of(code, *size)).collect();
        let table = table(&counties, HIGHEST);
        let first = |means: Option<Averaged>| match means {
            Some(Averaged::Shown(Means { mean_first, .. })) => Some(mean_first),
            _ => None,
        };
        let size = |county: &County| county.scores.len() as f64;
        let told: Vec<_> = counties.iter().map(|county| (size(county), first(means(&table, county.code)))).collect();
        let all: f64 = counties.iter().map(size).sum();
        assert!(narrowest(&told, (all, first(means(&table, "ALL")))) >= HIGHEST - 1e-9, "{small:?} {large}");
        let exact = |county: &County| {
            let firsts: Vec<f64> = county.scores.iter().map(|score| score.0).collect();
            (size(county), Some((plain(&firsts).0 * 10.0).round() / 10.0).filter(|_| firsts.len() >= 10))
        };
        let bare: Vec<_> = counties.iter().map(exact).collect();
        let firsts: Vec<f64> = counties.iter().flat_map(|county| &county.scores).map(|score| score.0).collect();
        found += usize::from(narrowest(&bare, (all, Some((plain(&firsts).0 * 10.0).round() / 10.0))) < HIGHEST / 2.0);
        assert!(told.iter().filter(|(_, mean)| mean.is_some()).count() > 2, "little is kept back: {told:?}");
    }
    assert!(found >= 2, "the same attack where nothing is kept back: {found} of 4");
}

#[test]
fn means_of_scores_that_are_not_registered_or_do_not_go_with_the_persons_are_refused() {
    let counties = [County::of("a", 20), County::of("b", 20)];
    let vocabulary = vocabulary(&counties, HIGHEST);
    let refused = Request::read("county,mean:GAD-7", &vocabulary).unwrap_err();
    assert_eq!(refused, Unaskable::Mean { asked: "GAD-7".to_owned(), choices: "PHQ-9".to_owned() });
    assert!(Request::read("mean:PHQ-9,mean:PHQ-9", &vocabulary).is_err());
    let one = |code| vec![Contributor { subject: b"one".to_vec(), unit: 1, codes: vec![1, code] }];
    let with = |code, scores: &[(&[u8], (f64, f64))]| {
        let scores = scores.iter().map(|(subject, score)| (subject.to_vec(), *score)).collect();
        let facts = Facts::new(one(code), Units::default(), &vocabulary).unwrap();
        facts.scored("PHQ-9", &scores, &vocabulary).map(|_| ())
    };
    assert_eq!(with(1, &[(b"one", (3.0, 4.0))]), Ok(()));
    assert_eq!(with(2, &[]), Ok(()));
    for (code, scores) in [
        (1, &[][..]),
        (2, &[(&b"one"[..], (3.0, 4.0))][..]),
        (1, &[(&b"one"[..], (3.0, 28.0))][..]),
        (1, &[(&b"one"[..], (3.0, 4.0)), (&b"two"[..], (3.0, 4.0))][..]),
    ] {
        assert_eq!(with(code, scores), Err(Unusable::Scores), "{code} {scores:?}");
    }
}

#[test]
fn who_is_gone_between_two_tables_of_a_cut_does_not_follow_from_their_means() {
    let counties: Vec<County> = CODES.iter().take(4).map(|code| County::of(code, 40)).collect();
    let shown = |counties: &[County], before: &[County]| {
        let vocabulary = vocabulary(counties, HIGHEST);
        let secret = Secret::new(&[7; 32], "2025Q4");
        let (then, now) = (facts(before, &vocabulary), facts(counties, &vocabulary));
        let mut ledger = Ledger::default();
        let mut table = |facts: &Facts, asked: &str| {
            let request = Request::read(asked, &vocabulary).unwrap();
            let cut = Cut { vocabulary: &vocabulary, facts, secret: &secret };
            let table = disclose(&cut, &request, &ledger).unwrap();
            ledger.add(table.clone());
            table
        };
        let first = table(&then, "mean:PHQ-9");
        assert!(matches!(first.rows.iter().find_map(|row| row.means), Some(Averaged::Shown(_))));
        let second = table(&now, "county,mean:PHQ-9");
        CODES.iter().take(4).filter(|code| matches!(means(&second, code), Some(Averaged::Shown(_)))).count()
    };
    let all: Vec<County> = CODES.iter().take(4).map(|code| County::of(code, 40)).collect();
    assert_eq!(shown(&counties, &all), 4, "nobody is gone");
    let mut all = all;
    all[0].scores.push((HIGHEST, HIGHEST));
    assert!(shown(&counties, &all) < 4, "one is gone");
}
