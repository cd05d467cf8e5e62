//! The answers of one treatment to one instrument.
//!
//! Promises: now and then everything is answered on one day, or one timepoint is answered twice. It must not know other
//! treatments.

use crate::second_example::calendar::Day;
use crate::second_example::random::Random;
use crate::second_example::scale::Scale;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Given {
    pub(crate) instrument: &'static str,
    pub(crate) timepoint: String,
    pub(crate) day: Day,
    pub(crate) score: f64,
    /// Empty where the source does not say.
    pub(crate) updated_at: &'static str,
}

impl Given {
    pub(crate) fn new(instrument: &'static str, timepoint: &str, day: Day, score: f64) -> Self {
        Self { instrument, timepoint: timepoint.to_owned(), day, score, updated_at: "" }
    }
}

/// All answers to one instrument; the number of the treatment decides the rare things.
pub(crate) fn answers(
    random: &mut Random,
    scale: &Scale,
    number: usize,
    (started, ended, completed): (Day, Day, bool),
) -> Vec<Given> {
    let burden = 150 + random.below(800).cast_signed();
    let relief = if completed { 1 + random.around(500) + 350 } else { random.around(300) };
    let on_one_day = number % 17 == 5;
    let mut given = Vec::new();
    for (timepoint, chance, part) in plan(random, completed) {
        if on_one_day || random.below(100) < chance {
            let day = match (on_one_day, part) {
                (true, _) => started,
                (_, 0) => started.before(random.below(30)),
                (_, part) => started.towards(ended, part - 1, 12),
            };
            let felt = burden - burden * relief / 1000 * part.min(12).cast_signed() / 12 + random.around(90);
            given.push(Given::new(scale.code, &timepoint, day, scale.score(felt)));
        }
    }
    for (months, chance) in [(6, 20), (12, 12)] {
        if random.below(100) < if completed { chance } else { chance / 4 } {
            let felt = burden - burden * relief / 1000 + random.around(150);
            let day = ended.after(months * 30 + random.below(10));
            given.push(Given::new(scale.code, &format!("followup-{months}m"), day, scale.score(felt)));
        }
    }
    if scale.code == "PHQ-9" && number % 9 == 4 {
        answer_twice(&mut given, random.below(6), started);
    }
    given
}

/// Timepoint, its chance in per cent and how many twelfths of the treatment have passed, counted from one; 0 is before.
fn plan(random: &mut Random, completed: bool) -> Vec<(String, u32, u32)> {
    let week = 3 + random.below(7);
    vec![
        ("screening".to_owned(), 20, 0),
        ("pre".to_owned(), 95, 1),
        ("weekly-2".to_owned(), 15, 3),
        (format!("weekly-{week}"), 20, week + 1),
        ("weekly-10".to_owned(), 15, 11),
        ("post".to_owned(), if completed { 92 } else { 12 }, 13),
    ]
}

/// A second answer to one timepoint, in the source before or after the first; what decides is the time of change, the
/// day or the text of the score.
fn answer_twice(given: &mut Vec<Given>, decided_by: u32, started: Day) {
    let Some(at) = given.iter().position(|answer| answer.timepoint == "pre") else { return };
    let mut other = given[at].clone();
    match decided_by % 3 {
        0 => {
            other.score = if other.score > 13.0 { 2.0 } else { 25.0 };
            other.day = started.before(3);
            other.updated_at = "2022-02-02T08:00:00Z";
            given[at].updated_at = "2022-02-01T08:00:00Z";
        }
        1 => {
            other.score = if other.score > 13.0 { 3.0 } else { 24.0 };
            other.day = started.after(1);
            other.updated_at = "2022-02-01T08:00:00Z";
            given[at].updated_at = "2022-02-01T08:00:00Z";
        }
        _ => {
            other.score = 9.0;
            given[at].score = 10.0;
        }
    }
    given.insert(at + usize::from(decided_by > 2), other);
}
