//! Files that pages name, inside the program.
//!
//! Promises: an address names one content for ever, so it may be kept.

use std::sync::LazyLock;

use schemas::canonical;

use super::answer::Answer;
use super::fault::Fault;

/// Name, type and bytes.
const FILES: [(&str, &str, &[u8]); 2] = [
    ("style.css", "text/css; charset=utf-8", include_bytes!("../../assets/web/style.css")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../assets/web/icon.svg")),
];

/// The folder that every address has, by the content of all files.
static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<u8> = FILES.iter().flat_map(|(_, _, bytes)| *bytes).copied().collect();
    format!("/assets/{}", &canonical::sha256_hex(&all)[..16])
});

/// Where the files lie.
pub(super) fn folder() -> &'static str {
    &FOLDER
}

/// The file under a path.
///
/// # Errors
/// When there is none.
pub(super) fn file(path: &str) -> Result<Answer, Fault> {
    let name = path.strip_prefix(folder()).and_then(|rest| rest.strip_prefix('/'));
    let found = FILES.iter().find(|(known, ..)| Some(*known) == name);
    found.map(|(_, content_type, bytes)| Answer::File { content_type, bytes }).ok_or(Fault::NotFound)
}
