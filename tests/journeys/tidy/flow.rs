//! The flow is the table of contents: stages in their order, modules with a sentence each, no circles between them.

/// Which modules name which.
mod circle;

use super::tree::Tree;

/// The stages of the agent, as a treatment passes them.
const AGENT: [&str; 9] = ["source", "extract", "identity", "map", "pseudonymise", "episode", "guard", "outbox", "push"];
/// The stages of the register, as a batch passes them.
const REGISTER: [&str; 11] = [
    "receive",
    "authenticate",
    "validate",
    "store",
    "outcome",
    "fact",
    "indicator",
    "aggregate",
    "disclose",
    "report",
    "present",
];
/// The stages that the first issue builds; a list that matches nothing would prove nothing.
const FEWEST_STAGES: usize = 7;

#[test]
fn the_modules_of_both_programs_stand_in_the_order_of_the_flow() {
    for (path, stages) in [("agent/src/lib.rs", AGENT.as_slice()), ("registry-server/src/lib.rs", &REGISTER)] {
        let modules = modules(Tree::here().text(path));
        assert!(
            modules.iter().filter(|module| stages.contains(module)).count() >= FEWEST_STAGES,
            "{path}: {modules:?}"
        );
        assert_eq!(out_of_order(&modules, stages), None, "{path}");
    }
    assert_eq!(out_of_order(&["cli", "map", "source"], &AGENT), Some(("map", "source")));
}

#[test]
fn every_module_of_a_library_has_its_sentence() {
    for path in ["schemas/src/lib.rs", "agent/src/lib.rs", "registry-server/src/lib.rs", "tests/harness/lib.rs"] {
        assert_eq!(without_sentence(Tree::here().text(path)), [""; 0], "{path}");
    }
    assert_eq!(without_sentence("/// Told.\npub mod a;\npub mod b;\nmod c;\n"), ["b", "c"]);
}

fn modules(library: &str) -> Vec<&str> {
    library.lines().filter_map(module).collect()
}

/// The name in `pub mod name;` or `mod name;`.
fn module(line: &str) -> Option<&str> {
    let declared = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    declared.strip_prefix("mod ")?.strip_suffix(';')
}

/// The first two neighbours that stand the wrong way round.
fn out_of_order<'a>(modules: &[&'a str], stages: &[&str]) -> Option<(&'a str, &'a str)> {
    let placed: Vec<(usize, &str)> =
        modules.iter().filter_map(|module| Some((stages.iter().position(|stage| stage == module)?, *module))).collect();
    placed.windows(2).find(|pair| pair[0].0 > pair[1].0).map(|pair| (pair[0].1, pair[1].1))
}

fn without_sentence(library: &str) -> Vec<&str> {
    let mut last = "";
    let mut found = Vec::new();
    for line in library.lines() {
        if let Some(module) = module(line)
            && !last.starts_with("/// ")
            && last != "#[cfg(test)]"
        {
            found.push(module);
        }
        last = line;
    }
    found
}
