//! What is frozen beside treatments and is no person's: units, inhabitants, monthly counts, senders, accounting lines, outside
//! denominators and breaks, a JSON document each.
//!
//! Promises: what is read back is what was frozen; a document that cannot be this program's is an error that names it.

use schemas::codelist::Population;
use schemas::record::{Run, Sex};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fact::{Denominator, Facts, Names, Part, RunFact, SenderFact, UnitFact};
use crate::store::figures::rows::{self, ActivityRow, BreakRow};
use crate::store::{StoreError, words};

/// Sender, unit, name, county, care level, ownership, successor.
type UnitRow = (String, String, String, String, Option<String>, Option<String>, Option<String>);

/// Sender, standing and enrolment; first, last accepted and last seen; planned silence, schedule and zone.
type SenderRow = (
    (String, String, String),
    (Option<String>, Option<String>, Option<String>),
    (Option<String>, Option<String>, Option<String>),
);

/// Every document, with its name.
pub(super) fn documents(facts: &Facts) -> Vec<(&'static str, String)> {
    let runs: Vec<(&str, &Run)> = facts.runs.iter().map(|RunFact { sender, run }| (&**sender, run)).collect();
    vec![
        ("activities", json(&activities(facts))),
        ("breaks", json(&breaks(facts))),
        ("denominators", json(&facts.denominators)),
        ("populations", json(&facts.populations)),
        ("runs", json(&runs)),
        ("senders", json(&senders(facts))),
        ("units", json(&units(facts))),
    ]
}

/// Puts those documents, by name, back among the facts that belong to these parts of them.
pub(in crate::store) fn put_back(
    documents: &[(String, String)],
    parts: &[Part],
    (facts, names): (&mut Facts, &mut Names),
) -> Result<(), StoreError> {
    let mut needed = documents.iter().filter(|(name, _)| is_needed(name, parts));
    needed.try_for_each(|(name, document)| take((name, document), facts, names))
}

fn is_needed(name: &str, parts: &[Part]) -> bool {
    match name {
        "activities" => parts.contains(&Part::Activity),
        "runs" => parts.contains(&Part::Runs),
        "senders" => parts.contains(&Part::Senders),
        _ => true,
    }
}

fn take((name, document): (&str, &str), facts: &mut Facts, names: &mut Names) -> Result<(), StoreError> {
    match name {
        "activities" => {
            let rows: Vec<ActivityRow> = read(document)?;
            facts.activities = rows.into_iter().map(|row| rows::activity(row, names)).collect::<Result<_, _>>()?;
        }
        "breaks" => {
            let rows: Vec<BreakRow> = read(document)?;
            facts.breaks = rows.into_iter().map(rows::series_break).collect::<Result<_, _>>()?;
        }
        "denominators" => facts.denominators = read::<Vec<Denominator>>(document)?,
        "populations" => facts.populations = read::<Vec<Population>>(document)?,
        "runs" => {
            let rows: Vec<(String, Run)> = read(document)?;
            facts.runs = rows.into_iter().map(|(sender, run)| RunFact { sender: names.share(&sender), run }).collect();
        }
        "senders" => {
            let rows: Vec<SenderRow> = read(document)?;
            facts.senders = rows.into_iter().map(|row| sender(row, names)).collect();
        }
        "units" => {
            let rows: Vec<UnitRow> = read(document)?;
            facts.units = rows.into_iter().map(|row| unit(row, names)).collect::<Result<_, _>>()?;
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

fn activities(facts: &Facts) -> Vec<ActivityRow> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let row = |a: &crate::fact::ActivityFact| {
        let (sex, age) = (a.sex.map(|sex| Sex::code(sex).to_owned()), a.age_group.as_deref().map(str::to_owned));
        let [sender, month, unit, programme] = [&a.sender, &a.month, &a.unit, &a.programme].map(ToString::to_string);
        (sender, month, unit, programme, sex, age, count(a.started), count(a.ended), count(a.ongoing))
    };
    facts.activities.iter().map(row).collect()
}

fn breaks(facts: &Facts) -> Vec<BreakRow> {
    let row = |b: &crate::fact::SeriesBreak| {
        let [region, unit, programme] = [&b.region, &b.unit, &b.programme].map(Clone::clone);
        (i64::from(b.number), region, unit, programme, b.on.to_string(), b.note.clone())
    };
    facts.breaks.iter().map(row).collect()
}

fn senders(facts: &Facts) -> Vec<SenderRow> {
    let row = |s: &SenderFact| {
        (
            (s.sender.to_string(), s.status.to_string(), s.enrolled_at.clone()),
            (s.first_accepted_at.clone(), s.last_accepted_at.clone(), s.last_seen_at.clone()),
            (s.paused_until.clone(), s.schedule.clone(), s.timezone.clone()),
        )
    };
    facts.senders.iter().map(row).collect()
}

fn sender(row: SenderRow, names: &mut Names) -> SenderFact {
    let (
        (sender, status, enrolled_at),
        (first_accepted_at, last_accepted_at, last_seen_at),
        (paused_until, schedule, timezone),
    ) = row;
    SenderFact {
        sender: names.share(&sender),
        status: names.share(&status),
        enrolled_at,
        first_accepted_at,
        last_accepted_at,
        last_seen_at,
        paused_until,
        schedule,
        timezone,
    }
}

fn units(facts: &Facts) -> Vec<UnitRow> {
    let row = |u: &UnitFact| {
        let [sender, unit, name, county] = [&u.sender, &u.unit, &u.name, &u.county].map(ToString::to_string);
        let [care_level, successor] = [&u.care_level, &u.successor].map(|text| text.as_deref().map(str::to_owned));
        let ownership = u.ownership.map(|ownership| words::ownership(ownership).to_owned());
        (sender, unit, name, county, care_level, ownership, successor)
    };
    facts.units.iter().map(row).collect()
}

fn unit(row: UnitRow, names: &mut Names) -> Result<UnitFact, StoreError> {
    let (sender, unit, name, county, care_level, ownership, successor) = row;
    Ok(UnitFact {
        sender: names.share(&sender),
        unit: names.share(&unit),
        name: names.share(&name),
        county: names.share(&county),
        care_level: care_level.map(|text| names.share(&text)),
        ownership: ownership.map(|word| words::read_ownership(&word).ok_or_else(wrong)).transpose()?,
        successor: successor.map(|text| names.share(&text)),
    })
}

fn json<T: Serialize>(rows: &T) -> String {
    serde_json::to_string(rows).expect("counts and texts are JSON")
}

fn read<T: DeserializeOwned>(document: &str) -> Result<T, StoreError> {
    serde_json::from_str(document).map_err(|_| wrong())
}

fn wrong() -> StoreError {
    StoreError::Inconsistent { table: "cut_part", column: "document", id: 0 }
}
