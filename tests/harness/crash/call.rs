//! System calls that write, read from the list that `strace` makes, and points among them.
//!
//! Promises: a point is the n-th call of one name on one file within a thread, which is how `strace` counts; a choice of points has the
//! first and the last of each call and file. Must not know who makes them, or why.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

/// Everything that changes a file, a folder or what somebody at the other end of a connection hears.
pub const WRITING: [&str; 21] = [
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "sendto",
    "sendmsg",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "ftruncate",
    "fallocate",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "link",
    "linkat",
];

/// A call's name and what it was called on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its name.
    pub call: String,
    /// The file or folder; nothing for a connection.
    pub file: Option<PathBuf>,
}

/// One call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The thread.
    pub thread: u32,
    /// Where it wrote.
    pub place: Place,
    /// Which one it was of its thread, from 1: of those on its file, or of all of its name where it was on a connection.
    pub nth: usize,
}

/// Where a program is disturbed: when a thread is about to make its n-th call of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// The place.
    pub place: Place,
    /// From 1.
    pub nth: usize,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.place.file.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
        write!(f, "{} {} on {}", self.place.call, self.nth, file.as_deref().unwrap_or("a connection"))
    }
}

/// The calls of a list that write below a folder or to a connection, in the order in which they began.
#[must_use]
pub fn made(list: &str, below: &Path) -> Vec<Made> {
    let mut counted: BTreeMap<(u32, String, Option<PathBuf>), usize> = BTreeMap::new();
    let mut count = |key| {
        let nth: &mut usize = counted.entry(key).or_default();
        *nth += 1;
        *nth
    };
    let mut made = Vec::new();
    for line in list.lines() {
        let Some((thread, call, on)) = call_of(line) else { continue };
        let of_name = count((thread, call.to_owned(), None));
        match on {
            On::File(file) => {
                let nth = count((thread, call.to_owned(), Some(file.clone())));
                if file.starts_with(below) {
                    made.push(Made { thread, place: Place { call: call.to_owned(), file: Some(file) }, nth });
                }
            }
            On::Connection => {
                made.push(Made { thread, place: Place { call: call.to_owned(), file: None }, nth: of_name });
            }
            On::Other => {}
        }
    }
    made
}

/// Every point once, in the order in which it is reached first.
#[must_use]
pub fn points(made: &[Made]) -> Vec<Point> {
    let mut seen = BTreeSet::new();
    let all = made.iter().map(|one| Point { place: one.place.clone(), nth: one.nth });
    all.filter(|point| seen.insert(point.clone())).collect()
}

/// The first and the last of each place, and others spread evenly until there are `least`; all of them where there are no more.
#[must_use]
pub fn chosen(points: &[Point], least: usize) -> Vec<Point> {
    let mut ends: BTreeMap<&Place, (usize, usize)> = BTreeMap::new();
    for (at, point) in points.iter().enumerate() {
        ends.entry(&point.place).or_insert((at, at)).1 = at;
    }
    let mut taken: BTreeSet<usize> = ends.values().flat_map(|(first, last)| [*first, *last]).collect();
    let others: Vec<usize> = (0..points.len()).filter(|at| !taken.contains(at)).collect();
    let wanted = least.saturating_sub(taken.len()).min(others.len());
    taken.extend((0..wanted).map(|n| others[n * others.len() / wanted]));
    taken.into_iter().map(|at| points[at].clone()).collect()
}

enum On {
    File(PathBuf),
    Connection,
    Other,
}

/// Thread, name and object of a call; nothing for the rest of an interrupted call, a signal or an end.
fn call_of(line: &str) -> Option<(u32, &str, On)> {
    let (thread, rest) = line.split_once(' ')?;
    let (call, arguments) = rest.trim_start().split_once('(')?;
    let thread = thread.parse().ok()?;
    WRITING.contains(&call).then(|| (thread, call, object(arguments)))
}

/// The first argument names a descriptor with what it is open on, or a path; the calls that end in `at` have the folder before it.
fn object(arguments: &str) -> On {
    let path = |text: &str| {
        let quoted = text.split('"').nth(1);
        quoted.map_or(On::Other, |path| On::File(path.into()))
    };
    if arguments.starts_with('"') || arguments.starts_with("AT_FDCWD") {
        return path(arguments);
    }
    let Some((_, open)) = arguments.split_once('<') else { return On::Other };
    let Some((on, _)) = open.split_once('>') else { return On::Other };
    match on {
        _ if on.starts_with("socket:") || on.starts_with("TCP") || on.starts_with("UNIX") => On::Connection,
        _ if on.starts_with('/') => On::File(on.into()),
        _ => On::Other,
    }
}
