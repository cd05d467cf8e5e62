//! One answer to one self-rating form.
//!
//! Promises: items that are given confirm the score or hold the answer; items themselves go no further.

use jiff::civil::Date;
use schemas::codelist::{Instrument, Scoring};
use schemas::record::{Answer, Timepoint};
use schemas::rule::{Finding, Rule, check_answer};

use super::value;
use super::{Context, Kept, Outcome, Words};
use crate::source::{ColumnPlace, MEASUREMENTS, Recency, SourceRow};

const TREATMENT_ID: ColumnPlace = MEASUREMENTS.place("treatment_id");
const INSTRUMENT: ColumnPlace = MEASUREMENTS.place("instrument");
const TIMEPOINT: ColumnPlace = MEASUREMENTS.place("timepoint");
const ANSWERED_ON: ColumnPlace = MEASUREMENTS.place("answered_on");
const SCORE: ColumnPlace = MEASUREMENTS.place("score");
const ITEMS: ColumnPlace = MEASUREMENTS.place("items");
const UPDATED_AT: ColumnPlace = MEASUREMENTS.place("updated_at");

/// A valid answer, still under the source's treatment id.
pub struct MappedAnswer<'a> {
    /// The source's id of the treatment.
    pub local_id: &'a str,
    /// Instrument, timepoint, date and score.
    pub answer: Answer<'a>,
    /// How new the row is, for choosing between answers to one timepoint.
    pub recency: Recency,
}

/// Reads one row of `measurements`.
pub fn map_answer<'a, 'l: 'a>(
    row: &SourceRow<'a>,
    words: &mut Words<'l>,
    context: &Context<'_>,
) -> Outcome<MappedAnswer<'a>> {
    let recency = row.recency(row.at(UPDATED_AT).and_then(|text| value::moment(text, &context.zone)));
    let local_id = row.at(TREATMENT_ID).unwrap_or_default();
    let held = |findings| Outcome::Held(Kept { local_id: local_id.to_owned(), findings, recency, person: None });
    if let Some(rule) = row.fault() {
        return held(vec![Finding::new(rule, "row")]);
    }
    if local_id.is_empty() {
        return held(vec![Finding::new(Rule::AnswerTreatmentMissing, "treatment_id")]);
    }
    let mut findings = Vec::new();
    let instrument = row.at(INSTRUMENT).and_then(|word| words.instrument(word));
    if instrument.is_none() {
        findings.push(Finding::new(Rule::InstrumentUnknown, "instrument"));
    }
    let timepoint: Option<Timepoint> = row.at(TIMEPOINT).and_then(|word| words.timepoint(word));
    if timepoint.is_none() {
        findings.push(Finding::new(Rule::TimepointUnknown, "timepoint"));
    }
    let answered_on = answer_date(row, context, &mut findings);
    let score = score(row, instrument, &mut findings);
    if let (Some(instrument), Some(timepoint), Some(answered_on), Some(score)) =
        (instrument, timepoint, answered_on, score)
    {
        let answer = Answer { instrument: &instrument.code, timepoint, answered_on, score };
        findings.extend(check_answer(Some(instrument), &answer, context.today));
        if findings.is_empty() {
            return Outcome::Ready(MappedAnswer { local_id, answer, recency });
        }
    }
    held(findings)
}

fn answer_date(row: &SourceRow, context: &Context<'_>, findings: &mut Vec<Finding>) -> Option<Date> {
    let Some(text) = row.at(ANSWERED_ON) else {
        findings.push(Finding::new(Rule::AnswerDateMissing, "answered_on"));
        return None;
    };
    let date = value::date(text, &context.zone);
    if date.is_none() {
        findings.push(Finding::new(Rule::AnswerDateInvalid, "answered_on"));
    }
    date
}

/// The stated score, confirmed by the items when both are there; the items' score when only they are.
fn score(row: &SourceRow, instrument: Option<&Instrument>, findings: &mut Vec<Finding>) -> Option<f64> {
    let stated = row.at(SCORE).map(value::decimal);
    let total = match (row.at(ITEMS), instrument) {
        (Some(text), Some(instrument)) if instrument.scoring != Scoring::None => {
            let Some(items) = items(text, instrument) else {
                findings.push(Finding::new(Rule::ItemsInvalid, "items"));
                return None;
            };
            instrument.total(&items)
        }
        _ => None,
    };
    match (stated, total) {
        (Some(None), _) => findings.push(Finding::new(Rule::ScoreNotNumber, "score")),
        (Some(Some(stated)), Some(total)) if (stated - total).abs() > 1e-9 => {
            findings.push(Finding::new(Rule::ItemsDisagree, "items"));
        }
        (Some(Some(stated)), _) => return Some(stated),
        (None, Some(total)) => return Some(total),
        (None, None) => findings.push(Finding::new(Rule::ScoreMissing, "score")),
    }
    None
}

fn items(text: &str, instrument: &Instrument) -> Option<Vec<f64>> {
    let items: Vec<f64> = serde_json::from_str(text).ok()?;
    let number_fits = instrument.items.is_none_or(|expected| items.len() == usize::from(expected));
    let lowest = instrument.item_lowest.unwrap_or(f64::NEG_INFINITY);
    let highest = instrument.item_highest.unwrap_or(f64::INFINITY);
    (number_fits && items.iter().all(|item| (lowest..=highest).contains(item))).then_some(items)
}
