//! One row of `treatments`.
//!
//! Promises: exclusions in the order test patient, protected identity, objection, ongoing, support programme, unless the person objects
//! in any row, which comes first; every fault of a row is told at once.

use jiff::civil::Date;
use schemas::codelist::ProgrammeKind;
use schemas::record::{Sex, Status};
use schemas::rule::{Finding, Rule, date_out_of_range};

use super::word::LocalStatus;
use super::{Context, Kept, Outcome, Words, value};
use crate::identity::{IdentityNumber, IdentityText, TestIdentities, read_every_century, read_identity};
use crate::source::{Recency, SourceRow};

/// A treatment with its person still known. Neither printable nor serialisable.
pub struct Mapped {
    /// The source's id of the treatment.
    pub local_id: String,
    /// The person.
    pub person: IdentityNumber,
    /// Everything else that will travel.
    pub draft: Draft,
    /// How new the row is, for choosing between rows of one id.
    pub recency: Recency,
    /// Optional fields that were left out.
    pub warnings: Vec<Finding>,
}

/// The fields of [`schemas::record::Treatment`] that come from the row itself, under the same names.
#[expect(missing_docs, reason = "the fields are documented at schemas::record::Treatment")]
pub struct Draft {
    pub programme: String,
    pub programme_version: Option<String>,
    pub unit: String,
    pub unit_end: Option<String>,
    pub status: Status,
    pub end_reason: Option<String>,
    pub referred_on: Option<Date>,
    pub assessed_on: Option<Date>,
    pub started_on: Date,
    pub ended_on: Date,
    pub sex: Option<Sex>,
    pub birth_year: Option<i16>,
    pub diagnoses: Vec<String>,
    pub modules_total: Option<u32>,
    pub modules_completed: Option<u32>,
    pub therapist_minutes: Option<u32>,
    pub messages: Option<u32>,
    pub sick_leave_before: Option<u8>,
    pub sick_leave_after: Option<u8>,
}

/// The persons that an opted-out row speaks of: every reading of its number, also from a row that is otherwise unusable. Empty for
/// rows of any other status.
#[must_use]
pub fn opted_out(row: &SourceRow, words: &Words<'_>, context: &Context<'_>) -> Vec<IdentityNumber> {
    if row.get("status").and_then(|word| words.status(word)) != Some(LocalStatus::OptedOut) {
        return Vec::new();
    }
    let started_on = row.get("started_on").and_then(|text| value::date(text, &context.zone));
    identity_text(row, started_on).map(|text| read_every_century(&text)).unwrap_or_default()
}

/// Reads one row of `treatments`.
pub fn map_treatment(row: &SourceRow, words: &mut Words<'_>, context: &Context<'_>) -> Outcome<Mapped> {
    let recency = row.recency(row.get("updated_at").and_then(|text| value::moment(text, &context.zone)));
    let local_id = row.get("treatment_id").unwrap_or_default().to_owned();
    if let Some(rule) = row.fault() {
        let findings = vec![Finding::new(rule, "row")];
        return Outcome::Held(Kept { local_id, findings, recency, person: bearer(row, context) });
    }
    let mut reader = Reader { row, context, findings: Vec::new(), warnings: Vec::new() };
    if local_id.is_empty() {
        reader.fault(Rule::TreatmentIdMissing, "treatment_id");
    }
    let test = reader.mark("test_patient");
    let protected = reader.mark("protected_identity");
    let status = reader.status(words);
    let programme = reader.programme(words);
    let support = programme.as_ref().is_some_and(|(code, _)| {
        context.lists.programme(code).is_some_and(|programme| programme.kind == ProgrammeKind::Support)
    });
    let exclusion = [
        (test == Some(true), Rule::TestPatient, "test_patient"),
        (protected == Some(true), Rule::ProtectedIdentity, "protected_identity"),
        (status == Some(LocalStatus::OptedOut), Rule::Objection, "status"),
        (status == Some(LocalStatus::Ongoing), Rule::StatusOngoing, "status"),
        (support, Rule::ProgrammeSupport, "programme"),
    ];
    if let Some((_, rule, field)) = exclusion.into_iter().find(|(applies, ..)| *applies) {
        if rule == Rule::Objection && opted_out(row, words, context).is_empty() {
            let findings = vec![Finding::new(Rule::ObjectionUnreadable, "person_id")];
            return Outcome::Held(Kept { local_id, findings, recency, person: None });
        }
        let findings = vec![Finding::new(rule, field)];
        return Outcome::Excluded(Kept { local_id, findings, recency, person: bearer(row, context) });
    }
    let (person, draft) = reader.rest(words, status, programme);
    let Reader { findings, warnings, .. } = reader;
    match (person, draft) {
        (Some(person), Some(draft)) if findings.is_empty() => {
            Outcome::Ready(Mapped { local_id, person, draft, recency, warnings })
        }
        _ => Outcome::Held(Kept { local_id, findings, recency, person: bearer(row, context) }),
    }
}

/// The person of a row that stays, test number or not.
pub(super) fn bearer(row: &SourceRow, context: &Context<'_>) -> Option<IdentityNumber> {
    let started_on = row.get("started_on").and_then(|text| value::date(text, &context.zone));
    read_identity(&identity_text(row, started_on)?, TestIdentities::Allow, context.lists).ok()
}

fn identity_text<'a>(row: &SourceRow<'a>, reference: Option<Date>) -> Option<IdentityText<'a>> {
    Some(IdentityText { text: row.get("person_id")?, system: row.get("person_id_system"), reference })
}

/// Reads the columns of one row and collects what is wrong with them.
struct Reader<'a> {
    row: &'a SourceRow<'a>,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
    warnings: Vec<Finding>,
}

impl Reader<'_> {
    fn fault(&mut self, rule: Rule, field: &'static str) {
        self.findings.push(Finding::new(rule, field));
    }

    fn warn(&mut self, rule: Rule, field: &'static str) {
        self.warnings.push(Finding::new(rule, field));
    }

    fn mark(&mut self, field: &'static str) -> Option<bool> {
        let mark = value::mark(self.row.get(field));
        if mark.is_none() {
            self.fault(Rule::FlagUnreadable, field);
        }
        mark
    }

    fn status(&mut self, words: &Words<'_>) -> Option<LocalStatus> {
        let Some(word) = self.row.get("status") else {
            self.fault(Rule::StatusMissing, "status");
            return None;
        };
        let status = words.status(word);
        if status.is_none() {
            self.fault(Rule::StatusUnknown, "status");
        }
        status
    }

    fn programme(&mut self, words: &mut Words<'_>) -> Option<(String, Option<String>)> {
        let Some(word) = self.row.get("programme") else {
            self.fault(Rule::ProgrammeMissing, "programme");
            return None;
        };
        let Some(found) = words.programme(word) else {
            self.fault(Rule::ProgrammeUnknown, "programme");
            return None;
        };
        Some((self.in_use_at_start(&found.code), found.version.clone()))
    }

    /// The code that stood for a programme when the treatment began: a local name often outlives its programme.
    fn in_use_at_start(&mut self, code: &str) -> String {
        let start = self.row.get("started_on").and_then(|text| value::date(text, &self.context.zone));
        let Some(start) = start.filter(|start| date_out_of_range(*start, self.context.today).is_none()) else {
            return code.to_owned();
        };
        if let Some(programme) = self.context.lists.programme_on(code, start) {
            return programme.code.clone();
        }
        self.fault(Rule::ProgrammeNotInUse, "programme");
        code.to_owned()
    }

    /// Everything behind the exclusions.
    fn rest(
        &mut self,
        words: &Words<'_>,
        status: Option<LocalStatus>,
        programme: Option<(String, Option<String>)>,
    ) -> (Option<IdentityNumber>, Option<Draft>) {
        let started_on = self.start();
        let ended_on = self.date("ended_on");
        // Without a start no century and no age can be told; the start is what must be mended first.
        let person = started_on.and_then(|reference| self.person(reference));
        let stated_year =
            self.optional("birth_year", Rule::OptionalNumber, |text, _| i16::try_from(value::whole(text)?).ok());
        let own_year = person.as_ref().and_then(IdentityNumber::birth_year);
        if stated_year.zip(own_year).is_some_and(|(stated, own)| stated != own) {
            self.fault(Rule::IdentityBirthYear, "birth_year");
        }
        let sex = self.optional("sex", Rule::SexUnknown, |text, _| words.sex(text));
        let unit = self.unit(words);
        let (
            Some(LocalStatus::Ended(status)),
            Some((programme, version)),
            Some(started_on),
            Some(ended_on),
            Some(unit),
        ) = (status, programme, started_on, ended_on, unit)
        else {
            return (person, None);
        };
        let draft = Draft {
            programme,
            programme_version: self.row.get("programme_version").map(str::to_owned).or(version),
            unit,
            unit_end: self.row.get("unit_id_end").map(|word| words.unit(word).to_owned()),
            status,
            end_reason: self.optional("end_reason", Rule::EndReasonUnknown, |text, _| words.end_reason(text)),
            referred_on: self
                .optional("referred_on", Rule::OptionalDate, |text, context| value::date(text, &context.zone)),
            assessed_on: self
                .optional("assessed_on", Rule::OptionalDate, |text, context| value::date(text, &context.zone)),
            started_on,
            ended_on,
            sex: sex.or_else(|| person.as_ref().and_then(IdentityNumber::sex)),
            birth_year: stated_year.or(own_year),
            diagnoses: self.row.get("diagnosis").map(diagnoses).unwrap_or_default(),
            modules_total: self.number("modules_total"),
            modules_completed: self.number("modules_completed"),
            therapist_minutes: self.number("therapist_minutes"),
            messages: self.number("messages"),
            sick_leave_before: self.per_cent("sick_leave_before"),
            sick_leave_after: self.per_cent("sick_leave_after"),
        };
        (person, Some(draft))
    }

    fn start(&mut self) -> Option<Date> {
        let start = self.date("started_on")?;
        match date_out_of_range(start, self.context.today) {
            None => Some(start),
            Some(rule) => {
                self.fault(rule, "started_on");
                None
            }
        }
    }

    fn person(&mut self, started_on: Date) -> Option<IdentityNumber> {
        let Some(text) = identity_text(self.row, Some(started_on)) else {
            self.fault(Rule::IdentityMissing, "person_id");
            return None;
        };
        match read_identity(&text, self.context.test_identities, self.context.lists) {
            Ok(person) => Some(person),
            Err(rule) => {
                self.fault(rule, if rule == Rule::IdentitySystem { "person_id_system" } else { "person_id" });
                None
            }
        }
    }

    fn unit(&mut self, words: &Words<'_>) -> Option<String> {
        let unit = self.row.get("unit_id").map(|word| words.unit(word).to_owned());
        if unit.is_none() {
            self.fault(Rule::UnitMissing, "unit_id");
        }
        unit
    }

    fn date(&mut self, field: &'static str) -> Option<Date> {
        let Some(text) = self.row.get(field) else {
            self.fault(Rule::DateMissing, field);
            return None;
        };
        let date = value::date(text, &self.context.zone);
        if date.is_none() {
            self.fault(Rule::DateInvalid, field);
        }
        date
    }

    fn optional<T>(
        &mut self,
        field: &'static str,
        rule: Rule,
        read: impl FnOnce(&str, &Context<'_>) -> Option<T>,
    ) -> Option<T> {
        let text = self.row.get(field)?;
        let value = read(text, self.context);
        if value.is_none() {
            self.warn(rule, field);
        }
        value
    }

    fn number(&mut self, field: &'static str) -> Option<u32> {
        self.optional(field, Rule::OptionalNumber, |text, _| value::whole(text))
    }

    fn per_cent(&mut self, field: &'static str) -> Option<u8> {
        self.optional(field, Rule::OptionalNumber, |text, _| u8::try_from(value::whole(text)?).ok())
    }
}

fn diagnoses(text: &str) -> Vec<String> {
    text.split([' ', ',', ';']).filter(|code| !code.is_empty()).map(str::to_uppercase).collect()
}
