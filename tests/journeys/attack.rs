//! Nobody is found from the tables that leave a register, by somebody who has all of them and a solver of their own.
//!
//! Promises: the same attack finds persons in tables that hide nothing but what is few, in the same run; what the protection costs those
//! who read the tables is printed beside. `bench -- --attack` runs the same on 20 registers.

/// What cannot be asked for.
mod asked;
/// What everybody of a group is.
mod grouped;
/// The same question.
mod repeated;
/// Two measures of the same answers.
mod measured;
/// Two cuts.
mod withdrawn;

use end_to_end::attack::register::{self, Size};
use end_to_end::attack::{report, utility};
use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape::{self, Shape};

/// What is attacked of each register.
const SIZE: Size = Size { tight: 100, random: 100, whole: 50 };

/// A small ordinary register, a larger one, and one with regions of up to three persons.
fn registers() -> [Shape; 3] {
    [shape::young()[4], shape::ordinary()[0], shape::extreme()[1]]
}

#[test]
fn of_six_tables_of_three_registers_200_hidden_and_200_shown_cells_and_all_near_pairs_are_attacked_and_none_is_found() {
    println!("{}", report::ATTACKED);
    for shape in registers() {
        let crowd = Crowd::new(shape);
        let tables = register::released(&crowd, &register::asked_of(shape));
        let attacked = register::attacked(&crowd, &tables, SIZE);
        println!("{}", report::attacked(shape, &attacked, None));
        assert_eq!(attacked.tables, 6, "{}: six tables left", shape.name);
        assert!(attacked.hidden > 0 && attacked.neutral.attacked == attacked.hidden.min(200), "{}", shape.name);
        assert!(attacked.is_safe(), "{}: {attacked:?}", shape.name);
        assert!(attacked.control.exact > 0, "{}: the attack finds cells where only the few are hidden", shape.name);
    }
}

#[test]
fn shown_counts_are_near_the_truth_totals_are_unbiased_and_at_most_a_quarter_is_hidden() {
    println!("{}", report::UTILITY);
    for shape in [shape::ordinary()[3], shape::ordinary()[6], shape::ordinary()[10]] {
        let utility = utility::utility(&Crowd::new(shape), "region,sex,age", 12).unwrap();
        println!("{}", report::utility(shape, &utility));
        assert!(utility.is_kept(), "{utility:?}");
    }
}
