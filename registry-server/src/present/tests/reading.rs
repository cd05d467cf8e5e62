//! Pages that everybody reads alike.

use super::world::World;
use crate::indicator::definition;

#[tokio::test]
async fn pages_are_swedish_until_english_is_chosen_and_the_choice_is_remembered() {
    let world = World::new().await;
    let swedish = world.get("/accessibility", "").await;
    assert!(
        swedish.text.contains("<html lang=\"sv\">") && swedish.text.contains("kansli@example.se"),
        "{}",
        swedish.text
    );
    assert!(swedish.text.contains("href=\"/accessibility?lang=en\""), "{}", swedish.text);
    let english = world.get("/accessibility?lang=en", "").await;
    assert!(english.text.contains("<html lang=\"en\">") && english.text.contains("Accessibility statement"));
    let cookie = english.headers["set-cookie"].to_str().unwrap();
    let (pair, rest) = cookie.split_once(';').unwrap();
    assert_eq!(pair, "__Host-language=en");
    assert!(rest.contains("Path=/") && rest.contains("Secure") && rest.contains("SameSite=Lax"), "{rest}");
    assert!(world.get("/accessibility", pair).await.text.contains("<html lang=\"en\">"));
    assert!(world.get("/nothing", pair).await.text.contains("There is no such page"));
}

#[tokio::test]
async fn changing_the_language_keeps_the_page_and_what_was_asked_and_an_address_cannot_write_markup() {
    let world = World::new().await;
    let page = world.get("/accessibility?by=region&x=%22%3E%3Cscript%3E&lang=en", "").await.text;
    assert!(page.contains("href=\"/accessibility?by=region&#38;x=%22%3E%3Cscript%3E&#38;lang=sv\""), "{page}");
    assert!(!page.contains("<script"), "{page}");
}

#[tokio::test]
async fn the_definitions_hold_every_measure_with_its_formula_and_worked_example() {
    let world = World::new().await;
    let cookie = world.signed_in("unit:SE9990120000-E001").await;
    for (path, language) in
        [("/definitions", schemas::language::Language::Sv), ("/definitions?lang=en", schemas::language::Language::En)]
    {
        let page =
            world.get(path, &cookie).await.text.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&");
        let page = page.replace("&#39;", "'").replace("&#34;", "\"");
        let unchanged = language.pick("Version 1: oförändrad sedan", "Version 1: unchanged since");
        assert_eq!(page.matches(unchanged).count(), crate::report::ALL.len(), "{page}");
        for entry in definition::all() {
            for text in [entry.formula, entry.meaning.pick(language), entry.example.pick(language), entry.source] {
                assert!(page.contains(text), "{}: {text}", entry.name);
            }
        }
    }
}
