//! Invented courses of illness: scores that mostly fall, with gaps, drop-outs and second answers.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Answer, Fate, Random};

/// How the treatment went.
pub(super) struct Outcome {
    /// Start.
    pub started: Date,
    /// End.
    pub ended: Date,
    /// Whether it was carried through.
    pub completed: bool,
    /// Its length.
    pub weeks: i64,
}

/// Invents the answers of one treatment to a region's instruments.
pub(super) fn invent(
    random: &mut Random,
    instruments: &[(&'static str, &'static str)],
    outcome: &Outcome,
) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (instrument, _) in instruments {
        let (lowest, highest, higher_is_better) = range(instrument);
        let mut severity = random.between(30, 80);
        let mut push = |random: &mut Random, timepoint: String, answered: Date, severity: i64| {
            let share = if higher_is_better { 100 - severity } else { severity };
            let noise = random.between(-4, 4);
            let score = (lowest + (highest - lowest) * share / 100 + noise).clamp(lowest, highest);
            answers.push(Answer { instrument, timepoint, answered, score, changed_hour: 9, fate: Fate::Counts });
        };
        if random.chance(60) {
            push(random, "screening".into(), day(outcome.started, -14), severity);
        }
        if random.chance(95) {
            push(random, "pre".into(), outcome.started, severity);
        }
        for week in 1..=outcome.weeks {
            severity = (severity - random.between(-3, 9)).clamp(2, 98);
            if *instrument == "PHQ-9" && random.chance(70) {
                push(random, format!("weekly-{week}"), day(outcome.started, week * 7 - 1), severity);
            }
        }
        if random.chance(if outcome.completed { 88 } else { 15 }) {
            push(random, "post".into(), outcome.ended, severity);
        }
        if outcome.completed && random.chance(25) {
            push(random, "followup-6m".into(), day(outcome.ended, 182), severity);
        }
    }
    answer_again(random, &mut answers);
    answers
}

/// Now and then somebody answers twice; the later change counts.
fn answer_again(random: &mut Random, answers: &mut Vec<Answer>) {
    if answers.is_empty() || !random.chance(8) {
        return;
    }
    let index = usize::try_from(random.between(0, i64::try_from(answers.len()).unwrap_or(1) - 1)).unwrap_or(0);
    let mut earlier = answers[index].clone();
    let (lowest, highest, _) = range(earlier.instrument);
    earlier.score = (earlier.score + 3).clamp(lowest, highest);
    earlier.changed_hour = 8;
    earlier.fate = Fate::Superseded;
    answers.push(earlier);
}

fn range(instrument: &str) -> (i64, i64, bool) {
    match instrument {
        "GAD-7" => (0, 21, false),
        "PSWQ" => (16, 80, false),
        "MADRS-S" => (0, 54, false),
        "EQ-VAS" => (0, 100, true),
        _ => (0, 27, false),
    }
}

fn day(from: Date, days: i64) -> Date {
    from.checked_add(days.days()).expect("in range")
}
