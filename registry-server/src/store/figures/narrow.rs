//! Rows of the narrow facts, as both engines read them: treatments, their scores and further fields, units, inhabitants.
//!
//! Promises: a row that cannot be this program's is an error that names it, never a guess; repeated text is shared.

use std::sync::Arc;

use schemas::codelist::Population;

use crate::fact::cell::Wanted;
use crate::fact::{DetailFact, Names, OutcomeFact, TreatmentFact, UnitFact};
use crate::outcome::{Comparison, Members, Pair};
use crate::store::{StoreError, words};

/// Number, person, sender, units of the start and of the end, programme, its version, status, reason of the end, first and last day,
/// sex, year of birth, main diagnosis.
pub(in crate::store) type TreatmentRow<'r> = (
    i64,
    i64,
    &'r str,
    &'r str,
    Option<&'r str>,
    &'r str,
    Option<&'r str>,
    &'r str,
    Option<&'r str>,
    &'r str,
    &'r str,
    Option<&'r str>,
    Option<i16>,
    Option<&'r str>,
);

/// Treatment, instrument; the scores before, after, first, last and carried forward.
pub(in crate::store) type OutcomeRow<'r> =
    (i64, &'r str, Option<f64>, Option<f64>, Option<f64>, Option<f64>, Option<f64>);

/// Treatment, instrument, months; the scores before and at the follow-up.
pub(in crate::store) type FollowupRow<'r> = (i64, &'r str, i16, Option<f64>, Option<f64>);

/// Sender, unit, county, care level, ownership, successor, name.
pub(in crate::store) type UnitRow<'r> =
    (&'r str, &'r str, &'r str, Option<&'r str>, Option<&'r str>, Option<&'r str>, &'r str);

/// Number, region, year, sex, youngest and oldest age, inhabitants.
pub(in crate::store) type PopulationRow = (i64, String, i16, Option<String>, Option<i16>, Option<i16>, i64);

/// A treatment.
pub(in crate::store) fn treatment(row: TreatmentRow<'_>, names: &mut Names) -> Result<TreatmentFact, StoreError> {
    let (id, subject, sender, unit_start, unit_end, programme, programme_version, status, end_reason, ..) = row;
    let (.., started_on, ended_on, sex, birth_year, diagnosis) = row;
    let wrong = |column| StoreError::Inconsistent { table: "treatment", column, id };
    Ok(TreatmentFact {
        row: id,
        subject,
        sender: names.share(sender),
        unit_start: names.share(unit_start),
        unit_end: shared(unit_end, names),
        programme: names.share(programme),
        programme_version: shared(programme_version, names),
        status: words::read_status(status).ok_or_else(|| wrong("status"))?,
        end_reason: shared(end_reason, names),
        started_on: started_on.parse().map_err(|_| wrong("started_on"))?,
        ended_on: ended_on.parse().map_err(|_| wrong("ended_on"))?,
        sex: sex.map(|code| words::read_sex(code).ok_or_else(|| wrong("sex"))).transpose()?,
        birth_year,
        diagnosis: shared(diagnosis, names),
    })
}

/// The scores that rows tell, as far as they are wanted.
pub(in crate::store) struct Scores<'a> {
    /// Which.
    pub(in crate::store) wanted: &'a Wanted,
    /// Shared texts.
    pub(in crate::store) names: &'a mut Names,
    /// What was told so far.
    pub(in crate::store) facts: Vec<OutcomeFact>,
}

impl Scores<'_> {
    /// Adds those of the treatment itself on one instrument.
    pub(in crate::store) fn add(&mut self, (id, instrument, pre, post, first, last, carried): OutcomeRow<'_>) {
        let instrument = self.names.share(instrument);
        let pairs = Members { pre, post, first, last, carried }.pairs();
        let wanted = pairs.filter(|pair| self.wanted.takes(pair.comparison));
        self.facts.extend(wanted.map(|pair| OutcomeFact::new(id, &instrument, pair)));
    }

    /// Adds those of a follow-up.
    pub(in crate::store) fn add_followup(
        &mut self,
        (id, instrument, months, first, second): FollowupRow<'_>,
    ) -> Result<(), StoreError> {
        let wrong = |_| StoreError::Inconsistent { table: "followup", column: "months", id };
        let comparison = Comparison::Followup(u8::try_from(months).map_err(wrong)?);
        if self.wanted.takes(comparison) {
            let instrument = self.names.share(instrument);
            self.facts.push(OutcomeFact::new(id, &instrument, Pair { comparison, first, second }));
        }
        Ok(())
    }
}

/// A unit as its sender describes it.
pub(in crate::store) fn unit(row: UnitRow<'_>, names: &mut Names) -> Result<UnitFact, StoreError> {
    const WRONG_OWNERSHIP: StoreError = StoreError::Inconsistent { table: "unit", column: "ownership", id: 0 };
    let (sender, unit, county, care_level, ownership, successor, name) = row;
    Ok(UnitFact {
        sender: names.share(sender),
        unit: names.share(unit),
        county: names.share(county),
        care_level: shared(care_level, names),
        ownership: ownership.map(|word| words::read_ownership(word).ok_or(WRONG_OWNERSHIP)).transpose()?,
        successor: shared(successor, names),
        name: names.share(name),
    })
}

/// The further fields of a treatment, from its number and its document.
pub(in crate::store) fn detail((id, document): (i64, &str)) -> Result<DetailFact, StoreError> {
    DetailFact::of(id, document).ok_or(StoreError::Inconsistent { table: "treatment", column: "document", id })
}

/// Inhabitants.
pub(in crate::store) fn population(row: PopulationRow) -> Result<Population, StoreError> {
    let (id, region, year, sex, age_from, age_to, population) = row;
    let wrong = |column| StoreError::Inconsistent { table: "population", column, id };
    let age = |age: Option<i16>, column| age.map(u8::try_from).transpose().map_err(|_| wrong(column));
    Ok(Population {
        region,
        year,
        sex: sex.map(|code| words::read_sex(&code).ok_or_else(|| wrong("sex"))).transpose()?,
        age_from: age(age_from, "age_from")?,
        age_to: age(age_to, "age_to")?,
        population: u64::try_from(population).map_err(|_| wrong("population"))?,
        valid_from: None,
        valid_to: None,
        successor: None,
    })
}

fn shared(text: Option<&str>, names: &mut Names) -> Option<Arc<str>> {
    text.map(|text| names.share(text))
}
