//! What can be asked for: the vocabulary and nothing else.

use super::super::request::{Request, Unaskable};
use super::super::vocabulary::{Dimension, Kind, Unregistered, Vocabulary};

fn vocabulary() -> Vocabulary {
    let years = [("2024", ""), ("2025", ""), ("2024Q4", "2024"), ("2025Q1", "2025"), ("2025Q2", "2025")];
    let two = [("a", ""), ("b", "")];
    Vocabulary::new(vec![
        Dimension::new("region", Kind::Place, &["region"], &two).unwrap(),
        Dimension::new("period", Kind::Known, &["year", "quarter"], &years).unwrap(),
        Dimension::new("sex", Kind::Known, &["sex"], &two).unwrap(),
        Dimension::new("age", Kind::Known, &["band"], &two).unwrap(),
        Dimension::new("severity", Kind::Telling, &["band"], &two).unwrap(),
        Dimension::new("response", Kind::Outcome, &["answer"], &two).unwrap(),
    ])
}

#[test]
fn filters_dates_and_bands_of_ones_own_are_refused_with_the_choices_that_there_are() {
    let refused = |asked| Request::read(asked, &vocabulary()).unwrap_err().to_string();
    let all = "region, age, period, sex, severity, response";
    for asked in ["age>=30", "sex=F", "started=2025-02-03", "region,period<2025"] {
        assert!(
            refused(asked).ends_with(all) && refused(asked).contains("is a filter of its own"),
            "{}",
            refused(asked)
        );
    }
    for asked in ["income", "sex,30-44", "unit"] {
        assert!(refused(asked).ends_with(all) && refused(asked).contains("is not registered"), "{}", refused(asked));
    }
    assert_eq!(refused("period:2025-02-03"), "2025-02-03 is no level of period: choose year, quarter");
    assert_eq!(refused("age:30-44"), "30-44 is no level of age: choose band");
    assert_eq!(refused("period:year,period:quarter"), Unaskable::Twice("period".to_owned()).to_string());
}

#[test]
fn three_dimensions_cross_with_a_region_and_four_without_and_a_measure_is_none_of_them() {
    let crossed = |asked| Request::read(asked, &vocabulary()).map(|request| request.text(&vocabulary()));
    assert_eq!(crossed("sex, region,period:year").unwrap(), "region:region,period:year,sex:sex");
    assert_eq!(crossed("region,sex,age,severity"), Err(Unaskable::Crossed { asked: 4 }));
    assert!(crossed("region,sex,age,response").is_ok());
    assert!(crossed("period,sex,age,severity").is_ok());
    assert_eq!(crossed("region,period,sex,age,severity"), Err(Unaskable::Crossed { asked: 5 }));
    let two = [("a", ""), ("b", "")];
    let dimension = |name, kind| Dimension::new(name, kind, &["code"], &two).unwrap();
    let mut dimensions: Vec<Dimension> =
        ["sex", "age", "severity", "period"].map(|name| dimension(name, Kind::Known)).into();
    dimensions.push(dimension("care", Kind::Units));
    dimensions.extend(["response", "remission"].map(|name| dimension(name, Kind::Outcome)));
    let others = Vocabulary::new(dimensions);
    let crossed = |asked| Request::read(asked, &others).map(|_| ());
    assert_eq!(crossed("sex,age,severity,care"), Err(Unaskable::Crossed { asked: 4 }), "kinds of units are parts too");
    assert_eq!(crossed("sex,age,severity,period,response"), Ok(()));
    assert_eq!(crossed("sex,response,remission"), Err(Unaskable::Outcomes));
}

#[test]
fn less_detail_is_a_coarser_level_of_what_has_most_codes_and_then_without_it() {
    let vocabulary = vocabulary();
    let mut texts = Vec::new();
    let mut next = Some(Request::read("period,sex", &vocabulary).unwrap());
    while let Some(request) = next {
        texts.push(request.text(&vocabulary));
        next = request.coarser(&vocabulary);
    }
    assert_eq!(texts, ["period:quarter,sex:sex", "period:year,sex:sex", "period:year", ""]);
}

#[test]
fn a_limit_is_tightened_for_a_dimension_or_a_code_and_never_loosened() {
    let dimension = || Dimension::new("region", Kind::Place, &["region"], &[("01", ""), ("03", "")]).unwrap();
    let tight = dimension().tighten(None, 7).unwrap().tighten(Some("03"), 12).unwrap();
    assert_eq!(tight.nodes.iter().map(|node| node.k).collect::<Vec<_>>(), [5, 7, 12]);
    let loosened = |k, least| Unregistered::Loosened { dimension: "region".to_owned(), k, least };
    assert_eq!(dimension().tighten(Some("01"), 4).unwrap_err(), loosened(4, 5));
    assert_eq!(tight.tighten(Some("03"), 11).unwrap_err(), loosened(11, 12));
    assert!(dimension().tighten(Some("77"), 9).is_err());
    let outcome = Dimension::new("response", Kind::Outcome, &["answer"], &[("yes", "")]).unwrap();
    assert!(outcome.tighten(None, 9).is_err(), "outcomes are shown from ten persons");
}

#[test]
fn a_code_without_its_place_in_the_hierarchy_is_refused() {
    let dimension = |codes| Dimension::new("period", Kind::Known, &["year", "quarter"], codes);
    assert!(dimension(&[("2025", ""), ("2025Q1", "2025")]).is_ok());
    for codes in [&[("2025Q1", "2025")][..], &[("2025", "")], &[("2025", ""), ("2025", "")]] {
        assert!(dimension(codes).is_err(), "{codes:?}");
    }
}
