//! What everybody of a group is, or nobody: a share of 0 % or 100 % tells of each of them.

use end_to_end::crowd::Crowd;
use end_to_end::crowd::dimension::Dimension;
use end_to_end::crowd::shape::{self, Shape};
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::{Row, Shown, Table};

const SEX: usize = 1;
const AGE: usize = 2;
const RESPONSE: usize = 8;
/// How treatments ended is shown from so many persons on each side.
const FEW: usize = 10;

fn table(crowd: &Crowd) -> Table {
    (*crowd.table(&crowd.facts(0), "sex,age,response", (&Ledger::default(), 7)).unwrap()).clone()
}

/// The codes of a row by sex, age and response, in whatever order the columns stand.
fn codes(table: &Table, row: &Row) -> [String; 3] {
    ["sex", "age", "response"].map(|column| {
        let place = table.columns.iter().position(|known| known == column).unwrap();
        row.codes[place].clone()
    })
}

fn row<'t>(table: &'t Table, wanted: [&str; 3]) -> &'t Row {
    table.rows.iter().find(|row| codes(table, row) == wanted).unwrap()
}

fn code(dimensions: &[Dimension], dimension: usize, name: &str) -> usize {
    dimensions[dimension].code(name).unwrap()
}

/// Men of 65 and older who were measured have all responded.
fn all_alike(dimensions: &[Dimension], codes: &mut [usize]) {
    let is = |dimension, name| codes[dimension] == code(dimensions, dimension, name);
    if is(SEX, "M") && is(AGE, "65+") && is(RESPONSE, "no") {
        codes[RESPONSE] = code(dimensions, RESPONSE, "yes");
    }
}

/// Shown answers of which all or none, but for fewer than may be told, of those measured have given them.
fn telling(crowd: &Crowd, table: &Table) -> usize {
    let persons = |codes: &[String], answer: &str| {
        let at = |person: &Vec<usize>, place: usize, name: &str| {
            let known = &crowd.dimensions[place];
            let wanted = (name != "ALL").then(|| code(&crowd.dimensions, place, name));
            wanted.is_none_or(|wanted| known.at(person[place], known.codes[wanted].depth) == wanted)
        };
        let is_in = |person: &&Vec<usize>| {
            at(person, SEX, &codes[0]) && at(person, AGE, &codes[1]) && at(person, RESPONSE, answer)
        };
        crowd.persons.iter().filter(is_in).count()
    };
    let is_telling = |row: &&Row| {
        let codes = codes(table, row);
        let (own, measured) = (persons(&codes, &codes[2]), persons(&codes, "measured"));
        matches!(codes[2].as_str(), "yes" | "no") && matches!(row.shown, Shown::Count(_)) && measured - own < FEW
    };
    table.rows.iter().filter(is_telling).count()
}

#[test]
fn of_a_group_that_is_all_alike_neither_answer_is_shown_and_no_share_is_0_or_100_and_of_the_same_group_mixed_both_are()
{
    let shape: Shape = shape::ordinary()[4];
    let (mixed, alike) = (Crowd::new(shape), Crowd::planted(shape, all_alike));
    let answers = |table: &Table| ["yes", "no"].map(|answer| row(table, ["M", "65+", answer]).shown);
    let (before, after) = (table(&mixed), table(&alike));
    assert!(answers(&before).iter().all(|shown| matches!(shown, Shown::Count(_))), "{:?}", answers(&before));
    assert_eq!(answers(&after), [Shown::Hidden; 2]);
    for (crowd, table) in [(&mixed, &before), (&alike, &after)] {
        assert_eq!(table.split_by, table.asked);
        assert_eq!(telling(crowd, table), 0);
        // Nobody who was not measured has another answer than that it is not known.
        let can_differ = |row: &&Row| codes(table, row)[2] != "unknown";
        let rows = table.rows.iter().filter(can_differ);
        let shares: Vec<f64> = rows.filter_map(|row| row.percent).map(|percent| percent.value).collect();
        assert!(shares.len() > 20 && shares.iter().all(|share| *share > 0.0 && *share < 100.0), "{shares:?}");
    }
    assert!(
        telling(&alike, &before) > 0,
        "the count of telling rows finds those of a table that was not made for them"
    );
}
