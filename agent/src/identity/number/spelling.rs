//! What a source may write around and instead of the plain characters of an identity number.
//!
//! Promises: two spellings of one number that differ only in width, spaces, dashes and invisible characters become the same text.
//! Must not know: what the characters mean; a plus sign is kept for whoever knows centuries.

use zeroize::Zeroizing;

/// A text as a personnummer is read from: no white space, dashes or invisible characters, full-width forms folded, upper case.
pub(in crate::identity) fn compact(text: &str) -> Zeroizing<String> {
    let kept = text.chars().map(fold).filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c));
    collect(text.len(), kept)
}

/// A text as a reserve number is kept: trimmed, full-width forms folded, upper case, otherwise as its system wrote it.
pub(in crate::identity) fn trimmed(text: &str) -> Zeroizing<String> {
    let inner = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    collect(inner.len(), inner.chars().map(fold))
}

/// The ASCII character that a full-width form stands for; any other character as it is.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{FE62}' => '+',
        _ => c,
    }
}

/// Whether Unicode gives the character the property Dash.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{058A}' | '\u{05BE}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2053}'
                | '\u{207B}'
                | '\u{208B}'
                | '\u{2212}'
                | '\u{2E17}'
                | '\u{2E1A}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{2E40}'
                | '\u{2E5D}'
                | '\u{301C}'
                | '\u{3030}'
                | '\u{30A0}'
                | '\u{FE31}'
                | '\u{FE32}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
                | '\u{10D6E}'
                | '\u{10EAD}'
    )
}

/// Whether the character takes no room: soft hyphen, zero-width characters, direction marks, byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Room is set aside first: a string that grows leaves a copy behind that is never wiped.
fn collect(room: usize, characters: impl Iterator<Item = char>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(room * 2 + 8));
    text.extend(characters.flat_map(char::to_uppercase));
    text
}
