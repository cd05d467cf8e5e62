//! Words that do not stand in the tree: what hides a warning, a missing part or a panic.

use super::source::Source;
use super::tree::Tree;

/// In every file.
const NOWHERE: [&str; 7] =
    ["#[allow(", "#![allow(", "todo!(", "unimplemented!(", "#[ignore", "dbg!(", "std::thread::sleep("];
/// In the programs, outside their tests.
const NOT_IN_PROGRAMS: [&str; 2] = [".unwrap()", "panic!("];
/// What asks clock or chance, allowed where a program is put together.
const ASKING: [&str; 5] = ["SystemTime::now(", "Instant::now(", "Timestamp::now(", "Zoned::now(", "getrandom::fill("];

#[test]
fn nothing_hides_a_warning_or_stands_in_for_what_is_not_built() {
    assert_eq!(everywhere(&Tree::here().sources), [""; 0]);
    let planted = Source::one(
        "a.rs",
        "// todo!() in a comment\n#[allow(dead_code)]\nfn a() { todo!() }\nlet s = \"#[ignore\";\n",
    );
    assert_eq!(everywhere(&[planted]), ["a.rs:2: #[allow(", "a.rs:3: todo!("]);
}

#[test]
fn no_program_unwraps_or_panics_outside_its_tests() {
    let found: Vec<String> = Tree::here().production().flat_map(in_programs).collect();
    assert_eq!(found, [""; 0]);
    let planted = Source::one("a.rs", "fn a() { b.unwrap() }\n#[cfg(test)]\nmod tests { fn c() { d.unwrap() } }\n");
    assert_eq!(in_programs(&planted), ["a.rs:1: .unwrap()"]);
}

#[test]
fn clock_and_chance_are_asked_only_where_a_lint_is_told_why() {
    let found: Vec<String> = Tree::here().production().flat_map(asking_unexplained).collect();
    assert_eq!(found, [""; 0]);
    let explained = "#[expect(clippy::disallowed_methods, reason = \"x\")]\nfn a() { Instant::now() }\n";
    assert_eq!(asking_unexplained(&Source::one("a.rs", explained)), [""; 0]);
    assert_eq!(asking_unexplained(&Source::one("a.rs", "fn a() { Instant::now() }\n")), ["a.rs:1: Instant::now("]);
}

#[test]
fn unsafe_code_is_forbidden_in_every_package() {
    let workspace: toml::Table = Tree::here().text("Cargo.toml").parse().expect("the workspace's manifest is TOML");
    assert_eq!(workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
    assert_eq!(without_the_lints(&Tree::here().files), [""; 0]);
    let planted = ("x/Cargo.toml".to_owned(), "[package]\nname = \"x\"\n".to_owned());
    assert_eq!(without_the_lints(&[planted]), ["x/Cargo.toml"]);
}

fn everywhere(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(|source| found(source, &source.code, &NOWHERE)).collect()
}

fn in_programs(source: &Source) -> Vec<String> {
    found(source, &source.untested, &NOT_IN_PROGRAMS)
}

fn asking_unexplained(source: &Source) -> Vec<String> {
    let explained = source.code.contains("#[expect(clippy::disallowed_methods");
    if explained { Vec::new() } else { found(source, &source.untested, &ASKING) }
}

fn found(source: &Source, code: &str, words: &[&str]) -> Vec<String> {
    let mut places: Vec<(usize, &str)> = words.iter().flat_map(|word| code.match_indices(word)).collect();
    places.sort_unstable();
    places.into_iter().map(|(at, word)| format!("{}: {word}", source.place(at))).collect()
}

fn without_the_lints(files: &[(String, String)]) -> Vec<String> {
    let manifests = files.iter().filter(|(path, _)| path.ends_with("/Cargo.toml"));
    let lacking = manifests.filter(|(_, text)| {
        let manifest: toml::Table = text.parse().expect("a manifest is TOML");
        manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool) != Some(true)
    });
    lacking.map(|(path, _)| path.clone()).collect()
}
