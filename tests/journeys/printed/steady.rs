//! What differs from run to run, by names in brackets.
//!
//! Promises: dates without a time stay, because they are data; whatever is not named here stays as it is.

use std::path::Path;

/// Moments by their shape, the longest first: `9` is any digit.
const MOMENTS: [&str; 6] = [
    "9999-99-99T99:99:99+99:99",
    "9999-99-99 99:99:99 +99:99",
    "9999-99-99 99:99 +99:99",
    "9999-99-99 99:99:99",
    "9999-99-99T99:99:99",
    "9999-99-99 99:99",
];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Shorter ones are parts of short keys, which follow from the fixed key of the region.
const LONG_HASH: usize = 16;

/// A signed line, all of it: how many entries the log has depends on when its sequencer looked.
const CHECKPOINT: &str = "registry-checkpoint/1 ";

/// Numbers that differ, by what stands before them.
const BEFORE: [(&str, &str); 5] = [
    ("localhost:", "[port]"),
    ("127.0.0.1:", "[port]"),
    ("\"certificate_days\": ", "[days]"),
    ("\"skew_s\": ", "[seconds]"),
    ("clock: ", "[seconds]"),
];
/// And by what stands after them.
const AFTER: [(&str, &str); 3] =
    [(" days left", "[days]"), (" dagar kvar", "[days]"), (" hours behind the register's", "[hours]")];

/// The text without what differs.
pub(super) fn steady(text: &str, folder: Option<&Path>) -> String {
    let mut text = text.to_owned();
    if let Some(folder) = folder {
        text = text.replace(&folder.display().to_string(), "[folder]");
    }
    text = text.replace(env!("CARGO_PKG_VERSION"), "[version]");
    let mut steady = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let inside_a_word = steady.ends_with(|before: char| before.is_ascii_alphanumeric());
        let (name, length) = if inside_a_word { (None, 0) } else { named(rest) };
        match name {
            Some(name) => steady.push_str(name),
            None => steady.push(first),
        }
        rest = &rest[length.max(if name.is_some() { 0 } else { first.len_utf8() })..];
    }
    for day in WEEKDAYS {
        steady = steady.replace(&format!("{day} [moment]"), "[moment]");
    }
    for (before, name) in BEFORE {
        steady = digits_after(&steady, before, name);
    }
    AFTER.iter().fold(steady, |steady, (after, name)| digits_before(&steady, after, name))
}

/// What stands at the start of a text, if it is one of the things that differ, and its length.
fn named(text: &str) -> (Option<&'static str>, usize) {
    if text.starts_with(CHECKPOINT) {
        return (Some("[checkpoint]"), text.find(['"', '\n']).unwrap_or(text.len()));
    }
    if let Some(length) = MOMENTS.iter().find_map(|shape| shaped(text, shape)) {
        let after = &text[length..];
        let fraction =
            after.strip_prefix('.').map_or(0, |rest| 1 + rest.bytes().take_while(u8::is_ascii_digit).count());
        let zone = usize::from(after[fraction..].starts_with('Z'));
        return (Some("[moment]"), length + fraction + zone);
    }
    let hexadecimal = text.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
    let whole = !text[hexadecimal..].starts_with(|next: char| next.is_ascii_alphanumeric());
    if hexadecimal >= LONG_HASH && whole { (Some("[hash]"), hexadecimal) } else { (None, 0) }
}

/// The length of the start of a text that has a shape.
fn shaped(text: &str, shape: &str) -> Option<usize> {
    let start = text.get(..shape.len())?;
    let fits = start.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
        b'9' => byte.is_ascii_digit(),
        _ => byte == wanted,
    });
    fits.then_some(shape.len())
}

fn digits_after(text: &str, before: &str, name: &str) -> String {
    let mut parts = text.split(before);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| {
        let unsigned = part.strip_prefix('-').unwrap_or(part);
        let rest = unsigned.trim_start_matches(|c: char| c.is_ascii_digit());
        let (name, rest) = if rest.len() < unsigned.len() { (name, rest) } else { ("", part) };
        format!("{done}{before}{name}{rest}")
    })
}

fn digits_before(text: &str, after: &str, name: &str) -> String {
    let mut parts: Vec<String> = text.split(after).map(str::to_owned).collect();
    let last = parts.len() - 1;
    for part in &mut parts[..last] {
        let kept = part.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if kept < part.len() {
            let kept = part[..kept].trim_end_matches('-').len();
            part.replace_range(kept.., name);
        }
    }
    parts.join(after)
}

#[test]
fn what_differs_is_named_and_what_is_data_stays() {
    for (text, expected) in [
        ("at 2026-11-22T08:15:00Z, 2026-11-22T08:15:00.123456Z", "at [moment], [moment]"),
        ("Sun 2026-11-22 03:00:00 +01:00  2026-11-22T02:00:00Z\n", "[moment]  [moment]\n"),
        ("next run 2026-11-22 03:00:00 +01:00", "next run [moment]"),
        ("clock: -1 s; clock: off; \"skew_s\": 0", "clock: [seconds] s; clock: off; \"skew_s\": [seconds]"),
        ("2026-11-22 03:00 +01:00; 2024-01-11", "[moment]; 2024-01-11"),
        ("payload 0123456789abcdef0123456789abcdef.", "payload [hash]."),
        ("key abcdef0123… and xabcdef0123456789ab", "key abcdef0123… and xabcdef0123456789ab"),
        ("https://localhost:43211/v1, localhost: no", "https://localhost:[port]/v1, localhost: no"),
        ("åäö 29 days left, many days left", "åäö [days] days left, many days left"),
        ("cannot read (folder)/agent.toml", "cannot read [folder]/agent.toml"),
    ] {
        assert_eq!(steady(text, Some(Path::new("(folder)"))), expected);
    }
}
