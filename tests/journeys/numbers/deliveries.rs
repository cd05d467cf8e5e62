//! The reports on deliveries beside a recount: coverage, participation, catalogue and data quality of three invented regions, an outside
//! source that tells one by the month, one by unit and programme and one not at all, and a unit that never sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use end_to_end::active::alter;
use end_to_end::platform::{Engine, Leads, Plan, TreatmentFault};
use end_to_end::world::World;
use recount::catalogue::{Used, catalogue};
use recount::coverage::{Sources, by_region, by_unit_and_year};
use recount::data_quality::{Held, Rules, data_quality};
use recount::delivered::{Fate, Found, Outside};
use recount::participation::{Sender, participation};
use recount::{Table, compare};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

/// Enough for one fault of each kind.
const TREATMENTS: usize = 90;
const SENDERS: [&str; 3] = ["01", "12", "14"];
/// A unit of region 12 of which only the outside source tells.
const NEVER_SENT: &str = "SE9990120000-E099";

#[tokio::test(flavor = "multi_thread")]
async fn coverage_participation_catalogue_and_data_quality_are_as_a_recount_has_them() {
    let (world, plans) = delivered().await;
    let found = found(&plans);
    let outside = outside(&found);
    import(&world, &outside);
    let regions = listed("regions.csv", |row| row[0].to_owned());
    let sources = Sources { found: &found, outside: &outside, regions: &regions };

    let coverage = by_region(sources);
    assert_same(&world, &["coverage", "--by", "region"], (&coverage, &["period", "region"]));
    let units = told(&by_unit_and_year(sources));
    let printed = Table::from_csv(&printed(&world, &["coverage", "--by", "region,unit", "--period", "year"], "csv"));
    assert_eq!(compare(&units, &told(&printed.unwrap().with(&units.columns)), &["period", "region", "unit"]), []);
    assert!(units.rows.iter().any(|row| row[2] == NEVER_SENT && row[3] == "5" && row[4] == "0"));
    assert_same(&world, &["participation"], (&participants(&world, &found).await, &["period", "region"]));
    let used = catalogue(&used(&world).await, &regions, &programmes());
    assert_same(&world, &["catalogue"], (&used, &["period", "region", "programme", "care_level"]));
    let quality = data_quality(&held(&world).await, &rules(&plans));
    assert_same(&world, &["data-quality"], (&quality, &["period", "level", "region", "item"]));

    // The positive controls: one treatment less outside, and one less in the register.
    let changed = alter(&world.database(), "UPDATE denominator SET ended = ended + 1 WHERE id = 1").await.unwrap();
    assert_eq!(changed, 1);
    assert_ne!(differences(&world, &["coverage", "--by", "region"], (&coverage, &["period", "region"])), [""; 0]);
    let participation = participants(&world, &found).await;
    let delete = "DELETE FROM treatment WHERE id = (SELECT min(id) FROM treatment)";
    assert_eq!(alter(&world.database(), delete).await.unwrap(), 1);
    for (report, table, keys) in [
        ("participation", &participation, ["period", "region"].as_slice()),
        ("catalogue", &used, &["period", "region", "programme", "care_level"]),
        ("data-quality", &quality, &["period", "level", "region", "item"]),
    ] {
        assert_ne!(differences(&world, &[report], (table, keys)), [""; 0], "{report}");
    }
    breaks_are_recorded_and_named(&world);
    faults_of_staff_are_told_with_their_place(&world);
}

/// The rows of coverage in which anything was accepted or told from outside: of the others the senders alone tell, in months of their own.
fn told(table: &Table) -> Table {
    let at = |name: &str| table.columns.iter().position(|column| column == name).unwrap();
    let (accepted, source) = (at("accepted"), at("source"));
    let tells = |row: &&Vec<String>| row[accepted] != "0" || row[source] != "no outside source";
    Table { columns: table.columns.clone(), rows: table.rows.iter().filter(tells).cloned().collect() }
}

async fn delivered() -> (World, Vec<Plan>) {
    let world = World::start("").unwrap();
    let mut plans = Vec::new();
    for (ordinal, sender) in SENDERS.iter().enumerate() {
        let region = world.invent_on(Engine::Sqlite, Plan::invent(61, (ordinal, sender), TREATMENTS)).await.unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        plans.push(region.plan);
    }
    world.registry(&["region", "add", "P07"]).unwrap().expect(&[0]).unwrap();
    (world, plans)
}

/// Every treatment of the sources, and what must become of it.
fn found(plans: &[Plan]) -> Vec<Found> {
    let one = |plan: &Plan, treatment: &end_to_end::platform::Treatment| Found {
        sender: plan.sender.clone(),
        unit: treatment.unit.clone(),
        programme: treatment.programme.to_owned(),
        month: treatment.ended.to_string()[..7].to_owned(),
        fate: match treatment.fault.map(TreatmentFault::rule) {
            None => Fate::Accepted,
            Some((rule, Leads::Held)) => Fate::Held(rule.to_owned()),
            Some((rule, Leads::Excluded)) => Fate::Excluded(rule.to_owned()),
        },
    };
    plans.iter().flat_map(|plan| plan.treatments.iter().map(move |treatment| one(plan, treatment))).collect()
}

/// What the platform's own statistics would tell: region 01 by the month, region 12 by unit and programme, region 14 nothing.
fn outside(found: &[Found]) -> Vec<Outside> {
    let mut lines: BTreeMap<(String, Option<String>, Option<String>, String), usize> = BTreeMap::new();
    let counts = |one: &&Found| match &one.fate {
        Fate::Excluded(rule) => rule == "objection" || rule == "protected-identity",
        _ => one.sender != "14",
    };
    for one in found.iter().filter(|one| one.sender != "14").filter(counts) {
        let finer = |text: &String| (one.sender == "12").then(|| text.clone());
        let key = (one.sender.clone(), finer(&one.unit), finer(&one.programme), one.month.clone());
        *lines.entry(key).or_default() += 1;
    }
    lines.insert(("12".to_owned(), Some(NEVER_SENT.to_owned()), None, "2020-05".to_owned()), 5);
    let line = |((region, unit, programme, month), ended)| Outside {
        region,
        unit,
        programme,
        month,
        ended,
        source: "SoB".to_owned(),
    };
    lines.into_iter().map(line).collect()
}

fn import(world: &World, lines: &[Outside]) {
    let mut text = "region,unit,programme,month,ended,source,date\n".to_owned();
    for Outside { region, unit, programme, month, ended, source } in lines {
        let (unit, programme) = (unit.as_deref().unwrap_or_default(), programme.as_deref().unwrap_or_default());
        writeln!(text, "{region},{unit},{programme},{month},{ended},{source},2026-01-15").unwrap();
    }
    let file = world.folder().join("outside.csv");
    std::fs::write(&file, text).unwrap();
    let import = ["denominator", "import", file.to_str().unwrap()];
    let said = world.registry(&import).unwrap().expect(&[0]).unwrap().stdout;
    assert_eq!(said, format!("{} rows of ended treatments are imported\n", lines.len()));
    // A second import replaces, it does not add.
    world.registry(&import).unwrap().expect(&[0]).unwrap();
}

fn printed(world: &World, report: &[&str], format: &str) -> String {
    let rest = ["--audience", "internal", "--format", format];
    world.registry(&[&["report"], report, &rest].concat()).unwrap().expect(&[0]).unwrap().stdout
}

/// What a printed report and a recount do not agree on, of the columns that the recount has.
fn differences(world: &World, report: &[&str], (table, keys): (&Table, &[&str])) -> Vec<String> {
    let printed = Table::from_csv(&printed(world, report, "csv")).unwrap().with(&table.columns);
    compare(table, &printed, keys).iter().map(ToString::to_string).collect()
}

fn assert_same(world: &World, report: &[&str], expected: (&Table, &[&str])) {
    assert!(!expected.0.rows.is_empty());
    let differences = differences(world, report, expected);
    assert!(differences.is_empty(), "{report:?}: {:#?}", &differences[..differences.len().min(8)]);
}

/// A column of a code list.
fn listed<T>(file: &str, of: impl Fn(&csv::StringRecord) -> T) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/codelists").join(file);
    csv::Reader::from_path(path).unwrap().records().map(|row| of(&row.unwrap())).collect()
}

/// Aliases, supplier and kind of every programme.
fn programmes() -> BTreeMap<String, [String; 3]> {
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
    let text = |row: &sqlx::sqlite::SqliteRow, at| row.get::<Option<String>, _>(at).unwrap_or_default();
    rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect()
}

/// One sender comes, one is silent, one has planned to be, and one was only enrolled.
async fn participants(world: &World, found: &[Found]) -> Table {
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

async fn used(world: &World) -> Vec<Used> {
    let query = "SELECT t.sender, t.programme, coalesce(u.care_level, 'unknown'), t.unit, t.programme_version, substr(t.ended_on, 1, 7)
        FROM treatment t LEFT JOIN unit u ON u.sender = t.sender AND u.unit = t.unit";
    let one = |row: Vec<String>| {
        let [region, programme, care_level, unit, version, month] = row.try_into().unwrap();
        Used { place: [region, programme, care_level], unit, version, month }
    };
    rows(world, query.to_owned()).await.into_iter().map(one).collect()
}

/// What every field holds: the condition on which a value tells nothing more, and the one on which there is none.
async fn held(world: &World) -> Vec<Held> {
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

/// What the rules must have held, by the plans.
fn rules(plans: &[Plan]) -> Rules {
    let mut rules = Rules::new();
    for plan in plans {
        for (place, expected) in [plan.expected(Leads::Held), plan.expected_answers()].iter().enumerate() {
            for (rule, n) in expected {
                let counts = rules.entry((plan.sender.clone(), (*rule).to_owned())).or_default();
                counts[place] = usize::try_from(*n).unwrap();
            }
        }
    }
    rules
}

fn breaks_are_recorded_and_named(world: &World) {
    let say = |arguments: &[&str], code| world.registry(arguments).unwrap().expect(&[code]).unwrap();
    let add = ["break", "add", "--on", "2020-03-01", "--region", "12", "--note", "Från påbörjade till avslutade."];
    assert_eq!(say(&add, 0).stdout, "the break from 2020-03-01 is recorded\n");
    assert!(say(&["break", "list"], 0).stdout.contains("Från påbörjade till avslutade."));
    let named = "Break in series no. 1 from 2020-03-01, region 12: Från påbörjade till avslutade.";
    for report in ["coverage", "groups", "catalogue"] {
        assert!(printed(world, &[report, "--language", "en"], "table").contains(named), "{report}");
        assert!(!printed(world, &[report, "--language", "en", "--from", "2020-03-01"], "table").contains(named));
    }
}

fn faults_of_staff_are_told_with_their_place(world: &World) {
    let file = world.folder().join("wrong.csv");
    std::fs::write(&file, "region,unit,programme,month,ended,source,date\n12,,,2020-13,5,SoB,2026-01-15\n").unwrap();
    let refused = world.registry(&["denominator", "import", file.to_str().unwrap()]).unwrap().expect(&[78]).unwrap();
    assert!(
        refused.stderr.contains("wrong.csv, line 2, column month: is a month such as 2025-09"),
        "{}",
        refused.stderr
    );
    for (arguments, says) in [
        (["break", "add", "--on", "yesterday", "--note", "x"], "--on is a date such as 2025-09-30"),
        (["break", "add", "--on", "2020-03-01", "--note", " "], "--note is one line of 1 to 200 characters"),
    ] {
        let refused = world.registry(&arguments).unwrap().expect(&[2]).unwrap();
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
    let add = ["break", "add", "--on", "2020-03-01", "--note", "x", "--region", "99"];
    let refused = world.registry(&add).unwrap().expect(&[2]).unwrap();
    assert!(refused.stderr.contains("--region is no county code"), "{}", refused.stderr);
}
