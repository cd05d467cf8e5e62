//! Which top-level modules of a crate name which, and whether a way leads back.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::source::Source;
use crate::tidy::tree::Tree;

/// Who names whom.
type Names = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_circle_leads_through_the_modules_of_a_crate() {
    let mut found = Vec::new();
    for folder in ["schemas/src", "agent/src", "registry-server/src", "tests/recount/src"] {
        let names = names(folder, Tree::here().production());
        assert!(
            names.values().map(BTreeSet::len).sum::<usize>() > 5,
            "{folder}: the modules name each other somewhere"
        );
        found.extend(circles(&names).into_iter().map(|circle| format!("{folder}: {circle}")));
    }
    assert_eq!(found, [""; 0]);

    let planted = [
        Source::one("agent/src/map.rs", "use crate::source::{A, B};\nuse crate::{push, setup::Setup};\n"),
        Source::one("agent/src/push/client.rs", "fn a() { crate::outbox::b() }\n"),
        Source::one("agent/src/outbox.rs", "use crate::map;\n#[cfg(test)]\nmod tests { use crate::setup; }\n"),
        Source::one("agent/src/setup.rs", "use crate::source;\nuse super::status;\n"),
        Source::one("agent/src/status/row.rs", "use super::Status;\nuse super::super::setup::Setup;\n"),
    ];
    assert_eq!(
        circles(&names("agent/src", planted.iter())),
        ["map -> push -> outbox -> map", "setup -> status -> setup"]
    );
}

fn names<'a>(folder: &str, sources: impl Iterator<Item = &'a Source>) -> Names {
    let mut graph = Names::new();
    for source in sources {
        let Some(inside) = source.path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')) else { continue };
        let module = inside.split(['/', '.']).next().unwrap_or_default();
        if !matches!(module, "lib" | "main") {
            let named = named(&source.untested, inside.split('/').count()).into_iter().filter(|name| name != module);
            graph.entry(module.to_owned()).or_default().extend(named);
        }
    }
    graph
}

/// The first words after `crate::`, or after as many `super::` as lead up to it; also those in braces.
fn named(code: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let words = ["crate::", &up].into_iter().flat_map(|root| code.split(root).skip(1)).flat_map(first_words);
    words.filter(|word| word.starts_with(char::is_lowercase)).collect()
}

fn first_words(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let mut words = vec![word(group)];
    let mut depth = 0_usize;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => words.push(word(&group[at + 1..])),
            _ => {}
        }
    }
    words
}

/// One shortest circle through each module that lies on one, told once from its first module on.
fn circles(names: &Names) -> Vec<String> {
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for start in names.keys() {
        if let Some(circle) = shortest_circle(names, start)
            && told.insert(circle.iter().copied().collect::<BTreeSet<_>>())
        {
            found.push([circle.as_slice(), &[start.as_str()]].concat().join(" -> "));
        }
    }
    found
}

fn shortest_circle<'a>(names: &'a Names, start: &'a str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([start]);
    let mut ways = vec![vec![start]];
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| names.get(*last)).into_iter().flatten() {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next) {
                    longer.push([way.as_slice(), &[next.as_str()]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}
