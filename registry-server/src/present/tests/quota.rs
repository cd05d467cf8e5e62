//! How many requests somebody may hand in, as the pages tell it.

use super::extracts::{another, filled, handed_in, post};
use super::world::World;

#[tokio::test]
async fn twelve_requests_are_handed_in_in_twelve_months_and_the_form_tells_how_many_are_left_or_the_day_of_the_next() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let form = async |query: &str| world.get(&format!("/extracts/new{query}"), &asks).await.text;
    assert!(form("").await.contains("Du kan lämna in 11 begäranden till inom tolv månader."));
    let take = async |number: u32, cookie: &str, step: &str| {
        let fields = [("step", step), ("comment", "Säg mer.")];
        world.post(&format!("/extracts/{number}/step"), cookie, &fields).await
    };
    for number in 2..=13 {
        post(&world, "/extracts/new", &asks, &filled(|_| (), "save")).await;
        if number == 12 {
            assert!(form("?lang=en").await.contains("You can hand in one more request."));
        }
        if number < 13 {
            assert_eq!(take(number, &asks, "submitted").await.leads(), format!("/extracts/{number}"));
        }
    }
    let sentence = "På tolv månader lämnar var och en in högst 12 begäranden, och så många är inlämnade. \
        Nästa kan lämnas in 2027-11-22.";
    let told = take(13, &asks, "submitted").await.text;
    assert!(told.contains(sentence), "{told}");
    assert!(form("?lang=sv").await.contains(sentence));
    assert!(form("?lang=en").await.contains("The next can be handed in on 2027-11-22."));
    // What is taken back counts, and what was given back comes again without being counted twice.
    assert_eq!(take(1, &asks, "withdrawn").await.leads(), "/extracts/1");
    assert_eq!(world.registry.store.request(13).await.unwrap().unwrap().steps.len(), 1, "it is a draft yet");
    let first = another(&world, "bo@example.se", "approver").await;
    assert_eq!(take(2, &first, "returned").await.leads(), "/extracts/2");
    assert_eq!(take(2, &asks, "submitted").await.leads(), "/extracts/2");
    // Somebody else has a quota of their own.
    let other = another(&world, "lo@example.se", "researcher").await;
    assert!(world.get("/extracts/new?lang=sv", &other).await.text.contains("Du kan lämna in 12 begäranden till"));
}
