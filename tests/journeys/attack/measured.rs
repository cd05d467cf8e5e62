//! Two measures of the same answers: whoever was measured has a response or none, and whoever has not was not.
//!
//! Promises: the attacker reads a cell of one measure as the cell of the other that is of the same persons; where the engine is not told
//! that they are, the tables give hidden cells away.

use end_to_end::attack::register::{self, Size};
use end_to_end::attack::told;
use end_to_end::crowd::shape;
use end_to_end::crowd::{ANSWERED, Crowd};
use registry_server::disclose::engine::table::Table;

const ASKED: [&str; 5] = [
    "region,sex,answered",
    "region,age:broad,answered",
    "region,sex,response:measured",
    "region,age:broad,response:measured",
    "region,severity,response",
];
const SIZE: Size = Size { tight: 60, random: 60, whole: 25 };

/// The tables with every cell of the second measure under the name that the first has for it.
fn read(crowd: &Crowd) -> Vec<Table> {
    let mut tables = register::released(crowd, &ASKED);
    for table in &mut tables {
        let Some(place) = table.columns.iter().position(|column| column == ANSWERED) else { continue };
        "response".clone_into(&mut table.columns[place]);
        for row in &mut table.rows {
            let code = match row.codes[place].as_str() {
                "yes" => "measured",
                "no" => "not measured",
                _ => "ALL",
            };
            code.clone_into(&mut row.codes[place]);
        }
    }
    tables
}

#[test]
fn tables_of_two_measures_of_the_same_answers_do_not_give_each_others_hidden_cells_away() {
    let shape = shape::young()[4];
    let crowd = Crowd::new(shape).measured_twice(true);
    let tables = read(&crowd);
    assert_eq!(tables.len(), ASKED.len(), "every table left");
    assert_eq!(told::contradictions(&crowd.dimensions, &tables), 0, "a cell is the same under both names");
    let attacked = register::attacked(&crowd, &tables, SIZE);
    assert!(attacked.hidden > 20 && attacked.neutral.attacked > 20, "{attacked:?}");
    assert!(attacked.is_safe(), "{attacked:?}");

    let unaware = read(&Crowd::new(shape).measured_twice(false));
    let found = told::contradictions(&crowd.dimensions, &unaware);
    assert!(found > 0, "where the engine does not know, one table shows what another hides");
}
