//! Outcomes as the first version of the tables had them, one row a comparison, and whether a later version still tells the same.

use crate::fact::Part;
use crate::store::Store;

type Outcome = (&'static str, &'static str, Option<f64>, Option<f64>);

const OUTCOMES: [Outcome; 7] = [
    ("GAD-7", "followup-3m", None, Some(4.0)),
    ("ISI", "first_last", Some(7.0), Some(8.0)),
    ("ISI", "locf", None, Some(8.0)),
    ("PHQ-9", "first_last", Some(15.0), Some(9.0)),
    ("PHQ-9", "followup-12m", Some(15.0), Some(2.833_333_333_333_333_5)),
    ("PHQ-9", "locf", Some(15.0), Some(9.0)),
    ("PHQ-9", "paired", Some(15.0), None),
];

/// The statement that writes them for treatment 1; `columns` and `values` are those that an engine has besides.
pub(crate) fn outcomes_of_the_first_version(columns: &str, values: &str) -> String {
    let number = |number: Option<f64>| number.map_or("NULL".to_owned(), |number| number.to_string());
    let rows = OUTCOMES.map(|(instrument, comparison, first, second)| {
        format!("({values}1, '{instrument}', '{comparison}', {}, {})", number(first), number(second))
    });
    format!(
        "INSERT INTO outcome ({columns}treatment, instrument, comparison, first, second) VALUES {}",
        rows.join(", ")
    )
}

/// Holds a store against them.
pub(crate) async fn must_tell_the_outcomes_of_the_first_version(store: &dyn Store) {
    let facts = store.facts(Part::ALL).await.unwrap();
    let outcomes = facts.outcomes.iter();
    let mut told: Vec<_> =
        outcomes.map(|o| (o.row, o.instrument.to_string(), o.comparison.to_string(), o.first, o.second)).collect();
    told.sort_by(|a, b| (&a.1, &a.2).cmp(&(&b.1, &b.2)));
    assert_eq!(told, OUTCOMES.map(|(i, c, first, second)| (1, i.to_owned(), c.to_owned(), first, second)));
}
