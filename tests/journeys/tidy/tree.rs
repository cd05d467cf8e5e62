//! The files of the tree: what git tracks or would track, or every file when this is no checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::source::Source;

static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::read(&root()));

/// Every text file of the tree, read once.
pub(super) struct Tree {
    /// Path from the root with `/`, and text.
    pub(super) files: Vec<(String, String)>,
    /// The Rust files among them.
    pub(super) sources: Vec<Source>,
}

impl Tree {
    /// The tree that this test belongs to.
    pub(super) fn here() -> &'static Self {
        &TREE
    }

    /// The Rust files that the programs are made of: no tests, no harness.
    pub(super) fn production(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| !source.test && source.path.contains("/src/"))
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> &str {
        let found = self.files.iter().find(|(known, _)| known == path);
        &found.unwrap_or_else(|| panic!("{path} is not in the tree")).1
    }

    fn read(root: &Path) -> Self {
        let mut paths = tracked(root).unwrap_or_else(|| walked(root));
        paths.sort();
        paths.dedup();
        let files: Vec<(String, String)> = paths
            .into_iter()
            .filter_map(|path| Some((path.clone(), fs::read_to_string(root.join(&path)).ok()?)))
            .collect();
        let rust = files.iter().filter(|(path, _)| extension_is(path, "rs"));
        let sources = Source::all(rust.map(|(path, text)| (path.as_str(), text.as_str())));
        Self { files, sources }
    }
}

/// The folder that holds the workspace.
pub(super) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies inside the workspace").to_owned()
}

/// Whether a path ends in `.extension`.
pub(super) fn extension_is(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(listed.stdout).ok()?;
    let paths: Vec<String> = text.split_terminator('\0').map(str::to_owned).collect();
    // A checkout that git refuses to read (another owner) or that lies inside a foreign repository lists nothing of use.
    let whole = listed.status.success() && paths.iter().any(|path| path == "Cargo.toml");
    whole.then_some(paths)
}

fn walked(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    folders.push(path);
                }
            } else if let Some(inside) = path.strip_prefix(root).ok().and_then(Path::to_str) {
                paths.push(inside.to_owned());
            }
        }
    }
    paths
}

#[test]
fn the_tree_is_found_with_and_without_git() {
    let walked = walked(&root());
    for path in ["Cargo.toml", "agent/src/lib.rs", "schemas/codelists/programmes.csv", ".cargo/config.toml"] {
        assert!(walked.iter().any(|found| found == path), "{path}");
        assert!(!Tree::here().text(path).is_empty());
    }
    assert!(!walked.iter().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
}
