//! What kind of values a column holds: how a value becomes text that loses nothing, and how ids are looked for in it.
//!
//! Promises: a number with a fraction reads back to the same double or single and is written alike by every engine; a filter of ids
//! lets more through at most, never less, because the reader compares the ids' exact text afterwards.
//! Must not know: which database it is.

use std::fmt::{Display, Write as _};

use crate::source::Page;

/// The kinds that make a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text as it stands.
    Text,
    /// Text that the database fills up with space to the column's width.
    Padded,
    /// Whole numbers, and decimals with a fixed number of places.
    Number,
    /// A float of four bytes.
    Single,
    /// A float of eight bytes.
    Double,
    /// A moment that the database writes in UTC without saying so.
    Moment,
    /// A UUID.
    Uuid,
    /// Anything else: text as it stands, in which the database cannot look for ids by their text.
    Other,
}

impl Kind {
    /// Adds a value to a page.
    pub(super) fn add(self, page: &mut Page, value: &str) {
        match self {
            Self::Padded => page.add(value.trim_end_matches(' ')),
            Self::Single => add_number(page, value, value.parse::<f32>().ok().filter(|number| number.is_finite())),
            Self::Double => add_number(page, value, value.parse::<f64>().ok().filter(|number| number.is_finite())),
            Self::Moment => page.add_with(|text| text.extend([value, "Z"])),
            Self::Text | Self::Number | Self::Uuid | Self::Other => page.add(value),
        }
    }

    /// The condition that a column of this kind holds one of some ids; nothing when the database cannot tell.
    pub(super) fn holds_one_of(self, column: &str, ids: &[String]) -> Option<String> {
        let literals: Vec<String> = match self {
            // A column may be unable to hold other letters, and a server refuses to compare them with it.
            Self::Text | Self::Padded if !ids.iter().all(|id| id.is_ascii()) => return None,
            Self::Text | Self::Padded => ids.iter().filter(|id| !id.contains('\0')).map(|id| quoted(id)).collect(),
            Self::Number => ids.iter().filter(|id| is_number(id)).cloned().collect(),
            Self::Uuid => ids.iter().filter(|id| is_uuid(id)).map(|id| quoted(id)).collect(),
            Self::Single | Self::Double | Self::Moment | Self::Other => return None,
        };
        // A list must not be empty; nothing is one of none.
        Some(if literals.is_empty() { "1 = 0".into() } else { format!("{column} IN ({})", literals.join(", ")) })
    }
}

fn add_number(page: &mut Page, value: &str, number: Option<impl Display>) {
    match number {
        Some(number) => {
            page.add_with(|text| write!(text, "{number}").expect("writing to a text in memory cannot fail"));
        }
        None => page.add(value),
    }
}

/// A literal for a session in which a backslash means itself.
fn quoted(id: &str) -> String {
    format!("'{}'", id.replace('\'', "''"))
}

fn is_number(id: &str) -> bool {
    let digits = id.strip_prefix('-').unwrap_or(id);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.len() <= 60 && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction)
}

fn is_uuid(id: &str) -> bool {
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MEASUREMENTS;

    fn written(kind: Kind, value: &str) -> String {
        let mut page = Page::new(&MEASUREMENTS, 0);
        for _ in MEASUREMENTS.names {
            kind.add(&mut page, value);
        }
        page.rows().next().unwrap().as_written("treatment_id").to_owned()
    }

    #[test]
    fn numbers_with_a_fraction_are_written_in_the_shortest_form_that_reads_back() {
        for (kind, value, text) in [
            (Kind::Double, "0.1", "0.1"),
            (Kind::Double, "0.10000000000000001", "0.1"),
            (Kind::Double, "1e+15", "1000000000000000"),
            (Kind::Double, "12", "12"),
            (Kind::Double, "NaN", "NaN"),
            (Kind::Single, "0.10000000149011612", "0.1"),
            (Kind::Single, "123456.703125", "123456.7"),
            (Kind::Number, "12.50", "12.50"),
            (Kind::Padded, " M-1   ", " M-1"),
            (Kind::Moment, "2024-03-21 08:00:00", "2024-03-21 08:00:00Z"),
        ] {
            assert_eq!(written(kind, value), text, "{kind:?}");
        }
    }

    #[test]
    fn only_ids_that_a_column_can_hold_become_literals_and_no_id_ends_one() {
        let ids = ["7", "-1.50", "1e3", "o'; DROP", "a\\", "6F9619FF-8b86-d011-b42d-00c04fc964ff"].map(str::to_owned);
        let condition = |kind: Kind| kind.holds_one_of("q.id", &ids);
        assert_eq!(condition(Kind::Number).unwrap(), "q.id IN (7, -1.50)");
        assert_eq!(condition(Kind::Uuid).unwrap(), "q.id IN ('6F9619FF-8b86-d011-b42d-00c04fc964ff')");
        assert!(condition(Kind::Text).unwrap().contains(", 'o''; DROP', 'a\\', "));
        assert_eq!(Kind::Number.holds_one_of("q.id", &ids[3..]).unwrap(), "1 = 0");
        assert_eq!(condition(Kind::Double), None);
        assert_eq!(Kind::Text.holds_one_of("q.id", &["7".into(), "Å-1".into()]), None);
    }
}
