//! How long a source keeps what has ended, for telling what was deleted from what grew too old.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `[source] keeps`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Keeps {
    /// Everything: a row that is gone was deleted.
    #[default]
    All,
    /// What ended in the last so many months: an older row that is gone has left the window.
    Months(u16),
}

impl Keeps {
    /// The newest month of which rows may have left the window on a day, `YYYY-MM`; none when everything is kept. The whole month
    /// counts, because a source may drop rows day by day.
    #[must_use]
    pub fn left_until(self, today: Date) -> Option<String> {
        let Self::Months(months) = self else { return None };
        let last = today.first_of_month().checked_sub(i64::from(months).months()).ok()?;
        Some(format!("{:04}-{:02}", last.year(), last.month()))
    }
}

impl FromStr for Keeps {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let months = || text.strip_suffix("months").or_else(|| text.strip_suffix("month"))?.trim().parse().ok();
        match text {
            "all" => Ok(Self::All),
            _ => months()
                .filter(|months| *months > 0)
                .map(Self::Months)
                .ok_or("write \"all\" or a time such as \"24 months\""),
        }
    }
}

impl TryFrom<String> for Keeps {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Keeps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Months(months) => write!(f, "{months} months"),
        }
    }
}

impl From<Keeps> for String {
    fn from(keeps: Keeps) -> Self {
        keeps.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_source_keeps_is_all_or_some_months() {
        for text in ["all", "24 months", "1 months"] {
            assert_eq!(text.parse::<Keeps>().unwrap().to_string(), text);
        }
        assert_eq!("1 month".parse(), Ok(Keeps::Months(1)));
        for text in ["", "24", "months", "0 months", "-3 months", "2 years"] {
            assert!(text.parse::<Keeps>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_month_in_which_the_window_begins_may_have_left_it() {
        let today = "2024-06-30".parse().unwrap();
        assert_eq!(Keeps::Months(24).left_until(today).as_deref(), Some("2022-06"));
        assert_eq!(Keeps::Months(6).left_until(today).as_deref(), Some("2023-12"));
        assert_eq!(Keeps::All.left_until(today), None);
    }
}
