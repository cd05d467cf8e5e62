//! The report `flow`: who came how far, from the referral to the follow-up.

use std::collections::BTreeSet;

use super::cross::{cells, cross, group};
use super::{Counting, Episode, named};
use crate::share::Share;
use crate::table::{Line, Table, share_columns};
use crate::timepoint::Timepoint;

const SHARES: [&str; 5] = ["referral_known", "assessment_known", "completed", "after", "followed"];

pub(super) fn flow(counting: &Counting, keys: &[&str]) -> Table {
    let mut lines = Vec::new();
    for (key, members) in &cross(&counting.episodes, counting.selection, group) {
        let answers = members.iter().flat_map(|episode| &episode.treatment.scores);
        let asked: BTreeSet<&str> = answers
            .filter(|(_, scores)| scores.iter().any(|score| is_told(score.timepoint)))
            .map(|(code, _)| code.as_str())
            .collect();
        for instrument in asked {
            let start = [cells(key), vec![instrument]].concat();
            lines.push(line(Line::new(&start), members, instrument));
        }
    }
    let mut columns = named(keys);
    columns.push("n_started".to_owned());
    columns.extend(SHARES.into_iter().flat_map(share_columns));
    Table::new(columns, lines, keys.len())
}

/// Weeks and screenings are no stage.
fn is_told(timepoint: Timepoint) -> bool {
    !matches!(timepoint, Timepoint::Screening | Timepoint::Weekly(_))
}

fn line(mut line: Line, members: &[&Episode], instrument: &str) -> Line {
    let completed = |episode: &&Episode| episode.treatment.completed();
    let answered = |episode: &&Episode, is_it: fn(Timepoint) -> bool| {
        episode.treatment.scores_of(instrument).iter().any(|score| is_it(score.timepoint))
    };
    line.count(members.len());
    line.share(Some(Share::among(members, |_| true, |episode| episode.further.referred.is_some())));
    line.share(Some(Share::among(members, |_| true, |episode| episode.further.assessed.is_some())));
    line.share(Some(Share::among(members, |_| true, completed)));
    line.share(Some(Share::among(members, completed, |episode| answered(episode, |at| at == Timepoint::Post))));
    let later = |at| matches!(at, Timepoint::Followup(_));
    line.share(Some(Share::among(members, completed, |episode| answered(episode, later))));
    line
}
