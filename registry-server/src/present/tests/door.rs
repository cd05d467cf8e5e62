//! A unit's own page: the figures of its reports, and nothing of another unit.

use axum::http::StatusCode;
use jiff::SignedDuration;
use schemas::language::Language;

use super::world::World;
use super::years::frozen;
use crate::aggregate::whose::Whose;
use crate::report::{Parameters, Report, ReportData, ReportName, beside};
use crate::store::CutStep;

const UNIT: &str = "SE9990010000-E001";

/// A report over the unit's treatments, made here.
async fn own(world: &World, name: &str, pairs: &[(&str, &str)]) -> Report {
    let registry = &world.registry;
    let parsed: ReportName = name.parse().unwrap();
    let asked = Parameters::from_pairs([("by", "")].iter().chain(pairs).copied()).unwrap();
    let facts = registry.store.facts(&parsed.parts(&asked)).await.unwrap().into();
    let (thresholds, as_of) = (registry.lists.thresholds(), registry.environment.now());
    let data = ReportData { facts, lists: &registry.lists, thresholds, as_of };
    beside::own(parsed, &data, &asked, &Whose::Units(vec![UNIT.parse().unwrap()])).unwrap()
}

fn last(report: &Report, column: &str) -> String {
    let place = report.columns.iter().position(|known| known == column).unwrap();
    report.text(report.rows.last().unwrap(), place, Language::Sv)
}

#[tokio::test]
async fn a_unit_s_page_tells_12_and_36_months_what_changed_and_region_and_country_as_published() {
    let world = frozen().await;
    // The fixture's last treatments ended in the autumn of 2020.
    world.pass(-SignedDuration::from_hours(24 * 365 * 6));
    let cookie = world.signed_in(&format!("unit:{UNIT}")).await;
    let page = world.get("/", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("Enhetens egna siffror") && page.text.contains("ingenting publicerat"), "{}", page.text);
    let (short, long) = (
        own(&world, "groups", &[("period", "rolling12")]).await,
        own(&world, "groups", &[("period", "rolling36")]).await,
    );
    let before = own(&world, "groups", &[("period", "rolling12"), ("to", "2020-09-30")]).await;
    assert_ne!(last(&short, "n_started"), last(&long, "n_started"));
    for (name, report) in [("12 månader", &short), ("36 månader", &long), ("12 månader till 2020-09-30", &before)] {
        let figures = ["n_started", "n_persons", "completed_p"].map(|column| last(report, column));
        let row =
            format!("<th scope=\"row\">{name}</th><td class=\"n\">{}</td>", figures.join("</td><td class=\"n\">"));
        assert!(page.text.contains(&row), "{row}: {}", page.text);
    }
    let phq = own(&world, "outcomes", &[("period", "rolling36"), ("instrument", "PHQ-9")]).await;
    let (pairs, change) = (last(&phq, "n_paired"), last(&phq, "mean_change"));
    assert!(
        page.text.contains("PHQ-9, före och efter") && page.text.contains(&format!("<td class=\"n\">{change}</td>")),
        "{pairs} {change}"
    );
    let added = own(&world, "groups", &[("from", "2020-10-01")]).await;
    let added = added.rows.last().map_or_else(|| "0".to_owned(), |_| last(&added, "n_started"));
    assert!(page.text.contains(&format!("<strong>{added}</strong>")) && page.text.contains("2020-09-30"), "{added}");
    assert!(page.text.contains("Hur fullständiga uppgifterna är") && !page.text.contains("E002"));

    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let page = world.get("/?lang=en", &cookie).await.text;
    assert!(page.contains("Region, as published") && page.contains("Country, as published"), "{page}");
    assert!(page.contains("<td class=\"n\">237</td>"), "all treatments, as they were published: {page}");
}

#[tokio::test]
async fn a_unit_of_which_nothing_ended_lately_reads_that_there_are_none_and_no_empty_place() {
    // The clock stands six years after the fixture's last treatment.
    let world = frozen().await;
    let cookie = world.signed_in(&format!("unit:{UNIT}")).await;
    for (address, none, nothing) in [
        ("/", "12 månader: inga behandlingar", "12 månader: inga behandlingar under perioden (0)."),
        ("/?lang=en", "12 months: no treatments", "12 months: no treatments in the period (0)."),
    ] {
        let page = world.get(address, &cookie).await.text;
        let row =
            format!("<th scope=\"row\">{none}</th><td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\">–</td>");
        assert!(page.contains(&row), "{row}: {page}");
        assert!(page.contains(nothing), "{nothing}: {page}");
        assert!(!page.contains("<td class=\"n\"></td>") && !page.contains("<tbody></tbody>"), "{page}");
    }
}
