//! Every report of a store, made as the program makes it, under several choices.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};
use schemas::codelist::CodeLists;

use super::deliveries;
use crate::fact::Facts;
use crate::reader::Reader;
use crate::report::tests::invented::inhabitants;
use crate::report::{ALL, Parameters, Report, ReportData, build, render};
use crate::store::{Reference, Store};

/// What is asked for: option and value.
pub(super) type Choice = &'static [(&'static str, &'static str)];

/// Choices that between them take every option.
pub(super) const CHOICES: [Choice; 4] = [
    &[],
    &[("by", "region,programme"), ("comparison", "all"), ("cohort", "started"), ("period", "year")],
    &[("by", "unit,sex,care_level"), ("period", "quarter"), ("attribution", "end"), ("structure", "current")],
    &[("by", "severity,diagnosis_group"), ("comparison", "locf"), ("period", "rolling12"), ("to", "2024-12-31")],
];

/// A report with what it was asked for.
pub(super) struct Made {
    /// Its name.
    pub(super) name: &'static str,
    /// Which of the choices.
    pub(super) choice: Choice,
    /// The report.
    pub(super) report: Report,
}

/// The moment of every report: a while after the deliveries.
pub(super) fn as_of() -> Timestamp {
    deliveries::at() + 48.hours()
}

/// Every report from facts.
fn of(facts: &Arc<Facts>, name: &'static str, choice: Choice) -> Made {
    let lists = CodeLists::builtin();
    let data = ReportData { facts: Arc::clone(facts), lists: &lists, thresholds: lists.thresholds(), as_of: as_of() };
    let report = build(name.parse().unwrap(), &data, &parameters(choice)).unwrap();
    Made { name, choice, report }
}

fn parameters(choice: Choice) -> Parameters {
    Parameters::from_pairs(choice.iter().copied()).unwrap()
}

/// Every report under every choice, each from the facts that the program reads for it.
pub(super) async fn every_report(store: &Arc<dyn Store>) -> Vec<Made> {
    // Without them there are no rates by sex to ask for.
    store.take_in(Reference::Populations(&inhabitants(2024)), deliveries::at()).await.unwrap();
    let reader = Reader::new(Arc::clone(store), &CodeLists::builtin());
    let mut made = Vec::new();
    for definition in ALL {
        for choice in CHOICES {
            let facts = reader.facts(definition.name.parse().unwrap(), &parameters(choice), as_of()).await.unwrap();
            made.push(of(&facts, definition.name, choice));
        }
    }
    made
}

/// The reports that these facts make otherwise.
pub(super) fn changed(made: &[Made], facts: Facts) -> BTreeSet<&'static str> {
    let facts = Arc::new(facts);
    let differs = |one: &&Made| written(&of(&facts, one.name, one.choice).report) != written(&one.report);
    made.iter().filter(differs).map(|one| one.name).collect()
}

/// A report in both of its exact forms.
pub(super) fn written(report: &Report) -> String {
    render::csv(report).unwrap() + &render::json(report).unwrap()
}
