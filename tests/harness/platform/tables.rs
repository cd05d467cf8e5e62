//! A plan as the tables of a treatment platform: what stands in each row, whatever program keeps it.
//!
//! Promises: every value is text as the platform spells it, numbers of rows apart; the tables of a plan are the same in every engine.

use std::collections::HashMap;

use jiff::civil::Date;

use super::plan::{Answer, Fate, Plan, Treatment};
use super::shape::{DateSpelling, NumberSpelling, Shape};
use super::{AnswerFault, TreatmentFault};

/// One table with all of its rows.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// What the platform calls it.
    pub(super) name: &'static str,
    /// Its columns; the first is the number of the row.
    pub(super) columns: &'static [&'static str],
    /// Columns that other tables are joined by, or that queries look up.
    pub(super) indexed: &'static [&'static str],
    /// Its rows.
    pub(super) rows: Vec<Vec<Option<String>>>,
}

/// Names of columns that hold numbers of rows.
pub(super) const NUMBERS: [&str; 7] =
    ["enhet_id", "invånare_id", "moment_id", "mottagande_enhet_id", "formulär_id", "svar_id", "födelseår"];

/// The tables of a plan.
///
/// # Errors
/// Never for a plan that was invented.
pub(super) fn tables(plan: &Plan) -> anyhow::Result<Vec<Table>> {
    let mut platform =
        Platform { plan, persons: HashMap::new(), people: people(), moments: moments(), answers: answers() };
    for treatment in &plan.treatments {
        platform.treatment(treatment)?;
    }
    let Platform { people, moments, answers, .. } = platform;
    Ok(vec![units(plan), forms(plan), people, moments, answers])
}

fn people() -> Table {
    Table {
        name: "invånare",
        columns: &["invånare_id", "personnummer", "kön", "födelseår", "testpatient", "skyddad"],
        indexed: &[],
        rows: Vec::new(),
    }
}

fn moments() -> Table {
    Table {
        name: "moment",
        columns: &[
            "moment_id",
            "nummer",
            "invånare_id",
            "enhet_id",
            "mottagande_enhet_id",
            "program",
            "läge",
            "startdatum",
            "slutdatum",
            "ändrad",
            "remissdatum",
            "avslutsorsak",
            "diagnos",
            "sjukskriven_före",
            "sjukskriven_efter",
        ],
        indexed: &["nummer", "ändrad"],
        rows: Vec::new(),
    }
}

fn answers() -> Table {
    Table {
        name: "svar",
        columns: &["svar_id", "moment_nummer", "formulär_id", "tillfälle", "svarsdatum", "poäng", "delsvar", "ändrad"],
        indexed: &["moment_nummer", "ändrad"],
        rows: Vec::new(),
    }
}

fn units(plan: &Plan) -> Table {
    let mut rows = Vec::new();
    for (at, unit) in plan.units.iter().enumerate() {
        let (level, ownership) = if at % 3 == 2 { ("psychiatry", "private") } else { ("primary", "public") };
        let name = format!("Vårdcentral {}", at + 1);
        rows.push([number(at + 1), text(unit), text(&name), text(level), text(ownership)].to_vec());
    }
    let nameless = "Vårdcentralen Norr";
    rows.push([number(rows.len() + 1), text(nameless), text(nameless), None, None].to_vec());
    Table { name: "enhet", columns: &["enhet_id", "hsa_id", "namn", "vårdnivå", "driftform"], indexed: &[], rows }
}

fn forms(plan: &Plan) -> Table {
    let words = plan.shape.instruments.iter().map(|(_, word)| *word).chain(["Egen skala"]);
    let rows = words.enumerate().map(|(at, word)| [number(at + 1), text(word)].to_vec()).collect();
    Table { name: "formulär", columns: &["formulär_id", "namn"], indexed: &[], rows }
}

struct Platform<'a> {
    plan: &'a Plan,
    persons: HashMap<String, usize>,
    people: Table,
    moments: Table,
    answers: Table,
}

impl Platform<'_> {
    fn treatment(&mut self, treatment: &Treatment) -> anyhow::Result<()> {
        let person = self.person(treatment);
        if treatment.twice {
            // The platform kept an older copy of the row, with another end.
            let older = Treatment { ended: treatment.ended.yesterday()?, ..treatment.clone() };
            self.moment(&older, (person, 6))?;
        }
        self.moment(treatment, (person, 7))?;
        if treatment.fault == Some(TreatmentFault::SharedId)
            && let Some(other) = self.plan.treatments.last()
        {
            let other = self.person(other);
            self.moment(treatment, (other, 7))?;
        }
        for (ordinal, answer) in treatment.answers.iter().enumerate() {
            self.answer((treatment, ordinal), answer)?;
        }
        Ok(())
    }

    fn person(&mut self, treatment: &Treatment) -> usize {
        use TreatmentFault as F;
        let (person, fault) = (&treatment.person, treatment.fault);
        let special = !matches!(fault, None | Some(F::OptedOut | F::PersonOptedOut));
        if let Some(known) = self.persons.get(&person.number).filter(|_| !special) {
            return *known;
        }
        let row = self.people.rows.len() + 1;
        let birth_year = (fault == Some(F::BirthYear)).then(|| (person.birth_year + 3).to_string());
        let test = match fault {
            Some(F::TestPatient) => "ja",
            Some(F::UnreadableMark) => "kanske",
            _ => "nej",
        };
        self.people.rows.push(vec![
            number(row),
            Some(spell_number(self.plan.shape.number, treatment)),
            text(if person.sex == "F" { "Kvinna" } else { "Man" }),
            birth_year,
            text(test),
            text(if fault == Some(F::Protected) { "ja" } else { "nej" }),
        ]);
        if !special {
            self.persons.insert(person.number.clone(), row);
        }
        row
    }

    fn moment(&mut self, treatment: &Treatment, (person, changed_hour): (usize, u8)) -> anyhow::Result<()> {
        use TreatmentFault as F;
        let (shape, fault) = (&self.plan.shape, treatment.fault);
        let started = match fault {
            Some(F::NoStart) => None,
            Some(F::ImpossibleDate) => Some("2020-02-30".to_owned()),
            Some(F::BeforeTwoThousand) => Some(spell(shape.date, "1899-12-30".parse()?)),
            _ => Some(spell(shape.date, treatment.started)),
        };
        let ended = match fault {
            Some(F::Reversed) => treatment.started.yesterday()?,
            Some(F::Future) => "2199-01-01".parse()?,
            _ => treatment.ended,
        };
        let programme = match fault {
            Some(F::UnknownProgramme | F::IdHoldsIdentity) => "Lugna stunden",
            Some(F::Support) => shape.support,
            _ => shape.programmes.iter().find(|(_, code)| *code == treatment.programme).map_or("", |(word, _)| word),
        };
        let status = match fault {
            Some(F::Ongoing) => Shape::word(shape.statuses, "ongoing"),
            Some(F::OptedOut) => Shape::word(shape.statuses, "opted_out"),
            Some(F::UnknownStatus) => "vilande",
            _ => Shape::word(shape.statuses, treatment.status),
        };
        let unit = |hsa: &str| self.plan.units.iter().position(|unit| unit == hsa).map_or(0, |at| at + 1);
        let unit_id = if fault == Some(F::UnitName) { self.plan.units.len() + 1 } else { unit(&treatment.unit) };
        self.moments.rows.push(vec![
            number(self.moments.rows.len() + 1),
            Some(id(treatment)),
            number(person),
            number(unit_id),
            treatment.unit_end.as_deref().and_then(|hsa| number(unit(hsa))),
            text(programme),
            text(status),
            started,
            Some(spell(shape.date, ended)),
            Some(changed(treatment.ended, changed_hour)),
            treatment.further.referred.map(|referred| spell(shape.date, referred)),
            treatment.further.end_reason.and_then(text),
            treatment.further.diagnosis.and_then(text),
            treatment.further.sick_leave.0.map(|degree| degree.to_string()),
            treatment.further.sick_leave.1.map(|degree| degree.to_string()),
        ]);
        Ok(())
    }

    fn answer(&mut self, (treatment, ordinal): (&Treatment, usize), answer: &Answer) -> anyhow::Result<()> {
        use AnswerFault as F;
        let fault = match answer.fate {
            Fate::Held(fault) => Some(fault),
            Fate::Counts | Fate::Superseded => None,
        };
        let shape = &self.plan.shape;
        let form = match fault {
            Some(F::UnknownInstrument) => shape.instruments.len() + 1,
            _ => shape.instruments.iter().position(|(code, _)| *code == answer.instrument).map_or(0, |at| at + 1),
        };
        let (mark, zero) = if shape.comma { (",", ",0") } else { (".", "") };
        let score = match fault {
            Some(F::OutOfRange) => Some("280".to_owned()),
            Some(F::Text) => Some("ej ifyllt".to_owned()),
            Some(F::Fraction) => Some(format!("{}{mark}5", answer.score.min(26))),
            Some(F::NoScore) => None,
            _ => Some(format!("{}{zero}", answer.score)),
        };
        let date = match fault {
            Some(F::NoDate) => None,
            Some(F::FutureDate) => Some(spell(shape.date, "2199-01-01".parse()?)),
            _ => Some(spell(shape.date, answer.answered)),
        };
        let nobody = fault == Some(F::NoTreatment);
        let last = if answer.score == 27 { 2 } else { 3 };
        self.answers.rows.push(vec![
            number(self.answers.rows.len() + 1),
            Some(if nobody { format!("M-9{ordinal:02}{}", &treatment.id[5..]) } else { id(treatment) }),
            number(form),
            text(if fault == Some(F::UnknownTimepoint) {
                "okänt"
            } else {
                Shape::word(shape.timepoints, &answer.timepoint)
            }),
            date,
            score,
            (fault == Some(F::ItemsDisagree)).then(|| format!("[3,3,3,3,3,3,3,3,{last}]")),
            Some(changed(answer.answered, answer.changed_hour)),
        ]);
        Ok(())
    }
}

fn spell_number(spelling: NumberSpelling, treatment: &Treatment) -> String {
    use TreatmentFault as F;
    let number = &treatment.person.number;
    match treatment.fault {
        Some(F::CheckDigit) => {
            let last = number.as_bytes()[11] - b'0';
            format!("{}{}", &number[..11], (last + 1) % 10)
        }
        Some(F::LostZeros) => number[2..].trim_start_matches('0').to_owned(),
        Some(F::ReserveNumber) => format!("{}M071", &number[..8]),
        _ => match spelling {
            NumberSpelling::Twelve => number.clone(),
            NumberSpelling::TenWithHyphen => format!("{}-{}", &number[2..8], &number[8..]),
            NumberSpelling::TwelveWithSpace => format!("{}\u{a0}{}", &number[..8], &number[8..]),
        },
    }
}

/// An id that its owner should never have made: it holds the person's number.
fn id(treatment: &Treatment) -> String {
    if treatment.fault == Some(TreatmentFault::IdHoldsIdentity) {
        format!("{}-{}", treatment.id, treatment.person.number)
    } else {
        treatment.id.clone()
    }
}

fn changed(day: Date, hour: u8) -> String {
    format!("{day}T{hour:02}:00:00Z")
}

fn spell(spelling: DateSpelling, date: Date) -> String {
    match spelling {
        DateSpelling::Iso => date.to_string(),
        DateSpelling::Compact => date.strftime("%Y%m%d").to_string(),
        DateSpelling::WithTime => format!("{date} 00:00:00"),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in a row, some of whose values are absent")]
fn number(number: usize) -> Option<String> {
    Some(number.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in a row, some of whose values are absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}
