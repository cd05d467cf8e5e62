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
        let charts = yearbook::of_page(&report, Language::Sv).drawn;
        let shown = page.text.matches("<svg class=\"chart\"").count();
        assert_eq!(shown, charts.len().min(12), "{path} {name}");
        assert!(charts.iter().take(12).all(|chart| page.text.contains(chart.as_str())), "{path} {name}");
        assert!(shown > 0 || name == "waiting", "the example tells no referrals; {path} {name} has charts");
        assert!(page.text.contains("aria-current=\"true\""), "{path} {name}");
        // Charts draw from the report's columns, and the table below them has every one.
        for place in report.keys..report.columns.len() {
            let head = format!("<th class=\"n\" scope=\"col\">{}</th>", report.head(place, Language::Sv));
            let head_first = format!("<th scope=\"col\" class=\"n\">{}</th>", report.head(place, Language::Sv));
            assert!(
                page.text.contains(&head) || page.text.contains(&head_first),
                "{path} {name} {head}: {}",
                page.text
            );
        }
        let file = world.get(&format!("{path}.csv?show={name}"), &cookie).await;
        assert_eq!(file.text, render::csv(&report).unwrap(), "{path} {name}");
    }
}

#[tokio::test]
async fn a_table_of_one_row_is_said_to_have_one_and_a_longer_one_to_have_several() {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    let cookie = world.signed_in("staff").await;
    let desk = Desk::new(world.registry.clone(), None);
    for (by, words) in [("", [" rad)", " row)"]), ("sex", [" rader)", " rows)"])] {
        let parameters = Parameters::from_pairs([("by", by), ("instrument", "PHQ-9")]).unwrap();
        let rows = desk.whole("outcomes", parameters).await.unwrap().rows.len();
        assert_eq!(rows == 1, by.is_empty(), "{rows}");
        for (lang, word) in ["sv", "en"].into_iter().zip(words) {
            let page = world.get(&format!("/outcomes?by={by}&instrument=PHQ-9&lang={lang}"), &cookie).await.text;
            assert!(page.contains(&format!("({rows}{word}</summary>")), "{word}: {page}");
        }
    }
}

#[tokio::test]
async fn a_page_of_several_periods_draws_the_newest_and_says_so_and_one_without_a_chart_says_why() {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    let cookie = world.signed_in("staff").await;
    let said = ["Diagrammen visar den nyaste perioden", "The charts show the newest period"];
    for (lang, said) in ["sv", "en"].into_iter().zip(said) {
        let years =
            world.get(&format!("/outcomes?by=region&instrument=PHQ-9&period=year&lang={lang}"), &cookie).await.text;
        assert!(years.contains(said) && years.contains(" · PHQ-9 · 2020</title>"), "{years}");
        assert!(!years.contains(" · 2019</title>") && !years.contains(" · PHQ-9</title>"), "{years}");
        let all = world.get(&format!("/outcomes?by=region&instrument=PHQ-9&lang={lang}"), &cookie).await.text;
        assert!(!all.contains(said) && all.contains(" · PHQ-9</title>"), "{all}");
    }
    let duplicates = world.get("/quality?show=duplicates", &cookie).await.text;
    assert!(
        duplicates.contains("<p class=\"quiet\">Möjliga dubbletter, antal behandlingar: alla är 0.</p>"),
        "{duplicates}"
    );
    assert!(!duplicates.contains("<figure"), "{duplicates}");
    let units = world.get("/outcomes?by=unit&instrument=PHQ-9&lang=en", &cookie).await.text;
    assert!(units.contains("Units are not drawn, so that no ranking follows"), "{units}");
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
