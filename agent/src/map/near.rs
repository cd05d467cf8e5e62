//! Which codes a word that means nothing may have been meant for: proposals for a person, never used by themselves.
//!
//! Promises: the likest first; the same word and lists give the same proposals. Must not know: what becomes of them.

use schemas::codelist::{CodeLists, ListName, Near, ProgrammeKind, fold, likeness};

use crate::config::MapKind;

/// Proposals for one word.
const MOST: usize = 3;

/// Words for what has no code list, in use by regions: for proposals only.
const TIMEPOINTS: [(&str, &str); 14] = [
    ("screening", "screening"),
    ("förscreening", "screening"),
    ("pre", "pre"),
    ("före", "pre"),
    ("förmätning", "pre"),
    ("innan", "pre"),
    ("start", "pre"),
    ("baslinje", "pre"),
    ("post", "post"),
    ("efter", "post"),
    ("eftermätning", "post"),
    ("slut", "post"),
    ("avslut", "post"),
    ("slutmätning", "post"),
];
const STATUSES: [(&str, &str); 14] = [
    ("completed", "completed"),
    ("avslutad", "completed"),
    ("fullföljd", "completed"),
    ("genomförd", "completed"),
    ("klar", "completed"),
    ("discontinued", "discontinued"),
    ("avbruten", "discontinued"),
    ("avbrutet", "discontinued"),
    ("ongoing", "ongoing"),
    ("pågående", "ongoing"),
    ("aktiv", "ongoing"),
    ("opted_out", "opted_out"),
    ("avböjt", "opted_out"),
    ("nej till register", "opted_out"),
];
const SEXES: [(&str, &str); 8] = [
    ("f", "F"),
    ("kvinna", "F"),
    ("kvinnlig", "F"),
    ("flicka", "F"),
    ("m", "M"),
    ("man", "M"),
    ("manlig", "M"),
    ("pojke", "M"),
];

/// What may stand beside the number of a week, of a month and of a year.
const WEEKS: &[&str] = &["v", "vecka", "week", "weekly"];
const MONTHS: &[&str] = &["m", "mån", "månad", "månader", "month", "months"];
const YEARS: &[&str] = &["år", "year", "years"];
/// What may stand beside both.
const FOLLOW_UP: [&str; 5] = ["uppföljning", "uppf", "followup", "follow", "up"];
/// How alike a numbered word is that says more than its number.
const LIKELY: f64 = 0.9;

/// Up to three codes that a word may have been meant for.
#[must_use]
pub fn nearest(kind: MapKind, word: &str, lists: &CodeLists) -> Vec<Near> {
    let list = |name| lists.nearest_codes(name, word);
    match kind {
        MapKind::Programme => list(ListName::Programmes),
        MapKind::Instrument => list(ListName::Instruments),
        MapKind::EndReason => list(ListName::EndReasons),
        MapKind::CareLevel => list(ListName::CareLevels),
        MapKind::Ownership => list(ListName::Ownership),
        MapKind::Timepoint => match numbered(&fold(word)) {
            Some(near) => vec![near],
            None => near(&TIMEPOINTS, word),
        },
        MapKind::Status => near(&STATUSES, word),
        MapKind::Sex => near(&SEXES, word),
        // Nobody can tell from a unit's local name which HSA-id it has.
        MapKind::Unit => Vec::new(),
    }
}

/// The one proposal that may be written down for a person to confirm. A support programme never is: its treatments would leave out
/// of sight.
#[must_use]
pub fn sure<'n>(kind: MapKind, near: &'n [Near], lists: &CodeLists) -> Option<&'n str> {
    let mut sure = near.iter().filter(|near| near.is_sure());
    let only = sure.next().filter(|_| sure.next().is_none())?;
    let support = |code| lists.programme(code).is_some_and(|programme| programme.kind == ProgrammeKind::Support);
    (kind != MapKind::Programme || !support(&only.code)).then_some(only.code.as_str())
}

/// Weeks and months of follow-up, by their number: `vecka 3`, `uppföljning 6 mån`. Sure when nothing else stands there.
fn numbered(word: &str) -> Option<Near> {
    let (code, unit) = numbered_code(word)?;
    let mut numbers = word.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let one_number = numbers.next().is_some() && numbers.next().is_none();
    let words = || word.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty());
    // A second follow-up need not be one after two months.
    let known = words().any(|word| unit.contains(&word))
        && words().all(|word| unit.contains(&word) || FOLLOW_UP.contains(&word));
    // With a sign before the number it counts from something else.
    let alone = one_number && known && !word.contains(" -") && !word.starts_with('-');
    Some(Near { code, likeness: if alone { 1.0 } else { LIKELY } })
}

/// The code of a word's first number, and the words that say the same.
fn numbered_code(word: &str) -> Option<(String, &'static [&'static str])> {
    let digits: String = word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    let year = word.contains("år") || word.contains("year");
    let week = word.contains("veck") || word.contains("week");
    let follow_up = word.contains("uppf") || word.contains("follow");
    let (code, unit) = if word.contains("mån") || word.contains("month") || year || (follow_up && !week) {
        let months = if year { number.checked_mul(12)? } else { number };
        (format!("followup-{months}m"), if year { YEARS } else { MONTHS })
    } else if !follow_up && (week || word.starts_with('v')) {
        (format!("weekly-{number}"), WEEKS)
    } else {
        return None;
    };
    is_timepoint(&code).then_some((code, unit))
}

fn is_timepoint(code: &str) -> bool {
    code.parse::<schemas::record::Timepoint>().is_ok()
}

fn near(words: &[(&str, &str)], word: &str) -> Vec<Near> {
    let mut near: Vec<Near> = Vec::new();
    for (known, code) in words {
        let likeness = likeness(known, word);
        match near.iter_mut().find(|near| near.code == *code) {
            Some(found) => found.likeness = found.likeness.max(likeness),
            None => near.push(Near { code: (*code).to_owned(), likeness }),
        }
    }
    near.retain(Near::is_worth_telling);
    near.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    near.truncate(MOST);
    near
}
