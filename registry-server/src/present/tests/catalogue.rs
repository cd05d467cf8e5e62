//! The catalogue: every variable, a search, files, and what is published of how much there is.

use jiff::civil::date;

use super::world::World;
use super::years::{freeze, frozen};
use crate::catalogue;
use crate::extract::build::Source;
use crate::extract::whole::{Said, stated};
use crate::fact::Denominator;
use crate::report::tests::engines::deliveries::deliver_crowd;
use crate::store::{CutStep, Reference};

#[tokio::test]
async fn the_catalogue_tells_every_variable_finds_by_words_and_says_where_it_finds_none() {
    let world = World::new().await;
    let cookie = world.signed_in("researcher").await;
    let all = catalogue::variables(&world.registry.lists).len();
    let page = world.get("/catalogue", &cookie).await.text;
    assert!(page.contains(&format!("{all} av {all} variabler")) && page.contains("Juridiskt kön."), "{page}");
    assert!(page.contains("Ingenting är publicerat om det än.") && page.contains("<code>age:broad</code>"), "{page}");
    let english = world.get("/catalogue?q=legal+SEX&lang=en", &cookie).await.text;
    assert!(english.contains(&format!("1 of {all} variables")) && english.contains("2 values"), "{english}");
    let none = world.get("/catalogue?q=%3Cskostorlek%3E", &cookie).await.text;
    assert!(
        none.contains("Ingen variabel har alla orden.") && none.contains("value=\"&#60;skostorlek&#62;\""),
        "{none}"
    );
    let document = world.get("/catalogue.json", &cookie).await;
    let document: serde_json::Value = serde_json::from_str(&document.text).unwrap();
    assert_eq!(document["schema"], catalogue::document::SCHEMA);
    assert_eq!(document["variables"].as_array().unwrap().len(), all);
    let book = world.get("/catalogue.xlsx", &cookie).await;
    assert_eq!(book.headers["content-disposition"], "attachment; filename=\"catalogue.xlsx\"");
}

#[tokio::test]
async fn how_much_there_is_is_told_as_it_was_published_and_not_more_exactly() {
    let world = frozen().await;
    let publish = CutStep::Publish { reason: Some("in the test".into()) };
    world.registry.store.step_cut(1, &publish, world.registry.environment.stamp()).await.unwrap();
    let cookie = world.signed_in("researcher").await;
    let page = world.get("/catalogue", &cookie).await.text;
    assert!(page.contains("Behandlingar per år") && !page.contains("Ingenting är publicerat"), "{page}");
    for path in ["/units?by=&period=year", "/outcomes?by=&period=all&instrument=PHQ-9"] {
        let shown = world.get(path, &cookie).await.text;
        let row = shown.split("<tr class=\"sum\">").nth(1).or_else(|| shown.split("<tbody>").nth(1)).unwrap();
        let cell = row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap();
        assert!(page.contains(&format!("<td class=\"n\">{cell}<")), "{path}: {cell}: {page}");
    }
    for words in ["Täckningsgrad: ingen källa utanför registret.", "Frysta uppgifter: c1", "Preliminärt skydd"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let staff = world.signed_in("staff").await;
    let again = world.get("/catalogue", &staff).await.text;
    let tables = |page: &str| page.split_once("Behandlingar per år").unwrap().1.to_owned();
    assert_eq!(tables(&again), tables(&page), "who may see exact figures sees none here");
}

#[tokio::test]
async fn how_whole_a_data_set_is_is_told_by_region_and_instrument_once_an_extract_was_made_of_it_and_stays_so() {
    let world = World::new().await;
    let registry = &world.registry;
    deliver_crowd(&*registry.store).await;
    let told = |region: &str, ended| Denominator {
        region: region.to_owned(),
        unit: None,
        programme: None,
        month: "2024-05".to_owned(),
        ended,
        source: "somebody outside".to_owned(),
        date: date(2024, 6, 1),
    };
    let outside = [told("01", 181), told("12", 151)];
    registry.store.take_in(Reference::Denominators(&outside), registry.environment.stamp().at).await.unwrap();
    freeze(&world).await;
    let cookie = world.signed_in("researcher").await;
    let before = world.get("/catalogue?lang=en", &cookie).await.text;
    assert!(!before.contains("How complete the data are"), "nothing was stated yet");
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let made = stated(&source, registry.environment.stamp().at).await.unwrap();
    let said = |name: &str, code: &str| {
        let one = made.iter().find(|one| one.statement.name == name).unwrap();
        one.lines.iter().find(|line| line.0 == code).map(|line| line.2)
    };
    // 150 of 181 treatments; of the other region all but one, which is not told.
    assert_eq!(said("coverage", "01"), Some(Said::Percent(83)));
    assert_eq!(said("coverage", "12"), Some(Said::Hidden));
    assert_eq!(said("transfer", "01"), Some(Said::Untold));
    // Of 300 with a score before 76 have none after.
    assert_eq!(said("missing_second", "PHQ-9"), Some(Said::Percent(25)));
    let page = world.get("/catalogue?lang=en", &cookie).await.text;
    for row in [
        "<th scope=\"row\">Region Stockholm (01)</th><td class=\"n\">83 per cent</td>",
        "<th scope=\"row\">PHQ-9</th><td class=\"n\">25 per cent</td>",
    ] {
        assert!(page.contains(row), "{row}: {page}");
    }
    assert!(page.contains("(12)</th><td class=\"n\">*</td>"), "{page}");
    let document: serde_json::Value = serde_json::from_str(&world.get("/catalogue.json", &cookie).await.text).unwrap();
    let whole = &document["whole"];
    let percent = |statement: usize, code: &str| {
        let of = whole["statements"][statement]["of"].as_array().unwrap();
        of.iter().find(|line| line["code"] == code).unwrap()["percent"].clone()
    };
    assert_eq!((&whole["cut"], percent(0, "01"), percent(2, "PHQ-9")), (&"c1".into(), 83.into(), 25.into()));
    assert_eq!(percent(0, "12"), serde_json::json!({ "hidden": true }));
    let again = stated(&source, registry.environment.stamp().at).await.unwrap();
    assert_eq!(format!("{again:?}"), format!("{made:?}"));
}
