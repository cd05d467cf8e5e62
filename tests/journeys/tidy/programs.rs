//! Programs that tests start: `cargo verify` must know how to get each.

use super::source::Source;
use super::tree::Tree;

/// What every Debian system has, and what brought this tree here.
const ALWAYS_THERE: [&str; 6] = ["cat", "git", "id", "kill", "mount", "sh"];
const STARTS: [&str; 2] = ["Command::new(", "Command::new(&"];

#[test]
fn every_program_that_a_test_starts_is_on_the_list_of_tools() {
    let tree = Tree::here();
    let tools = tree.text("tests/bin/verify/tools.rs");
    let tests = tree.sources.iter().filter(|source| source.test && !source.path.starts_with("tests/bin/verify/"));
    let unknown: Vec<String> = tests.flat_map(|source| unlisted(source, tools)).collect();
    assert_eq!(unknown, [""; 0]);

    let planted = "fn a() { Command::new(\"strace\"); std::process::Command::new(\"curl\"); other(\"nc\"); Command::new(\"sh\"); }\n";
    let planted = Source::one("tests/journeys/a.rs", planted);
    assert_eq!(unlisted(&planted, "Tool { program: \"curl\", package: \"curl\" }"), ["tests/journeys/a.rs:1: strace"]);
}

fn unlisted(source: &Source, tools: &str) -> Vec<String> {
    let started =
        source.literals.iter().filter(|literal| STARTS.iter().any(|start| source.code[..literal.at].ends_with(start)));
    let known = |program: &str| ALWAYS_THERE.contains(&program) || tools.contains(&format!("program: \"{program}\""));
    let unknown = started.filter(|literal| !known(&literal.text));
    unknown.map(|literal| format!("{}: {}", source.place(literal.at), literal.text)).collect()
}
