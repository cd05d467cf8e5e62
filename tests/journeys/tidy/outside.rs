//! Paths that leave the tree: the tree must build and prove itself wherever it lies.

use std::path::{Component, Path, PathBuf};

use super::source::{Literal, Source};
use super::tree::{Tree, extension_is};

/// Folders of one machine or one person, anywhere in the tree.
const OF_A_MACHINE: [&str; 6] = ["work", "root", "home", "Users", "mnt", "media"];
/// What a program may name as a default or ask the system for; further first folders are refused in code.
const OF_EVERY_MACHINE: [&str; 6] = ["etc", "var", "srv", "tmp", "proc", "dev"];
/// Other first folders of a Unix system.
const OF_A_SYSTEM: [&str; 9] = ["bin", "boot", "lib", "lib64", "opt", "run", "sbin", "sys", "usr"];

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let found: Vec<String> = Tree::here().files.iter().flat_map(|(path, text)| machine_folders(path, text)).collect();
    assert_eq!(found, [""; 0]);
    let slash = '/';
    let planted =
        format!("see https://example.org/home/x and a/work/b\nlet dir = \"{slash}home{slash}x\";\n({slash}work)\n");
    assert_eq!(machine_folders("a", &planted), [format!("a:2: {slash}home"), format!("a:3: {slash}work")]);
}

#[test]
fn code_names_only_the_documented_folders_of_a_system() {
    let found: Vec<String> = Tree::here().sources.iter().flat_map(system_folders).collect();
    assert_eq!(found, [""; 0]);
    let planted = Source::one("a.rs", "a(\"/usr/lib/x\"); b(\"/etc/x\"); c(\"/v1/me\"); d(\"see /opt/x\");\n");
    assert_eq!(system_folders(&planted), ["a.rs:1: /usr/lib/x"]);
}

#[test]
fn no_path_climbs_out_of_the_tree() {
    let found: Vec<String> = Tree::here().sources.iter().flat_map(climbing).collect();
    assert_eq!(found, [""; 0]);
    let manifests = Tree::here().files.iter().filter(|(path, _)| extension_is(path, "toml"));
    assert_eq!(manifests.flat_map(|(path, text)| climbing_manifest(path, text)).collect::<Vec<_>>(), [""; 0]);

    let up = "..";
    let text = format!(
        "include_str!(\"{up}/{up}/lists/a.csv\"); open(\"{up}/{up}/b\"); include_str!(\"{up}/{up}/{up}/{up}/c\");\n"
    );
    let planted = Source::one("schemas/src/codelist/a.rs", &text);
    assert_eq!(
        climbing(&planted),
        [
            format!("schemas/src/codelist/a.rs:1: {up}/{up}/b"),
            format!("schemas/src/codelist/a.rs:1: {up}/{up}/{up}/{up}/c"),
        ]
    );
    let planted = format!("[dependencies]\na = {{ path = \"{up}/{up}/a\" }}\n");
    assert_eq!(climbing_manifest("agent/Cargo.toml", &planted), [format!("agent/Cargo.toml: {up}/{up}/a")]);
}

fn machine_folders(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for folder in OF_A_MACHINE.map(|name| format!("/{name}")) {
            for (at, _) in content.match_indices(&folder) {
                let (before, after) = (&content[..at], &content[at + folder.len()..]);
                let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
                let starts = !before.ends_with(|c: char| part(c) || matches!(c, '/' | '}' | '~' | '*'));
                if starts && !after.starts_with(part) {
                    found.push(format!("{path}:{line}: {folder}"));
                }
            }
        }
    }
    found
}

fn system_folders(source: &Source) -> Vec<String> {
    let refused = |literal: &&Literal| {
        let first = literal.text.strip_prefix('/').and_then(|path| path.split('/').next()).unwrap_or_default();
        OF_A_SYSTEM.contains(&first) && !OF_EVERY_MACHINE.contains(&first)
    };
    let found = source.literals.iter().filter(refused);
    found.map(|literal| format!("{}: {}", source.place(literal.at), literal.text)).collect()
}

fn climbing(source: &Source) -> Vec<String> {
    let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
    let package = package_of(&source.path);
    let leaves = |literal: &&Literal| {
        let before = source.code[..literal.at].trim_end();
        let included = ["include_str!(", "include_bytes!(", "include!("].iter().any(|call| before.ends_with(call));
        let from = if included { folder } else { package };
        // Only a path begins with a step up; text that merely speaks of one does not.
        literal.text.trim_start_matches('/').starts_with("..") && climbs_out(from, literal.text.trim_start_matches('/'))
    };
    let found = source.literals.iter().filter(leaves);
    found.map(|literal| format!("{}: {}", source.place(literal.at), literal.text)).collect()
}

fn package_of(path: &str) -> &Path {
    let folders = ["tests/recount", "tests", "agent", "registry-server", "schemas"];
    Path::new(folders.into_iter().find(|folder| path.starts_with(&format!("{folder}/"))).unwrap_or_default())
}

fn climbs_out(from: &Path, path: &str) -> bool {
    let mut inside = PathBuf::from(from);
    Path::new(path).components().any(|component| component == Component::ParentDir && !inside.pop())
}

fn climbing_manifest(path: &str, text: &str) -> Vec<String> {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let manifest: toml::Table = text.parse().expect("a manifest is TOML");
    let mut paths = Vec::new();
    collect_paths(&toml::Value::Table(manifest), &mut paths);
    let leaving = paths.into_iter().filter(|inner| inner.starts_with('/') || climbs_out(folder, inner));
    leaving.map(|inner| format!("{path}: {inner}")).collect()
}

fn collect_paths(value: &toml::Value, paths: &mut Vec<String>) {
    for (key, inner) in value.as_table().into_iter().flatten() {
        match inner.as_str() {
            Some(path) if key == "path" && !path.contains("::") => paths.push(path.to_owned()),
            _ => collect_paths(inner, paths),
        }
    }
}
