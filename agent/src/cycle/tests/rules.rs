//! Every rule once broken and once just kept, in a region of its own, from the source to the queue.
//!
//! Promises: a rule without a case fails; a case that breaks breaks nothing else, and one that keeps loses nothing.

mod cases;

use std::collections::BTreeSet;
use std::time::SystemTime;

use futures_util::{StreamExt as _, stream};
use schemas::rule::{ALL, Effect, Finding, Rule};

use super::*;
use crate::setup::Setup;

/// A rule with what breaks it and what just does not.
struct Case {
    rule: Rule,
    breaks: Source,
    keeps: Source,
}

/// Columns that differ from a good row's.
type Row = Vec<(&'static str, String)>;

/// What a region holds.
enum Source {
    /// Tables, with good rows but for these columns.
    Tables(Tables),
    /// An exported file of treatments.
    File(Vec<u8>),
    /// A record that only a faulty agent would send, as both ends judge it.
    Record(Vec<Finding>),
}

#[derive(Default)]
struct Tables {
    /// Replacements in `agent.toml`.
    config: Vec<(&'static str, &'static str)>,
    /// A local code list, by its name.
    codes: Option<(&'static str, &'static str)>,
    treatments: Vec<Row>,
    answers: Vec<Row>,
    units: Vec<Row>,
}

/// The register reads lines as they come, so that only its own tests can break these
/// (`a_record_that_breaks_a_rule_is_rejected_alone`).
const AT_THE_REGISTER: [Rule; 3] = [Rule::RecordShape, Rule::RecordSender, Rule::PersonWithdrawn];

#[tokio::test]
async fn each_rule_has_a_case_that_breaks_it_alone_and_one_that_just_does_not() {
    let cases = cases::all();
    let covered: BTreeSet<Rule> = cases.iter().map(|case| case.rule).chain(AT_THE_REGISTER).collect();
    let without: Vec<&str> = ALL.iter().filter(|rule| !covered.contains(rule)).map(|rule| rule.id()).collect();
    assert_eq!(without, [""; 0], "rules without a case");
    assert!(AT_THE_REGISTER.iter().all(|rule| rule.effect() == Effect::Reject));
    let mut judged = stream::iter(cases).map(judge).buffer_unordered(8);
    while let Some((rule, broken, kept)) = judged.next().await {
        assert_eq!(broken, BTreeSet::from([rule]), "breaking {}", rule.id());
        let lost = kept.iter().any(|other| other.effect() != Effect::Exclude);
        assert!(!lost && !kept.contains(&rule), "keeping {}: {kept:?}", rule.id());
    }
}

/// The rules that are found where a rule is broken, and where it is kept.
async fn judge(Case { rule, breaks, keeps }: Case) -> (Rule, BTreeSet<Rule>, BTreeSet<Rule>) {
    (rule, Box::pin(found(breaks)).await, Box::pin(found(keeps)).await)
}

/// The rules that a cycle counts.
async fn found(source: Source) -> BTreeSet<Rule> {
    let region = match source {
        Source::Record(findings) => return findings.into_iter().map(|finding| finding.rule).collect(),
        Source::Tables(tables) => tables.fill().await,
        Source::File(bytes) => exported(&bytes),
    };
    let queued = region.cycle(&mut region.outbox().await).await;
    let rules = || queued.counts.keys().filter_map(|(term, rule)| Some((*term, Rule::by_id(rule)?)));
    let held: Vec<Rule> = rules().filter(|(term, _)| *term == Term::Held).map(|(_, rule)| rule).collect();
    assert!(held.iter().all(|rule| rule.effect() != Effect::Warn), "a warning keeps its record back: {held:?}");
    rules().map(|(_, rule)| rule).collect()
}

impl Tables {
    async fn fill(self) -> Region {
        let replaced = |text: String| self.config.iter().fold(text, |text, (from, to)| text.replace(from, to));
        let mut region = Region::with(replaced).await;
        if let Some((list, rows)) = self.codes {
            std::fs::write(region.path("local.csv"), rows).unwrap();
            let mut config = region.setup.config.clone();
            config.codelists.insert(list.into(), "local.csv".into());
            region.setup = Setup::read(config).unwrap();
        }
        for row in &self.treatments {
            region.treatment("M-1", 4, &borrowed(row)).await;
        }
        for row in &self.answers {
            region.answer("M-1", "pre", "12", &borrowed(row)).await;
        }
        for row in &self.units {
            region.unit(&borrowed(row)).await;
        }
        region
    }
}

fn borrowed(row: &Row) -> Vec<(&str, &str)> {
    row.iter().map(|(column, value)| (*column, value.as_str())).collect()
}

fn exported(bytes: &[u8]) -> Region {
    let source = "kind = \"csv\"\ndir = \".\"\ntreatments = \"moment.csv\"\nmeasurements = \"svar*.csv\"\n\
                  encoding = \"utf-8\"\n[pseudonym]";
    let region = Region::bare(|text| {
        let (head, rest) = text.split_once("kind = \"sql\"").unwrap();
        format!("{head}{source}{}", rest.split_once("[pseudonym]").unwrap().1)
    });
    let answers = "treatment_id;instrument;timepoint;answered_on;score\n";
    for (name, bytes) in [("moment.csv", bytes), ("svar.csv", answers.as_bytes())] {
        std::fs::write(region.path(name), bytes).unwrap();
        let written: Timestamp = "2024-06-01T09:00:00Z".parse().unwrap();
        let file = std::fs::File::options().append(true).open(region.path(name)).unwrap();
        file.set_modified(SystemTime::from(written)).unwrap();
    }
    region
}
