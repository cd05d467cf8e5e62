//! Committed files against fresh ones.
//!
//! Promises: a folder holds exactly the files that were made, byte for byte; with `UPDATE_GENERATED=1` it is made so.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// File names and what they should hold.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Compares a folder of this package with fresh files, or writes them when asked to.
pub(crate) fn check(folder: &str, fresh: &Files) {
    let folder = folder_of_the_package(folder);
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        write(&folder, fresh);
    }
    let committed = read(&folder);
    let differing = differing(&committed, fresh);
    assert!(
        differing.is_empty(),
        "{} is not current: {differing:?}; after an intended change, run \
         UPDATE_GENERATED=1 cargo test -p schemas --test generated and commit the difference",
        folder.display()
    );
}

fn folder_of_the_package(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn write(folder: &Path, fresh: &Files) {
    for name in read(folder).keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(folder.join(name)).unwrap();
    }
    for (name, bytes) in fresh {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

fn read(folder: &Path) -> Files {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    files
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Names whose bytes differ, and names that only one side has.
fn differing<'a>(committed: &'a Files, fresh: &'a Files) -> Vec<&'a str> {
    let mut names: Vec<&str> = committed.keys().chain(fresh.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| committed.get(*name) != fresh.get(*name));
    names
}

#[test]
fn an_altered_a_missing_and_a_surplus_file_are_found() {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let committed = Files::from([file("same", "1"), file("altered", "1"), file("surplus", "1")]);
    let fresh = Files::from([file("same", "1"), file("altered", "2"), file("missing", "1")]);
    assert_eq!(differing(&committed, &fresh), ["altered", "missing", "surplus"]);
}
