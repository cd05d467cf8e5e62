//! Tables as they are downloaded, in every form that is offered, and what is wrong with some.

use std::path::PathBuf;

use schemas::codelist::{CodeLists, Population};
use schemas::record::Sex;

use super::sheet::{Sheet, decode, is_own_form};
use super::statistics_sweden::populations;
use crate::aggregate::population::{Inhabitants, Who};

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "fixtures", "populations", name].iter().collect();
    std::fs::read(&path).unwrap()
}

fn read(text: &str) -> Result<Vec<Population>, String> {
    let sheet = Sheet::read("table.csv", text).map_err(|error| error.to_string())?;
    populations(&sheet, &CodeLists::builtin()).map_err(|error| error.to_string())
}

fn count(rows: &[Population], region: &str, year: i16, who: Who) -> Option<f64> {
    let lists = CodeLists::builtin();
    Inhabitants::new(&lists, rows).person_years(Some(region), &vec![(year, 12)], who).map(|found| found.years)
}

#[test]
fn a_table_with_a_column_a_year_gives_single_ages_and_leaves_the_totals_out() {
    let text = decode(&fixture("a-column-a-year.csv"));
    assert!(!is_own_form(&text));
    let rows = read(&text).unwrap();
    assert_eq!(rows.len(), 2 * 2 * 101 * 2, "regions, sexes, ages and years");
    let old = rows.iter().find(|row| row.age_from == Some(100)).unwrap();
    assert_eq!(old.age_to, None, "a hundred and more have no upper end");
    // Age a has 1000 + a women and 900 + a men in 2022, ten more of each in 2023; Gotland has a tenth.
    let women: u64 = (16..=67).map(|age| 1010 + age).sum();
    let ages = Some((16, Some(67)));
    assert_eq!(count(&rows, "01", 2023, Who { sex: Some(Sex::F), ages }), Some(women as f64));
    let both: u64 = (0..=100).map(|age| 1900 + 2 * age).sum();
    assert_eq!(count(&rows, "01", 2022, Who::default()), Some(both as f64));
    for band in CodeLists::builtin().age_bands() {
        let who = Who { sex: None, ages: Some((band.from, band.to)) };
        assert!(count(&rows, "09", 2023, who).is_some_and(|found| found > 0.0), "{}", band.code);
    }
}

#[test]
fn the_same_table_with_a_column_for_the_year_in_latin_1_gives_the_same() {
    let bytes = fixture("a-line-a-year.csv");
    assert!(std::str::from_utf8(&bytes).is_err(), "the fixture is written in Latin-1");
    assert_eq!(read(&decode(&bytes)).unwrap(), read(&decode(&fixture("a-column-a-year.csv"))).unwrap());
}

#[test]
fn words_codes_tabs_and_english_mean_the_same() {
    let swedish = read("region;ålder;kön;Folkmängd 2023\n09 Gotlands län;0 år;kvinnor;1 234\n").unwrap();
    for same in [
        "region\tage\tsex\t2023\n09\t0\t2\t1234\n",
        "Region,Age,Sex,2023\n9,0 years,women,1234\n",
        "\u{feff}län;år;kön;ålder;folkmängd\nGotlands län;2023;Kvinna;0;1\u{a0}234\n",
    ] {
        assert_eq!(read(&decode(same.as_bytes())).unwrap(), swedish, "{same}");
    }
}

#[test]
fn totals_alone_are_kept_as_what_they_are() {
    let rows = read("region;ålder;kön;2023\n00 Riket;totalt ålder;totalt;99\n09 Gotlands län;totalt ålder;totalt;61\n")
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].is_whole() && rows[0].population == 61);
}

#[test]
fn what_is_wrong_is_told_with_line_and_column() {
    let header = "region;ålder;kön;2023\n";
    for (text, says) in [
        (
            format!("{header}01 Stockholms län;0 år;män;5\n0114 Upplands Väsby;0 år;män;5\n"),
            "line 3, column region: is a municipality",
        ),
        (format!("{header}31 Norrlands län;0 år;män;5\n"), "line 2, column region: is no region"),
        (format!("{header}Norrlands län;0 år;män;5\n"), "line 2, column region: is no region"),
        (format!("{header}01;ung;män;5\n"), "line 2, column ålder: is no age"),
        (format!("{header}01;19-16 år;män;5\n"), "line 2, column ålder: is no age"),
        (format!("{header}01;0 år;barn;5\n"), "line 2, column kön: is no sex"),
        (format!("{header}01;0 år;män;..\n"), "line 2, column 2023: is no whole number"),
        (format!("{header}01;0 år;män;5\n01;0 år;män;6\n"), "line 3: the same region"),
        (format!("{header}01;0 år;män\n"), "line 2: the line has another number of values"),
        (format!("{header}00 Riket;0 år;män;5\n"), "holds no region's"),
        ("region;civilstånd;ålder;kön;2023\n".to_owned(), "line 1, column civilstånd: is not known"),
        ("region;ålder;kön;år;folkmängd;medelålder\n".to_owned(), "column medelålder: is one column too many"),
        ("region;ålder;kön;år;folkmängd\n01;0;1;23;5\n".to_owned(), "line 2, column år: is no calendar year"),
        ("region;ålder;kön\n".to_owned(), "no column holds inhabitants"),
        ("kommun;2023\n".to_owned(), "no column is called region"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.starts_with("table.csv, line ") && error.contains(says), "{says}: {error}");
    }
}

#[test]
fn the_own_form_is_known_by_its_columns() {
    assert!(is_own_form("region,year,sex,age_from,age_to,population\n"));
    assert!(is_own_form("region,year,population\n") && !is_own_form("region,ålder,kön,2023\n"));
}
