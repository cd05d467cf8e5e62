//! Nobody is found from the tables that leave a register, by somebody who has all of them and a solver of their own.
//!
//! Promises: the same attack finds persons in tables that hide nothing but what is few, in the same run; what the protection costs those
//! who read the tables is printed beside.

mod attacker;

use std::collections::BTreeMap;

use attacker::{Attacker, Name, Told};
use end_to_end::crowd::{Crowd, Shape};
use registry_server::disclose::engine::ledger::Ledger;
use registry_server::disclose::engine::table::{Shown, Table};

/// Fewer persons than this are never shown.
const FEW: u64 = 5;
/// Of the hidden cells of a register so many are attacked, at least.
const ATTACKED: usize = 12;

/// An ordinary register, one of which most is in few regions, and a tiny one, each with the tables that are asked of it in turn.
const REGISTERS: [(Shape, &[&str]); 3] = [
    (Shape { name: "ordinary", persons: 8_000, skew: 0.8, seed: 1 }, &["region,sex,age", "region,severity"]),
    (Shape { name: "skewed", persons: 14_000, skew: 1.3, seed: 2 }, &["region,sex,age", "region,age", "sex,age"]),
    (Shape { name: "tiny", persons: 700, skew: 0.5, seed: 3 }, &["region,sex", "region", "sex,age"]),
];

#[test]
fn no_hidden_cell_is_found_from_all_released_tables_and_in_tables_that_hide_only_the_few_many_are() {
    for (shape, asked) in REGISTERS {
        let crowd = Crowd::new(shape);
        let tables = released(&crowd, asked);
        let told = told(&tables);
        let few = hidden(&told).map(|name| (name.clone(), persons(&crowd, name) < FEW)).collect();
        let neutral = Attacker { codes: codes(&crowd, &tables), told, few: None };
        let knowing = Attacker { codes: neutral.codes.clone(), told: neutral.told.clone(), few: Some(few) };
        let targets = targets(&neutral.told);
        let exact = |attacker: &Attacker| found(&crowd, attacker, &targets);
        let (blind, sharp) = (exact(&neutral), exact(&knowing));
        let control = control(&crowd);
        println!(
            "{}: {} tables, {} cells hidden, {} attacked: {} exact, {} by who knows which are few; few alone hidden: {} of {}",
            shape.name,
            tables.len(),
            hidden(&neutral.told).count(),
            targets.len(),
            blind.exact,
            sharp.exact,
            control.0,
            control.1,
        );
        assert_eq!((blind.exact, sharp.exact), (0, 0), "{}", shape.name);
        assert_eq!((blind.weak, sharp.narrow), (0, 0), "{}", shape.name);
        assert!(
            control.0 * 4 > control.1 && control.1 > 0,
            "the attack finds {} of {} where it can",
            control.0,
            control.1
        );
    }
}

#[test]
fn shown_counts_are_near_the_truth_totals_are_unbiased_and_little_is_hidden() {
    for persons in [10_000, 16_000, 40_000] {
        let crowd = Crowd::new(Shape { name: "ordinary", persons, skew: 0.8, seed: 4 });
        let (mut off, mut bias, mut totals, mut hidden, mut cells) = (Vec::new(), 0.0, 0.0, 0_u32, 0_u32);
        let mut truth = BTreeMap::new();
        for seed in 0..12 {
            let table = crowd.table("region,sex,age", &Ledger::default(), seed).unwrap();
            assert_eq!(table.columns.len(), 3, "nothing was taken off");
            for row in &table.rows {
                cells += 1;
                let Shown::Count(count) = row.shown else {
                    hidden += 1;
                    continue;
                };
                let count_again = || crowd.persons(&table.columns, &row.codes) as f64;
                let truth = *truth.entry(row.codes.clone()).or_insert_with(count_again);
                off.push((count as f64 - truth).abs());
                if row.codes.iter().any(|code| code == "ALL") {
                    (bias, totals) = (bias + count as f64 - truth, totals + 1.0);
                }
            }
        }
        let (off, bias, share) =
            (off.iter().sum::<f64>() / off.len() as f64, bias / totals, f64::from(hidden) / f64::from(cells));
        println!("{persons} persons: {off:.2} off on average, totals {bias:+.3}, {:.1} % hidden", share * 100.0);
        assert!(off <= 1.8 && bias.abs() < 0.1 && share <= 0.25, "{persons}: {off} {bias} {share}");
    }
}

fn released(crowd: &Crowd, asked: &[&str]) -> Vec<Table> {
    let mut ledger = Ledger::default();
    for asked in asked {
        if let Ok(table) = crowd.table(asked, &ledger, 7) {
            ledger.add(table);
        }
    }
    ledger.released().iter().map(|table| (**table).clone()).collect()
}

/// What the tables tell everybody: a rounded figure may stand for up to four more or fewer.
fn told(tables: &[Table]) -> Told {
    let cell = |table: &Table, codes: &[String]| -> Name {
        let narrowed = table.columns.iter().zip(codes).filter(|(_, code)| *code != "ALL");
        narrowed.map(|(column, code)| (column.clone(), code.clone())).collect()
    };
    let bounds = |shown| match shown {
        Shown::Count(count) => Some((count.saturating_sub(4).max(FEW) as f64, count as f64 + 4.0)),
        _ => None,
    };
    let of =
        |table: &Table| table.rows.iter().map(|row| (cell(table, &row.codes), bounds(row.shown))).collect::<Vec<_>>();
    tables.iter().flat_map(of).collect()
}

fn codes(crowd: &Crowd, tables: &[Table]) -> BTreeMap<String, Vec<String>> {
    tables.iter().flat_map(|table| &table.columns).map(|column| (column.clone(), crowd.codes_of(column))).collect()
}

fn hidden(told: &Told) -> impl Iterator<Item = &Name> {
    told.iter().filter(|(_, bounds)| bounds.is_none()).map(|(name, _)| name)
}

fn persons(crowd: &Crowd, name: &Name) -> u64 {
    let (columns, codes): (Vec<String>, Vec<String>) = name.clone().into_iter().unzip();
    crowd.persons(&columns, &codes)
}

/// The hidden cells with fewest others hidden beside them, and as many in the order of their names.
fn targets(told: &Told) -> Vec<Name> {
    let all: Vec<&Name> = hidden(told).collect();
    let company = |name: &&Name| {
        let same = |other: &Name| name.iter().filter(|(column, code)| other.get(*column) == Some(*code)).count();
        all.iter().filter(|other| same(other) + 1 == name.len()).count()
    };
    let mut tight = all.clone();
    tight.sort_by_key(company);
    let step = (all.len() / (ATTACKED / 2)).max(1);
    let some = all.iter().copied().step_by(step);
    let mut targets: Vec<Name> = tight.into_iter().take(ATTACKED / 2).chain(some).cloned().collect();
    targets.sort();
    targets.dedup();
    targets
}

/// What an attack came to.
#[derive(Default)]
struct Found {
    /// Cells known exactly.
    exact: usize,
    /// Cells known to be somebody, or to be too few.
    weak: usize,
    /// Cells known closer than two persons.
    narrow: usize,
}

fn found(crowd: &Crowd, attacker: &Attacker, targets: &[Name]) -> Found {
    let mut found = Found::default();
    for target in targets {
        let (low, high) = attacker.interval(target).expect("the truth is a solution");
        let truth = persons(crowd, target) as f64;
        assert!(low <= truth && truth <= high, "the attacker's model holds the truth");
        found.exact += usize::from(high - low < 0.5);
        found.weak += usize::from(truth < FEW as f64 && (low > 0.5 || high < FEW as f64));
        found.narrow += usize::from(high - low < 2.0);
    }
    found
}

/// The same attack where only the few are hidden and everything else is exact: how many it finds, of how many.
fn control(crowd: &Crowd) -> (usize, usize) {
    let columns = ["region", "sex", "age"].map(str::to_owned);
    let every = |column: &String| [vec!["ALL".to_owned()], crowd.codes_of(column)].concat();
    let mut told = Told::new();
    for region in every(&columns[0]) {
        for sex in every(&columns[1]) {
            for age in every(&columns[2]) {
                let codes = [region.clone(), sex.clone(), age];
                let n = crowd.persons(&columns, &codes);
                let name = columns.iter().cloned().zip(codes).filter(|(_, code)| code != "ALL").collect();
                told.insert(name, (n >= FEW).then_some((n as f64, n as f64)));
            }
        }
    }
    let targets = targets(&told);
    let codes = columns.into_iter().map(|column| (column.clone(), crowd.codes_of(&column))).collect();
    let attacker = Attacker { codes, told, few: None };
    (found(crowd, &attacker, &targets).exact, targets.len())
}
