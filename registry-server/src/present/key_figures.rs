//! The key figures of the last twelve whole months beside those of the twelve before.
//!
//! Promises: the figures are those of the report `groups`; the interval of a change of shares is Newcombe's, made of the two shares' own
//! Wilson intervals (Newcombe 1998, method 10); what is hidden or undefined has no change.

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemas::language::Language;
use schemas::rule::today;

use super::Ask;
use super::fault::Fault;
use crate::authenticate::Permit;
use crate::figure::Figure;
use crate::report::{Parameters, Report};

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// What it is.
    pub(super) head: &'static str,
    /// The figure.
    pub(super) figure: String,
    /// Its interval, and how many stand behind it; empty for a count.
    pub(super) below: String,
    /// The change since the period before; empty where there is none.
    pub(super) change: String,
}

/// The figures, and the days that they are of: first and last, then those that they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    /// The figures.
    pub(super) figures: Vec<Key>,
    /// The days.
    pub(super) days: [Date; 4],
}

/// A share with its interval, from 0 to 1, and its denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Share {
    part: f64,
    low: f64,
    high: f64,
    n: u64,
}

/// The figures that the reader may see.
///
/// # Errors
/// When the store fails.
pub(super) async fn of(ask: &Ask<'_>) -> Result<Keys, Fault> {
    let days = spans(today(ask.desk.registry.environment.now()));
    let by = if ask.permit == Permit::Own { "region" } else { "" };
    let mut reports = Vec::with_capacity(2);
    for span in days.chunks(2) {
        let [from, to] = [span[0], span[1]].map(|day| day.to_string());
        let parameters = Parameters::from_pairs([("by", by), ("from", from.as_str()), ("to", to.as_str())]);
        reports.push(ask.report("groups", parameters.map_err(|_| Fault::Unreadable)?).await?);
    }
    let language = ask.visit.language;
    let counted = |head: &'static str, name: &str| {
        let [now, before] = [0, 1].map(|place| count(&reports[place], name));
        Key { head, figure: language.number(now as f64, 0), below: String::new(), change: more(now, before, language) }
    };
    let mut figures = vec![
        counted(language.pick("Avslutade behandlingar", "Ended treatments"), "n_started"),
        counted(language.pick("Personer", "Persons"), "n_persons"),
    ];
    if let Some(now) = share(&reports[0]) {
        let change = share(&reports[1]).map_or_else(String::new, |before| shift(now, before, language));
        let [figure, low, high] = [now.part, now.low, now.high].map(|part| language.number(100.0 * part, 1));
        let interval = language.pick("95\u{a0}% intervall", "95\u{a0}% interval");
        let below = format!("{interval} {low}–{high}\u{a0}%, n = {}", language.number(now.n as f64, 0));
        let head = language.pick("Fullföljda", "Completed");
        figures.push(Key { head, figure: format!("{figure}\u{a0}%"), below, change });
    }
    Ok(Keys { figures, days })
}

/// First and last day of the twelve whole months before a day, and of the twelve before those.
fn spans(day: Date) -> [Date; 4] {
    let end = day.first_of_month();
    let back = |months: i32| end.checked_sub(months.months()).unwrap_or(end);
    let eve = |day: Date| day.yesterday().unwrap_or(day);
    [back(12), eve(end), back(24), eve(back(12))]
}

fn cell<'a>(report: &'a Report, name: &str) -> Option<&'a Figure> {
    let place = report.columns.iter().position(|column| column == name)?;
    report.rows.last()?.get(place)
}

fn count(report: &Report, name: &str) -> u64 {
    match cell(report, name) {
        Some(Figure::Count(count)) => *count,
        _ => 0,
    }
}

fn share(report: &Report) -> Option<Share> {
    let number = |name: &str| match cell(report, name) {
        Some(Figure::Number(number)) => Some(*number),
        _ => None,
    };
    let (part, low, high) = (number("completed_p")?, number("completed_lo")?, number("completed_hi")?);
    Some(Share { part, low, high, n: count(report, "completed_d") })
}

/// How many more, and how much that is of what was before.
fn more(now: u64, before: u64, language: Language) -> String {
    if before == 0 {
        return String::new();
    }
    let (now, before) = (now as f64, before as f64);
    let signed = |number: f64, decimals| sign(number) + &language.number(number, decimals);
    let change = now - before;
    format!("{} ({}\u{a0}%)", signed(change, 0), signed(100.0 * change / before, 1))
}

/// How many percentage points more, with the interval.
fn shift(now: Share, before: Share, language: Language) -> String {
    let (change, low, high) = newcombe(now, before);
    let points = |part: f64| sign(part) + &language.number(100.0 * part, 1);
    let [change, low, high] = [change, low, high].map(points);
    match language {
        Language::Sv => format!("{change} procentenheter (95\u{a0}% intervall {low} till {high})"),
        Language::En => format!("{change} percentage points (95\u{a0}% interval {low} to {high})"),
    }
}

fn sign(number: f64) -> String {
    if number > 0.0 { "+".to_owned() } else { String::new() }
}

/// A difference of two shares with its interval.
fn newcombe(one: Share, other: Share) -> (f64, f64, f64) {
    let change = one.part - other.part;
    let low = change - (one.part - one.low).hypot(other.high - other.part);
    let high = change + (one.high - one.part).hypot(other.part - other.low);
    (change, low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_are_whole_and_follow_one_another() {
        let spans = spans("2026-11-22".parse().unwrap()).map(|day| day.to_string());
        assert_eq!(spans, ["2025-11-01", "2026-10-31", "2024-11-01", "2025-10-31"]);
    }

    #[test]
    fn a_change_of_shares_has_the_published_interval_and_both_signs() {
        // 56 of 70 and 48 of 80 (Newcombe 1998, table II, row a, method 10): 0.0524 to 0.3339.
        let one = Share { part: 0.8, low: 0.691_83, high: 0.876_95, n: 70 };
        let other = Share { part: 0.6, low: 0.490_45, high: 0.700_38, n: 80 };
        let (change, low, high) = newcombe(one, other);
        assert!(
            (change - 0.2).abs() < 1e-9 && (low - 0.0524).abs() < 1e-3 && (high - 0.3339).abs() < 1e-3,
            "{low} {high}"
        );
        assert_eq!(shift(one, other, Language::Sv), "+20,0 procentenheter (95\u{a0}% intervall +5,2 till +33,4)");
        assert_eq!(more(90, 100, Language::Sv), "−10 (−10,0\u{a0}%)");
        assert_eq!(more(110, 100, Language::En), "+10 (+10.0\u{a0}%)");
        assert_eq!(more(5, 0, Language::Sv), "");
    }
}
