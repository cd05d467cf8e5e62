//! The attack on tables that leave the register: 20 invented registers and 6 in their first years, six tables of each, all of one register
//! together; and what the tables still tell.
//!
//! `cargo run --release -p end-to-end --bin bench -- --attack`
//!
//! Promises: the code of the tests `attack`, on more registers and more cells; a cell that is found, known too well or left open by the
//! solver makes the exit code 1, and so do an attack that finds nothing where only the few are hidden and an ordinary
//! register of whose regions, sexes and ages too much is hidden.

use end_to_end::attack::register::{self, Attacked, Size};
use end_to_end::attack::{report, utility};
use end_to_end::crowd::Crowd;
use end_to_end::crowd::shape::{self, Shape};

use super::meter;

/// Tables whose utility is printed: the finest ages, and groups of them.
const USEFUL: [&str; 2] = ["region,sex,age", "region,sex,age:broad"];

/// Attacks the first so many registers, the extreme ones first, and prints what was found; then what the tables tell under so many keys.
pub(crate) fn run(registers: usize, size: Size, keys: u8) -> bool {
    let shapes: Vec<Shape> =
        { shape::extreme().into_iter() }.chain(shape::ordinary()).chain(shape::young()).take(registers).collect();
    println!("{}", report::ATTACKED);
    let mut is_safe = true;
    let mut all = Vec::new();
    for shape in &shapes {
        let before = meter::now();
        let crowd = Crowd::new(*shape);
        let tables = register::released(&crowd, &register::asked_of(*shape));
        let attacked = register::attacked(&crowd, &tables, size);
        println!("{}", report::attacked(*shape, &attacked, Some(before.elapsed().as_secs_f64())));
        is_safe &= attacked.is_safe();
        all.push(attacked);
    }
    let control = |of: fn(&Attacked) -> usize| all.iter().map(of).sum::<usize>();
    let (exact, attacked) = (control(|one| one.control.exact), control(|one| one.control.attacked));
    println!("\nWhere only the few are hidden the attack finds {exact} of {attacked} cells exactly.");
    is_safe &= exact * 4 >= attacked && exact > 0;
    println!("\n{}", report::UTILITY);
    let (ordinary, mut is_kept) = (shape::ordinary().iter().map(|shape| shape.seed).collect::<Vec<u64>>(), true);
    for shape in &shapes {
        let crowd = Crowd::new(*shape);
        for asked in USEFUL {
            match utility::utility(&crowd, asked, keys) {
                Ok(utility) => {
                    println!("{}", report::utility(*shape, &utility));
                    is_kept &= asked != USEFUL[0] || !ordinary.contains(&shape.seed) || utility.is_kept();
                }
                Err(refusal) => println!("| {} | {} | {asked}: {refusal} |", shape.name, shape.persons),
            }
        }
    }
    println!("\nOf every ordinary register {} is kept: {}.", USEFUL[0], if is_kept { "yes" } else { "NO" });
    is_safe && is_kept
}
