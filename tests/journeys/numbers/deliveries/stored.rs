//! What the register's own tables and the code lists hold, as plain rows.
//!
//! Promises: read through a connection of its own, by no code of the product.

use std::collections::BTreeMap;
use std::path::Path;

use end_to_end::active::alter;
use end_to_end::world::World;
use recount::Table;
use recount::catalogue::Used;
use recount::data_quality::Held;
use recount::delivered::Found;
use recount::participation::{Sender, participation};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

/// A column of a code list.
pub(super) fn listed<T>(file: &str, of: impl Fn(&csv::StringRecord) -> T) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/codelists").join(file);
    csv::Reader::from_path(path).unwrap().records().map(|row| of(&row.unwrap())).collect()
}

/// Aliases, supplier and kind of every programme.
pub(super) fn programmes() -> BTreeMap<String, [String; 3]> {
    let one = |row: &csv::StringRecord| {
        (row[0].to_owned(), [row[8].replace(';', "; "), row[3].to_owned(), row[2].to_owned()])
    };
    listed("programmes.csv", one).into_iter().collect()
}

/// Rows of the register's database, each value as text.
async fn rows(world: &World, query: String) -> Vec<Vec<String>> {
    let mut connection = SqliteConnectOptions::new().filename(world.database()).connect().await.unwrap();
    let rows = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let text = |row: &SqliteRow, at| row.get::<Option<String>, _>(at).unwrap_or_default();
    rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect()
}

/// One sender comes, one is silent, one has planned to be, and one was only enrolled.
pub(super) async fn participants(world: &World, found: &[Found]) -> Table {
    let database = world.database();
    alter(&database, "UPDATE sender SET last_seen_at = '2020-01-01T00:00:00Z' WHERE code = '12'").await.unwrap();
    alter(&database, "UPDATE sender SET paused_until = '2999-01-01' WHERE code = '14'").await.unwrap();
    let query = "SELECT code, status, enrolled_at,
            (SELECT min(received_at) FROM batch WHERE sender = code AND accepted > 0),
            (SELECT max(received_at) FROM batch WHERE sender = code AND accepted > 0), last_seen_at,
            CAST((SELECT count(*) FROM unit WHERE sender = code) AS TEXT) FROM sender";
    let day = |time: &String| {
        let time = time.parse::<jiff::Timestamp>().ok();
        time.map_or_else(String::new, |time| time.in_tz("Europe/Stockholm").unwrap().date().to_string())
    };
    let status = BTreeMap::from([("01", "on_time"), ("12", "silent"), ("14", "paused"), ("P07", "never")]);
    let mut senders: BTreeMap<String, Sender> = listed("regions.csv", |row| {
        (row[0].to_owned(), Sender { code: row[0].to_owned(), status: "never".to_owned(), ..Sender::default() })
    })
    .into_iter()
    .collect();
    for row in rows(world, query.to_owned()).await {
        let days = [row[1].clone(), day(&row[2]), day(&row[3]), day(&row[4]), day(&row[5])];
        let status = status[row[0].as_str()].to_owned();
        let sender = Sender { code: row[0].clone(), status, days, described: row[6].parse().unwrap() };
        senders.insert(row[0].clone(), sender);
    }
    let inhabitants = listed("populations.csv", |row| (row[0].to_owned(), row[5].parse().unwrap()));
    let senders: Vec<Sender> = senders.into_values().collect();
    participation(&senders, found, &inhabitants.into_iter().collect())
}

pub(super) async fn used(world: &World) -> Vec<Used> {
    let query = "SELECT t.sender, t.programme, coalesce(u.care_level, 'unknown'), t.unit, t.programme_version, substr(t.ended_on, 1, 7)
        FROM treatment t LEFT JOIN unit u ON u.sender = t.sender AND u.unit = t.unit";
    let one = |row: Vec<String>| {
        let [region, programme, care_level, unit, version, month] = row.try_into().unwrap();
        Used { place: [region, programme, care_level], unit, version, month }
    };
    rows(world, query.to_owned()).await.into_iter().map(one).collect()
}

/// What every field holds: the condition on which a value tells nothing more, and the one on which there is none.
pub(super) async fn held(world: &World) -> Vec<Held> {
    let never = "0".to_owned();
    let mut fields: Vec<(&str, String, String)> = Vec::new();
    for field in ["person_id", "unit_id", "programme", "status", "started_on, ended_on"] {
        fields.push((field, never.clone(), never.clone()));
    }
    for column in ["programme_version", "sex", "birth_year", "diagnosis", "ownership"] {
        fields.push((column, never.clone(), format!("{column} IS NULL")));
    }
    for column in ["end_reason", "care_level"] {
        fields.push((column, format!("coalesce({column} IN ('other', 'unknown'), 0)"), format!("{column} IS NULL")));
    }
    for name in [
        "referred_on",
        "assessed_on",
        "modules_total",
        "modules_completed",
        "therapist_minutes",
        "messages",
        "sick_leave_before",
        "sick_leave_after",
    ] {
        fields.push((name, never.clone(), format!("json_extract(document, '$.{name}') IS NULL")));
    }
    let mut held = Vec::new();
    for (field, other, missing) in fields {
        let query = format!(
            "SELECT t.sender, CAST(count(*) AS TEXT), CAST(sum({other}) AS TEXT), CAST(sum({missing}) AS TEXT) FROM treatment t
             LEFT JOIN unit u ON u.sender = t.sender AND u.unit = t.unit GROUP BY t.sender"
        );
        held.extend(rows(world, query).await.into_iter().map(|row| Held {
            sender: row[0].clone(),
            field: field.to_owned(),
            treatments: row[1].parse().unwrap(),
            other: row[2].parse().unwrap(),
            missing: row[3].parse().unwrap(),
        }));
    }
    held
}
