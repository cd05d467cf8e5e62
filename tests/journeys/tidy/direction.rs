//! Who may name whom: `schemas` <- `agent`, `registry-server` <- `tests`; the recount names nobody.

use std::collections::BTreeSet;

use super::source::Source;
use super::tree::Tree;

/// The packages of the workspace.
const OURS: [&str; 5] = ["schemas", "agent", "registry-server", "recount", "end-to-end"];
/// What the crate of the wire does not touch: no async, no SQL, no HTTP.
const NOT_ON_THE_WIRE: [&str; 7] = ["tokio", "sqlx", "axum", "hyper", "reqwest", "rustls", "futures-util"];

/// A folder, and what its package must not depend on.
struct Border {
    folder: &'static str,
    barred: Vec<&'static str>,
    /// Of these, what only its tests may depend on.
    lent_to_tests: &'static [&'static str],
}

fn borders() -> [Border; 4] {
    let barred = |except: &[&'static str], further: &[&'static str]| {
        OURS.iter().filter(|package| !except.contains(package)).chain(further).copied().collect()
    };
    [
        Border { folder: "schemas", barred: barred(&[], &NOT_ON_THE_WIRE), lent_to_tests: &[] },
        Border { folder: "agent", barred: barred(&["schemas"], &[]), lent_to_tests: &[] },
        // Its figures are held against a second count, which itself knows nobody.
        Border { folder: "registry-server", barred: barred(&["schemas"], &[]), lent_to_tests: &["recount"] },
        Border { folder: "tests/recount", barred: barred(&[], &[]), lent_to_tests: &[] },
    ]
}

#[test]
fn neither_program_knows_the_other_and_nothing_stands_below_the_wire() {
    for border in borders() {
        let manifest = Tree::here().text(&format!("{}/Cargo.toml", border.folder));
        assert_eq!(barred_dependencies(&border, manifest), [""; 0]);
        let sources = Tree::here().sources.iter();
        assert_eq!(barred_names(&border, sources), [""; 0]);
    }

    let planted =
        "[dev-dependencies]\nregistry-server.workspace = true\n[target.'cfg(unix)'.dependencies]\nrecount = \"1\"\n";
    let [_, agent, ..] = borders();
    assert_eq!(barred_dependencies(&agent, planted), ["agent depends on recount", "agent depends on registry-server"]);
    let planted =
        Source::one("agent/src/push.rs", "// registry_server::x\nuse registry_server::store;\nlet my_recount::a;\n");
    assert_eq!(barred_names(&agent, [&planted].into_iter()), ["agent/src/push.rs:2: registry_server::"]);
    let [_, _, register, _] = borders();
    for (table, expected) in [("dev-dependencies", &[][..]), ("dependencies", &["registry-server depends on recount"])]
    {
        assert_eq!(barred_dependencies(&register, &format!("[{table}]\nrecount = \"1\"\n")), expected);
    }
    for (path, expected) in [("report/tests/a.rs", &[][..]), ("a.rs", &["registry-server/src/a.rs:1: recount::"])] {
        let planted = Source::one(&format!("registry-server/src/{path}"), "use recount::compare;\n");
        assert_eq!(barred_names(&register, [&planted].into_iter()), expected);
    }
}

fn barred_dependencies(border: &Border, manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
    let mut depends = BTreeSet::new();
    collect_dependencies(&manifest, &mut depends);
    let lent = |table: &str, name: &str| table == "dev-dependencies" && border.lent_to_tests.contains(&name);
    let barred = depends.iter().filter(|(name, table)| border.barred.contains(&name.as_str()) && !lent(table, name));
    barred.map(|(name, _)| format!("{} depends on {name}", border.folder)).collect()
}

/// Names under `dependencies`, `dev-dependencies` and `build-dependencies`, also those of single targets, each with its table.
fn collect_dependencies(table: &toml::Table, names: &mut BTreeSet<(String, String)>) {
    for (key, inner) in table {
        let Some(inner) = inner.as_table() else { continue };
        if key.ends_with("dependencies") {
            names.extend(inner.keys().map(|name| (name.clone(), key.clone())));
        } else {
            collect_dependencies(inner, names);
        }
    }
}

fn barred_names<'a>(border: &Border, sources: impl Iterator<Item = &'a Source>) -> Vec<String> {
    let folder = format!("{}/", border.folder);
    let word = |package: &&str| format!("{}::", package.replace('-', "_"));
    let words: Vec<String> = border.barred.iter().map(word).collect();
    let lent: Vec<String> = border.lent_to_tests.iter().map(word).collect();
    let own = format!("{}::", border.folder.rsplit('/').next().unwrap_or_default().replace('-', "_"));
    let mut found = Vec::new();
    for source in sources.filter(|source| source.path.starts_with(&folder)) {
        for word in words.iter().filter(|word| **word != own && !(source.test && lent.contains(word))) {
            let whole =
                |at: &usize| !source.code[..*at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':'));
            let places = source.code.match_indices(word.as_str()).map(|(at, _)| at).filter(whole);
            found.extend(places.map(|at| format!("{}: {word}", source.place(at))));
        }
    }
    found
}
