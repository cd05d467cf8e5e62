//! The report `trajectory`: scores before, after and at follow-ups, each with how many answered.

use std::collections::BTreeSet;

use super::cross::{cells, cross, group};
use super::{Counting, Episode, named};
use crate::continuous::student_975;
use crate::moments::{mean, sd};
use crate::share::Share;
use crate::table::{Line, Table, share_columns};
use crate::timepoint::Timepoint;

pub(super) fn trajectory(counting: &Counting, keys: &[&str]) -> Table {
    let mut lines = Vec::new();
    for (key, members) in &cross(&counting.episodes, counting.selection, group) {
        let answers = members.iter().flat_map(|episode| &episode.treatment.scores);
        let asked: BTreeSet<(&str, Timepoint)> =
            answers.flat_map(|(code, scores)| scores.iter().map(|score| (code.as_str(), score.timepoint))).collect();
        for (instrument, timepoint) in asked {
            if let Some(name) = name(timepoint) {
                let start = [cells(key), vec![instrument, &name]].concat();
                lines.push(line(Line::new(&start), members, (instrument, timepoint)));
            }
        }
    }
    let mut columns = named(keys);
    columns.extend(["answered", "answered_completed"].into_iter().flat_map(share_columns));
    columns.extend(named(&["mean_score", "sd_score", "score_lo", "score_hi"]));
    Table::new(columns, lines, keys.len())
}

/// What stands in the report; weeks and screenings do not.
fn name(timepoint: Timepoint) -> Option<String> {
    match timepoint {
        Timepoint::Pre => Some("pre".to_owned()),
        Timepoint::Post => Some("post".to_owned()),
        Timepoint::Followup(months) => Some(format!("followup-{months}m")),
        Timepoint::Screening | Timepoint::Weekly(_) => None,
    }
}

fn line(mut line: Line, members: &[&Episode], (instrument, timepoint): (&str, Timepoint)) -> Line {
    let score = |episode: &&Episode| {
        let scores = episode.treatment.scores_of(instrument);
        scores.iter().find(|score| score.timepoint == timepoint).map(|score| score.value)
    };
    let answered = |episode: &&Episode| score(episode).is_some();
    line.share(Some(Share::among(members, |_| true, answered)));
    line.share(Some(Share::among(members, |episode| episode.treatment.completed(), answered)));
    let scores: Vec<f64> = members.iter().filter_map(score).collect();
    let (mean, sd) = (mean(&scores), sd(&scores));
    let limit = |sign: f64| {
        let reach = student_975(scores.len() - 1) * sd? / (scores.len() as f64).sqrt();
        Some(mean? + sign * reach)
    };
    line.figure(mean);
    line.figure(sd);
    line.figure(limit(-1.0));
    line.figure(limit(1.0));
    line
}
