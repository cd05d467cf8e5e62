//! The way back from a region's tables to what counts, in the recount's own form.
//!
//! Promises: reads the rows that are in the tables now, not the plan's, so that whatever alters the tables alters the recount; only
//! which rows count is taken from the plan.

use std::collections::HashMap;

use anyhow::Context as _;

use super::Source;
use super::plan::{Answer, Fate, Plan, Treatment};
use super::shape::Shape;

/// Reads what counts back from a region's tables.
///
/// # Errors
/// When they cannot be read.
pub async fn read_back(plan: &Plan, source: &Source) -> anyhow::Result<Vec<recount::Row>> {
    let clean: HashMap<&str, &Treatment> =
        plan.treatments.iter().filter(|t| t.fault.is_none()).map(|t| (t.id.as_str(), t)).collect();
    let read = source.read().await?;
    let mut by_treatment: HashMap<String, Vec<recount::Answer>> = HashMap::new();
    for row in &read.answers {
        if let Some((id, answer)) = counting_answer(plan, &clean, row)? {
            by_treatment.entry(id).or_default().push(answer);
        }
    }
    let mut rows = Vec::new();
    for row in newest(&read.treatments) {
        let Some(id) = row[0].as_deref().filter(|id| clean.contains_key(id)) else { continue };
        let row = treatment(plan, id, row);
        match by_treatment.remove(id) {
            None => rows.push(row),
            Some(answers) => {
                rows.extend(answers.into_iter().map(|answer| recount::Row { answer: Some(answer), ..row.clone() }));
            }
        }
    }
    Ok(rows)
}

/// Of several rows of one treatment the one that was changed last.
fn newest(rows: &[Vec<Option<String>>]) -> impl Iterator<Item = &Vec<Option<String>>> {
    let mut newest: HashMap<&str, &Vec<Option<String>>> = HashMap::new();
    for row in rows {
        let Some(id) = row[0].as_deref() else { continue };
        if newest.get(id).is_none_or(|known| known[7] < row[7]) {
            newest.insert(id, row);
        }
    }
    newest.into_values()
}

fn counting_answer(
    plan: &Plan,
    clean: &HashMap<&str, &Treatment>,
    row: &[Option<String>],
) -> anyhow::Result<Option<(String, recount::Answer)>> {
    let [Some(id), instrument, Some(timepoint), date, score, changed] = row else { return Ok(None) };
    let Some(treatment) = clean.get(id.as_str()) else { return Ok(None) };
    let instrument = instrument.as_deref().map(|word| Shape::meaning(plan.shape.instruments, word).to_owned());
    let instrument = instrument.unwrap_or_default();
    let timepoint = Shape::meaning(plan.shape.timepoints, timepoint).to_owned();
    let fate = |a: &&Answer| a.instrument == instrument && a.timepoint == timepoint && matches!(a.fate, Fate::Held(_));
    let held = treatment.answers.iter().any(|a| fate(&a)) || timepoint == "okänt" || instrument == "Egen skala";
    let (Some(date), Some(score), false) = (date, score, held) else { return Ok(None) };
    let score = score.replace(',', ".").parse().with_context(|| format!("a score of {id} that counts is no number"))?;
    let answer = recount::Answer { instrument, timepoint, date: iso(date), score, updated_at: changed.clone() };
    Ok(Some((id.clone(), answer)))
}

fn treatment(plan: &Plan, id: &str, row: &[Option<String>]) -> recount::Row {
    let text = |at: usize| row[at].clone().unwrap_or_default();
    let programme = text(3);
    let code = plan.shape.programmes.iter().find(|(local, _)| *local == programme);
    recount::Row {
        // One person has one spelling in a region's tables.
        person: text(1).chars().filter(char::is_ascii_digit).collect(),
        region: plan.sender.clone(),
        unit: text(2),
        programme: code.map_or(programme, |(_, code)| (*code).to_owned()),
        started: iso(&text(5)),
        ended: iso(&text(6)),
        status: match Shape::meaning(plan.shape.statuses, &text(4)) {
            "completed" => recount::Status::Completed,
            _ => recount::Status::Discontinued,
        },
        treatment_id: id.to_owned(),
        answer: None,
    }
}

/// Any of the three spellings as `YYYY-MM-DD`.
fn iso(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])
}
