//! Periods: calendar years, halves, quarters and months, and windows of 12 or 36 months.
//!
//! Promises: a label reads `2025`, `2025H1`, `2025Q3`, `2025-09`, or for a window its first and last day, `2024-10-01..2025-09-30`;
//! ordinals of one kind follow each other in time without gaps.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::plan::UnknownChoice;

/// Which spans of time stand apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// None: the whole selection.
    All,
    /// Equal parts of a calendar year.
    Calendar(Part),
    /// The months up to a day, included.
    Rolling {
        /// 12 or 36.
        months: i16,
        /// The last day.
        to: Date,
    },
}

/// What a user asks for, before the last day of a window is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodKind {
    /// No periods.
    All,
    /// Parts of calendar years.
    Calendar(Part),
    /// A window of so many months.
    Rolling(i16),
}

/// A part of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The year.
    Year,
    /// Six months.
    Half,
    /// Three months.
    Quarter,
    /// One month.
    Month,
}

/// Months of each calendar year: what person-years are made of.
pub type YearMonths = Vec<(i16, u16)>;

const KINDS: [(&str, PeriodKind); 7] = [
    ("year", PeriodKind::Calendar(Part::Year)),
    ("half", PeriodKind::Calendar(Part::Half)),
    ("quarter", PeriodKind::Calendar(Part::Quarter)),
    ("month", PeriodKind::Calendar(Part::Month)),
    ("all", PeriodKind::All),
    ("rolling12", PeriodKind::Rolling(12)),
    ("rolling36", PeriodKind::Rolling(36)),
];

impl PeriodKind {
    /// The periods themselves; `last` is the last day of a window.
    #[must_use]
    pub fn up_to(self, last: Date) -> Period {
        match self {
            Self::All => Period::All,
            Self::Calendar(part) => Period::Calendar(part),
            Self::Rolling(months) => Period::Rolling { months, to: last },
        }
    }
}

impl Part {
    fn months(self) -> i16 {
        match self {
            Self::Year => 12,
            Self::Half => 6,
            Self::Quarter => 3,
            Self::Month => 1,
        }
    }
}

impl Period {
    /// Whether periods are not told apart.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::All
    }

    /// The period of a day, always the same one where periods are not told apart; `None` outside a window.
    #[must_use]
    pub fn ordinal(self, day: Date) -> Option<i32> {
        match self {
            Self::All => Some(0),
            Self::Calendar(part) => {
                let parts = i32::from(12 / part.months());
                Some(i32::from(day.year()) * parts + i32::from((i16::from(day.month()) - 1) / part.months()))
            }
            Self::Rolling { months, to } => (window_start(to, months) <= day && day <= to).then_some(0),
        }
    }

    /// The label of a period.
    #[must_use]
    pub fn label(self, ordinal: i32) -> String {
        match self {
            Self::All => super::ALL.to_owned(),
            Self::Calendar(part) => {
                let parts = i32::from(12 / part.months());
                let (year, number) = (ordinal.div_euclid(parts), ordinal.rem_euclid(parts) + 1);
                match part {
                    Part::Year => format!("{year:04}"),
                    Part::Half => format!("{year:04}H{number}"),
                    Part::Quarter => format!("{year:04}Q{number}"),
                    Part::Month => format!("{year:04}-{number:02}"),
                }
            }
            Self::Rolling { months, to } => format!("{}..{to}", window_start(to, months)),
        }
    }

    /// First and last day of one period; `None` where there is only the selection itself, or the year is beyond the calendar.
    #[must_use]
    pub fn days(self, ordinal: i32) -> Option<(Date, Date)> {
        match self {
            Self::All => None,
            Self::Calendar(part) => {
                let parts = i32::from(12 / part.months());
                let year = i16::try_from(ordinal.div_euclid(parts)).ok()?;
                let before = part.months() * i16::try_from(ordinal.rem_euclid(parts)).ok()?;
                let first = Date::new(year, i8::try_from(before + 1).ok()?, 1).ok()?;
                let next = first.checked_add(Span::new().months(part.months())).ok()?;
                Some((first, next.checked_sub(1.day()).ok()?))
            }
            Self::Rolling { months, to } => Some((window_start(to, months), to)),
        }
    }

    /// The months of one period; of the total when there is no ordinal: whole calendar years, or those of the window.
    #[must_use]
    pub fn year_months(self, ordinal: Option<i32>, years: &BTreeSet<i16>) -> YearMonths {
        match (self, ordinal) {
            (Self::Rolling { months, to }, _) => window_months(to, months),
            (Self::Calendar(part), Some(ordinal)) => {
                let year = ordinal.div_euclid(i32::from(12 / part.months()));
                vec![(i16::try_from(year).unwrap_or(i16::MAX), part.months().unsigned_abs())]
            }
            _ => years.iter().map(|year| (*year, 12)).collect(),
        }
    }

    /// Labels of the periods without any treatment between the first and the last that have some.
    #[must_use]
    pub fn gaps(self, ordinals: &[i32]) -> Vec<String> {
        let present: BTreeSet<i32> = ordinals.iter().copied().collect();
        let (Some(first), Some(last)) = (present.first(), present.last()) else { return Vec::new() };
        (*first..*last).filter(|ordinal| !present.contains(ordinal)).map(|ordinal| self.label(ordinal)).collect()
    }
}

/// The first day of the months that end on a day. The step goes over the day after, so that months may differ in length.
fn window_start(to: Date, months: i16) -> Date {
    to.saturating_add(1.day()).saturating_sub(Span::new().months(months))
}

/// Each month of a window counts to the year in which it ends.
fn window_months(to: Date, months: i16) -> YearMonths {
    let mut counted: YearMonths = Vec::new();
    for back in (0..months).rev() {
        let year = to.saturating_sub(Span::new().months(back)).year();
        match counted.last_mut() {
            Some((last, count)) if *last == year => *count += 1,
            _ => counted.push((year, 1)),
        }
    }
    counted
}

impl fmt::Display for PeriodKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = KINDS.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

impl FromStr for PeriodKind {
    type Err = UnknownChoice;
    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        let wrong = UnknownChoice { what: "period", choices: "year, half, quarter, month, all, rolling12, rolling36" };
        KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind).ok_or(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(kind: &str, day: &str) -> Option<String> {
        let period = kind.parse::<PeriodKind>().unwrap().up_to("2025-09-30".parse().unwrap());
        period.ordinal(day.parse().unwrap()).map(|ordinal| period.label(ordinal))
    }

    #[test]
    fn a_day_has_one_label_of_each_kind() {
        for (kind, expected) in [
            ("all", "ALL"),
            ("year", "2025"),
            ("half", "2025H2"),
            ("quarter", "2025Q3"),
            ("month", "2025-09"),
            ("rolling12", "2024-10-01..2025-09-30"),
            ("rolling36", "2022-10-01..2025-09-30"),
        ] {
            assert_eq!(label(kind, "2025-09-30").as_deref(), Some(expected));
            assert_eq!(kind.parse::<PeriodKind>().unwrap().to_string(), kind);
        }
        assert_eq!(label("half", "2025-06-30").as_deref(), Some("2025H1"));
        assert_eq!(label("quarter", "2025-01-01").as_deref(), Some("2025Q1"));
        assert_eq!(label("rolling12", "2024-09-30"), None);
        assert_eq!(label("rolling12", "2025-10-01"), None);
        assert!("weeks".parse::<PeriodKind>().is_err());
    }

    #[test]
    fn a_window_that_ends_in_february_begins_on_the_first_of_march() {
        let window = Period::Rolling { months: 12, to: "2025-02-28".parse().unwrap() };
        assert_eq!(window.label(0), "2024-03-01..2025-02-28");
        assert_eq!(window.year_months(Some(0), &BTreeSet::new()), [(2024, 10), (2025, 2)]);
    }

    #[test]
    fn a_part_of_a_year_has_its_months_and_the_total_whole_years() {
        let years = BTreeSet::from([2023, 2025]);
        let quarter = Period::Calendar(Part::Quarter);
        assert_eq!(quarter.year_months(Some(2025 * 4 + 2), &years), [(2025, 3)]);
        assert_eq!(quarter.year_months(None, &years), [(2023, 12), (2025, 12)]);
        assert_eq!(Period::All.year_months(None, &years), [(2023, 12), (2025, 12)]);
    }

    #[test]
    fn a_period_has_a_first_and_a_last_day_of_that_label() {
        for (kind, day, first, last) in [
            ("year", "2024-05-05", "2024-01-01", "2024-12-31"),
            ("half", "2024-07-01", "2024-07-01", "2024-12-31"),
            ("quarter", "2024-03-31", "2024-01-01", "2024-03-31"),
            ("month", "2024-02-10", "2024-02-01", "2024-02-29"),
            ("rolling12", "2025-01-01", "2024-10-01", "2025-09-30"),
        ] {
            let period = kind.parse::<PeriodKind>().unwrap().up_to("2025-09-30".parse().unwrap());
            let days = period.days(period.ordinal(day.parse().unwrap()).unwrap()).unwrap();
            assert_eq!((days.0.to_string().as_str(), days.1.to_string().as_str()), (first, last), "{kind}");
        }
        assert_eq!(Period::All.days(0), None);
    }

    #[test]
    fn a_gap_between_periods_is_named() {
        let quarter = Period::Calendar(Part::Quarter);
        assert_eq!(quarter.gaps(&[2025 * 4, 2024 * 4 + 1]), ["2024Q3", "2024Q4"]);
        assert!(Period::All.gaps(&[]).is_empty());
    }
}
