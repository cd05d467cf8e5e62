//! The table of promises in `tests/README.md` names tests that exist.

use std::collections::BTreeSet;

use super::source::Source;
use super::tree::Tree;

#[test]
fn every_test_that_the_table_of_promises_names_exists() {
    let tree = Tree::here();
    let tests = tests(&tree.sources);
    let table = tree.text("tests/README.md");
    assert!(named(table).count() > 40, "the table is read");
    assert_eq!(unknown(table, &tests), [""; 0]);

    let planted =
        Source::one("a.rs", "#[test]\nfn a_real_test() {}\nfn no_test() {}\n#[tokio::test]\nasync fn another() {}\n");
    let tests = tests_of(&planted).collect();
    let table = "| promise | test | command |\n| a | `a_real_test`, `no_test` | `cargo x` |\n| b | `another`, `gone` | `cargo y` |\n";
    assert_eq!(unknown(table, &tests), ["no_test", "gone"]);
}

fn unknown<'a>(table: &'a str, tests: &BTreeSet<&str>) -> Vec<&'a str> {
    named(table).filter(|name| !tests.contains(name)).collect()
}

/// The names in backticks in the second column.
fn named(table: &str) -> impl Iterator<Item = &str> {
    let cells = table.lines().filter(|line| line.starts_with("| ")).filter_map(|line| line.split(" | ").nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2))
}

fn tests(sources: &[Source]) -> BTreeSet<&str> {
    sources.iter().flat_map(tests_of).collect()
}

/// The functions that follow `#[test]`, `#[tokio::test]` or the like.
fn tests_of(source: &Source) -> impl Iterator<Item = &str> {
    source.code.match_indices("test").filter_map(|(at, _)| {
        let rest = &source.code[at + 4..];
        let marked = source.code[..at].ends_with("#[") || source.code[..at].ends_with("#[tokio::");
        let (between, function) = rest.split_once("fn ")?;
        let next = marked && !between.contains('{');
        next.then(|| function.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
    })
}
