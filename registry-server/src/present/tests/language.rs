//! Which language a page is in.

use schemas::language::Language;

use super::world::{PASSWORD, World};

const SWEDISH: &str = "<html lang=\"sv\">";
const ENGLISH: &str = "<html lang=\"en\">";

#[tokio::test]
async fn whoever_reads_english_at_first_gets_it_once_signed_in_and_a_click_still_wins() {
    let world = World::new().await;
    let token = world.invite_in("eva@example.se", "staff", Language::En).await;
    let secret = world.equipped(&token).await;
    let session = world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.cookie();
    let swedish = world.signed_in("staff").await;
    for (path, cookies, expected) in [
        ("/account", session.clone(), ENGLISH),
        ("/nowhere", session.clone(), ENGLISH),
        ("/account?lang=sv", session.clone(), SWEDISH),
        ("/account", format!("{session}; __Host-language=sv"), SWEDISH),
        ("/account", format!("{swedish}; __Host-language=en"), ENGLISH),
        ("/account", swedish, SWEDISH),
        ("/sign-in", String::new(), SWEDISH),
    ] {
        let page = world.get(path, &cookies).await;
        assert!(page.text.contains(expected), "{path} {cookies}: {}", page.text);
    }
}
