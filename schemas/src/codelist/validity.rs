//! When a line of a list is in use, and what took over from it.
//!
//! Promises: a record is judged at its own date, so that what was right when it happened stays right; a successor takes over only from
//! a line that has ended, and only while it is in use itself.
//! Must not know: which date of a record counts.

use jiff::civil::Date;

use super::error::Fault;
use super::{CodeLists, Instrument, Programme};

/// The days on which a line is in use, both inclusive, and the key of the line that took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Validity<'a> {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
    pub(crate) successor: Option<&'a str>,
}

impl Validity<'_> {
    pub(crate) fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.has_ended_before(day)
    }

    pub(crate) fn has_ended_before(&self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }

    pub(crate) fn fault(&self, key: &str) -> Option<Fault> {
        if self.from.zip(self.to).is_some_and(|(from, to)| to < from) {
            return Some(Fault::new("valid_to", "must not be before valid_from"));
        }
        if self.successor.is_some() && self.to.is_none() {
            return Some(Fault::new("successor", "takes over on a day; fill in valid_to"));
        }
        (self.successor == Some(key)).then(|| Fault::new("successor", "must be another code"))
    }
}

/// Reads the three columns of a list that has them.
macro_rules! validity_columns {
    () => {
        fn validity(&self) -> $crate::codelist::validity::Validity<'_> {
            $crate::codelist::validity::Validity {
                from: self.valid_from,
                to: self.valid_to,
                successor: self.successor.as_deref(),
            }
        }
    };
}

pub(crate) use validity_columns;

impl Programme {
    /// Whether it was offered on a day.
    #[must_use]
    pub fn is_in_use_on(&self, day: Date) -> bool {
        super::list::Line::validity(self).holds_on(day)
    }
}

impl Instrument {
    /// Whether it was scored so on a day.
    #[must_use]
    pub fn is_in_use_on(&self, day: Date) -> bool {
        super::list::Line::validity(self).holds_on(day)
    }
}

impl CodeLists {
    /// The programme that a code stands for on a day: itself, or where it has ended the one that the list names as having taken over.
    /// None when neither was in use then.
    #[must_use]
    pub fn programme_on(&self, code: &str, day: Date) -> Option<&Programme> {
        self.programmes.on(code, day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{Addition, ListName};
    use super::*;

    fn lists(lines: &str) -> Result<CodeLists, super::super::CodeListError> {
        let text = format!("code,name,kind,condition,valid_from,valid_to,successor\n{lines}");
        let addition = Addition { list: ListName::Programmes, file: "local.csv".into(), text };
        CodeLists::builtin().with_additions(&[addition])
    }

    #[test]
    fn a_code_stands_for_itself_while_in_use_and_then_for_what_took_over() {
        let lists = lists(
            "a,A,treatment,worry,,2023-12-31,b\nb,B,treatment,worry,2024-01-01,2024-06-30,c\nc,C,treatment,worry,2024-07-01,,\n\
             alone,Alone,treatment,worry,2020-01-01,2021-12-31,\ngap,Gap,treatment,worry,,2019-12-31,alone\n",
        )
        .unwrap();
        let on = |code: &str, (y, m, d)| lists.programme_on(code, date(y, m, d)).map(|found| found.code.clone());
        for (code, day, expected) in [
            ("a", (2010, 1, 1), Some("a")),
            ("a", (2023, 12, 31), Some("a")),
            ("a", (2024, 1, 1), Some("b")),
            ("a", (2024, 7, 1), Some("c")),
            ("b", (2023, 12, 31), None),
            ("alone", (2019, 12, 31), None),
            ("alone", (2020, 1, 1), Some("alone")),
            ("alone", (2022, 1, 1), None),
            ("gap", (2022, 1, 1), None),
            ("depressionshjalpen", (2030, 1, 1), Some("depressionshjalpen")),
            ("none", (2024, 1, 1), None),
        ] {
            assert_eq!(on(code, day).as_deref(), expected, "{code} {day:?}");
        }
    }

    #[test]
    fn successors_in_a_ring_lead_nowhere() {
        let ring = lists("a,A,treatment,worry,,2020-12-31,b\nb,B,treatment,worry,,2020-12-31,a\n").unwrap();
        assert_eq!(ring.programme_on("a", date(2024, 1, 1)), None);
    }

    #[test]
    fn days_and_successors_that_cannot_be_are_told_with_their_place() {
        for (line, told) in [
            ("b,B,treatment,worry,2024-02-01,2024-01-31,", "line 2, column valid_to: must not be before valid_from"),
            ("b,B,treatment,worry,,2024-01-31,b", "line 2, column successor: must be another code"),
            ("b,B,treatment,worry,,,oroshjalpen", "line 2, column successor: takes over on a day; fill in valid_to"),
            ("b,B,treatment,worry,,2024-01-31,x", "line 2, column successor: x is not in its code list"),
        ] {
            let error = lists(&format!("{line}\n")).expect_err(line).to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}
