//! The points in time of an answer.
//!
//! Promises: the order of the variants is the order of answers given on one date. It must not know dates.

/// When in the course of a treatment an answer was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timepoint {
    Screening,
    Pre,
    /// Week of treatment, 1 to 99.
    Weekly(u8),
    Post,
    /// Months after the end, 1 to 99.
    Followup(u8),
}

impl Timepoint {
    /// Reads a timepoint as it is written on the wire; numbers run from 1 to 99 without leading zeros.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "screening" => Some(Self::Screening),
            "pre" => Some(Self::Pre),
            "post" => Some(Self::Post),
            _ => {
                if let Some(week) = text.strip_prefix("weekly-") {
                    number(week).map(Self::Weekly)
                } else {
                    number(text.strip_prefix("followup-")?.strip_suffix('m')?).map(Self::Followup)
                }
            }
        }
    }
}

fn number(text: &str) -> Option<u8> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|number| plain && (1..=99).contains(number))
}

#[cfg(test)]
mod tests {
    use super::Timepoint;

    #[test]
    fn numbers_have_no_leading_zero_and_end_at_99() {
        assert_eq!(Timepoint::parse("weekly-99"), Some(Timepoint::Weekly(99)));
        assert_eq!(Timepoint::parse("followup-12m"), Some(Timepoint::Followup(12)));
        for wrong in ["weekly-0", "weekly-01", "weekly-100", "weekly-+1", "followup-6", "followup-m", "mid"] {
            assert_eq!(Timepoint::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_second_week_comes_before_the_tenth() {
        assert!(Timepoint::Pre < Timepoint::Weekly(2));
        assert!(Timepoint::Weekly(2) < Timepoint::Weekly(10));
        assert!(Timepoint::Weekly(99) < Timepoint::Post);
    }
}
