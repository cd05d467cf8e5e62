//! What a unit can still do for its own figures: treatments whose score before or after is missing, whose follow-up is due, that are
//! held, or that the register rejects, by their local ids.
//!
//! Promises: made from the source and never sent; a treatment that objected, is a test or is ongoing is not on it; scores and persons
//! are not on it.
//! Must not know: where the treatments come from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemas::codelist::CodeLists;
use schemas::record::{Timepoint, Treatment};
use schemas::rule::Rule;
use serde::Serialize;

use crate::cycle::{CycleError, Surroundings, gather_everything};
use crate::episode::{Episode, EpisodeError, Gathering, Joined, Read, State};
use crate::map::Words;
use crate::outbox::Outbox;
use crate::setup::Setup;
use crate::vanished::because;
use schemas::language::Language;

/// Months after the planned day during which a follow-up can still be asked for.
const STILL_OF_USE_MONTHS: i64 = 3;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// HSA-id of the unit where the treatment is, or of nobody known.
    pub unit: Option<String>,
    /// The source's id of the treatment, or the short record key.
    pub treatment: String,
    /// What is missing.
    pub reason: Reason,
}

/// Why a treatment is on the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is held by a rule at a field.
    Held(Rule, String),
    /// The register rejects it, by the rule with this id.
    Rejected(String),
    /// The score before is missing, by instrument.
    BeforeMissing(String),
    /// The score after is missing, by instrument.
    AfterMissing(String),
    /// The follow-up so many months after the end is due, since a day.
    FollowupDue(u8, Date),
}

/// One line as it is printed.
#[derive(Debug, Serialize)]
pub struct Line {
    /// HSA-id; empty where the row names none that can be read.
    pub unit: String,
    /// The source's id of the treatment.
    pub treatment: String,
    /// What is to be done, in words.
    pub reason: String,
}

/// Collects the list while treatments are read.
pub struct Worklist<'a> {
    lists: &'a CodeLists,
    today: Date,
    items: Vec<Item>,
    /// Follow-ups that the source shows for a programme: those are the planned ones.
    planned: BTreeMap<String, BTreeSet<u8>>,
    /// Treatments that are young enough for a follow-up.
    young: Vec<Young>,
}

struct Young {
    unit: String,
    treatment: String,
    programme: String,
    ended_on: Date,
    answered: BTreeSet<u8>,
}

impl<'a> Worklist<'a> {
    /// An empty list.
    #[must_use]
    pub fn new(lists: &'a CodeLists, today: Date) -> Self {
        Self { lists, today, items: Vec::new(), planned: BTreeMap::new(), young: Vec::new() }
    }

    /// Notes a treatment that would be sent. Answers the unit where it is.
    pub fn whole(&mut self, local_id: &str, treatment: &Treatment) -> String {
        let unit = treatment.unit_end.as_ref().unwrap_or(&treatment.unit);
        let answered = |instrument: &str, timepoint: Timepoint| {
            treatment.measurements.iter().any(|m| m.instrument == instrument && m.timepoint == timepoint)
        };
        let own = self.lists.programme(&treatment.programme).and_then(|programme| programme.primary_instrument.clone());
        let used = treatment.measurements.iter();
        let used =
            used.filter(|m| matches!(m.timepoint, Timepoint::Pre | Timepoint::Post)).map(|m| m.instrument.clone());
        let mut instruments: BTreeSet<String> = used.collect();
        // A unit that measures with another instrument than the programme's own is not asked for both.
        if instruments.is_empty() {
            instruments.extend(own);
        }
        let mut add = |reason| self.items.push(Item { unit: Some(unit.clone()), treatment: local_id.into(), reason });
        for instrument in instruments {
            if !answered(&instrument, Timepoint::Pre) {
                add(Reason::BeforeMissing(instrument.clone()));
            }
            if !answered(&instrument, Timepoint::Post) {
                add(Reason::AfterMissing(instrument));
            }
        }
        let followups = treatment.measurements.iter().filter_map(|m| match m.timepoint {
            Timepoint::FollowupMonths(months) => Some(months),
            _ => None,
        });
        let answered: BTreeSet<u8> = followups.collect();
        if !answered.is_empty() {
            self.planned.entry(treatment.programme.clone()).or_default().extend(&answered);
        }
        let oldest = self.today.checked_sub(100.months()).unwrap_or(Date::MIN);
        if treatment.ended_on >= oldest {
            self.young.push(Young {
                unit: unit.clone(),
                treatment: local_id.into(),
                programme: treatment.programme.clone(),
                ended_on: treatment.ended_on,
                answered,
            });
        }
        unit.clone()
    }

    /// Notes a treatment that the register rejects.
    pub fn rejected(&mut self, (local_id, unit): (&str, &str), rule: &str) {
        let reason = Reason::Rejected(rule.to_owned());
        self.items.push(Item { unit: Some(unit.to_owned()), treatment: local_id.into(), reason });
    }

    /// Notes a treatment that is held.
    pub fn held(&mut self, (local_id, unit): (&str, Option<&str>), findings: &[(Rule, String)]) {
        for (rule, field) in findings {
            let reason = Reason::Held(*rule, field.clone());
            self.items.push(Item { unit: unit.map(str::to_owned), treatment: local_id.into(), reason });
        }
    }

    /// The finished list, by unit and treatment; of one unit alone when it is named.
    #[must_use]
    pub fn finish(mut self, unit: Option<&str>) -> Vec<Item> {
        for young in std::mem::take(&mut self.young) {
            let planned = self.planned.get(&young.programme).into_iter().flatten();
            let missing = planned.filter(|months| !young.answered.contains(months));
            let due = missing.filter_map(|months| Some((*months, due(young.ended_on, *months, self.today)?)));
            self.items.extend(due.map(|(months, since)| Item {
                unit: Some(young.unit.clone()),
                treatment: young.treatment.clone(),
                reason: Reason::FollowupDue(months, since),
            }));
        }
        self.items.retain(|item| unit.is_none_or(|unit| item.unit.as_deref() == Some(unit)));
        self.items.sort();
        self.items.dedup();
        self.items
    }
}

/// Since when a follow-up is due, while it is still of use.
fn due(ended_on: Date, months: u8, today: Date) -> Option<Date> {
    let planned = ended_on.checked_add(i64::from(months).months()).ok()?;
    let last = planned.checked_add(STILL_OF_USE_MONTHS.months()).ok()?;
    (planned <= today && today <= last).then_some(planned)
}

impl Item {
    /// The item in words.
    #[must_use]
    pub fn line(&self, language: Language) -> Line {
        let reason = match &self.reason {
            Reason::Held(rule, field) => {
                let rule = rule.describe();
                language.pick(format!("hålls kvar ({field}): {}", rule.sv), format!("held ({field}): {}", rule.en))
            }
            Reason::Rejected(rule) => {
                let words = because(rule, language);
                language.pick(
                    format!("registret avvisar ({rule}): {words}"),
                    format!("the register rejects it ({rule}): {words}"),
                )
            }
            Reason::BeforeMissing(instrument) => language.pick(
                format!("{instrument} före behandlingen saknas"),
                format!("{instrument} before the treatment is missing"),
            ),
            Reason::AfterMissing(instrument) => language.pick(
                format!("{instrument} efter behandlingen saknas"),
                format!("{instrument} after the treatment is missing"),
            ),
            Reason::FollowupDue(months, since) => language.pick(
                format!("uppföljning efter {months} månader ska göras, sedan {since}"),
                format!("the follow-up after {months} months is due, since {since}"),
            ),
        };
        Line { unit: self.unit.clone().unwrap_or_default(), treatment: self.treatment.clone(), reason }
    }
}

/// Reads every source and makes the list, of one unit alone when it is named, by its HSA-id or its local word.
///
/// # Errors
/// When a source cannot be read.
pub async fn read(setup: &Setup, unit: Option<&str>, surroundings: &Surroundings<'_>) -> Result<Vec<Item>, CycleError> {
    let mut gathering = Gathering::begin(None)?;
    gather_everything(setup, surroundings, &mut gathering).await?;
    let words = Words::new(&setup.lists, &setup.config.map);
    let mut list = Worklist::new(&setup.lists, schemas::rule::today((surroundings.now)()));
    let rejected = rejected(setup).await?;
    let mut episodes = gathering.finish();
    while let Some(Joined { episodes, held_answers, .. }) = episodes.next().await? {
        // The unit on whose list each of these treatments belongs, for their answers, which name none.
        let mut units: HashMap<String, String> = HashMap::new();
        for Episode { read: Read { key, local_id, .. }, words: local, state } in episodes {
            match state {
                State::Ready { content, .. } => {
                    let treatment = serde_json::from_slice(&content).map_err(|_| EpisodeError::Damaged)?;
                    let unit = list.whole(&local_id, &treatment);
                    if let Some(rule) = rejected.get(&key) {
                        list.rejected((&local_id, &unit), rule);
                    }
                    units.insert(key, unit);
                }
                State::Held(findings) => {
                    let unit = Some(words.unit(local.unit())).filter(|unit| !unit.is_empty());
                    list.held((&local_id, unit), &findings);
                    units.extend(unit.map(|unit| (key, unit.to_owned())));
                }
                State::Excluded(_) | State::Vanished => (),
            }
        }
        for answer in held_answers {
            let findings = crate::episode::findings(&answer.findings);
            list.held((&answer.local_id, units.get(&answer.key).map(String::as_str)), &findings);
        }
    }
    Ok(list.finish(unit.map(|unit| words.unit(unit))))
}

/// The rules by which the register rejects treatments, by the last part of their keys.
async fn rejected(setup: &Setup) -> Result<HashMap<String, String>, CycleError> {
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else { return Ok(HashMap::new()) };
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    Ok(outbox.rejected_ones().await?.into_iter().map(|one| (last(&one.key), one.rule)).collect())
}

#[cfg(test)]
mod tests;
