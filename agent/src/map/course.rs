//! When a treatment began and ended, to the month, for the counts of started, ended and ongoing treatments.
//!
//! Promises: read of every row whatever becomes of it, also of persons who objected or are protected, because it names nobody: months
//! and nothing else, neither sex nor age, so that a count of one tells little of whom it counts; a test patient's and a support programme's rows count nothing; a day that cannot be counted, such
//! as one in the future, is as if it were not written, so that one mistyped year fills no months.

use jiff::civil::Date;
use schemas::codelist::ProgrammeKind;
use schemas::record::Treatment;
use schemas::rule::date_out_of_range;

use super::word::LocalStatus;
use super::{Context, Words, value};
use crate::source::SourceRow;

/// A month as a number that grows by one from each to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub u16);

/// The months of one treatment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Course {
    /// When it began; nothing where that cannot be read.
    pub started: Option<Month>,
    /// How it ended.
    pub end: End,
}

/// Whether and when a treatment ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The row does not say.
    #[default]
    Unknown,
    /// It goes on.
    Ongoing,
    /// In this month.
    In(Month),
}

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
        Self(u16::try_from(months).unwrap_or_default())
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// `YYYY-MM`
    #[must_use]
    pub fn text(self) -> String {
        format!("{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl Course {
    /// Bytes of [`Course::to_bytes`].
    pub const BYTES: usize = 5;

    /// Of a treatment that can be sent.
    #[must_use]
    pub fn of(treatment: &Treatment) -> Self {
        let Treatment { started_on, ended_on, .. } = treatment;
        Self { started: Some(Month::of(*started_on)), end: End::In(Month::of(*ended_on)) }
    }

    /// Of a row that stays, as far as it can be read.
    pub fn read(row: &SourceRow<'_>, words: &mut Words<'_>, context: &Context<'_>) -> Self {
        let programme = row.get("programme").and_then(|word| words.programme(word)).map(|found| found.code.as_str());
        let programme = programme.and_then(|code| context.lists.programme(code));
        let is_support = programme.is_some_and(|programme| programme.kind == ProgrammeKind::Support);
        if row.fault().is_some() || is_support || value::mark(row.get("test_patient")) == Some(true) {
            return Self::default();
        }
        let date = |field| {
            let date = row.get(field).and_then(|text| value::date(text, &context.zone));
            date.filter(|date| date_out_of_range(*date, context.today).is_none())
        };
        let status = row.get("status").and_then(|word| words.status(word));
        Self {
            started: date("started_on").map(Month::of),
            end: match (status, date("ended_on")) {
                (Some(LocalStatus::Ongoing), _) => End::Ongoing,
                (_, Some(day)) => End::In(Month::of(day)),
                (_, None) => End::Unknown,
            },
        }
    }

    /// As bytes, for the working file.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let [s0, s1] = self.started.map_or(0, |month| month.0).to_le_bytes();
        let (end, month) = match self.end {
            End::Unknown => (0, 0),
            End::Ongoing => (1, 0),
            End::In(month) => (2, month.0),
        };
        let [e0, e1] = month.to_le_bytes();
        [s0, s1, end, e0, e1]
    }

    /// What the bytes say; nothing where they are not as they were written.
    #[must_use]
    pub fn from_bytes([s0, s1, end, e0, e1]: [u8; Self::BYTES]) -> Option<Self> {
        let month = |bytes| Some(Month(u16::from_le_bytes(bytes))).filter(|month| month.0 > 0);
        Some(Self {
            started: month([s0, s1]),
            end: match end {
                0 => End::Unknown,
                1 => End::Ongoing,
                2 => End::In(month([e0, e1])?),
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::TREATMENTS;
    use crate::tests::{Mapping, person};

    fn read(altered: &[(&str, &str)]) -> Course {
        let bearer = person(4);
        let good = [
            ("person_id", bearer.as_str()),
            ("programme", "Depressionshjälpen"),
            ("status", "completed"),
            ("started_on", "2024-01-10"),
            ("ended_on", "2024-03-20"),
            ("birth_year", "1990"),
            ("sex", "M"),
        ];
        let kept = good.into_iter().filter(|(name, _)| !altered.iter().any(|(other, _)| other == name));
        let cells: Vec<(&str, &str)> = kept.chain(altered.iter().copied()).collect();
        let mapping = Mapping::default();
        Course::read(&SourceRow::of(&TREATMENTS, &cells), &mut mapping.words(), &mapping.context())
    }

    fn month(text: &str) -> Month {
        Month::of(format!("{text}-01").parse().unwrap())
    }

    #[test]
    fn rows_that_stay_are_counted_by_what_can_be_read_of_them() {
        let whole = Course { started: Some(month("2024-01")), end: End::In(month("2024-03")) };
        assert_eq!(read(&[]), whole);
        for (altered, expected) in [
            (("protected_identity", "ja"), whole),
            (("status", "opted_out"), whole),
            (("status", "klar"), whole),
            (("status", "ongoing"), Course { end: End::Ongoing, ..whole }),
            (("ended_on", ""), Course { end: End::Unknown, ..whole }),
            (("ended_on", "2924-03-20"), Course { end: End::Unknown, ..whole }),
            (("started_on", "vår"), Course { started: None, ..whole }),
            (("test_patient", "ja"), Course::default()),
            (("programme", "Tobakshjälpen"), Course::default()),
        ] {
            assert_eq!(read(&[altered]), expected, "{altered:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let all = [read(&[]), read(&[("status", "ongoing")]), Course::default()];
        for course in all {
            assert_eq!(Course::from_bytes(course.to_bytes()), Some(course));
        }
        assert_eq!(Course::from_bytes([1, 0, 2, 0, 0]), None, "an end without its month");
        assert_eq!(Course::from_bytes([1, 0, 3, 1, 0]), None);
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        assert_eq!((month("2023-12").next(), month("2023-12").next().text()), (month("2024-01"), "2024-01".into()));
    }
}
