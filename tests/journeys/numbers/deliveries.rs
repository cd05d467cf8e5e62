//! The reports on deliveries beside a recount: coverage, participation, catalogue and data quality of three invented regions, an outside
//! source that tells one by the month, one by unit and programme and one not at all, and a unit that never sent.

mod planned;
mod sentence;
mod stored;

use std::fmt::Write as _;

use end_to_end::active::alter;
use end_to_end::platform::{Engine, Plan};
use end_to_end::world::World;
use recount::catalogue::catalogue;
use recount::coverage::{Sources, by_region, by_unit_and_year};
use recount::data_quality::data_quality;
use recount::delivered::Outside;
use recount::{Table, compare};

use planned::{found, outside, rules};
use stored::{held, listed, participants, programmes, used};

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
    assert_eq!(sentence::missing(&world, &coverage), [""; 0]);
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
    let changed = alter(
        &world.database(),
        "UPDATE denominator SET ended = ended + 1 WHERE id = (SELECT min(id) FROM denominator)",
    )
    .await
    .unwrap();
    assert_eq!(changed, 1);
    assert_ne!(differences(&world, &["coverage", "--by", "region"], (&coverage, &["period", "region"])), [""; 0]);
    assert_eq!(sentence::missing(&world, &coverage).len(), sentence::REPORTS.len());
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
