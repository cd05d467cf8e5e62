//! What started, ended and went on, month by month, beside a recount of the source databases.

use std::collections::BTreeMap;

use end_to_end::active::alter;
use end_to_end::platform::{Engine, Plan, Shape};
use end_to_end::world::{Region, World};
use recount::usage::{End, Moment, by_region, counts};
use recount::{Table, compare};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// Enough for one fault of each kind.
const TREATMENTS: usize = 90;
const SENDERS: [&str; 2] = ["01", "12"];

/// Of several rows of one treatment the one that was changed last comes last.
const MOMENTS: &str = r#"
SELECT m."nummer", m."program", m."läge", m."startdatum", m."slutdatum", e."hsa_id", i."testpatient"
FROM "moment" m JOIN "invånare" i ON i."invånare_id" = m."invånare_id" JOIN "enhet" e ON e."enhet_id" = m."enhet_id"
ORDER BY m."ändrad"
"#;

const ACTIVITY: &str = "activity = 'SELECT månad AS month, enhet AS unit_id, program AS programme, påbörjade AS started, \
                        avslutade AS ended, pågående AS ongoing FROM aktivitet'\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_started_ended_and_went_on_is_as_a_recount_has_it_counted_by_the_agent_or_given_and_follows_each_change() {
    let world = World::start("").unwrap();
    let mut regions = Vec::new();
    for (ordinal, sender) in SENDERS.iter().enumerate() {
        let plan = Plan::invent(71, (ordinal, sender), TREATMENTS);
        let region = world.invent_on(Engine::Sqlite, plan).await.unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        regions.push(region);
    }
    assert_recounted(&world, &regions).await;

    // The same counts by the source's own query are the same figures.
    let region = &regions[1];
    let (before, counted) = (usage(&world, "month"), moments(region).await);
    give(region, &counted).await;
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    let given = config.replacen("treatments = ", &format!("{ACTIVITY}treatments = "), 1);
    std::fs::write(region.site.config(), given).unwrap();
    region.site.agent(&["check"]).unwrap().expect(&[0]).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert_eq!(usage(&world, "month"), before);
    let broken =
        config.replacen("treatments = ", &format!("{}treatments = ", ACTIVITY.replace("AS ended", "AS endade")), 1);
    std::fs::write(region.site.config(), broken).unwrap();
    let said = region.site.agent(&["check"]).unwrap().expect(&[78]).unwrap().stderr;
    assert!(said.contains("activity") && said.contains("ended"), "{said}");
    std::fs::write(region.site.config(), config).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert_recounted(&world, &regions).await;

    follows_a_change(&world, &regions).await;

    // The positive control: one count that is another in the register is noticed.
    let altered = "UPDATE activity SET ended = ended + 1
                   WHERE (sender, record_key) IN (SELECT sender, record_key FROM activity WHERE ended > 0 ORDER BY sex IS NOT NULL LIMIT 1)";
    assert_eq!(alter(&world.database(), altered).await.unwrap(), 1);
    let expected = by_region(&all(&regions).await, &codes(), 7);
    assert!(!compare(&expected, &usage(&world, "month"), &["period", "region"]).is_empty());
}

/// A treatment that ends a month later changes its own record, and the counts of the two months at its unit and in its programme.
async fn follows_a_change(world: &World, regions: &[Region]) {
    let region = &regions[0];
    let moved = region.plan.treatments.iter().find(|one| one.fault.is_none() && !one.twice).unwrap();
    let (activity, treatments) = (rows(world, "activity").await, rows(world, "treatment").await);
    let later = moved.ended.checked_add(jiff::Span::new().months(1)).unwrap();
    let statement = format!(
        "UPDATE moment SET slutdatum = '{later}', \"ändrad\" = '{later}T07:00:00Z' WHERE nummer = '{}'",
        moved.id
    );
    let mut connection = SqliteConnectOptions::new().filename(region.source.file()).connect().await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    region.site.agent(&["once", "--full"]).unwrap().expect(&[3]).unwrap();
    let changed = |before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>| -> Vec<String> {
        after.iter().filter(|(key, counter)| before.get(*key) != Some(counter)).map(|(key, _)| key.clone()).collect()
    };
    assert_eq!(changed(&treatments, &rows(world, "treatment").await).len(), 1);
    let counts = changed(&activity, &rows(world, "activity").await);
    let months = [moved.ended, later].map(|day| day.to_string()[..7].to_owned());
    let place = format!("|{}|{}|", moved.unit, moved.programme);
    assert!(counts.iter().all(|key| key.contains(&place) && months.contains(&key[..7].to_owned())), "{counts:?}");
    assert!(
        (2..=4).contains(&counts.len()),
        "its group's two months, and everybody's where some are in no group: {counts:?}"
    );
    assert_recounted(world, regions).await;
}

async fn assert_recounted(world: &World, regions: &[Region]) {
    let moments = all(regions).await;
    for (period, digits) in [("month", 7), ("year", 4)] {
        let expected = by_region(&moments, &codes(), digits);
        assert!(expected.rows.iter().any(|row| row[4] != "0"), "somebody is ongoing");
        let differences = compare(&expected, &usage(world, period), &["period", "region"]);
        let first: Vec<String> = differences.iter().take(5).map(ToString::to_string).collect();
        assert!(differences.is_empty(), "{period}: {} differences, first {first:#?}", differences.len());
    }
}

fn usage(world: &World, period: &str) -> Table {
    let report = ["report", "usage", "--by", "region", "--period", period, "--audience", "internal", "--format", "csv"];
    let printed = world.registry(&report).unwrap().expect(&[0]).unwrap().stdout;
    let columns = ["period", "region", "n_started", "n_ended", "n_ongoing"].map(str::to_owned);
    Table::from_csv(&printed).unwrap().with(&columns)
}

/// The counts as the platform's own table.
async fn give(region: &Region, moments: &[Moment]) {
    let file = region.source.file();
    alter(&file, "CREATE TABLE aktivitet (månad, enhet, program, påbörjade, avslutade, pågående)").await.unwrap();
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    for ([month, unit, programme], [started, ended, ongoing]) in counts(moments) {
        let row =
            format!("INSERT INTO aktivitet VALUES ('{month}', '{unit}', '{programme}', {started}, {ended}, {ongoing})");
        sqlx::query(AssertSqlSafe(row)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

async fn all(regions: &[Region]) -> Vec<Moment> {
    let mut all = Vec::new();
    for region in regions {
        all.extend(moments(region).await);
    }
    all
}

/// The treatments of a source as they are in it now, but test patients' and support programmes'.
async fn moments(region: &Region) -> Vec<Moment> {
    type Row = (String, String, String, Option<String>, Option<String>, String, String);
    let mut connection = SqliteConnectOptions::new().filename(region.source.file()).connect().await.unwrap();
    let rows: Vec<Row> = sqlx::query_as(MOMENTS).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let shape = &region.plan.shape;
    let mut newest = BTreeMap::new();
    for (id, programme, status, started, ended, unit, test) in rows {
        let code = shape.programmes.iter().find(|(word, _)| *word == programme).map(|(_, code)| (*code).to_owned());
        let place = code.filter(|_| unit.starts_with("SE")).map(|code| [unit, code]);
        let ended = month(ended);
        let end = match (Shape::meaning(shape.statuses, &status), ended) {
            ("ongoing", _) => End::Ongoing,
            (_, Some(month)) => End::In(month),
            (_, None) => End::Unknown,
        };
        let moment = Moment { sender: region.plan.sender.clone(), place, started: month(started), end };
        newest.insert(id, (moment, test == "ja" || programme == shape.support));
    }
    newest.into_values().filter(|(_, left_out)| !left_out).map(|(moment, _)| moment).collect()
}

/// The month of a day in any of the three spellings; nothing of a day that cannot be.
fn month(day: Option<String>) -> Option<String> {
    let digits: String = day?.chars().filter(char::is_ascii_digit).take(8).collect();
    let day: jiff::civil::Date = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]).parse().ok()?;
    (2000..2100).contains(&day.year()).then(|| day.to_string()[..7].to_owned())
}

fn codes() -> Vec<String> {
    schemas::codelist::CodeLists::builtin().regions().map(|region| region.code.clone()).collect()
}

/// The counter of each record of a kind that the register has.
async fn rows(world: &World, table: &str) -> BTreeMap<String, i64> {
    let mut connection = SqliteConnectOptions::new().filename(world.database()).connect().await.unwrap();
    let query = format!("SELECT record_key, counter FROM {table} WHERE sender = '{}'", SENDERS[0]);
    let rows: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(query)).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.into_iter().collect()
}
