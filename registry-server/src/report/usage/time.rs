//! Months and senders: until when each has counted, and where it has not.
//!
//! Promises: a sender that has counted is missed in every later month up to the newest that anybody counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::aggregate::period::YearMonths;
use crate::aggregate::plan::Plan;
use crate::report::Text;
use crate::report::months::{Whereabouts, whereabouts};

/// Who counted when, months by their first days.
pub(super) struct Time<'a> {
    plan: &'a Plan,
    counted: BTreeSet<(&'a str, Date)>,
    /// First and last month of each sender.
    spans: BTreeMap<&'a str, (Date, Date)>,
    newest: Option<Date>,
}

impl<'a> Time<'a> {
    pub(super) fn new(plan: &'a Plan, counted: BTreeSet<(&'a str, Date)>) -> Self {
        let mut spans: BTreeMap<&str, (Date, Date)> = BTreeMap::new();
        for (sender, month) in &counted {
            let span = spans.entry(sender).or_insert((*month, *month));
            *span = (span.0.min(*month), span.1.max(*month));
        }
        let newest = spans.values().map(|(_, last)| *last).max();
        Self { plan, counted, spans, newest }
    }

    /// Whether what a sender says of a month's last day is what is ongoing at the end of a period, or of the selection: the period's last
    /// month, or the sender's where that is earlier.
    pub(super) fn stands_for(&self, sender: &str, month: Date, ordinal: Option<i32>) -> bool {
        let ends = [ordinal.and_then(|ordinal| self.plan.period.days(ordinal)).map(|(_, last)| last), self.plan.to];
        let end = ends.into_iter().flatten().min().map(last_whole_month);
        let last = [end, self.newest, self.spans.get(sender).map(|(_, last)| *last)].into_iter().flatten().min();
        last == Some(month)
    }

    /// The months behind a row of the period with a label.
    pub(super) fn months_of(&self, label: &str) -> YearMonths {
        let months = self.counted.iter().map(|(_, month)| *month).filter(|month| self.is_inside(*month));
        let years = months.clone().map(Date::year).collect();
        let ordinal =
            months.filter_map(|month| self.plan.period_of(month)).find(|one| self.plan.period.label(*one) == label);
        self.plan.period.year_months(ordinal, &years)
    }

    fn is_inside(&self, month: Date) -> bool {
        matches!(whereabouts(self.plan, Some(month)), Whereabouts::In(_))
    }

    pub(super) fn notes(&self) -> Vec<Text> {
        let inside: BTreeSet<Date> =
            self.counted.iter().map(|(_, month)| *month).filter(|month| self.is_inside(*month)).collect();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else {
            return vec![Text::fixed("Urvalet innehåller inga månadsantal.", "The selection holds no monthly counts.")];
        };
        let (first, last) = (first.strftime("%Y-%m"), last.strftime("%Y-%m"));
        let span = Text::made(
            format!("Urvalet innehåller månadsantal från {first} till {last}."),
            format!("The selection holds monthly counts from {first} to {last}."),
        );
        let gaps = self.gaps();
        let gap = |(sender, months): (&&str, &Vec<String>)| format!("{sender} ({})", months.join(", "));
        let told = gaps.iter().map(gap).collect::<Vec<_>>().join("; ");
        let gaps = (!gaps.is_empty()).then(|| {
            Text::made(
                format!("Luckor: avsändare som har räknat förut men inte dessa månader: {told}."),
                format!("Gaps: senders that counted before, but not these months: {told}."),
            )
        });
        std::iter::once(span).chain(gaps).collect()
    }

    /// Of each sender the months of the selection without counts after its first.
    fn gaps(&self) -> BTreeMap<&str, Vec<String>> {
        let mut gaps: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (sender, (first, _)) in &self.spans {
            let months = std::iter::successors(Some(*first), |month| month.checked_add(1.month()).ok());
            let up_to = self.newest.unwrap_or(*first);
            for month in months.take_while(|month| *month <= up_to) {
                if self.is_inside(month) && !self.counted.contains(&(*sender, month)) {
                    gaps.entry(sender).or_default().push(month.strftime("%Y-%m").to_string());
                }
            }
        }
        gaps
    }
}

/// The first day of the last month that has ended by the end of a day.
fn last_whole_month(day: Date) -> Date {
    if day == day.last_of_month() { day.first_of_month() } else { day.first_of_month().saturating_sub(1.month()) }
}
