//! What the daemon says of itself in one line.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::contact::Pause;

use super::decide::{Action, Next};

/// What comes next, what waits to be delivered, and a silence in force.
pub(super) fn line(action: &Action, (paused, records): (Option<&Pause>, i64), zone: &TimeZone) -> String {
    let next = match action {
        Action::Begin | Action::Run { .. } => "a run begins".into(),
        Action::Wait { until: None, .. } => "no run is planned any more".into(),
        Action::Wait { until: Some(until), what } => match what {
            Next::Planned => format!("next run {}", local(*until, zone)),
            Next::Attempt(attempt) => format!("attempt {attempt} at {}", local(*until, zone)),
            Next::EndOfPause => match paused {
                Some(pause) => format!("paused until {} ({})", pause.until, pause.reason),
                None => format!("paused until {}", local(*until, zone)),
            },
        },
    };
    format!("{next}; {}", waiting(records))
}

/// Records that wait, in words.
pub(super) fn waiting(records: i64) -> String {
    format!("{records} waiting")
}

/// A line with what else is to be said, still one line.
pub(super) fn with_remarks(mut line: String, remarks: [&Option<String>; 2]) -> String {
    for remark in remarks.into_iter().flatten() {
        line.push_str("; ");
        line.push_str(&remark.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    line
}

fn local(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_the_next_run_in_local_time_what_waits_and_a_silence() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let pause = Pause { until: "2026-12-24".parse().unwrap(), reason: "byte av system".into() };
        let until: Timestamp = "2026-11-23T01:21:00Z".parse().unwrap();
        let wait = |what| Action::Wait { until: Some(until), what };
        for (action, paused, waiting, expected) in [
            (wait(Next::Planned), None, 0, "next run 2026-11-23 02:21; 0 waiting"),
            (wait(Next::Attempt(2)), None, 312, "attempt 2 at 2026-11-23 02:21; 312 waiting"),
            (wait(Next::EndOfPause), Some(&pause), 12, "paused until 2026-12-24 (byte av system); 12 waiting"),
        ] {
            assert_eq!(line(&action, (paused, waiting), &zone), expected);
        }
        let (one, other) = (Some("not\n  taken".into()), Some("ended".into()));
        assert_eq!(with_remarks("next".into(), [&one, &other]), "next; not taken; ended");
        assert_eq!(with_remarks("next".into(), [&None, &None]), "next");
    }
}
