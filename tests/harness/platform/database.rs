//! A plan as a database with a treatment platform's own tables, and the way back from the database to what counts.
//!
//! Promises: the way back reads the rows that are in the database now, not the plan's, so that whatever alters the database alters
//! the recount; only which rows count is taken from the plan.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use jiff::civil::Date;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::plan::{Answer, Fate, Plan, Treatment};
use super::shape::{DateSpelling, NumberSpelling, Shape};
use super::{AnswerFault, TreatmentFault};

const TABLES: &str = r#"
CREATE TABLE "enhet" ("enhet_id" INTEGER PRIMARY KEY, "hsa_id" TEXT, "namn" TEXT, "vårdnivå" TEXT, "driftform" TEXT);
CREATE TABLE "invånare" ("invånare_id" INTEGER PRIMARY KEY, "personnummer", "kön" TEXT, "födelseår" INTEGER, "testpatient" TEXT, "skyddad" TEXT);
CREATE TABLE "moment" (
    "moment_id" INTEGER PRIMARY KEY, "nummer" TEXT, "invånare_id" INTEGER, "enhet_id" INTEGER, "mottagande_enhet_id" INTEGER,
    "program" TEXT, "läge" TEXT, "startdatum" TEXT, "slutdatum" TEXT, "ändrad" TEXT
);
CREATE INDEX "moment_nummer" ON "moment" ("nummer");
CREATE TABLE "formulär" ("formulär_id" INTEGER PRIMARY KEY, "namn" TEXT);
CREATE TABLE "svar" (
    "svar_id" INTEGER PRIMARY KEY, "moment_nummer" TEXT, "formulär_id" INTEGER, "tillfälle" TEXT, "svarsdatum" TEXT, "poäng", "delsvar" TEXT,
    "ändrad" TEXT
);
CREATE INDEX "svar_moment" ON "svar" ("moment_nummer");
"#;

const COUNTING_ROWS: &str = r#"
SELECT m."nummer", i."personnummer", e."hsa_id", m."program", m."läge", m."startdatum", m."slutdatum"
FROM "moment" m JOIN "invånare" i USING ("invånare_id") JOIN "enhet" e USING ("enhet_id")
"#;

const COUNTING_ANSWERS: &str = r#"
SELECT s."moment_nummer", f."namn", s."tillfälle", s."svarsdatum", CAST(s."poäng" AS TEXT), s."ändrad"
FROM "svar" s LEFT JOIN "formulär" f USING ("formulär_id")
"#;

/// Number, person, unit, programme, status, start, end.
type TreatmentRow = (String, String, String, String, String, String, String);
/// Number, form, timepoint, date, score, changed.
type AnswerRow = (String, Option<String>, String, Option<String>, Option<String>, String);

/// Writes a plan as a new database.
///
/// # Errors
/// When the file cannot be written.
pub async fn write(plan: &Plan, path: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).disable_statement_logging();
    let mut connection = options.connect().await?;
    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
    for (at, unit) in plan.units.iter().enumerate() {
        let (level, ownership) = if at % 3 == 2 { ("psychiatry", "private") } else { ("primary", "public") };
        sqlx::query(r#"INSERT INTO "enhet" ("hsa_id", "namn", "vårdnivå", "driftform") VALUES (?, ?, ?, ?)"#)
            .bind(unit)
            .bind(format!("Vårdcentral {}", at + 1))
            .bind(level)
            .bind(ownership)
            .execute(&mut connection)
            .await?;
    }
    sqlx::raw_sql(r#"INSERT INTO "enhet" ("hsa_id", "namn") VALUES ('Vårdcentralen Norr', 'Vårdcentralen Norr')"#)
        .execute(&mut connection)
        .await?;
    for (code, word) in plan.shape.instruments {
        sqlx::query(r#"INSERT INTO "formulär" ("namn") VALUES (?)"#)
            .bind(word)
            .execute(&mut connection)
            .await
            .context(*code)?;
    }
    sqlx::raw_sql(r#"INSERT INTO "formulär" ("namn") VALUES ('Egen skala')"#).execute(&mut connection).await?;
    let mut persons = HashMap::new();
    for treatment in &plan.treatments {
        write_treatment(plan, treatment, &mut persons, &mut connection).await?;
        for (ordinal, answer) in treatment.answers.iter().enumerate() {
            write_answer(plan, (treatment, ordinal), answer, &mut connection).await?;
        }
    }
    sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Reads what counts back from a database, in the recount's own form.
///
/// # Errors
/// When the database cannot be read.
pub async fn read_back(plan: &Plan, path: &Path) -> anyhow::Result<Vec<recount::Row>> {
    let mut connection = SqliteConnectOptions::new().filename(path).read_only(true).connect().await?;
    let clean: HashMap<&str, &Treatment> =
        plan.treatments.iter().filter(|t| t.fault.is_none()).map(|t| (t.id.as_str(), t)).collect();
    let treatments: Vec<TreatmentRow> = sqlx::query_as(COUNTING_ROWS).fetch_all(&mut connection).await?;
    let answers: Vec<AnswerRow> = sqlx::query_as(COUNTING_ANSWERS).fetch_all(&mut connection).await?;
    let mut by_treatment: HashMap<String, Vec<recount::Answer>> = HashMap::new();
    for (id, instrument, timepoint, date, score, changed) in answers {
        let Some(treatment) = clean.get(id.as_str()) else { continue };
        let instrument =
            instrument.map(|word| Shape::meaning(plan.shape.instruments, &word).to_owned()).unwrap_or_default();
        let timepoint = Shape::meaning(plan.shape.timepoints, &timepoint).to_owned();
        let fate =
            |a: &&Answer| a.instrument == instrument && a.timepoint == timepoint && matches!(a.fate, Fate::Held(_));
        let held = treatment.answers.iter().any(|a| fate(&a)) || timepoint == "okänt" || instrument == "Egen skala";
        let (Some(date), Some(score)) = (date, score) else { continue };
        if !held {
            let score =
                score.replace(',', ".").parse().with_context(|| format!("a score of {id} that counts is no number"))?;
            let answer = recount::Answer { instrument, timepoint, date: iso(&date), score, updated_at: Some(changed) };
            by_treatment.entry(id).or_default().push(answer);
        }
    }
    let mut rows = Vec::new();
    for (id, number, unit, programme, status, started, ended) in treatments {
        if !clean.contains_key(id.as_str()) {
            continue;
        }
        let row = recount::Row {
            person: number.chars().filter(char::is_ascii_digit).collect(),
            region: plan.sender.clone(),
            unit,
            programme: programme_code(plan, &programme),
            started: iso(&started),
            ended: iso(&ended),
            status: match Shape::meaning(plan.shape.statuses, &status) {
                "completed" => recount::Status::Completed,
                _ => recount::Status::Discontinued,
            },
            treatment_id: id,
            answer: None,
        };
        match by_treatment.remove(&row.treatment_id) {
            None => rows.push(row),
            Some(answers) => {
                rows.extend(answers.into_iter().map(|answer| recount::Row { answer: Some(answer), ..row.clone() }));
            }
        }
    }
    Ok(rows)
}

async fn write_treatment(
    plan: &Plan,
    treatment: &Treatment,
    persons: &mut HashMap<String, i64>,
    connection: &mut SqliteConnection,
) -> anyhow::Result<()> {
    let person = write_person(plan, treatment, persons, connection).await?;
    let shared = treatment.fault == Some(TreatmentFault::SharedId);
    write_row(plan, treatment, person, connection).await?;
    if shared && let Some(other) = plan.treatments.last() {
        let other = write_person(plan, other, persons, connection).await?;
        write_row(plan, treatment, other, connection).await?;
    }
    Ok(())
}

async fn write_row(
    plan: &Plan,
    treatment: &Treatment,
    person: i64,
    connection: &mut SqliteConnection,
) -> anyhow::Result<()> {
    use TreatmentFault as F;
    let shape = &plan.shape;
    let fault = treatment.fault;
    let spelled = |date: Date| spell(shape.date, date);
    let started = match fault {
        Some(F::NoStart) => None,
        Some(F::ImpossibleDate) => Some("2020-02-30".to_owned()),
        Some(F::BeforeTwoThousand) => Some(spelled("1899-12-30".parse()?)),
        _ => Some(spelled(treatment.started)),
    };
    let ended = match fault {
        Some(F::Reversed) => spelled(treatment.started.yesterday()?),
        Some(F::Future) => spelled("2199-01-01".parse()?),
        _ => spelled(treatment.ended),
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
    let unit = |hsa: &str| plan.units.iter().position(|unit| unit == hsa).map_or(0, |at| at + 1);
    let unit_id = if fault == Some(F::UnitName) { plan.units.len() + 1 } else { unit(&treatment.unit) };
    let insert = r#"INSERT INTO "moment" ("nummer", "invånare_id", "enhet_id", "mottagande_enhet_id", "program", "läge", "startdatum", "slutdatum", "ändrad") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"#;
    sqlx::query(insert)
        .bind(id(treatment))
        .bind(person)
        .bind(i64::try_from(unit_id)?)
        .bind(treatment.unit_end.as_deref().map(|hsa| i64::try_from(unit(hsa))).transpose()?)
        .bind(programme)
        .bind(status)
        .bind(started)
        .bind(ended)
        .bind(changed(treatment.ended, 7))
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_person(
    plan: &Plan,
    treatment: &Treatment,
    persons: &mut HashMap<String, i64>,
    connection: &mut SqliteConnection,
) -> anyhow::Result<i64> {
    use TreatmentFault as F;
    let person = &treatment.person;
    let fault = treatment.fault;
    let special = !matches!(fault, None | Some(F::OptedOut | F::PersonOptedOut));
    if let Some(known) = persons.get(&person.number).filter(|_| !special) {
        return Ok(*known);
    }
    let number = match fault {
        Some(F::CheckDigit) => {
            let last = person.number.as_bytes()[11] - b'0';
            format!("{}{}", &person.number[..11], (last + 1) % 10)
        }
        Some(F::LostZeros) => person.number[2..].trim_start_matches('0').to_owned(),
        Some(F::ReserveNumber) => format!("{}M071", &person.number[..8]),
        _ => match plan.shape.number {
            NumberSpelling::Twelve => person.number.clone(),
            NumberSpelling::TenWithHyphen => format!("{}-{}", &person.number[2..8], &person.number[8..]),
            NumberSpelling::TwelveWithSpace => format!("{}\u{a0}{}", &person.number[..8], &person.number[8..]),
        },
    };
    let birth_year = (fault == Some(F::BirthYear)).then_some(i64::from(person.birth_year) + 3);
    let insert = r#"INSERT INTO "invånare" ("personnummer", "kön", "födelseår", "testpatient", "skyddad") VALUES (?, ?, ?, ?, ?) RETURNING "invånare_id""#;
    let row: i64 = sqlx::query_scalar(insert)
        .bind(number)
        .bind(if person.sex == "F" { "Kvinna" } else { "Man" })
        .bind(birth_year)
        .bind(match fault {
            Some(F::TestPatient) => "ja",
            Some(F::UnreadableMark) => "kanske",
            _ => "nej",
        })
        .bind(if fault == Some(F::Protected) { "ja" } else { "nej" })
        .fetch_one(connection)
        .await?;
    if !special {
        persons.insert(person.number.clone(), row);
    }
    Ok(row)
}

async fn write_answer(
    plan: &Plan,
    (treatment, ordinal): (&Treatment, usize),
    answer: &Answer,
    connection: &mut SqliteConnection,
) -> anyhow::Result<()> {
    use AnswerFault as F;
    let fault = match answer.fate {
        Fate::Held(fault) => Some(fault),
        Fate::Counts | Fate::Superseded => None,
    };
    let shape = &plan.shape;
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
    let id =
        if fault == Some(F::NoTreatment) { format!("M-9{ordinal:02}{}", &treatment.id[5..]) } else { id(treatment) };
    let timepoint =
        if fault == Some(F::UnknownTimepoint) { "okänt" } else { Shape::word(shape.timepoints, &answer.timepoint) };
    let insert = r#"INSERT INTO "svar" ("moment_nummer", "formulär_id", "tillfälle", "svarsdatum", "poäng", "delsvar", "ändrad") VALUES (?, ?, ?, ?, ?, ?, ?)"#;
    sqlx::query(insert)
        .bind(id)
        .bind(i64::try_from(form)?)
        .bind(timepoint)
        .bind(date)
        .bind(score)
        .bind(
            (fault == Some(F::ItemsDisagree))
                .then(|| format!("[3,3,3,3,3,3,3,3,{}]", if answer.score == 27 { 2 } else { 3 })),
        )
        .bind(changed(answer.answered, answer.changed_hour))
        .execute(connection)
        .await?;
    Ok(())
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

/// Any of the three spellings as `YYYY-MM-DD`.
fn iso(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])
}

fn programme_code(plan: &Plan, word: &str) -> String {
    plan.shape.programmes.iter().find(|(local, _)| *local == word).map_or(word, |(_, code)| code).to_owned()
}
