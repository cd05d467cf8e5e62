//! Who sees what of whose: regions and units their own exactly, others' protected, sums rounded; researchers what is published.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::Value;

use super::world::World;
use super::years::frozen;
use crate::store::CutStep;

/// The rows of a report as somebody reads it, by whose they are, or `all`, and region.
async fn rows(world: &World, cookie: &str, (path, columns): (&str, &[&str])) -> BTreeMap<String, Vec<Value>> {
    let seen = world.get(path, cookie).await;
    assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.text);
    let document: Value = serde_json::from_str(&seen.text).unwrap();
    let rows = document["rows"].as_array().unwrap().iter();
    let name = |row: &Value| {
        let text = |column: &str| row[column].as_str().unwrap_or("all").to_owned();
        format!("{} {}", text("whose"), text("region"))
    };
    rows.map(|row| (name(row), columns.iter().map(|column| row[*column].clone()).collect())).collect()
}

const GROUPS: (&str, &[&str]) = ("/api/v1/reports/groups?by=region", &["n_started", "n_persons", "completed_p"]);
const OUTCOMES: (&str, &[&str]) =
    ("/api/v1/reports/outcomes?by=region&instrument=PHQ-9", &["n_paired", "mean_change", "recovery_n"]);

const UNDIVIDED: (&str, &[&str]) = ("/api/v1/reports/groups?by=", &["n_started", "n_persons"]);

fn count(figure: &Value) -> u64 {
    figure.as_u64().unwrap_or_else(|| panic!("{figure}"))
}

#[tokio::test]
async fn a_region_has_its_own_figures_exactly_others_protected_and_the_country_s_rounded() {
    let world = frozen().await;
    let staff = world.signed_in("staff").await;
    let senders = world.registry.store.senders().await.unwrap();
    let codes: Vec<String> = senders.iter().map(|sender| sender.code.to_string()).collect();
    let (own, other) = (&codes[0], &codes[1]);
    let region = world.signed_in(&format!("region:{own}")).await;
    for asked in [GROUPS, OUTCOMES] {
        let exact = rows(&world, &staff, asked).await;
        let seen = rows(&world, &region, asked).await;
        assert_eq!(seen[&format!("own {own}")], exact[&format!("all {own}")], "the own row is exact");
        assert!(!seen.contains_key(&format!("own {other}")), "{seen:?}");
        let (all, shown) = (count(&exact["all ALL"][0]), count(&seen["country ALL"][0]));
        assert!(shown.is_multiple_of(5) && shown.abs_diff(all) < 3 && shown != all, "{shown} for {all}");
        assert_eq!(seen["own ALL"], exact[&format!("all {own}")], "its own total");
        for code in &codes[1..] {
            let (theirs, exact) = (&seen[&format!("others {code}")][0], count(&exact[&format!("all {code}")][0]));
            let few = exact < if asked.0 == GROUPS.0 { 5 } else { 10 };
            assert!(theirs.as_u64() == Some(exact) || *theirs == serde_json::json!({ "hidden": true }), "{theirs}");
            assert!(!few || theirs.as_u64() != Some(exact), "staff see {exact}, a region must not");
        }
    }
}

#[tokio::test]
async fn a_region_s_page_its_file_and_its_document_hold_the_same_and_no_other_split_tells_of_others() {
    let world = frozen().await;
    let staff = world.signed_in("staff").await;
    let region = world.signed_in("region:01").await;
    let exact = rows(&world, &staff, OUTCOMES).await;
    let page = world.get("/outcomes", &region).await.text;
    assert!(page.contains("avrundade till närmaste femtal") && page.contains(">riket<"), "{page}");
    let own = exact["all 01"][1].as_f64().unwrap();
    assert!(page.contains(&schemas::language::Language::Sv.number(own, 2)), "{own}: {page}");
    let file = world.get("/outcomes.csv", &region).await.text;
    let whose: Vec<&str> = file.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert!(["own", "others", "country"].iter().all(|one| whose.contains(one)), "{file}");
    for path in ["/outcomes.csv?by=unit", "/outcomes.csv?by=region,sex", "/outcomes.csv?by=region&from=2016-01-01"] {
        let file = world.get(path, &region).await.text;
        assert!(
            file.lines().count() > 1 && file.lines().skip(1).all(|line| line.starts_with("own,")),
            "{path}: {file}"
        );
    }
    let funnel = world.get("/units.csv", &region).await.text;
    let mut units = funnel.lines().skip(1).filter(|line| line.split(',').nth(1) == Some("unit"));
    assert!(funnel.lines().count() > 1 && units.all(|line| line.contains("SE99900100")), "{funnel}");
}

#[tokio::test]
async fn a_unit_has_its_own_figures_beside_region_and_country_as_published_and_nothing_before() {
    let world = frozen().await;
    let (staff, unit) = (world.signed_in("staff").await, world.signed_in("unit:SE9990010000-E001").await);
    let before = rows(&world, &unit, UNDIVIDED).await;
    assert_eq!(before.keys().collect::<Vec<_>>(), ["own all"], "nothing is published");
    let exact = world.get("/api/v1/reports/groups?by=unit", &staff).await.text;
    let exact: Value = serde_json::from_str(&exact).unwrap();
    let own = exact["rows"].as_array().unwrap().iter().find(|row| row["unit"] == "SE9990010000-E001").unwrap();
    assert_eq!(before["own all"], [own["n_started"].clone(), own["n_persons"].clone()]);

    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let seen = rows(&world, &unit, UNDIVIDED).await;
    assert_eq!(seen.keys().collect::<Vec<_>>(), ["country all", "own all", "region all"]);
    let researcher = world.signed_in("researcher").await;
    let published = rows(&world, &researcher, GROUPS).await;
    assert_eq!(seen["country all"][..], published["all ALL"][..2]);
    assert_eq!(seen["region all"][..], published["all 01"][..2], "as everybody may see them");
    for path in ["/outcomes", "/units", "/coverage", "/quality"] {
        let page = world.get(path, &unit).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("E002"), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn a_researcher_has_what_is_published_and_is_told_when_nothing_is() {
    let world = frozen().await;
    let (staff, researcher) = (world.signed_in("staff").await, world.signed_in("researcher").await);
    let page = world.get("/outcomes", &researcher).await.text;
    assert!(page.contains("Du ser här det som är publicerat") && !page.contains("<table"), "{page}");
    assert_eq!(world.get(GROUPS.0, &researcher).await.status, StatusCode::NOT_FOUND);
    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let (exact, seen) = (rows(&world, &staff, GROUPS).await, rows(&world, &researcher, GROUPS).await);
    let hidden = serde_json::json!({ "hidden": true });
    let mut shown = 0;
    for (name, figures) in &seen {
        let staff = exact[name][0].clone();
        assert!(figures[0] == staff || figures[0] == hidden, "{name}");
        shown += usize::from(figures[0] != hidden);
    }
    assert!(shown > 1, "{seen:?}");
    let page = world.get("/outcomes", &researcher).await.text;
    assert!(page.contains("Frysta uppgifter: c1 2025") && page.contains("Preliminärt skydd"), "{page}");
    for path in ["/outcomes?by=unit", "/outcomes?from=2024-01-01", "/outcomes.csv?by=region,programme"] {
        assert_eq!(world.get(path, &researcher).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let page = world.get("/coverage", &researcher).await.text;
    assert!(page.contains("Du ser här det som är publicerat"), "{page}");
}
