//! Tables as a nightly export: joined, in Windows-1252, with semicolons and Swedish headers.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;

use super::Read;
use crate::platform::tables::Table;

const TREATMENTS: [&str; 12] = [
    "Momentnr",
    "Personnummer",
    "Enhet",
    "Mottagande enhet",
    "Program",
    "Läge",
    "Startdatum",
    "Slutdatum",
    "Kön",
    "Födelseår",
    "Testpatient",
    "Skyddad identitet",
];
const FURTHER: [&str; 6] =
    ["Ändrad", "Remissdatum", "Avslutsorsak", "Diagnos", "Sjukskriven före", "Sjukskriven efter"];
const ANSWERS: [&str; 7] = ["Momentnr", "Formulär", "Tillfälle", "Svarsdatum", "Poäng", "Delsvar", "Ändrad"];

pub(super) fn write(tables: &[Table], folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let [units, forms, people, moments, answers] = tables else { anyhow::bail!("the platform has five tables") };
    let (unit, form, person) = (by_number(units), by_number(forms), by_number(people));
    let joined = |rows: &HashMap<&str, &Vec<Option<String>>>, number: &Option<String>, column: usize| {
        let row = number.as_deref().and_then(|number| rows.get(number));
        row.and_then(|row| row[column].clone()).unwrap_or_default()
    };
    let own = |value: &Option<String>| value.clone().unwrap_or_default();
    let treatments = moments.rows.iter().map(|m| {
        let of_person = |column| joined(&person, &m[2], column);
        vec![
            own(&m[1]),
            of_person(1),
            joined(&unit, &m[3], 1),
            joined(&unit, &m[4], 1),
            own(&m[5]),
            own(&m[6]),
            own(&m[7]),
            own(&m[8]),
            of_person(2),
            of_person(3),
            of_person(4),
            of_person(5),
            own(&m[9]),
            own(&m[10]),
            own(&m[11]),
            own(&m[12]),
            own(&m[13]),
            own(&m[14]),
        ]
    });
    let header: Vec<&str> = TREATMENTS.into_iter().chain(FURTHER).collect();
    file(&folder.join("moment-2024.csv"), &header, treatments)?;
    let answers = answers
        .rows
        .iter()
        .map(|s| vec![own(&s[1]), joined(&form, &s[2], 1), own(&s[3]), own(&s[4]), own(&s[5]), own(&s[6]), own(&s[7])]);
    file(&folder.join("svar-2024.csv"), &ANSWERS, answers)?;
    let described = units.rows.iter().filter(|unit| unit[4].is_some());
    let units = described.map(|unit| unit[1..].iter().map(own).collect());
    file(&folder.join("enheter.csv"), &["HSA-id", "Namn", "Vårdnivå", "Driftform"], units)
}

pub(super) fn read(folder: &Path) -> anyhow::Result<Read> {
    let treatments = rows(&folder.join("moment-2024.csv"))?;
    let answers = rows(&folder.join("svar-2024.csv"))?;
    let pick = |row: &Vec<Option<String>>, columns: &[usize]| columns.iter().map(|at| row[*at].clone()).collect();
    Ok(Read {
        treatments: treatments.iter().map(|row| pick(row, &[0, 1, 2, 4, 5, 6, 7, 12])).collect(),
        answers: answers.iter().map(|row| pick(row, &[0, 1, 2, 3, 4, 6])).collect(),
    })
}

fn by_number(table: &Table) -> HashMap<&str, &Vec<Option<String>>> {
    table.rows.iter().filter_map(|row| Some((row[0].as_deref()?, row))).collect()
}

fn file(path: &Path, header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_path(path)?;
    writer.write_record(header.iter().map(|name| windows_1252(name)))?;
    for row in rows {
        writer.write_record(row.iter().map(|value| windows_1252(value)))?;
    }
    Ok(writer.flush()?)
}

/// All letters of an invented region stand in the first 256 characters, where Windows-1252 has them at their own numbers.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).expect("an invented region writes Latin letters"))
        .collect()
}

fn rows(path: &Path) -> anyhow::Result<Vec<Vec<Option<String>>>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path).context("the export cannot be read")?;
    let mut rows = Vec::new();
    for row in reader.byte_records() {
        let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
        rows.push(row?.iter().map(|value| Some(text(value)).filter(|text| !text.is_empty())).collect());
    }
    Ok(rows)
}
