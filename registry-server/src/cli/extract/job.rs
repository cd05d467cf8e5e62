//! How the building of a request's tables goes, as it is printed.
//!
//! Promises: text and document tell the same; what failed says why.

use serde_json::{Value, json};

use super::day;
use crate::store::job::{Job, JobState, Progress};
use schemas::language::Language;

/// How far the tables have come, in a line.
pub(super) fn line(Progress { table, tables, round, cells }: Progress) -> String {
    match (tables, round) {
        (0, _) => "the frozen data set is read".to_owned(),
        (_, 0) => format!("table {table} of {tables}"),
        _ => format!("table {table} of {tables}, round {round}: {cells} cells are held against all that was released"),
    }
}

/// A job in a sentence.
pub(super) fn sentence(job: &Job) -> String {
    let at = day(job.at);
    match &job.state {
        JobState::Queued => format!("its tables wait to be built since {at}"),
        JobState::Running(progress) => format!("its tables are being built: {}", line(*progress)),
        JobState::Done => format!("its tables were built on {at}"),
        JobState::Failed(why) => format!("its tables were not built on {at}: {}", why.pick(Language::En)),
    }
}

/// A job as a document.
pub(super) fn document(job: &Job) -> Value {
    let mut told = json!({ "at": job.at, "attempts": job.attempts, "cut": job.cut });
    match &job.state {
        JobState::Queued => told["state"] = "queued".into(),
        JobState::Running(Progress { table, tables, round, cells }) => {
            told["state"] = "running".into();
            told["progress"] = json!({ "table": table, "tables": tables, "round": round, "cells": cells });
        }
        JobState::Done => told["state"] = "done".into(),
        JobState::Failed(why) => {
            told["state"] = "failed".into();
            told["why"] = json!({ "sv": why.pick(Language::Sv), "en": why.pick(Language::En) });
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use schemas::language::Text;

    use super::*;

    fn job(state: JobState) -> Job {
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        Job { request: 1, person: 2, cut: None, state, at, attempts: 1 }
    }

    #[test]
    fn a_job_is_told_with_its_state_how_far_it_has_come_and_why_it_failed() {
        let far = Progress { table: 2, tables: 3, round: 4, cells: 120 };
        let failed = JobState::Failed(Text::fixed("för få", "too few"));
        for (state, text, document_of) in [
            (JobState::Queued, "its tables wait to be built since 2026-11-22", json!("queued")),
            (
                JobState::Running(Progress::default()),
                "its tables are being built: the frozen data set is read",
                json!("running"),
            ),
            (
                JobState::Running(far),
                "its tables are being built: table 2 of 3, round 4: 120 cells are held against all that was released",
                json!("running"),
            ),
            (failed.clone(), "its tables were not built on 2026-11-22: too few", json!("failed")),
            (JobState::Done, "its tables were built on 2026-11-22", json!("done")),
        ] {
            let job = job(state);
            assert_eq!((sentence(&job).as_str(), &document(&job)["state"]), (text, &document_of));
        }
        let expected = json!({ "table": 2, "tables": 3, "round": 4, "cells": 120 });
        assert_eq!(document(&job(JobState::Running(far)))["progress"], expected);
        assert_eq!(document(&job(failed))["why"], json!({ "sv": "för få", "en": "too few" }));
    }
}
