//! The last look at what leaves: every field approved by name, and nothing in it that reads as an identity number, an e-mail address or
//! a phone number.
//!
//! Promises: looks at the very bytes that are queued and sent, in one pass; a field that is not on the list never passes; a find names the
//! field and never the value; keyed hashes, checksums and dates of their exact form are no finds.
//! Must not know: how the bytes came about, or what is done about a find.

mod field;
mod text;

#[cfg(test)]
mod tests;

pub use text::{Looks, looks};

use schemas::batch::Kind;
use schemas::canonical;
use schemas::id::HsaId;
use schemas::record::Unit;

use field::{FIELDS, Field, Place, Spelling};

/// Something that must not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak {
    /// The field, as the contract names its column.
    pub field: &'static str,
    /// What it is taken for.
    pub looks: Looks,
}

/// Every field that may leave inside a record, with the kind of record.
pub fn fields() -> impl Iterator<Item = (Kind, &'static str)> {
    let of = |kind| {
        let may =
            move |field: &&Field| field.places != Place::RECORD && field.places.narrowed(Place::of(kind)).is_some();
        FIELDS.iter().filter(may).map(move |field| (kind, field.name))
    };
    Kind::ALL.into_iter().flat_map(of)
}

/// Looks at the canonical content of one record.
///
/// # Errors
/// The first field that must not leave.
pub fn content(kind: Kind, canonical: &[u8]) -> Result<(), Leak> {
    line(canonical, Place::of(kind), Spelling::of(canonical)).map(drop)
}

/// Looks at a unit's id and description.
///
/// # Errors
/// The first field that must not leave.
pub fn unit(id: &HsaId, unit: &Unit) -> Result<(), Leak> {
    match looks(id.as_str()) {
        Some(looks) => Err(Leak { field: "unit_id", looks }),
        None => content(Kind::Unit, &canonical::bytes(unit)),
    }
}

/// Looks at the plain bytes of a whole batch: a manifest, then one record a line.
///
/// # Errors
/// The first field that must not leave.
pub fn batch(plain: &[u8]) -> Result<(), Leak> {
    let spelling = Spelling::of(plain);
    let mut rest = line(plain, Place::MANIFEST, spelling)?;
    while !rest.is_empty() {
        rest = line(rest, Place::RECORD, spelling)?;
    }
    Ok(())
}

/// Goes over one line of JSON and answers what follows it. `places` are the kinds of line that it may be; each field narrows them, and
/// none may be left over.
fn line(json: &[u8], mut places: Place, spelling: Spelling) -> Result<&[u8], Leak> {
    let mut field = &Field::LINE;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => {
                let text = string(&json[at + 1..]).ok_or(field.leak(Looks::Unapproved))?;
                at += text.len() + 2;
                if json.get(at) == Some(&b':') {
                    at += 1;
                    field = Field::named(text).ok_or(field.leak(Looks::Unapproved))?;
                    places = places.narrowed(field.places).ok_or(field.leak(Looks::Unapproved))?;
                } else {
                    if field.is_kind() {
                        places = places.narrowed(Place::named(text)).ok_or(field.leak(Looks::Unapproved))?;
                    }
                    field.check(text, spelling)?;
                }
            }
            b'0'..=b'9' => {
                let length = json[at..].iter().take_while(|byte| is_part_of_number(**byte)).count();
                field.check_number(&json[at..at + length])?;
                at += length;
            }
            b'\n' => return Ok(&json[at + 1..]),
            _ => at += 1,
        }
    }
    Ok(&[])
}

/// The text up to the quotation mark that ends it, escapes as they stand; none when nothing ends it.
fn string(rest: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        at += first_mark(rest.get(at..)?)?;
        if rest[at] == b'"' {
            return Some(&rest[..at]);
        }
        at += 2;
    }
}

/// Where the first quotation mark or backslash stands; eight bytes are looked at together.
fn first_mark(bytes: &[u8]) -> Option<usize> {
    let (words, tail) = bytes.as_chunks();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let marks = zero_bytes(word ^ (EACH * u64::from(b'"'))) | zero_bytes(word ^ (EACH * u64::from(b'\\')));
        if marks != 0 {
            return Some(at * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    let in_tail = tail.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    Some(bytes.len() - tail.len() + in_tail)
}

/// One in each byte of a word.
const EACH: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of each byte that is zero; only the lowest of them is certain, the others may be one too many.
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word & (EACH << 7)
}

fn is_part_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')
}
