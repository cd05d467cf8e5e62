//! The catalogue: every variable, a search, files, and what is published of how much there is.

use super::world::World;
use super::years::frozen;
use crate::catalogue;
use crate::store::CutStep;

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
