//! One register: six tables leave it, and all of them are attacked together.
//!
//! Promises: the same attack on tables that hide nothing but what is few is made beside it, and must find many.

use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::Table;

use super::found::{Found, Target, Wanted, attack};
pub use super::scene::Size;
use super::scene::{Model, Scene};
use super::told::{self, Name, Told};
use super::whole;
use crate::crowd::Crowd;
use crate::crowd::shape::Shape;

/// What is asked of a register, in turn, by the register's number.
const ASKED: [[&str; 6]; 3] = [
    [
        "region,sex,age",
        "region,severity",
        "sex,age,severity",
        "sex,age:broad,programme",
        "region,programme:condition",
        "region,period:quarter",
    ],
    [
        "region,sex,age:broad",
        "region,period:half",
        "sex,age,programme:condition",
        "sex,severity,period:year",
        "region,sex,programme:condition",
        "sex,age,diagnosis",
    ],
    [
        "region,sex,age",
        "region,care_level",
        "sex,age:broad,response",
        "region,response:measured",
        "programme,severity,response",
        "region,sex,period:year",
    ],
];

/// What the attack on one register came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attacked {
    /// Tables that left, of those asked for.
    pub tables: usize,
    /// Their cells, each once.
    pub cells: usize,
    /// Those hidden.
    pub hidden: usize,
    /// Hidden cells, by who knows nothing else.
    pub neutral: Found,
    /// Hidden cells, by who knows which are few.
    pub pessimistic: Found,
    /// Shown cells, by the same.
    pub shown: Found,
    /// Shown cells less shown cells in them, by the same.
    pub pairs: Found,
    /// The tightest in whole persons.
    pub whole: Found,
    /// The same attack where only the few are hidden.
    pub control: Found,
}

impl Attacked {
    /// Whether nobody was found, nothing was left open, and the same attack finds many where it can.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        let all = [self.neutral, self.pessimistic, self.shown, self.pairs, self.whole];
        all.iter().all(|found| found.exact + found.known + found.open == 0) && self.has_control()
    }

    /// Whether the attack finds cells where only the few are hidden, if there are any.
    #[must_use]
    pub fn has_control(&self) -> bool {
        self.control.exact > 0 || self.control.attacked == 0
    }
}

/// What is asked of a register of this shape.
#[must_use]
pub fn asked_of(shape: Shape) -> [&'static str; 6] {
    ASKED[usize::try_from(shape.seed).unwrap_or(0) % ASKED.len()]
}

/// The tables that leave a register, one after the other.
#[must_use]
pub fn released(crowd: &Crowd, asked: &[&str]) -> Vec<Table> {
    let (facts, mut ledger) = (crowd.facts(0), Ledger::default());
    for asked in asked {
        if let Ok(table) = crowd.table(&facts, asked, (&ledger, 7)) {
            ledger.add(table);
        }
    }
    ledger.released().iter().map(|table| (**table).clone()).collect()
}

/// Attacks the tables that left a register.
#[must_use]
pub fn attacked(crowd: &Crowd, tables: &[Table], size: Size) -> Attacked {
    let scene = Scene::new(crowd, told::all(&crowd.dimensions, tables));
    let hidden = scene.told.values().filter(|told| told.shown.is_none()).count();
    let mut attacked = Attacked { tables: tables.len(), cells: scene.told.len(), hidden, ..Attacked::default() };
    let truth = scene.space.truth.as_slice();
    let program = scene.program(Model::Neutral);
    let names = scene.tightest(Model::Neutral, size, |told| told.shown.is_none());
    let mut targets: Vec<Target> = names.iter().map(|name| scene.hidden(name, Model::Neutral)).collect();
    let points = attack(&program, &mut targets, &mut attacked.neutral);
    whole::attack(&program, &scene.ambiguous(&names, size.whole), (truth, points), &mut attacked.whole);

    let program = scene.program(Model::Pessimistic);
    let names = scene.tightest(Model::Pessimistic, size, |told| told.shown.is_none());
    let mut targets: Vec<Target> = names.iter().map(|name| scene.hidden(name, Model::Pessimistic)).collect();
    let mut points = attack(&program, &mut targets, &mut attacked.pessimistic);
    points.extend(attack(&program, &mut scene.shown(size), &mut attacked.shown));
    points.extend(attack(&program, &mut scene.pairs(), &mut attacked.pairs));
    whole::attack(&program, &scene.others(&names, size.whole), (truth, points), &mut attacked.whole);
    attacked.control = control(crowd, &scene, size);
    attacked
}

/// The same attack where only the few are hidden and everything else is exact.
fn control(crowd: &Crowd, scene: &Scene<'_>, size: Size) -> Found {
    let exact = |(name, told): (&Name, &Told)| {
        let persons = scene.space.persons(name).round();
        let shown = (persons >= told.k as f64).then(|| whole::persons(persons));
        (name.clone(), Told { shown: shown.map(|persons| (persons, persons)), k: told.k, units: None })
    };
    let scene = Scene::new(crowd, scene.told.iter().map(exact).collect());
    let program = scene.program(Model::Neutral);
    let names = scene.tightest(Model::Neutral, Size { random: 0, ..size }, |told| told.shown.is_none());
    let mut targets: Vec<Target> =
        names.iter().map(|name| Target::new(scene.space.sum(name), Wanted::Wide(1.0))).collect();
    let mut found = Found::default();
    attack(&program, &mut targets, &mut found);
    found
}
