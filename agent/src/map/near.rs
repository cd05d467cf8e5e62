//! Which codes a word that means nothing may have been meant for: proposals for a person, never used by themselves.
//!
//! Promises: the likest first; the same word and lists give the same proposals. Must not know: what becomes of them.

use schemas::codelist::{CodeLists, ListName, Near, fold, likeness};

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
            Some(code) => vec![Near { code, likeness: 1.0 }],
            None => near(&TIMEPOINTS, word),
        },
        MapKind::Status => near(&STATUSES, word),
        MapKind::Sex => near(&SEXES, word),
        // Nobody can tell from a unit's local name which HSA-id it has.
        MapKind::Unit => Vec::new(),
    }
}

/// Weeks and months of follow-up, by their number: `vecka 3`, `uppföljning 6 mån`.
fn numbered(word: &str) -> Option<String> {
    let digits: String = word.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    let year = word.contains("år") || word.contains("year");
    if word.contains("uppf") || word.contains("follow") || word.contains("mån") || word.contains("month") || year {
        let months = if year { number.checked_mul(12)? } else { number };
        return Some(format!("followup-{months}m")).filter(|code| is_timepoint(code));
    }
    word.starts_with('v').then(|| format!("weekly-{number}")).filter(|code| is_timepoint(code))
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
