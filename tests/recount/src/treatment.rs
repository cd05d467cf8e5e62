//! Rows put together to treatments.
//!
//! Promises: a treatment is there once per region and id; each (instrument, timepoint) has one answer: latest
//! `updated_at`, then latest date, then last by the text of the score. It must not know comparisons or groups.

use std::collections::BTreeMap;

use crate::input::{Answer, Input, InputError, Row, Status};
use crate::timepoint::Timepoint;

/// One ended treatment with all its scores.
#[derive(Debug)]
pub(crate) struct Treatment {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) region: String,
    pub(crate) unit: String,
    pub(crate) programme: String,
    pub(crate) started: String,
    pub(crate) ended: String,
    pub(crate) status: Status,
    /// By instrument, in order of date and timepoint.
    pub(crate) scores: BTreeMap<String, Vec<Score>>,
}

/// One score.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) timepoint: Timepoint,
    pub(crate) value: f64,
}

impl Treatment {
    pub(crate) fn completed(&self) -> bool {
        self.status == Status::Completed
    }

    /// The scores of one instrument, none if it was never answered.
    pub(crate) fn scores_of(&self, instrument: &str) -> &[Score] {
        self.scores.get(instrument).map_or(&[], Vec::as_slice)
    }
}

/// All treatments, in order of region and id.
pub(crate) fn treatments(input: &Input) -> Result<Vec<Treatment>, InputError> {
    let mut together: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in &input.rows {
        together.entry((&row.region, &row.treatment_id)).or_default().push(row);
    }
    together.into_values().map(|rows| treatment(input, &rows)).collect()
}

fn treatment(input: &Input, rows: &[&Row]) -> Result<Treatment, InputError> {
    let head = rows[0];
    let facts = |row: &Row| {
        let row = row.clone();
        (row.person, row.unit, row.programme, row.started, row.ended, row.status)
    };
    if rows.iter().any(|row| facts(row) != facts(head)) {
        return Err(InputError("Rows of one treatment contradict each other outside the answer.".to_owned()));
    }
    Ok(Treatment {
        id: head.treatment_id.clone(),
        person: head.person.clone(),
        region: head.region.clone(),
        unit: head.unit.clone(),
        programme: head.programme.clone(),
        started: head.started.clone(),
        ended: head.ended.clone(),
        status: head.status,
        scores: scores(input, rows.iter().filter_map(|row| row.answer.as_ref()))?,
    })
}

fn scores<'a>(
    input: &Input,
    answers: impl Iterator<Item = &'a Answer>,
) -> Result<BTreeMap<String, Vec<Score>>, InputError> {
    let mut valid: BTreeMap<(&str, Timepoint), &Answer> = BTreeMap::new();
    for answer in answers {
        let Some(timepoint) = Timepoint::parse(&answer.timepoint) else {
            return Err(InputError("A timepoint has the wrong form.".to_owned()));
        };
        if !input.instruments.contains_key(&answer.instrument) {
            return Err(InputError("An answer names an instrument that has no constants.".to_owned()));
        }
        let held = valid.entry((&answer.instrument, timepoint)).or_insert(answer);
        if rank(answer) > rank(held) {
            *held = answer;
        }
    }
    let mut dated: BTreeMap<String, Vec<(&str, Score)>> = BTreeMap::new();
    for ((instrument, timepoint), answer) in valid {
        let score = Score { timepoint, value: answer.score };
        dated.entry(instrument.to_owned()).or_default().push((&answer.date, score));
    }
    let in_order = |mut list: Vec<(&str, Score)>| {
        list.sort_by_key(|(date, score)| (date.to_owned(), score.timepoint));
        list.into_iter().map(|(_, score)| score).collect()
    };
    Ok(dated.into_iter().map(|(instrument, list)| (instrument, in_order(list))).collect())
}

/// Of two answers that agree in time, the canonical bytes differ only in the score, so its text decides ("9" after
/// "10").
fn rank(answer: &Answer) -> (Option<&str>, &str, String) {
    (answer.updated_at.as_deref(), &answer.date, answer.score.to_string())
}
