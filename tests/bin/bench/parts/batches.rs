//! A source as the batches that an agent would send.
//!
//! Promises: keys and pseudonyms have their form and nothing in common with an agent's; persons stay persons.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::Connection;
use schemas::batch::{self, Kind, Manifest};
use schemas::canonical;
use schemas::codelist::CodeLists;
use schemas::id::{Pseudonym, RecordKey, SenderCode, Version};
use schemas::record::{Measurement, Treatment};

use crate::meter::on_cpu;
use crate::source::{ROWS, Source};

const RECORDS: usize = 1_000;
const TREATMENTS: &str =
    "SELECT treatment_id, person_id, unit_id, programme, status, referred_on, started_on, ended_on, sex,
    birth_year, diagnosis, modules_total, modules_completed FROM treatment ORDER BY treatment_id";

/// What steps took, by name.
type Parts = Vec<(String, Duration)>;

/// A batch as it travels.
pub(super) struct Batch {
    /// The request's body.
    pub(super) body: Vec<u8>,
}

/// Every batch of a source, and what making them took.
pub(super) fn of(source: &Source, sender: &str) -> anyhow::Result<(Vec<Batch>, Parts)> {
    let sender: SenderCode = sender.parse()?;
    let (treatments, reading) = on_cpu(|| read(source, &sender))?;
    let (lines, serialising) = on_cpu(|| Ok(treatments.iter().zip(1..).map(line).collect::<Vec<_>>()))?;
    let mut batches = Vec::new();
    let ((), packing) = on_cpu(|| {
        for chunk in lines.chunks(RECORDS) {
            let mut plain = canonical::bytes(&manifest(&sender, chunk.len())?);
            plain.push(b'\n');
            for line in chunk {
                plain.extend_from_slice(line);
                plain.push(b'\n');
            }
            batches.push(Batch { body: zstd::bulk::compress(&plain, 1)? });
        }
        Ok(())
    })?;
    let parts = vec![
        ("sender: read and group, plainly".to_owned(), reading),
        ("sender: canonical lines".to_owned(), serialising),
        ("sender: zstd, level 1".to_owned(), packing),
    ];
    Ok((batches, parts))
}

fn read(source: &Source, sender: &SenderCode) -> anyhow::Result<Vec<(RecordKey, Treatment)>> {
    let connection = Connection::open(&source.database)?;
    let mut answers: HashMap<String, Vec<Measurement>> = HashMap::new();
    let mut statement = connection.prepare(ROWS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let measurement = Measurement {
            instrument: row.get(1)?,
            timepoint: row.get::<_, String>(2)?.parse()?,
            answered_on: row.get::<_, String>(3)?.parse()?,
            score: row.get(4)?,
        };
        answers.entry(row.get(0)?).or_default().push(measurement);
    }
    let lists = CodeLists::builtin();
    let mut statement = connection.prepare(TREATMENTS)?;
    let mut rows = statement.query([])?;
    let mut treatments = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, person): (String, String) = (row.get(0)?, row.get(1)?);
        let programme = lists.find_programme(&row.get::<_, String>(3)?).map(|found| found.code);
        let mut measurements = answers.remove(&id).unwrap_or_default();
        measurements.sort_by(|a, b| (&a.instrument, a.timepoint).cmp(&(&b.instrument, b.timepoint)));
        let content = serde_json::json!({
            "pseudonym": Pseudonym::new(&sender.first_key_id(), &keyed(&person))?, "programme": programme,
            "unit": row.get::<_, String>(2)?, "status": row.get::<_, String>(4)?, "referred_on": row.get::<_, String>(5)?,
            "started_on": row.get::<_, String>(6)?, "ended_on": row.get::<_, String>(7)?,
            "sex": row.get::<_, String>(8)?, "birth_year": row.get::<_, i16>(9)?, "diagnoses": [row.get::<_, String>(10)?],
            "modules_total": row.get::<_, u32>(11)?, "modules_completed": row.get::<_, u32>(12)?, "measurements": [],
        });
        let treatment = Treatment { measurements, ..serde_json::from_value(content)? };
        treatments.push((RecordKey::new(sender, &keyed(&id))?, treatment));
    }
    Ok(treatments)
}

fn line(((key, treatment), counter): (&(RecordKey, Treatment), u64)) -> Vec<u8> {
    let version = Version { generation: 1, counter };
    batch::line(Kind::Treatment, key.as_str(), version, &canonical::bytes(treatment))
}

fn manifest(sender: &SenderCode, records: usize) -> anyhow::Result<Manifest> {
    Ok(serde_json::from_value(serde_json::json!({
        "schema": batch::SCHEMA, "sender": sender, "environment": "test", "kid": sender.first_key_id(),
        "state_id": "a".repeat(32), "cycle": 1, "records": records, "payload_sha256": "0".repeat(64),
        "rules": "", "codelists": "", "agent": "0.1.0",
    }))?)
}

/// Any 32 bytes that follow from a text.
fn keyed(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(canonical::sha256(text.as_bytes()))
}
