//! Trackers and overlapping bands: what would pick a person out of two tables cannot be asked for.

use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape;
use registry_server::disclose::engine::request::Request;

/// Whether a sentence names every dimension that can be asked for.
fn has_choices(crowd: &Crowd, sentence: &str) -> bool {
    let choices = sentence.rsplit("is split by ").next().unwrap();
    let mut names: Vec<&str> = choices.split(", ").collect();
    let mut known: Vec<&str> = crowd.dimensions.iter().map(|dimension| dimension.name).collect();
    names.sort_unstable();
    known.sort_unstable();
    names == known
}

#[test]
fn two_filters_that_differ_by_a_person_are_refused_each_with_its_sentence_and_the_table_without_them_is_not() {
    let crowd = Crowd::new(shape::extreme()[2]);
    let refused = |asked: &str| Request::read(asked, &crowd.vocabulary).unwrap_err().to_string();
    // All, and all but one: the classical tracker, by place, by date, by age and by a free condition.
    for asked in ["region=03", "region!=03", "period<2025-03-02", "age>=64", "sex=F", "NOT severity=severe"] {
        let sentence = refused(asked);
        assert!(
            sentence.contains("is a filter of its own: a table covers its whole cut") && has_choices(&crowd, &sentence),
            "{asked}: {sentence}"
        );
    }
    for asked in ["income", "person", "unit", "region,municipality"] {
        let sentence = refused(asked);
        assert!(
            sentence.contains("is not registered: a table is split by") && has_choices(&crowd, &sentence),
            "{sentence}"
        );
    }
    assert!(Request::read("region,sex,age,response", &crowd.vocabulary).is_ok());
}

#[test]
fn bands_and_periods_of_ones_own_and_two_levels_of_one_dimension_are_refused_with_the_levels_that_there_are() {
    let crowd = Crowd::new(shape::extreme()[2]);
    let refused = |asked: &str| Request::read(asked, &crowd.vocabulary).unwrap_err().to_string();
    for band in ["30-44", "31-44", "18-29", "five years", "65+"] {
        assert_eq!(refused(&format!("age:{band}")), format!("{band} is no level of age: choose broad, band"));
    }
    for period in ["month", "2025-02-03", "2025Q1"] {
        assert_eq!(
            refused(&format!("period:{period}")),
            format!("{period} is no level of period: choose year, half, quarter")
        );
    }
    let twice = refused("age:broad,age:band");
    assert!(twice.starts_with("age is asked for twice"), "{twice}");
}
