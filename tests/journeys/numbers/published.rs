//! The reports that published tables ask for, on the demo's regions: every figure counted again from the source databases.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use end_to_end::blocking;
use end_to_end::platform::{demo, read_back};
use end_to_end::world::{Region, World};
use recount::published::{ALL, Access, Further, Published};
use recount::{Cohort, Input, Period, Selection, Table, compare};
use schemas::codelist::CodeLists;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// What the platform knows beside scores; of two copies of a row the later counts.
const FURTHER: &str = r#"
SELECT m."nummer", i."personnummer", i."kön", e."driftform", m."remissdatum",
       CAST(m."sjukskriven_före" AS TEXT), CAST(m."sjukskriven_efter" AS TEXT)
FROM "moment" m JOIN "invånare" i ON i."invånare_id" = m."invånare_id" JOIN "enhet" e ON e."enhet_id" = m."enhet_id"
ORDER BY m."ändrad"
"#;

/// Everything that one treatment is counted by, each a little other than it was.
const ALTERED: [&str; 3] = [
    "CREATE TEMPORARY TABLE altered AS SELECT max(o.treatment) AS id FROM outcome o JOIN treatment t ON t.id = o.treatment
     WHERE o.pre IS NOT NULL AND o.post IS NOT NULL AND t.ended_on < '2021-01-01' AND json_extract(t.document, '$.referred_on') < '2021'
     AND json_extract(t.document, '$.sick_leave_after') = 0",
    "UPDATE treatment SET sex = CASE sex WHEN 'F' THEN 'M' ELSE 'F' END, birth_year = NULL, ended_on = '2021-01-31',
     document = json_remove(json_set(document, '$.sick_leave_before', 100, '$.sick_leave_after', 25), '$.referred_on')
     WHERE id = (SELECT id FROM altered)",
    "UPDATE outcome SET post = post + 1 WHERE treatment = (SELECT id FROM altered)",
];

/// The last day of the selection: some of the invented came of age later.
const LAST: &str = "2021-12-31";
/// Statistics Sweden's years.
const YEARS: [u16; 3] = [2019, 2020, 2021];

#[tokio::test(flavor = "multi_thread")]
async fn every_published_report_of_the_demo_s_register_equals_a_recount_of_the_sources_and_an_altered_treatment_is_found()
 {
    let world = World::start("").unwrap();
    let mut regions = Vec::new();
    for (ordinal, sender) in demo::SENDERS.iter().take(3).enumerate() {
        let region = world.invent(demo::SEED, (ordinal, sender), 300).await.unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        regions.push(region);
    }
    let file = world.folder().join("folkmängd.csv");
    std::fs::write(&file, table_of_inhabitants()).unwrap();
    world.registry(&["population", "import", &file.display().to_string()]).unwrap().expect(&[0]).unwrap();
    let broken = ["break", "add", "--on", "2020-06-01", "--region", "12", "--note", "Annan räknebas"];
    world.registry(&broken).unwrap().expect(&[0]).unwrap();

    let input = input(&regions).await;
    let mut further = BTreeMap::new();
    for region in &regions {
        further.extend(read_further(region).await);
    }
    let breaks = vec![("2020-06-01".to_owned(), Some("12".to_owned()))];
    let published = Published { input: &input, further, inhabitants: inhabitants(), last: LAST.to_owned(), breaks };
    for (cohort, period) in [(Cohort::Ended, Period::All), (Cohort::Started, Period::Year)] {
        for report in ALL {
            let expected = published.count(report, Selection { cohort, period }).unwrap();
            let printed = print(&world, report, (cohort, period));
            assert!(expected.rows.len() > 3, "{}", report.name);
            let differences = compare(&expected, &printed, report.keys);
            let first: Vec<String> = differences.iter().take(5).map(ToString::to_string).collect();
            assert!(differences.is_empty(), "{}: {} differences, first {first:#?}", report.name, differences.len());
        }
    }

    for report in registry_server::report::ALL {
        for language in ["sv", "en"] {
            assert!(too_wide(&world, report.name, language).is_empty(), "{}", too_wide(&world, report.name, language));
        }
    }

    // The positive control: one treatment that is a little other in the register is found by every report.
    alter(&world);
    for report in ALL {
        let expected = published.count(report, Selection { cohort: Cohort::Ended, period: Period::All }).unwrap();
        let printed = print(&world, report, (Cohort::Ended, Period::All));
        assert!(!compare(&expected, &printed, report.keys).is_empty(), "{} does not notice", report.name);
    }
}

fn print(world: &World, report: Access, (cohort, period): (Cohort, Period)) -> Table {
    let cohort = if cohort == Cohort::Started { "started" } else { "ended" };
    let period = if period == Period::Year { "year" } else { "all" };
    let options = [
        "--by",
        report.by,
        "--cohort",
        cohort,
        "--period",
        period,
        "--to",
        LAST,
        "--audience",
        "internal",
        "--format",
        "csv",
    ];
    let printed = world.registry(&[&["report", report.name], options.as_slice()].concat()).unwrap();
    Table::from_csv(&printed.expect(&[0]).unwrap().stdout).unwrap()
}

/// The table of a report, where a line of it does not fit on a terminal of the usual width.
fn too_wide(world: &World, report: &str, language: &str) -> String {
    const WIDTH: usize = 140;
    let printed = world.registry(&["report", report, "--audience", "internal", "--language", language]).unwrap();
    let table = printed.expect(&[0]).unwrap().stdout;
    let lines: Vec<&str> = table.lines().filter(|line| line.starts_with(['┌', '│', '└'])).collect();
    assert!(lines.len() > 3, "{report}: {table}");
    if lines.iter().all(|line| line.chars().count() <= WIDTH) { String::new() } else { lines[..5].join("\n") }
}

fn alter(world: &World) {
    let options = SqliteConnectOptions::new().filename(world.database());
    blocking::run(async {
        let mut connection = options.connect().await.unwrap();
        for statement in ALTERED {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

async fn input(regions: &[Region]) -> Input {
    let mut rows = Vec::new();
    for region in regions {
        rows.extend(read_back(&region.plan, &region.source).await.unwrap());
    }
    let instruments = include_str!("../../fixtures/instruments.csv");
    Input {
        rows,
        instruments: recount::input::instruments_from_csv(instruments).unwrap(),
        populations: Vec::new(),
        anxiety: BTreeMap::new(),
    }
}

/// Id, identity number and sex, then what may be missing.
type Row = (String, String, String, Option<String>, Option<String>, Option<String>, Option<String>);

/// The further fields of every row that is in a region's tables now.
async fn read_further(region: &Region) -> BTreeMap<(String, String), Further> {
    let file = region.source.address.trim_start_matches("sqlite://");
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let rows: Vec<Row> = sqlx::query_as(FURTHER).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let further = |(id, number, sex, ownership, referred, before, after): Row| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let further = Further {
            sex: Some(if sex == "Kvinna" { "F" } else { "M" }.to_owned()),
            birth_year: birth_year(&digits),
            ownership,
            sender: region.plan.sender.clone(),
            referred: referred.map(|day| iso(&day)),
            // The demo's platform keeps no day of assessment.
            assessed: None,
            sick_before: before.map(|degree| degree.parse().unwrap()),
            sick_after: after.map(|degree| degree.parse().unwrap()),
        };
        ((region.plan.sender.clone(), id), further)
    };
    rows.into_iter().map(further).collect()
}

/// Nobody here was born before 1945, and nobody after 2009.
fn birth_year(digits: &str) -> Option<u16> {
    match digits.len() {
        12 => digits[..4].parse().ok(),
        10 => digits[..2].parse().ok().map(|year: u16| if year < 10 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

/// Any spelling of a date as `YYYY-MM-DD`.
fn iso(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])
}

/// Invented inhabitants of one sex and age.
fn living(code: &str, man: bool, (age, year): (u64, u16)) -> u64 {
    let region: u64 = code.parse().unwrap();
    40 * region + 3 * age + u64::from(year - 2000) + if man { 7 } else { 0 }
}

/// Statistics Sweden's table of them, as it is downloaded: Latin-1, a column a year, with the country's rows.
pub(super) fn table_of_inhabitants() -> Vec<u8> {
    let lists = CodeLists::builtin();
    let mut text = "region;ålder;kön;2019;2020;2021\n".to_owned();
    for region in lists.regions() {
        for age in 0..=100 {
            for (man, word) in [(true, "män"), (false, "kvinnor")] {
                let figures = YEARS.map(|year| living(&region.code, man, (age, year)).to_string()).join(";");
                let open = if age == 100 { "+" } else { "" };
                writeln!(text, "{} {};{age}{open} år;{word};{figures}", region.code, region.name).unwrap();
            }
        }
    }
    text += "00 Riket;totalt ålder;kvinnor;1;2;3\n";
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

fn inhabitants() -> BTreeMap<(String, u16), [f64; 2]> {
    let lists = CodeLists::builtin();
    let mut inhabitants = BTreeMap::new();
    for (region, year) in lists.regions().flat_map(|region| YEARS.map(|year| (region.code.clone(), year))) {
        let of = |ages: std::ops::RangeInclusive<u64>| {
            let both = |age| living(&region, true, (age, year)) + living(&region, false, (age, year));
            ages.map(both).sum::<u64>() as f64
        };
        inhabitants.insert((region.clone(), year), [of(0..=100), of(16..=67)]);
    }
    inhabitants
}
