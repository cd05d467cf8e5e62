//! Pages of some of the treatments: whoever has all of them exactly chooses freely, a region and a unit among their own, others nothing.

use axum::http::StatusCode;
use serde_json::Value;

use super::world::World;
use super::years::frozen;
use crate::report::render;
use crate::store::CutStep;

/// Region and treatments of each row of the report of treatments.
async fn treatments(world: &World, cookie: &str, query: &str) -> Vec<(String, u64)> {
    let seen = world.get(&format!("/api/v1/reports/groups?{query}"), cookie).await;
    assert_eq!(seen.status, StatusCode::OK, "{query}: {}", seen.text);
    let document: Value = serde_json::from_str(&seen.text).unwrap();
    let name = |row: &Value| {
        let texts = ["whose", "region", "programme"].map(|column| row[column].as_str().unwrap_or_default());
        texts.join(" ").trim().to_owned()
    };
    let rows = document["rows"].as_array().unwrap().iter();
    let counted = rows.map(|row| (name(row), row["n_started"].as_u64().unwrap_or(u64::MAX)));
    counted.filter(|(_, n)| *n > 0).collect()
}

fn told(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

#[tokio::test]
async fn staff_see_one_programme_exactly_and_the_choice_stays_in_form_file_links_and_tabs() {
    let world = frozen().await;
    let staff = world.signed_in("staff").await;
    let asked = "by=region&programme=depressionshjalpen";
    assert_eq!(treatments(&world, &staff, asked).await, told(&[("01", 42), ("12", 18), ("14", 8), ("ALL", 68)]));
    let both = treatments(&world, &staff, "by=programme&region=14&programme=depressionshjalpen").await;
    assert_eq!(both, told(&[("depressionshjalpen", 8), ("ALL", 8)]));

    let page = world.get("/outcomes?programme=depressionshjalpen&by=region&instrument=PHQ-9", &staff).await;
    assert_eq!(page.status, StatusCode::OK);
    for says in [
        "Urval: Program: Depressionshjälpen.",
        "<option value=\"depressionshjalpen\" selected>Depressionshjälpen</option>",
        "<option value=\"12\">12 Skåne</option>",
        "<option value=\"F\">kvinnor</option>",
        "<option value=\"insomnia\">sömnsvårigheter</option>",
        "programme=depressionshjalpen\">Länk till det här urvalet",
        "href=\"/outcomes?show=trajectory&#38;programme=depressionshjalpen\"",
    ] {
        let text = page.text.replace("&amp;", "&#38;");
        assert!(text.contains(says), "{says}: {text}");
    }
    let desk = crate::present::Desk::new(world.registry.clone(), None);
    let pairs = [("by", "region"), ("instrument", "PHQ-9"), ("programme", "depressionshjalpen")];
    let report = desk.whole("outcomes", crate::report::Parameters::from_pairs(pairs).unwrap()).await.unwrap();
    let file = world.get("/outcomes.csv?programme=depressionshjalpen", &staff).await.text;
    assert_eq!(file, render::csv(&report).unwrap());
    assert_ne!(file, world.get("/outcomes.csv", &staff).await.text);
    let english = world.get("/outcomes?programme=depressionshjalpen&sex=F,M&lang=en", &staff).await.text;
    assert!(english.contains("Selection: Programme: Depressionshjälpen; Sex: women, men."), "{english}");
    for path in ["/outcomes?programme=depression", "/quality?sex=F", "/outcomes?unit=%3Cscript%3E", "/units?region=99"]
    {
        assert_eq!(world.get(path, &staff).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in
        ["/units?programme=oroshjalpen", "/coverage?region=12", "/quality?region=12", "/outcomes?show=waiting&sex=F"]
    {
        let page = world.get(path, &staff).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.contains("Urval: "), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn a_region_s_reader_chooses_among_its_own_and_nothing_stands_beside() {
    let world = frozen().await;
    let region = world.signed_in("region:12").await;
    let unfiltered = treatments(&world, &region, "by=region").await;
    assert!(unfiltered.iter().any(|(name, _)| name.starts_with("country")), "{unfiltered:?}");
    for (query, own) in [
        ("by=region&programme=depressionshjalpen", 18),
        ("by=region&programme=depressionshjalpen,oroshjalpen", 83),
        ("by=region&region=12", 83),
        ("by=region&unit=SE9990120000-E001", 23),
    ] {
        let seen = treatments(&world, &region, query).await;
        assert_eq!(seen, told(&[("own 12", own), ("own ALL", own)]), "{query}");
    }
    assert_eq!(treatments(&world, &region, "by=region&region=01").await, []);
    assert_eq!(treatments(&world, &region, "by=region&unit=SE9990010000-E001").await, []);
    for path in ["/outcomes", "/units", "/coverage"] {
        let page = world.get(&format!("{path}?programme=depressionshjalpen"), &region).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.contains("Bara egna siffror"), "{path}: {}", page.text);
        assert!(!page.text.contains(">riket<") && !page.text.contains(">andras<"), "{path}: {}", page.text);
        assert!(!page.text.contains("<option value=\"SE9990010000"), "{path}: {}", page.text);
        assert!(!page.text.contains("name=\"region\""), "{path}: {}", page.text);
    }
    let staff = world.signed_in("staff").await;
    let page = world.get("/outcomes", &staff).await.text;
    let units = ["SE9990010000-E001", "SE9990120000-E001"];
    assert!(units.iter().all(|unit| page.contains(&format!("<option value=\"{unit}\""))), "{page}");
    let narrowed = world.get("/outcomes?region=12", &staff).await.text;
    assert!(narrowed.contains(&format!("<option value=\"{}\"", units[1])), "{narrowed}");
    assert!(!narrowed.contains(&format!("<option value=\"{}\"", units[0])), "{narrowed}");
}

#[tokio::test]
async fn a_unit_chooses_among_its_own_and_what_is_published_is_published_whole() {
    let world = frozen().await;
    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let (unit, researcher) = (world.signed_in("unit:SE9990010000-E001").await, world.signed_in("researcher").await);
    let whole = treatments(&world, &unit, "by=").await;
    assert!(whole.iter().any(|(name, _)| name == "country"), "{whole:?}");
    assert_eq!(treatments(&world, &unit, "by=&programme=depressionshjalpen").await, told(&[("own", 14)]));
    for path in ["/outcomes?programme=depressionshjalpen", "/units?sex=F", "/api/v1/reports/groups?by=region&region=12"]
    {
        assert_eq!(world.get(path, &researcher).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let page = world.get("/outcomes", &researcher).await.text;
    assert!(page.contains("<select name=\"by\"") && !page.contains("<select name=\"programme\""), "{page}");
}
