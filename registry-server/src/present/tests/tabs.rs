//! Further tables of a page: their charts, their table and file, and who may choose them.

use axum::http::StatusCode;
use schemas::language::Language;

use super::world::World;
use crate::present::Desk;
use crate::report::tests::engines::deliveries::deliver_fixture;
use crate::report::{Parameters, render};
use crate::yearbook;

#[tokio::test]
async fn each_table_of_a_page_is_chosen_by_its_address_and_stands_with_its_charts_and_its_file() {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    let cookie = world.signed_in("staff").await;
    let desk = Desk::new(world.registry.clone(), None);
    let phq = ("instrument", "PHQ-9");
    for (path, name, pairs, heading) in [
        ("/outcomes", "trajectory", vec![("by", ""), phq], "Skattningar före, efter och vid uppföljning"),
        ("/outcomes", "flow", vec![("by", ""), phq], "Från remiss till uppföljning"),
        ("/outcomes", "deciles", vec![("by", ""), phq, ("period", "year")], "Utveckling och spridning över tid"),
        ("/outcomes", "composite", vec![("by", "programme"), ("comparison", "paired")], "Depression och ångest"),
        ("/outcomes", "waiting", vec![("by", "region")], "Väntan från remiss till start"),
        ("/quality", "trajectory", vec![("by", "region"), phq], "Hur många som skattade sig"),
        ("/quality", "data-quality", vec![("by", "")], "Hur fullständiga och riktiga"),
    ] {
        let report = desk.whole(name, Parameters::from_pairs(pairs).unwrap()).await.unwrap();
        let page = world.get(&format!("{path}?show={name}"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path} {name}");
        assert!(page.text.contains(&format!("<h1>{heading}")), "{heading}: {}", page.text);
        let charts = yearbook::charts_of(&report, Language::Sv);
        let shown = page.text.matches("<svg class=\"chart\"").count();
        assert_eq!(shown, charts.len().min(12), "{path} {name}");
        assert!(charts.iter().take(12).all(|chart| page.text.contains(chart.as_str())), "{path} {name}");
        assert!(shown > 0 || name == "waiting", "the example tells no referrals; {path} {name} has charts");
        assert!(page.text.contains("aria-current=\"true\""), "{path} {name}");
        let file = world.get(&format!("{path}.csv?show={name}"), &cookie).await;
        assert_eq!(file.text, render::csv(&report).unwrap(), "{path} {name}");
    }
}

#[tokio::test]
async fn scores_are_no_table_of_the_quality_page_for_who_may_not_read_outcomes() {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    for role in ["auditor", "admin", "region:12"] {
        let cookie = world.signed_in(role).await;
        let page = world.get("/quality?show=trajectory", &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        assert!(page.text.contains("<h1>Hur fullständiga och riktiga"), "{role}: {}", page.text);
        assert!(!page.text.contains("href=\"/quality?show=trajectory\""), "{role}: {}", page.text);
    }
    let cookie = world.signed_in("staff").await;
    assert!(world.get("/quality", &cookie).await.text.contains("href=\"/quality?show=trajectory\""));
}
