//! The demo's regions, delivered to a register in SQLite and to one in PostgreSQL: every report is the same bytes from both.

use std::sync::Arc;

use databases::Postgres;
use end_to_end::platform::{Plan, demo};
use end_to_end::site::{Queries, Site};
use end_to_end::world::World;
use registry_server::aggregate::dimension::Dimension;
use registry_server::fact::{Facts, Part};
use registry_server::report::{self, ParameterError, Parameters, Report, ReportData, render};
use registry_server::store::{self, Location, Opening};
use schemas::codelist::CodeLists;

/// A choice for each option that a report takes.
pub(crate) type Choice = [(&'static str, String); 6];

/// Two registers that have what the demo's regions hold.
struct Registers {
    worlds: [World; 2],
    urls: [String; 2],
    database: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_report_of_the_demo_s_register_is_the_same_bytes_from_sqlite_and_postgresql() {
    let registers = Registers::with_the_demo_s_regions().await;
    let facts = registers.facts().await;
    assert!(facts[0].treatments.len() > 1_000, "{} treatments", facts[0].treatments.len());
    let choices = choices();
    assert_eq!(difference(&facts, &choices), None);
    // A window that ends today holds nothing that was invented.
    let printed = choices.iter().filter(|[_, (_, period), ..]| !period.starts_with("rolling"));
    for (definition, choice) in report::ALL.iter().zip(printed.cycle()) {
        registers.must_print_the_same(definition.name, choice);
    }

    // The positive controls: one score one point off, and one treatment less.
    let server = Postgres::shared().unwrap();
    let alter = "UPDATE outcome SET post = post + 1 WHERE (treatment, instrument) =
        (SELECT treatment, instrument FROM outcome WHERE pre IS NOT NULL AND post IS NOT NULL ORDER BY 1, 2 LIMIT 1)";
    server.psql(&registers.database, alter).unwrap();
    let altered = difference(&registers.facts().await, &choices).unwrap();
    assert!(altered.starts_with("outcomes"), "{altered}");
    server.psql(&registers.database, &alter.replace("post + 1", "post - 1")).unwrap();
    assert_eq!(difference(&registers.facts().await, &choices[..1]), None);
    server.psql(&registers.database, "DELETE FROM treatment WHERE id = (SELECT min(id) FROM treatment)").unwrap();
    assert!(difference(&registers.facts().await, &choices).is_some());
}

impl Registers {
    async fn with_the_demo_s_regions() -> Self {
        let url = Postgres::shared().unwrap().database("demo").unwrap();
        let (embedded, other) = (World::start("").unwrap(), World::start_on(&url).unwrap());
        let mut regions = Vec::new();
        for (ordinal, sender) in demo::SENDERS.iter().take(demo::REGIONS.into()).enumerate() {
            let plan = Plan::invent(demo::SEED, (ordinal, sender), usize::try_from(demo::TREATMENTS).unwrap());
            let region = embedded.invent_on(demo::engine(ordinal), plan).await.unwrap();
            deliver(&region.site);
            regions.push(region);
        }
        // The other way round, because the order of arrival must not show.
        for region in regions.iter().rev() {
            let site = other.enrol(&region.plan.sender, &Queries::of(&region.plan, &region.source)).unwrap();
            std::fs::copy(region.site.folder.join("pseudonym.key"), site.folder.join("pseudonym.key")).unwrap();
            deliver(&site);
        }
        for world in [&embedded, &other] {
            // Without them there are no rates by sex or age to ask for.
            let file = world.folder().join("inhabitants.csv");
            std::fs::write(&file, super::published::table_of_inhabitants()).unwrap();
            world.registry(&["population", "import", &file.display().to_string()]).unwrap().expect(&[0]).unwrap();
        }
        let urls = [format!("sqlite://{}", embedded.database().display()), url.clone()];
        let database = url.rsplit('/').next().expect("an address ends with a name").to_owned();
        Self { worlds: [embedded, other], urls, database }
    }

    /// What either register's reports are made from.
    async fn facts(&self) -> [Facts; 2] {
        let mut read = Vec::new();
        for url in &self.urls {
            let location = Location::read(url, std::path::Path::new("")).unwrap();
            let store = store::open(&location, Opening::Existing).await.unwrap();
            read.push(store.facts(Part::ALL).await.unwrap());
            store.close().await;
        }
        read.try_into().expect("two registers")
    }

    /// The same through the built program, each form but for the moment at which it was made.
    fn must_print_the_same(&self, name: &str, choice: &Choice) {
        let options: Vec<String> = choice.iter().map(|(option, value)| format!("--{option}={value}")).collect();
        for (form, lines_with_the_moment) in [("csv", 0), ("json", 2), ("table", 1)] {
            let mut arguments = vec!["report", name, "--audience=internal", "--format", form];
            arguments.extend(options.iter().map(String::as_str));
            let [one, other] = self.worlds.each_ref().map(|world| {
                let printed = world.registry(&arguments).unwrap().expect(&[0]).unwrap().stdout;
                let (moment, rest): (Vec<&str>, Vec<&str>) = printed
                    .split_inclusive('\n')
                    .partition(|line| line.starts_with("  \"as_of\": ") || line.contains("data as of "));
                assert_eq!(moment.len(), lines_with_the_moment, "{moment:?}");
                rest.concat()
            });
            assert!(one.lines().count() > 2, "{one}");
            let first = one.lines().zip(other.lines()).find(|(one, other)| one != other);
            assert!(one == other, "{arguments:?}: {first:?}");
        }
    }
}

fn deliver(site: &Site) {
    site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
}

/// Every dimension, and some together; the other options take turns.
pub(crate) fn choices() -> Vec<Choice> {
    let mut dimensions: Vec<String> = Dimension::ALL.map(|dimension| dimension.name().to_owned()).to_vec();
    dimensions.extend(["region,programme", "unit,sex,age_group", "condition,severity"].map(str::to_owned));
    let periods = ["all", "year", "half", "quarter", "month", "rolling12", "rolling36"];
    let comparisons = ["all", "paired", "first_last", "locf", "followup-6m"];
    let choice = |(turn, by): (usize, String)| {
        [
            ("by", by),
            ("period", periods[turn % periods.len()].to_owned()),
            ("comparison", comparisons[turn % comparisons.len()].to_owned()),
            ("cohort", ["ended", "started"][turn % 2].to_owned()),
            ("attribution", ["start", "end"][turn / 2 % 2].to_owned()),
            ("structure", ["as-was", "current"][turn / 3 % 2].to_owned()),
        ]
    };
    dimensions.into_iter().enumerate().map(choice).collect()
}

/// The first report and choice that gives other figures, notes or bytes.
pub(crate) fn difference(facts: &[Facts; 2], choices: &[Choice]) -> Option<String> {
    let facts = facts.each_ref().map(|facts| Arc::new(facts.clone()));
    let lists = CodeLists::builtin();
    let all = report::ALL.iter().flat_map(|definition| choices.iter().map(move |choice| (definition.name, choice)));
    let differs = |(name, choice): &(&str, &Choice)| {
        let [one, other] = facts.each_ref().map(|facts| made(facts, &lists, (name, choice)));
        one != other
    };
    let (name, choice) = all.into_iter().find(differs)?;
    Some(format!("{name} {choice:?}"))
}

/// A report and its CSV, as if made at one moment; nothing for rates by what no inhabitants of the facts tell. What is printed of equal
/// reports is equal in any other form too.
fn made(facts: &Arc<Facts>, lists: &CodeLists, (name, choice): (&str, &Choice)) -> Option<(Report, String)> {
    let as_of = "2026-01-01T00:00:00Z".parse().expect("a time");
    let data = ReportData { facts: Arc::clone(facts), lists, thresholds: lists.thresholds(), as_of };
    let parameters = Parameters::from_pairs(choice.iter().map(|(option, value)| (*option, value.as_str()))).unwrap();
    let made = match report::build(name.parse().unwrap(), &data, &parameters) {
        Err(ParameterError::NoInhabitants(_)) => return None,
        made => made.unwrap(),
    };
    let csv = render::csv(&made).unwrap();
    Some((made, csv))
}
