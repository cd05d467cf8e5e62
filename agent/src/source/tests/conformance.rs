//! The same clean data in the types that a system really has, in every engine: the same bytes wait in the outbox.

use schemas::batch::Envelope;

use super::engines::{ENGINES, Engine};
use super::*;
use crate::outbox::Outbox;

/// Tables in an engine's own types; the names stand for: a whole number, a text of fixed width, a decimal, floats of four and of eight
/// bytes, a date, a moment, a time of the wall, yes or no.
const TABLES: &str = "
CREATE TABLE treatments (
    treatment_id WHOLE, person_id FIXED(16), unit_id FIXED(40), programme VARCHAR(60), programme_version FLOAT4, status VARCHAR(20),
    end_reason TEXT, referred_on DATE, assessed_on WALL, started_on DATE, ended_on MOMENT, sex FIXED(6), birth_year SMALLINT,
    diagnosis TEXT, modules_total DECIMAL(6, 2), modules_completed FLOAT4, therapist_minutes FLOAT8, messages BIGINT,
    sick_leave_before SMALLINT, test_patient YESNO, protected_identity YESNO, updated_at MOMENT
);
CREATE TABLE measurements (
    treatment_id WHOLE, instrument FIXED(20), timepoint VARCHAR(20), answered_on WALL, score NUMBER, updated_at MOMENT
);
CREATE TABLE units (unit_id FIXED(40), name VARCHAR(60), care_level TEXT, ownership TEXT, valid_from DATE);
INSERT INTO treatments VALUES
(1, 'PERSON1', 'SE9990120000-E001', 'Depressionshjälpen', 2.5, 'completed', NULL, '2023-12-01', '2023-12-30 23:30:00',
    '2024-01-10', M'2024-03-19 23:30:00', 'Kvinna', 1980, 'F32.1 F41', 8.00, 7, 90, 12, 50, FALSE, NULL, M'2024-03-21 08:00:00'),
(2, 'PERSON2', 'SE9990120000-E001', 'Ångesthjälpen Ung', 0.1, 'discontinued', NULL, NULL, NULL,
    '2024-02-29', M'2024-04-01 12:00:00', NULL, NULL, NULL, 10.00, 3, 45, 9, NULL, FALSE, FALSE, M'2024-04-02 00:00:00'),
(3, 'PERSON3', 'SE9990120000-E001', 'Depressionshjälpen', NULL, 'completed', NULL, NULL, NULL,
    '2024-01-10', M'2024-03-20 12:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, TRUE, FALSE, M'2024-05-01 00:00:00'),
(4, 'PERSON4', 'SE9990120000-E001', 'Depressionshjälpen', NULL, 'completed', NULL, NULL, NULL,
    '2023-09-10', M'2023-12-20 12:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, FALSE, FALSE, M'2024-01-01 00:00:00');
INSERT INTO measurements VALUES
(1, 'PHQ-9', 'pre', '2024-01-11 07:15:00', 14, M'2024-03-21 08:00:00'),
(1, 'PHQ-9', 'post', '2024-03-18 23:59:59', 6, M'2024-03-21 08:00:00'),
(1, 'PHQ-9', 'post', '2024-03-19 00:00:00', 5, M'2024-03-22 08:00:00'),
(2, 'GAD-7', 'pre', '2024-03-01 00:00:00', 12, M'2024-04-02 00:00:00'),
(2, 'MADRS-S', 'weekly-2', '2024-03-14 00:00:00', 20.5, M'2024-04-02 00:00:00');
INSERT INTO units VALUES ('SE9990120000-E001', 'Vårdcentralen Åby', 'primary', 'public', '2020-01-01');
";

/// The same statements for an engine.
fn statements(engine: Engine, text: &str, number: &str) -> String {
    let types: [&str; 6] = match engine {
        // A column that shows whole numbers must show them whole, whatever its type.
        Engine::Sqlite => ["INTEGER", "TEXT", "REAL", "REAL", "TEXT", "TEXT"],
        Engine::Postgres => ["INTEGER", "CHAR", "REAL", "DOUBLE PRECISION", "TIMESTAMPTZ", "TIMESTAMP"],
        Engine::MariaDb => ["INT", "CHAR", "FLOAT", "DOUBLE", "TIMESTAMP NULL", "DATETIME"],
    };
    let names = ["WHOLE", "FIXED", "FLOAT4", "FLOAT8", "MOMENT", "WALL"];
    let mut sql = text.replace("NUMBER", number).replace("YESNO", "BOOLEAN");
    for (name, kind) in names.iter().zip(types) {
        sql = sql.replace(&format!(" {name}"), &format!(" {kind}"));
    }
    for who in 1..=4 {
        sql = sql.replace(&format!("PERSON{who}"), &crate::tests::person(who));
    }
    // SQLite has no moments; a text that is one says so itself.
    let moment = |sql: &str| sql.split("M'").map(str::to_owned).collect::<Vec<_>>();
    let mut parts = moment(&sql).into_iter();
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |sql, part| {
        let (moment, rest) = part.split_once('\'').unwrap();
        format!("{sql}'{moment}{}'{rest}", if engine == Engine::Sqlite { "Z" } else { "" })
    })
}

/// Everything that was queued: kind, key and content of each record, as it lies in its batch.
async fn lines(region: &Region, outbox: &mut Outbox) -> Vec<String> {
    let line = |line: &String| {
        let envelope: Envelope = serde_json::from_str(line).unwrap();
        format!("{} {} {}", envelope.kind.word(), envelope.key, envelope.content.get())
    };
    region.deliver(outbox).await.iter().map(line).collect()
}

/// What a first cycle queues, and what one queues after a score and a treatment have changed: payload hash and lines.
async fn queued(engine: Engine, number: &str) -> [(String, Vec<String>); 2] {
    let url = engine.url();
    let region = Region::bare(|text| {
        let since = |table: &str| format!("SELECT * FROM {table} WHERE updated_at >= :since");
        // SQLite compares text, so both sides must have one form.
        let text = match engine {
            Engine::Sqlite => ["treatments", "measurements"].iter().fold(text, |text, table| {
                text.replace(
                    &since(table),
                    &format!("SELECT * FROM {table} WHERE datetime(updated_at) >= datetime(:since)"),
                )
            }),
            _ => text,
        };
        text.replace("sqlite://source.db", &url)
    });
    region.sql(&statements(engine, TABLES, number)).await;
    let mut outbox = region.outbox().await;
    let first = region.cycle(&mut outbox).await;
    let before = lines(&region, &mut outbox).await;
    let change = "
        UPDATE measurements SET score = 4, updated_at = M'2024-05-01 12:00:00' WHERE score = 5;
        UPDATE treatments SET status = 'ongoing', updated_at = M'2024-05-02 00:00:00' WHERE treatment_id = 2;";
    region.sql(&statements(engine, change, number)).await;
    let second = region.cycle(&mut outbox).await;
    let found: u64 = second.counts.iter().filter(|((term, _), _)| term.word() == "found").map(|(_, n)| n).sum();
    assert_eq!(found, 3, "{engine:?}: what did not change was read again");
    let after = lines(&region, &mut outbox).await;
    [(first.payload_sha256, before), (second.payload_sha256, after)]
}

#[tokio::test]
async fn the_same_clean_data_in_every_engines_own_types_gives_byte_identical_records() {
    let expected = queued(Engine::Sqlite, "NUMERIC").await;
    let (_, first) = &expected[0];
    assert_eq!(first.len(), 4, "{first:#?}");
    for part in [
        "\"started_on\":\"2024-01-10\"",
        "\"ended_on\":\"2024-03-20\"",
        "\"score\":5",
        "\"name\":\"Vårdcentralen Åby\"",
    ] {
        assert!(first.iter().any(|line| line.contains(part)), "{part}: {first:#?}");
    }
    let (_, second) = &expected[1];
    assert!(second.iter().any(|line| line.contains("\"score\":4")), "{second:#?}");
    for engine in ENGINES {
        for number in ["DECIMAL(6, 2)", "FLOAT4", "FLOAT8"] {
            assert_eq!(queued(engine, number).await, expected, "{engine:?} {number}");
        }
    }
}
