//! Another threshold set recomputes every figure, beside a recount under the same set, and every figure names its set.

use recount::{Cohort, Period, Selection, Table, compare, recount};
use schemas::codelist::CodeLists;

use super::chronicle::{begin, deliver, said, standing};
use super::engines;
use super::recounted::input_under;
use crate::fact::Part;
use crate::report::{Parameters, ReportData, build, render};

/// Three instruments with other cut-offs than the register's own.
const SET: &str = "\
instrument,lowest,highest,integer,higher_is_better,caseness_from,remission_to,reliable_change,reliability
PHQ-9,0,27,true,false,12,6,5,0.8
GAD-7,0,21,true,false,10,,6,0.87
MADRS-S,0,54,true,false,20,12,,0.9
";

#[tokio::test]
async fn another_threshold_set_recomputes_every_figure_and_stands_beside_it() {
    let seed = 91;
    let (_folder, [store, _]) = engines().await;
    begin(&*store).await;
    deliver(&*store, &said(seed), 0).await;
    let facts = std::sync::Arc::new(store.facts(Part::ALL).await.unwrap());
    let lists = CodeLists::builtin();
    let selection = Selection { cohort: Cohort::Ended, period: Period::All };
    let expected = recount(&input_under(&standing(seed), SET), selection).unwrap();
    let parameters = Parameters::from_pairs([("comparison", "all")]).unwrap();
    // Groups hang on no cut-off.
    for report in [recount::Report::Outcomes, recount::Report::Composite, recount::Report::Funnel] {
        let made = |thresholds| {
            let as_of = "2026-01-01T00:00:00Z".parse().unwrap();
            let data = ReportData { facts: std::sync::Arc::clone(&facts), lists: &lists, thresholds, as_of };
            build(report.name().parse().unwrap(), &data, &parameters).unwrap()
        };
        let other = made(lists.thresholds().overlaid("sets/other-2025.csv", SET).unwrap());
        let differences = |made| {
            let printed = Table::from_csv(&render::csv(made).unwrap()).unwrap();
            compare(expected.table(report), &printed, report.keys())
        };
        assert_eq!(differences(&other), [], "{}", report.name());
        assert!(other.parameters.contains(&("thresholds", Some("other-2025".to_owned()))));
        for form in [
            render::json(&other).unwrap(),
            render::table(&other, schemas::language::Language::En),
            render::html(&other, schemas::language::Language::Sv),
        ] {
            assert!(form.contains("other-2025") && !form.contains("siber-2026"), "{}", report.name());
        }
        assert_ne!(
            differences(&made(lists.thresholds())),
            [],
            "{}: the register's own set gives other figures",
            report.name()
        );
    }
}
