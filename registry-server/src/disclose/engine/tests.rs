//! Tables as they leave the engine, and what each of its rules does to them.

/// An invented register.
mod register;
/// What the audit finds and what it lets pass.
mod audited;
/// Means before and after.
mod averaged;
/// What is hidden for what it says itself.
mod by_itself;
/// Two cuts, one after the other.
mod between_cuts;
/// Tables that are kept and read back.
mod kept;
/// Two measures of one instrument.
mod related;
/// What can be asked for.
mod wanted;

use super::ledger::Ledger;
use super::table::{Shown, Table};
use super::*;
use register::{Invented, names, small};

/// The shown figure of the row with these codes.
fn figure(table: &Table, codes: &[&str]) -> Shown {
    table.rows.iter().find(|row| row.codes == codes).map(|row| row.shown).unwrap()
}

fn hidden(table: &Table) -> usize {
    table.rows.iter().filter(|row| row.shown == Shown::Hidden).count()
}

#[test]
fn the_same_persons_have_the_same_figure_in_every_table_and_it_is_at_most_four_off() {
    let register = Invented::of(60_000);
    let split = register.table("sex,severity");
    let other = register.table("sex,age");
    for sex in ["F", "M", "ALL"] {
        assert_eq!(figure(&split, &["ALL", sex]), figure(&other, &["ALL", sex]), "{sex}");
    }
    let off = |row: &table::Row| match row.shown {
        Shown::Count(count) => count.abs_diff(register.persons(&split, row)),
        _ => 99,
    };
    let off: Vec<u64> = split.rows.iter().map(off).collect();
    assert!(off.iter().all(|off| *off <= 4) && off.iter().any(|off| *off > 0), "{off:?}");
}

#[test]
fn the_same_question_a_thousand_times_has_the_same_answer_and_another_key_has_another() {
    let register =
        small(&[("01", "F", 40), ("01", "M", 23), ("03", "F", 31), ("03", "M", 52), ("05", "F", 3), ("05", "M", 44)]);
    let first = register.table("region,sex");
    for _ in 0..1_000 {
        assert_eq!(register.table("region,sex"), first);
    }
    let request = Request::read("region,sex", &register.vocabulary).unwrap();
    let is_same = |key| {
        let secret = Secret::new(&[key; 32], "2025Q4");
        *disclose(&Cut { secret: &secret, ..register.cut() }, &request, &Ledger::default()).unwrap() == *first
    };
    assert!(is_same(7) && !(8..16).all(is_same), "other keys");
}

#[test]
fn no_sum_of_a_released_table_holds_exactly_one_hidden_cell_and_a_fifth_of_the_hidden_could_be_shown() {
    let register = Invented::of(8_000);
    let table = register.table("region,sex,age");
    assert_eq!(table.columns, ["region", "age", "sex"], "nothing was taken off");
    let is_hidden = |codes: &[String]| table.rows.iter().any(|row| row.codes == codes && row.shown == Shown::Hidden);
    let mut alone = 0;
    for row in &table.rows {
        for place in (0..3).filter(|place| row.codes[*place] == "ALL") {
            let inner = |other: &&table::Row| (0..3).all(|at| (at == place) != (other.codes[at] == row.codes[at]));
            let parts = table.rows.iter().filter(inner).filter(|other| is_hidden(&other.codes)).count();
            alone += usize::from(parts + usize::from(is_hidden(&row.codes)) == 1);
        }
    }
    assert_eq!(alone, 0);
    let many =
        table.rows.iter().filter(|row| row.shown == Shown::Hidden && register.persons(&table, row) >= FEW).count();
    assert!(many * 5 >= hidden(&table) && many > 0, "{many} of {}", hidden(&table));
}

#[test]
fn what_was_answered_once_is_answered_so_again_and_a_cell_is_the_same_in_every_later_table() {
    let register = Invented::of(8_000);
    let mut ledger = Ledger::default();
    let first = register.table("region,sex,age");
    ledger.add(first.clone());
    let again = Request::read("region,sex,age", &register.vocabulary).unwrap();
    assert_eq!(disclose(&register.cut(), &again, &ledger).unwrap(), first);
    let next = Request::read("region,age", &register.vocabulary).unwrap();
    let next = disclose(&register.cut(), &next, &ledger).unwrap();
    assert!(hidden(&next) > 0, "something small was hidden before");
    for row in &next.rows {
        assert_eq!(row.shown, figure(&first, &[&row.codes[0], &row.codes[1], "ALL"]));
    }
}

#[test]
fn a_table_of_which_too_much_would_be_hidden_has_less_detail_and_too_few_persons_have_none() {
    let table = Invented::of(3_000).table("region,sex,age");
    assert_eq!((table.asked.as_str(), table.split_by.as_str()), ("region:region,age:band,sex:sex", "age:band,sex:sex"));
    let few = small(&[("01", "F", 2), ("03", "M", 2)]);
    let request = Request::read("region,sex", &few.vocabulary).unwrap();
    assert_eq!(disclose(&few.cut(), &request, &Ledger::default()), Err(Refusal::TooFew));
}

#[test]
fn nothing_to_split_by_is_the_number_of_all() {
    let register = Invented::of(3_000);
    let all = register.table("");
    assert_eq!((all.asked.as_str(), all.columns.len(), all.rows.len()), ("", 0, 1));
    assert_eq!(figure(&all, &[]), figure(&register.table("sex,age"), &["ALL", "ALL"]));
}

#[test]
fn before_anything_is_built_it_is_said_what_share_at_least_would_be_hidden_and_of_what() {
    let (ledger, earlier) = (Ledger::default(), Earlier::default());
    let nothing = Before { ledger: &ledger, earlier: &earlier };
    for (persons, asked, audited) in [
        (3_000, "region,sex,age", "less"),
        (8_000, "region,sex,age", "same"),
        (8_000, "region,severity", "same"),
        (40_000, "sex", "same"),
    ] {
        let register = Invented::of(persons);
        let request = Request::read(asked, &register.vocabulary).unwrap();
        let before = precheck(&register.cut(), &request, nothing).unwrap();
        let table = register.table(asked);
        let is_same = (&before.split_by, before.cells) == (&table.split_by, table.rows.len());
        assert_eq!(is_same, audited == "same", "{before:?}: {}", table.split_by);
        let share = hidden(&table) as f64 / table.rows.len() as f64 * 100.0;
        assert!(!is_same || f64::from(before.hidden_percent) <= share, "{before:?} {share}");
        assert_eq!(before.hidden_percent > 0, asked != "sex" && asked != "region,severity", "{before:?} {share}");
        assert!(before.hidden_percent.is_multiple_of(5));
    }
    let few = small(&[("01", "F", 2), ("03", "M", 2)]);
    let request = Request::read("region,sex", &few.vocabulary).unwrap();
    assert_eq!(precheck(&few.cut(), &request, nothing), Err(Refusal::TooFew));
}

#[test]
fn a_table_too_detailed_to_be_audited_with_what_was_released_is_refused() {
    let many: Vec<String> = (0..210).map(|code| code.to_string()).collect();
    let codes: Vec<(&str, &str)> = many.iter().map(|code| (code.as_str(), "")).collect();
    let dimension = |name| vocabulary::Dimension::new(name, vocabulary::Kind::Known, &["code"], &codes).unwrap();
    let vocabulary = Vocabulary::new(vec![dimension("one"), dimension("other")]);
    let one = |number: usize| vec![many[number % 210].as_str(), many[number / 210 % 210].as_str()];
    let cells: Vec<(Vec<&str>, usize)> =
        (0..44_100).map(|number| (one(number), usize::from(number % 210 > 0) * 2)).collect();
    let facts = tally::Facts::new(register::contributors(&vocabulary, &cells), tally::Units::default(), &vocabulary);
    let secret = Secret::new(&[7; 32], "2025Q4");
    let cut = Cut { vocabulary: &vocabulary, facts: &facts.unwrap(), secret: &secret };
    let request = Request::read("one,other", &vocabulary).unwrap();
    assert_eq!(disclose(&cut, &request, &Ledger::default()), Err(Refusal::TooWide));
}

#[test]
fn a_disclosed_table_is_made_in_the_engine_and_nowhere_else() {
    let makers = |sources: &[(String, String)]| {
        let makes = |(_, text): &&(String, String)| text.contains("Disclosed::new(") || text.contains("Disclosed(");
        sources.iter().filter(makes).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let sources: Vec<(String, String)> =
        names("src").into_iter().filter(|(name, _)| !name.ends_with("tests.rs")).collect();
    assert!(sources.len() > 100, "the program was read");
    assert_eq!(makers(&sources), ["engine.rs", "stored.rs"]);
    let table = include_str!("table.rs");
    assert!(table.contains("pub struct Disclosed<T>(T);") && table.contains("    pub(super) fn new(cleared: T)"));
    assert_eq!(makers(&[("planted.rs".to_owned(), "let a = Disclosed::new(table);".to_owned())]), ["planted.rs"]);
}
