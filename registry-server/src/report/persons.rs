//! Report `persons`: distinct persons by sex and age.
//!
//! Promises: a person counts once in a row and once per sender, so that rows of a person's two ages may add up to more than their total.

use super::figure::Figure;
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::tally::{Persons, Tallies};
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "persons",
    version: 1,
    meaning: Text::fixed(
        "Hur många olika personer som behandlades, efter kön och ålder vid starten.",
        "How many different persons were treated, by sex and age at the start.",
    ),
    needs: &[],
    on_screen: &["n_persons", "n_started"],
    build,
};

/// What stands beside every count of persons.
pub(super) const ONCE_PER_SENDER: Text = Text::fixed(
    "En person räknas en gång per avsändare: pseudonymer från olika avsändare kan inte jämföras.",
    "A person counts once per sender: pseudonyms of different senders cannot be compared.",
);

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let mut by = parameters.by.clone();
    for dimension in [Dimension::Sex, Dimension::AgeGroup] {
        if !by.contains(&dimension) {
            by.push(dimension);
        }
    }
    let parameters = Parameters { by, ..parameters.clone() };
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let tallies = Tallies::new(&data.facts, &grouping);
    let persons = Persons::new(&data.facts, &grouping);
    let rows = grouping.groups.iter().map(|group| {
        let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
        row.extend([persons.of(group), tallies.of(group).started].map(Figure::Count));
        row
    });
    let rows = rows.collect();
    let mut columns = grouping_columns(&parameters, &[]);
    let keys = columns.len();
    columns.extend(["n_persons", "n_started"].map(str::to_owned));
    let mut notes = notes::selection(&plan, &grouping);
    notes.push(ONCE_PER_SENDER);
    notes.push(Text::fixed(
        "Den som behandlades i två åldersgrupper, regioner eller program räknas en gång i varje och en gång i summan.",
        "Somebody treated in two age groups, regions or programmes counts once in each and once in the total.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::TreatmentFact;
    use crate::report::tests::invented::{facts, figures_of, report, treatment};

    #[test]
    fn worked_example_one_of_two_women_comes_twice_at_two_ages() {
        let again = TreatmentFact {
            subject: 1,
            started_on: "2025-01-10".parse().unwrap(),
            ended_on: "2025-02-10".parse().unwrap(),
            ..treatment(3, "12", "A")
        };
        let facts = facts(vec![treatment(1, "12", "A"), treatment(2, "12", "A"), again]);
        let report = report(facts, "persons", &[("by", "region")]);
        assert_eq!(report.columns[..report.keys], ["period", "region", "sex", "age_group"]);
        let persons = |age| {
            let row = figures_of(&report, &["ALL", "12", "F", age]);
            (row["n_persons"].clone(), row["n_started"].clone())
        };
        assert_eq!(persons("25-34"), (Figure::Count(2), Figure::Count(2)));
        assert_eq!(persons("35-44"), (Figure::Count(1), Figure::Count(1)));
        assert_eq!(persons("ALL"), (Figure::Count(2), Figure::Count(3)));
    }

    #[test]
    fn a_dimension_that_was_asked_for_stands_where_it_was_asked() {
        let report = report(facts(vec![treatment(1, "12", "A")]), "persons", &[("by", "age_group,unit")]);
        assert_eq!(report.columns[..report.keys], ["period", "age_group", "unit", "sex"]);
    }
}
