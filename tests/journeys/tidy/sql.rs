//! Where SQL stands: in the files that keep the programs' state and in the reader of SQL sources.

use super::source::{Literal, Source};
use super::tree::Tree;

/// Words that only a statement holds, in this order.
const STATEMENTS: [&[&str]; 9] = [
    &["SELECT", "FROM"],
    &["INSERT", "INTO"],
    &["UPDATE", "SET"],
    &["DELETE", "FROM"],
    &["CREATE", "TABLE"],
    &["ALTER", "TABLE"],
    &["DROP", "TABLE"],
    &["BEGIN", "IMMEDIATE"],
    &["PRAGMA"],
];

#[test]
fn sql_stands_only_in_the_files_that_keep_state_and_in_the_reader_of_sources() {
    let tree = Tree::here();
    let found: Vec<String> =
        tree.production().filter(|source| !may_hold_sql(&source.path)).flat_map(statements).collect();
    assert_eq!(found, [""; 0]);

    let stores = tree.production().filter(|source| may_hold_sql(&source.path));
    assert!(stores.flat_map(statements).count() > 20, "the statements of the stores must be recognised");
    let planted =
        Source::one("agent/src/push.rs", "const A: &str = \"\nSELECT key\n  FROM record\";\nsqlx::query(A);\n");
    assert_eq!(statements(&planted), ["agent/src/push.rs:1: SELECT FROM", "agent/src/push.rs:4: sqlx::query"]);
    assert_eq!(statements(&Source::one("a.rs", "let a = \"give one SELECT, from the source\";\n")), [""; 0]);
}

/// A file called `store`, a folder of that name and the readers of SQL sources.
fn may_hold_sql(path: &str) -> bool {
    let stem = path.trim_end_matches(".rs");
    let keeps_state = stem.split('/').any(|part| part == "store");
    keeps_state || stem == "agent/src/source/query" || path.starts_with("agent/src/source/sql")
}

fn statements(source: &Source) -> Vec<String> {
    let in_program = source.literals.iter().filter(|literal| source.untested[literal.at..].starts_with(['"', 'r']));
    let literals = in_program.filter_map(|literal| Some((literal.at, statement(literal)?)));
    let calls = source.untested.match_indices("sqlx::query").map(|(at, call)| (at, call.to_owned()));
    literals.chain(calls).map(|(at, what)| format!("{}: {what}", source.place(at))).collect()
}

fn statement(literal: &Literal) -> Option<String> {
    let words: Vec<&str> = literal.text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let holds = |wanted: &&&[&str]| {
        let mut words = words.iter();
        wanted.iter().all(|word| words.any(|found| found == word))
    };
    STATEMENTS.iter().find(holds).map(|wanted| wanted.join(" "))
}
