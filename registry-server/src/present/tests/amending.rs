//! A request that amends another: what its page shows, and who decides on it.

use super::extracts::{another, built, filled, handed_in, post, step};
use super::world::World;
use crate::request::form::Table;
use crate::request::{Standing, Step};

fn table(split_by: &str, measure: &str) -> Table {
    Table { split_by: vec![split_by.to_owned()], measure: measure.to_owned(), ..Table::default() }
}

#[tokio::test]
async fn a_change_is_a_new_request_whose_page_shows_the_difference_and_two_others_decide_on_it() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let first = another(&world, "bo@example.se", "approver").await;
    let second = another(&world, "kim@example.se", "approver").await;
    let early = world.get("/extracts/new?amends=1", &asks).await.text;
    assert!(early.contains("därifrån kan det inte göras"), "nobody has agreed to it: {early}");
    for approver in [&first, &second] {
        step(&world, approver, Step::Approved, "").await;
    }
    assert!(world.get("/extracts/1", &asks).await.text.contains("href=\"/extracts/new?amends=1\""));
    assert!(!world.get("/extracts/1", &first).await.text.contains("amends=1"), "it is not theirs");
    let form = world.get("/extracts/new?amends=1", &asks).await.text;
    assert!(form.contains("action=\"/extracts/new?amends=1\"") && form.contains("Uppfunna universitetet"), "{form}");
    assert!(form.contains("/extracts/new?amends=1&#38;lang=en") || form.contains("amends=1&amp;lang=en"), "{form}");

    let path = "/extracts/new?amends=1";
    assert_eq!(post(&world, path, &asks, &filled(|_| (), "save")).await.leads(), "/extracts/2");
    let same = world.post("/extracts/2/step", &asks, &[("step", "submitted")]).await.text;
    assert!(same.contains("inget skiljer sig från begäran som ska ändras"), "{same}");
    let changed = filled(
        |form| {
            "Ny rubrik".clone_into(&mut form.title);
            form.tables.push(table("sex", "completed"));
        },
        "save",
    );
    assert_eq!(post(&world, "/extracts/2/mend", &asks, &changed).await.leads(), "/extracts/2");
    assert_eq!(world.post("/extracts/2/step", &asks, &[("step", "submitted")]).await.leads(), "/extracts/2");
    let seen = world.get("/extracts/2", &first).await.text;
    for part in [
        "Skillnaden mot begäran <a href=\"/extracts/1\">1</a>",
        "Projektets rubrik</th><td><bdi>Uppföljning efter behandling</bdi></td><td><bdi>Ny rubrik</bdi></td>",
        "oförändrad, redan beslutad</th><td>Personer; uppdelat på region</td><td>Personer; uppdelat på region</td>",
        "tillagd</th><td>–</td><td>Fullföljda; uppdelat på kön</td>",
    ] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    assert_eq!(seen.matches("<th scope=\"row\">Projektets").count(), 1, "nothing else differs: {seen}");
    assert!(!world.get("/extracts/1", &first).await.text.contains("id=\"difference\""), "it amends none");
    let own = world.post("/extracts/2/step", &asks, &[("step", "approved")]).await.text;
    assert!(own.contains("Ingen beslutar om sin egen begäran"), "{own}");
    for approver in [&first, &second] {
        assert_eq!(world.post("/extracts/2/step", approver, &[("step", "approved")]).await.leads(), "/extracts/2");
    }
    let (registry, now) = (&world.registry, world.registry.environment.now());
    let requests = registry.store.requests().await.unwrap();
    let standings: Vec<Standing> = requests.iter().map(|request| request.standing(now)).collect();
    assert_eq!(standings, [Standing::Approved, Standing::Approved], "the first stays as it was decided");
    let page = world.get("/extracts/1", &first).await.text;
    assert!(page.contains("Begäran 2, som ändrar den här, är godkänd") && !page.contains("value=\"built\""), "{page}");
    let refused = step(&world, &first, Step::Built, "").await.text;
    assert!(refused.contains("har trätt i dess ställe; den här kan varken byggas"), "{refused}");
    assert_eq!(registry.store.job(1).await.unwrap(), None, "nobody is to build it");
    let again = world.get("/extracts/new?amends=1", &asks).await.text;
    assert!(again.contains("har trätt i dess ställe") && !again.contains("<fieldset"), "{again}");
    let own = world.get("/extracts/2", &first).await.text;
    assert!(own.contains("value=\"built\"") && !own.contains("trätt i dess ställe"), "{own}");
}

#[tokio::test]
async fn an_amendment_is_neither_handed_in_nor_agreed_to_once_the_other_is_taken_back() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let first = another(&world, "bo@example.se", "approver").await;
    let second = another(&world, "kim@example.se", "approver").await;
    for approver in [&first, &second] {
        step(&world, approver, Step::Approved, "").await;
    }
    let changed = filled(|form| "Ny rubrik".clone_into(&mut form.title), "save");
    for number in ["2", "3"] {
        let drafted = post(&world, "/extracts/new?amends=1", &asks, &changed).await;
        assert_eq!(drafted.leads(), format!("/extracts/{number}"));
    }
    let take = async |number: u32, cookie: &str, step: Step| {
        world.post(&format!("/extracts/{number}/step"), cookie, &[("step", step.word())]).await
    };
    assert_eq!(take(2, &asks, Step::Submitted).await.leads(), "/extracts/2");
    assert_eq!(take(2, &first, Step::Approved).await.leads(), "/extracts/2", "while the other stands");
    assert_eq!(take(1, &asks, Step::Withdrawn).await.leads(), "/extracts/1");
    for (number, cookie, step) in [(3, &asks, Step::Submitted), (2, &second, Step::Approved)] {
        let told = take(number, cookie, step).await.text;
        assert!(told.contains("Begäran som skulle ändras är återtagen och kan inte ändras längre"), "{told}");
    }
    let request = world.registry.store.request(2).await.unwrap().unwrap();
    assert_eq!(request.standing(world.registry.environment.now()), Standing::Submitted);
}

#[tokio::test]
async fn tables_that_were_built_are_not_released_once_an_amendment_is_agreed_to() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let first = another(&world, "bo@example.se", "approver").await;
    let second = another(&world, "kim@example.se", "approver").await;
    for approver in [&first, &second] {
        step(&world, approver, Step::Approved, "").await;
    }
    built(&world).await;
    assert!(world.get("/extracts/1", &first).await.text.contains("value=\"released\""));
    let changed = filled(|form| "Ny rubrik".clone_into(&mut form.title), "save");
    assert_eq!(post(&world, "/extracts/new?amends=1", &asks, &changed).await.leads(), "/extracts/2");
    for (cookie, step) in [(&asks, "submitted"), (&first, "approved"), (&second, "approved")] {
        assert_eq!(world.post("/extracts/2/step", cookie, &[("step", step)]).await.leads(), "/extracts/2");
    }
    let told = step(&world, &first, Step::Released, "").await.text;
    assert!(told.contains("har trätt i dess ställe") && !told.contains("value=\"released\""), "{told}");
    assert_eq!(world.post("/extracts/2/step", &asks, &[("step", "withdrawn")]).await.leads(), "/extracts/2");
    assert_eq!(step(&world, &first, Step::Released, "").await.leads(), "/extracts/1", "once that is taken back");
}

#[tokio::test]
async fn nobody_amends_what_is_not_theirs_and_no_form_says_by_itself_what_it_amends() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let other = another(&world, "lo@example.se", "researcher").await;
    for number in ["1", "7", "x"] {
        let path = format!("/extracts/new?amends={number}");
        assert_eq!(world.get(&path, &other).await.status, 404, "{path}");
    }
    let refused = post(&world, "/extracts/new?amends=1", &other, &filled(|_| (), "save")).await;
    assert_eq!(refused.status, 403);
    let mut forged = filled(|_| (), "save");
    forged.push(("amends".to_owned(), "1".to_owned()));
    assert_eq!(post(&world, "/extracts/new", &asks, &forged).await.leads(), "/extracts/2");
    let request = world.registry.store.request(2).await.unwrap().unwrap();
    assert_eq!(request.form().unwrap().amends, None);
}
