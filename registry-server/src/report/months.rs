//! Monthly counts in a selection of days.
//!
//! Promises: a month counts only where all of its days are in one period of the selection, because nobody can divide its count; a count
//! without a month counts only in the total over everything.

use jiff::civil::Date;

use crate::aggregate::period::Period;
use crate::aggregate::plan::Plan;

/// Where a month's counts stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// In the period of this label.
    In(String),
    /// Only in the total over all periods.
    Total,
    /// Some of its days are in the selection and some are not.
    Divided,
    /// Outside the selection.
    Outside,
}

/// The first day of a month that reads `YYYY-MM`; nothing for any other text.
pub(super) fn first_day(month: &str) -> Option<Date> {
    (month.len() == 7).then(|| format!("{month}-01").parse().ok()).flatten()
}

/// Where the counts of a month stand that begins on a day, or of an unknown one.
pub(super) fn whereabouts(plan: &Plan, month: Option<Date>) -> Whereabouts {
    let Some(first) = month else {
        let everything = plan.from.is_none() && plan.to.is_none() && !matches!(plan.period, Period::Rolling { .. });
        return if everything { Whereabouts::Total } else { Whereabouts::Outside };
    };
    let last = first.last_of_month();
    let cut = |day: Option<Date>| day.is_some_and(|day| first <= day && day <= last);
    match (plan.period_of(first), plan.period_of(last)) {
        (Some(one), Some(_)) => Whereabouts::In(plan.period.label(one)),
        (None, None) if !cut(plan.from) && !cut(plan.to) => Whereabouts::Outside,
        _ => Whereabouts::Divided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Parameters;

    fn of(month: &str, choice: &[(&str, &str)]) -> Whereabouts {
        let plan = Parameters::from_pairs(choice.iter().copied()).unwrap().plan("2025-09-15".parse().unwrap());
        whereabouts(&plan, first_day(month))
    }

    #[test]
    fn a_month_counts_where_all_of_its_days_are() {
        let named = |label: &str| Whereabouts::In(label.to_owned());
        assert_eq!(of("2025-03", &[]), named("ALL"));
        assert_eq!(
            of("2025-03", &[("period", "quarter"), ("from", "2025-03-01"), ("to", "2025-03-31")]),
            named("2025Q1")
        );
        assert_eq!(of("2025-03", &[("from", "2025-03-02")]), Whereabouts::Divided);
        assert_eq!(of("2025-03", &[("from", "2025-03-10"), ("to", "2025-03-20")]), Whereabouts::Divided);
        assert_eq!(of("2025-02", &[("from", "2025-03-10"), ("to", "2025-03-20")]), Whereabouts::Outside);
        assert_eq!(of("2025-09", &[("period", "rolling12")]), Whereabouts::Divided);
        assert_eq!(of("2025-08", &[("period", "rolling12")]), named("2024-09-16..2025-09-15"));
    }

    #[test]
    fn an_unknown_month_counts_in_the_total_over_everything_only() {
        assert_eq!(of("unknown", &[("period", "year")]), Whereabouts::Total);
        assert_eq!(of("unknown", &[("from", "2025-01-01")]), Whereabouts::Outside);
        assert_eq!(of("unknown", &[("period", "rolling12")]), Whereabouts::Outside);
        assert_eq!((first_day("2025-3"), first_day("2025-13"), first_day("2025-001")), (None, None, None));
    }
}
