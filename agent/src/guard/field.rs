//! The fields that may leave, and what may stand in them.
//!
//! Promises: the list is written by hand, so that a new field of the wire leaves only after somebody approved it here; values of a form
//! that cannot hold a person's number are told apart cheaply.

use std::borrow::Cow;

use schemas::batch::Kind;

use super::{Leak, Looks, looks};

/// The kinds of line that a field may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u8);

impl Place {
    const TREATMENT: Self = Self(1);
    const RETRACTION: Self = Self(2);
    const UNIT: Self = Self(4);
    const ACTIVITY: Self = Self(8);
    const RUN: Self = Self(16);
    pub(super) const MANIFEST: Self = Self(32);
    const SUBJECT_MERGE: Self = Self(64);
    const SUBJECT_SPLIT: Self = Self(128);
    /// Any record.
    pub(super) const RECORD: Self = Self(u8::MAX ^ Self::MANIFEST.0);

    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            Kind::Treatment => Self::TREATMENT,
            Kind::Retraction => Self::RETRACTION,
            Kind::Unit => Self::UNIT,
            Kind::Activity => Self::ACTIVITY,
            Kind::Run => Self::RUN,
            Kind::SubjectMerge => Self::SUBJECT_MERGE,
            Kind::SubjectSplit => Self::SUBJECT_SPLIT,
        }
    }

    /// The kind of record with this word on the wire; no place at all for another word.
    pub(super) fn named(word: &[u8]) -> Self {
        Kind::ALL.into_iter().find(|kind| kind.word().as_bytes() == word).map_or(Self(0), Self::of)
    }

    /// What is left of these places; none when nothing is.
    pub(super) fn narrowed(self, to: Self) -> Option<Self> {
        let left = self.0 & to.0;
        if left == 0 { None } else { Some(Self(left)) }
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A field that may leave.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// Its column in the contract.
    column: &'static str,
    /// Where it may stand.
    pub(super) places: Place,
}

/// Digits that the shortest number of a person or a phone has.
const FEWEST_DIGITS: usize = 8;
/// Whole digits that a date of birth has; no honest number on the wire is as large.
const LARGE_NUMBER: usize = 6;

impl Field {
    /// What stands outside every field.
    pub(super) const LINE: Self = field("record", Place::RECORD);

    /// The field of this name.
    pub(super) fn named(name: &[u8]) -> Option<&'static Self> {
        let mut slot = slot(name);
        while let Some(place) = SLOTS[slot] {
            let field = &FIELDS[place as usize];
            if field.name.as_bytes() == name {
                return Some(field);
            }
            slot = (slot + 1) % SLOTS.len();
        }
        None
    }

    pub(super) fn is_kind(&self) -> bool {
        self.name == "kind"
    }

    pub(super) fn leak(&self, looks: Looks) -> Leak {
        Leak { field: self.column, looks }
    }

    /// Checks a text as it stands in JSON.
    pub(super) fn check(&self, text: &[u8], spelling: Spelling) -> Result<(), Leak> {
        let plain = spelling == Spelling::Plain || Spelling::of(text) == Spelling::Plain;
        if plain && (text.len() < FEWEST_DIGITS || is_date(text) || !has_digits(text) || is_plain_unit(text)) {
            return Ok(());
        }
        if self.is_hash(text) {
            return Ok(());
        }
        if self.name == "key" && text.contains(&b'|') {
            // The key of counts is put together from fields that mean nothing to each other.
            return text.split(|byte| *byte == b'|').try_for_each(|part| self.check(part, spelling));
        }
        let text = if text.contains(&b'\\') {
            let quoted = [b"\"", text, b"\""].concat();
            Cow::Owned(serde_json::from_slice(&quoted).map_err(|_| self.leak(Looks::Unapproved))?)
        } else {
            String::from_utf8_lossy(text)
        };
        looks(&text).map_or(Ok(()), |looks| Err(self.leak(looks)))
    }

    /// Checks a number as it stands in JSON: a fraction such as a mean score is none of a person, large whole digits may be.
    pub(super) fn check_number(&self, number: &[u8]) -> Result<(), Leak> {
        if number.iter().take_while(|byte| byte.is_ascii_digit()).count() < LARGE_NUMBER {
            return Ok(());
        }
        looks(&String::from_utf8_lossy(number)).map_or(Ok(()), |looks| Err(self.leak(looks)))
    }

    /// Whether a keyed hash or a checksum stands where one belongs. Its digits mean nothing.
    fn is_hash(&self, text: &[u8]) -> bool {
        match self.name {
            "pseudonym" | "old" | "new" => is_keyed_hash(text, b"psn1."),
            "key" => is_keyed_hash(text, b"rec1."),
            "codelists" | "payload_sha256" | "rules" => text.len() == 64 && is_hex(text),
            "state_id" => text.len() == 32 && is_hex(text),
            _ => false,
        }
    }
}

/// Whether anything but plain letters, digits and signs stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Nothing else: only digits can say something of a person.
    Plain,
    /// Escapes, an `@`, or characters beyond ASCII.
    Other,
}

impl Spelling {
    pub(super) fn of(text: &[u8]) -> Self {
        // Every byte is looked at, without a way out: the processor then takes many at once.
        let other = |byte: u8| (byte & 0x80) | u8::from(byte == b'@') | u8::from(byte == b'\\');
        let found = text.iter().fold(0, |found, byte| found | other(*byte));
        if found == 0 { Self::Plain } else { Self::Other }
    }
}

fn has_digits(text: &[u8]) -> bool {
    text.iter().filter(|byte| byte.is_ascii_digit()).count() >= FEWEST_DIGITS
}

fn is_date(text: &[u8]) -> bool {
    text.len() == 10 && matches!(text[0], b'1' | b'2') && text[4] == b'-' && text[7] == b'-'
}

/// An HSA-id whose organisation number is nobody's own and whose other part is letters, then a counter that is no person's number.
fn is_plain_unit(text: &[u8]) -> bool {
    let Some((organisation, unit)) = text.strip_prefix(b"SE").and_then(|rest| rest.split_at_checked(10)) else {
        return false;
    };
    let letters = unit.iter().skip(1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let counter = unit.get(1 + letters..).unwrap_or_default();
    // The third digit of an organisation number is 2 or more, so that it is no month; a sole trader's is the trader's own number.
    // Ten digits together may be somebody's, twelve only with a century in front.
    organisation.iter().all(u8::is_ascii_digit)
        && organisation[2] >= b'2'
        && unit.first() == Some(&b'-')
        && letters > 0
        && counter.iter().all(u8::is_ascii_digit)
        && (counter.len() < 10 || (counter.len() == 12 && !matches!(&counter[..2], b"18" | b"19" | b"20")))
}

fn is_keyed_hash(text: &[u8], prefix: &[u8]) -> bool {
    let hash = text.strip_prefix(prefix).and_then(|rest| rest.split_at_checked(rest.len().checked_sub(44)?));
    hash.is_some_and(|(scope, hash)| {
        scope.len() <= 16
            && scope.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && hash[0] == b'.'
            && hash[1..].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

fn is_hex(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

const fn field(name: &'static str, places: Place) -> Field {
    Field { name, column: name, places }
}

const fn column(name: &'static str, column: &'static str, places: Place) -> Field {
    Field { name, column, places }
}

const T: Place = Place::TREATMENT;
const U: Place = Place::UNIT;
const A: Place = Place::ACTIVITY;
const R: Place = Place::RUN;
const S: Place = Place::SUBJECT_MERGE.or(Place::SUBJECT_SPLIT);
const M: Place = Place::MANIFEST;

/// The approved fields: the line around a record, then the manifest, then each kind of record.
pub(super) const FIELDS: [Field; 74] = [
    field("content", Place::RECORD),
    field("key", Place::RECORD),
    field("kind", Place::RECORD),
    field("version", Place::RECORD),
    field("generation", Place::RECORD),
    field("counter", Place::RECORD),
    field("schema", M),
    field("sender", M),
    field("environment", M),
    field("kid", M),
    field("state_id", M),
    field("cycle", M.or(R)),
    field("records", M),
    field("payload_sha256", M),
    field("rules", M),
    field("codelists", M),
    field("agent", M),
    field("schedule", M),
    field("timezone", M),
    column("pseudonym", "person_id", T),
    field("programme", T.or(A).or(R)),
    field("programme_version", T),
    column("unit", "unit_id", T.or(A).or(R)),
    column("unit_end", "unit_id_end", T),
    field("status", T),
    field("end_reason", T),
    field("referred_on", T),
    field("assessed_on", T),
    field("started_on", T),
    field("ended_on", T),
    field("sex", T.or(A)),
    field("birth_year", T),
    column("diagnoses", "diagnosis", T),
    field("modules_total", T),
    field("modules_completed", T),
    field("therapist_minutes", T),
    field("messages", T),
    field("sick_leave_before", T),
    field("sick_leave_after", T),
    field("measurements", T),
    field("instrument", T),
    field("timepoint", T),
    field("answered_on", T),
    field("score", T),
    field("reason", Place::RETRACTION),
    field("name", U),
    field("care_level", U),
    field("ownership", U),
    field("county", U),
    field("care_provider_id", U),
    field("municipality", U),
    field("valid_from", U),
    field("valid_to", U),
    field("successor_id", U),
    field("month", A.or(R)),
    field("age_group", A),
    field("started", A),
    field("ended", A),
    field("ongoing", A),
    field("reading", R),
    field("counted", R),
    field("found", R),
    field("accepted", R),
    field("unchanged", R),
    field("rejected", R),
    field("held", R),
    field("excluded", R),
    field("pending", R),
    field("reasons", R),
    field("term", R),
    field("rule", R),
    field("n", R),
    column("old", "person_id", S),
    column("new", "person_id", S),
];

/// Where each field is found by its name: open addressing in a table that is four times as large as the list.
const SLOTS: [Option<u8>; 256] = {
    let mut slots = [None; 256];
    let mut place = 0;
    while place < FIELDS.len() {
        let mut at = slot(FIELDS[place].name.as_bytes());
        while slots[at].is_some() {
            at = (at + 1) % slots.len();
        }
        #[expect(clippy::cast_possible_truncation, reason = "the list is shorter than 256")]
        {
            slots[at] = Some(place as u8);
        }
        place += 1;
    }
    slots
};

const fn slot(name: &[u8]) -> usize {
    if name.is_empty() {
        return 0;
    }
    let (first, middle, last) = (name[0] as usize, name[name.len() / 2] as usize, name[name.len() - 1] as usize);
    (name.len() * 31 + first * 7 + middle * 3 + last * 13) % 256
}
