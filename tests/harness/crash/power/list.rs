//! The steps of a program, read from a list of `strace` that has every byte in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Step, What};

/// The same command under `strace` with every byte that it writes.
#[must_use]
pub fn watched(command: &Command, list: &Path) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-q", "-y", "-xx", "-s", "1000000", "-ttt", "--signal=none", "--seccomp-bpf"]);
    strace.args(["--trace=pwrite64,write,ftruncate,unlink,fsync,fdatasync", "-o"]).arg(list);
    super::super::strace::behind(strace, command)
}

/// The steps on files directly in a folder, and flushes of the folder. SQLite makes its shared memory anew after a loss of power.
#[must_use]
pub fn recorded(list: &str, folder: &Path) -> Vec<Step> {
    let mut under_way: HashMap<&str, (PathBuf, What)> = HashMap::new();
    let mut steps = Vec::new();
    for line in list.lines() {
        let mut words = line.splitn(2, ' ');
        let (Some(thread), Some(rest)) = (words.next(), words.next()) else { continue };
        let Some((time, call)) = rest.trim_start().split_once(' ') else { continue };
        let Some(at) = microseconds(time) else { continue };
        if call.starts_with("<...") {
            steps.extend(under_way.remove(thread).map(|(file, what)| Step { at, file, what }));
            continue;
        }
        let Some((file, what)) = step(call) else { continue };
        let is_of_folder = file == folder || file.parent() == Some(folder);
        if !is_of_folder || file.to_string_lossy().ends_with("-shm") {
            continue;
        }
        // A write may be on the disk as soon as it has begun, a flush counts when it has ended.
        if what == What::Flush && call.ends_with("<unfinished ...>") {
            under_way.insert(thread, (file, what));
        } else {
            steps.push(Step { at, file, what });
        }
    }
    steps
}

fn step(call: &str) -> Option<(PathBuf, What)> {
    let (name, arguments) = call.split_once('(')?;
    if name == "unlink" {
        return Some((path(arguments.split('"').nth(1)?)?, What::Remove));
    }
    let (_, open) = arguments.split_once('<')?;
    let (on, rest) = open.split_once('>')?;
    let file = path(on)?;
    let what = match name {
        "fsync" | "fdatasync" => What::Flush,
        "ftruncate" => What::Resize(number(rest.split(", ").nth(1)?)?),
        "pwrite64" => What::Write(number(rest.rsplit_once(", ")?.1)?, bytes(rest.split('"').nth(1)?)?),
        _ => return None,
    };
    Some((file, what))
}

fn number(text: &str) -> Option<usize> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn microseconds(text: &str) -> Option<u64> {
    let (seconds, fraction) = text.split_once('.')?;
    Some(seconds.parse::<u64>().ok()? * 1_000_000 + fraction.parse::<u64>().ok()?)
}

fn path(text: &str) -> Option<PathBuf> {
    let path = String::from_utf8(bytes(text)?).ok()?;
    path.starts_with('/').then(|| path.into())
}

/// `\x2f\x74` and so on.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.split("\\x").skip(1);
    digits.map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
}
