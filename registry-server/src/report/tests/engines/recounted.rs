//! Every figure of an invented register beside a recount of what its senders said last, which shares no code with the register.
//!
//! The reports that are counted from deliveries and accounting lines are recounted on whole installations, in the journeys.

use std::collections::BTreeMap;

use recount::published::{self, Further, Published};
use recount::{Answer, Cohort, Input, Period, Row, Selection, Status, Table, compare, recount};
use schemas::codelist::{CodeLists, Population};
use schemas::record::{self, Sex, Treatment};

use super::chronicle::{Standing, begin, county, deliver, ownership, said, shuffled, standing};
use super::deliveries::at;
use super::{engines, report};
use crate::fact::SeriesBreak;
use crate::store::{Reference, Store};

/// The register that is invented.
const SEED: i64 = 71;
/// The last day that counts: the invented treatments have all ended.
const LAST: &str = "2025-12-31";
const YEARS: std::ops::RangeInclusive<u16> = 2021..=2025;
/// The day of a break in the series of region 12.
const BREAK: &str = "2023-06-01";

#[tokio::test]
async fn every_figure_of_an_invented_register_equals_a_recount_on_either_engine_and_an_altered_row_is_noticed() {
    let standing = standing(SEED);
    let (_folder, stores) = engines().await;
    for store in &stores {
        begin(&**store).await;
        take_in(&**store).await;
        deliver(&**store, &shuffled(said(SEED), SEED), 0).await;
        let expected = recounted(&standing);
        for Recounted { name, choice, table, keys } in &expected {
            let found = differences(&**store, (name, choice), (table, keys)).await;
            assert!(found.is_empty(), "register {SEED}: {name} {choice:?}: {:#?}", &found[..found.len().min(5)]);
        }
        // The control: the recount of one treatment less is another one.
        let less: Vec<Standing> = standing_but_one();
        for Recounted { name, choice, table, keys } in recounted(&less) {
            let found = differences(&**store, (name, &choice), (&table, keys)).await;
            assert!(!found.is_empty(), "register {SEED}: {name} {choice:?} does not tell of one treatment");
        }
    }
}

/// A table as it must be, of a report under a choice.
struct Recounted {
    name: &'static str,
    choice: Vec<(&'static str, &'static str)>,
    table: Table,
    keys: &'static [&'static str],
}

async fn differences(
    store: &dyn Store,
    (name, choice): (&str, &[(&str, &str)]),
    (table, keys): (&Table, &[&str]),
) -> Vec<String> {
    let printed = crate::report::render::csv(&report(store, name, choice).await).unwrap();
    compare(table, &Table::from_csv(&printed).unwrap(), keys).iter().map(ToString::to_string).collect()
}

/// Everything that is recounted.
fn recounted(standing: &[Standing]) -> Vec<Recounted> {
    let input = input(standing);
    let further = standing.iter().map(|one| ((region(one), one.id()), further(one))).collect();
    let breaks = vec![(BREAK.to_owned(), Some("12".to_owned()))];
    let published = Published { input: &input, further, inhabitants: lived(), last: LAST.to_owned(), breaks };
    let mut all = Vec::new();
    for (selection, cohort, period) in [
        (Selection { cohort: Cohort::Ended, period: Period::Quarter }, "ended", "quarter"),
        (Selection { cohort: Cohort::Started, period: Period::Year }, "started", "year"),
    ] {
        let reports = recount(&input, selection).unwrap();
        let choice = |by| vec![("by", by), ("cohort", cohort), ("period", period), ("comparison", "all"), ("to", LAST)];
        all.extend(recount::table::Report::ALL.map(|report| Recounted {
            name: report.name(),
            choice: choice("region,programme"),
            table: reports.table(report).clone(),
            keys: report.keys(),
        }));
        // Growth is recounted by years.
        if period == "year" {
            all.extend(published::ALL.map(|report| Recounted {
                name: report.name,
                choice: choice(report.by),
                table: published.count(report, selection).unwrap(),
                keys: report.keys,
            }));
        }
    }
    all
}

fn input(standing: &[Standing]) -> Input {
    input_under(standing, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/instruments.csv")))
}

/// What the recount is given of treatments that stand, under the cut-offs of a file.
pub(super) fn input_under(standing: &[Standing], instruments: &str) -> Input {
    let populations = lived().into_iter().map(|((region, year), [all, _])| recount::input::Population {
        region,
        year,
        inhabitants: all,
    });
    Input {
        rows: standing.iter().flat_map(rows).collect(),
        instruments: recount::input::instruments_from_csv(instruments).unwrap(),
        populations: populations.collect(),
        anxiety: BTreeMap::new(),
    }
}

impl Standing {
    fn id(&self) -> String {
        format!("{} {}", self.sender, self.number)
    }
}

fn region(one: &Standing) -> String {
    county(one.sender).to_owned()
}

/// A line an answer; one without where there is none.
fn rows(one: &Standing) -> Vec<Row> {
    let Treatment { unit, programme, started_on, ended_on, status, measurements, .. } = &one.content;
    let row = |answer| Row {
        treatment_id: one.id(),
        person: format!("{} {}", one.sender, one.person),
        region: region(one),
        unit: unit.clone(),
        programme: programme.clone(),
        started: started_on.to_string(),
        ended: ended_on.to_string(),
        status: match status {
            record::Status::Completed => Status::Completed,
            record::Status::Discontinued => Status::Discontinued,
        },
        answer,
    };
    let answer = |answer: &record::Measurement| Answer {
        instrument: answer.instrument.clone(),
        timepoint: answer.timepoint.to_string(),
        date: answer.answered_on.to_string(),
        score: answer.score,
        updated_at: None,
    };
    if measurements.is_empty() {
        return vec![row(None)];
    }
    measurements.iter().map(|one| row(Some(answer(one)))).collect()
}

fn further(one: &Standing) -> Further {
    let content = &one.content;
    Further {
        sender: one.sender.to_owned(),
        sex: content.sex.map(|sex| Sex::code(sex).to_owned()),
        birth_year: content.birth_year.and_then(|year| u16::try_from(year).ok()),
        ownership: ownership(&content.unit).map(str::to_owned),
        referred: content.referred_on.map(|day| day.to_string()),
        assessed: content.assessed_on.map(|day| day.to_string()),
        sick_before: content.sick_leave_before,
        sick_after: content.sick_leave_after,
    }
}

/// Invented inhabitants: of every age up to 15, from 16 to 67, and older.
fn inhabitants() -> Vec<Population> {
    let lists = CodeLists::builtin();
    let mut lines = Vec::new();
    for (region, year) in lists.regions().flat_map(|region| YEARS.map(|year| (region.code.clone(), year))) {
        let code: u64 = region.parse().unwrap();
        for (place, (from, to)) in [(0, Some(15)), (16, Some(67)), (68, None)].into_iter().enumerate() {
            lines.push(Population {
                region: region.clone(),
                year: year.cast_signed(),
                sex: None,
                age_from: Some(from),
                age_to: to,
                population: 900 * code + 31 * place as u64 + u64::from(year - 2000),
                valid_from: None,
                valid_to: None,
                successor: None,
            });
        }
    }
    lines
}

/// By region and year: of all ages, and from 16 to 67.
fn lived() -> BTreeMap<(String, u16), [f64; 2]> {
    let mut lived: BTreeMap<(String, u16), [f64; 2]> = BTreeMap::new();
    for line in inhabitants() {
        let sums = lived.entry((line.region, line.year.cast_unsigned())).or_default();
        sums[0] += line.population as f64;
        sums[1] += if line.age_from == Some(16) { line.population as f64 } else { 0.0 };
    }
    lived
}

async fn take_in(store: &dyn Store) {
    store.take_in(Reference::Populations(&inhabitants()), at()).await.unwrap();
    let new = SeriesBreak {
        number: 0,
        region: Some("12".into()),
        unit: None,
        programme: None,
        on: BREAK.parse().unwrap(),
        note: "Annan räknebas".into(),
    };
    store.take_in(Reference::Break(&new), at()).await.unwrap();
}

/// Everything that stands but the newest treatment that every report counts.
fn standing_but_one() -> Vec<Standing> {
    let mut less = standing(SEED);
    let paired = |content: &Treatment, instrument: &str| {
        let at = |timepoint: &str| {
            content
                .measurements
                .iter()
                .any(|one| one.instrument == instrument && one.timepoint.to_string() == timepoint)
        };
        at("pre") && at("post")
    };
    let whole = |one: &&Standing| paired(&one.content, "PHQ-9") && paired(&one.content, "GAD-7");
    let newest = less.iter().filter(whole).max_by_key(|one| (one.content.started_on, one.number)).map(Standing::id);
    less.retain(|one| Some(one.id()) != newest);
    less
}
