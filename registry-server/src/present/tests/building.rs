//! The tables of an approved request, built after a press of a button, and what its page tells meanwhile.

use axum::http::StatusCode;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::extracts::{another, handed_in, step};
use super::world::World;
use super::years::frozen_crowd;
use crate::extract::asked::asked;
use crate::extract::build::{BuildError, Source, Told};
use crate::jobs;
use crate::request::form::tests::whole;
use crate::request::{Refusal, Standing, Step};
use crate::store::UserStep;
use crate::store::job::{JobState, Progress};

/// A minute in which a server said nothing.
const SILENCE: SignedDuration = SignedDuration::from_secs(61);

/// An approved request; gives the cookies of whoever asked and of an approver.
async fn approved(world: &World) -> (String, String) {
    let asks = handed_in(world).await;
    let first = another(world, "bo@example.se", "approver").await;
    let second = another(world, "kim@example.se", "approver").await;
    for approver in [&first, &second] {
        assert_eq!(step(world, approver, Step::Approved, "").await.leads(), "/extracts/1");
    }
    (asks, first)
}

/// Lets a server of a name work; tells whether there was anything to do.
async fn works(world: &World, server: &str) -> bool {
    jobs::next(&world.registry, (server, &CancellationToken::new())).await.unwrap()
}

async fn standing(world: &World) -> Standing {
    let registry = &world.registry;
    registry.store.request(1).await.unwrap().unwrap().standing(registry.environment.now())
}

async fn state(world: &World) -> JobState {
    world.registry.store.job(1).await.unwrap().unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_of_the_button_has_the_tables_built_and_the_page_tells_how_far_they_have_come() {
    let world = frozen_crowd().await;
    let (asks, first) = approved(&world).await;
    assert!(!works(&world, "one").await, "nobody asked for it");
    let (own, theirs) = (world.get("/extracts/1", &asks).await.text, world.get("/extracts/1", &first).await.text);
    assert!(theirs.contains("value=\"built\"") && !own.contains("value=\"built\""), "{own}");
    assert!(step(&world, &asks, Step::Built, "").await.text.contains("Ingen beslutar om sin egen begäran"));
    assert_eq!(step(&world, &first, Step::Built, "").await.leads(), "/extracts/1");
    let waits = world.get("/extracts/1", &first).await.text;
    assert!(waits.contains("väntar på att byggas sedan 2026-11-22") && !waits.contains("value=\"built\""), "{waits}");
    assert!(waits.contains("href=\"/extracts/1/building\"") && !waits.contains("http-equiv"), "{waits}");
    let followed = world.get("/extracts/1/building", &first).await.text;
    assert!(followed.contains("<meta http-equiv=\"refresh\" content=\"10\">"), "{followed}");

    // Another server is at it.
    let (store, now) = (&world.registry.store, world.registry.environment.now());
    store.take_job("other", now).await.unwrap().unwrap();
    let far = Progress { table: 2, tables: 3, round: 4, cells: 120 };
    assert!(store.note_job((1, "other"), far, now).await.unwrap());
    assert!(!works(&world, "one").await, "it is another's");
    let theirs = world.get("/extracts/1", &first).await.text;
    assert!(theirs.contains("tabell 2 av 3, omgång 4: 120 celler prövas"), "{theirs}");
    let own = world.get("/extracts/1?lang=en", &asks).await.text;
    assert!(own.contains("are being built: table 2 of 3.") && !own.contains("round 4"), "{own}");
    let again = step(&world, &first, Step::Built, "").await.text;
    assert!(again.contains("Tabellerna byggs redan."), "{again}");

    world.pass(SILENCE);
    assert!(works(&world, "one").await, "the other has been silent for a minute");
    assert_eq!((standing(&world).await, state(&world).await), (Standing::Built, JobState::Done));
    assert!(!works(&world, "one").await, "nothing is left to do");
    let built = world.get("/extracts/1/building", &first).await.text;
    assert!(built.contains("Inget byggs nu.") && !built.contains("http-equiv"), "{built}");
    assert!(world.get("/extracts/1", &first).await.text.contains("value=\"released\""));
    assert_eq!(step(&world, &first, Step::Released, "").await.leads(), "/extracts/1");
    assert!(world.get("/extracts/1/files", &asks).await.text.starts_with("PK"));
    let auditor = world.signed_in("auditor").await;
    super::trail::settle(&world).await;
    let log = world.get("/audit.csv?kind=request", &auditor).await.text;
    assert_eq!(log.matches("1 ska byggas").count(), 1, "who was refused twice asked once: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_comes_again_keeps_no_session_alive_and_is_read_in_the_log_by_the_page_that_leads_there() {
    let world = frozen_crowd().await;
    let (asks, first) = approved(&world).await;
    step(&world, &first, Step::Built, "").await;
    let stranger = another(&world, "ida@example.se", "researcher").await;
    assert_eq!(world.get("/extracts/1/building", &stranger).await.status, StatusCode::NOT_FOUND, "another's request");
    let auditor = world.signed_in("auditor").await;
    assert_eq!(world.get("/extracts/1", &first).await.status, StatusCode::OK);
    for _ in 0..3 {
        assert!(world.get("/extracts/1/building", &first).await.text.contains("väntar på att byggas"));
    }
    super::trail::settle(&world).await;
    let log = world.get("/audit.csv?kind=read", &auditor).await.text;
    assert!(log.contains("/extracts/1") && !log.contains("/extracts/1/building"), "{log}");
    // Five minutes three times: who reads meanwhile stays, who is only told how far it is does not.
    for _ in 0..3 {
        world.pass(SignedDuration::from_mins(5));
        world.get("/extracts/1/building", &first).await;
        world.get("/extracts/1", &asks).await;
    }
    assert_eq!(world.get("/extracts/1/building", &first).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/extracts/1", &asks).await.status, StatusCode::OK, "the control");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_leaves_is_taken_up_by_the_next_and_no_table_is_built_twice() {
    let world = frozen_crowd().await;
    let (_, first) = approved(&world).await;
    step(&world, &first, Step::Built, "").await;
    // The server that began it released its first table, and stopped.
    let registry = &world.registry;
    let stopped = CancellationToken::new();
    stopped.cancel();
    for _ in 0..4 {
        assert!(jobs::next(registry, ("one", &stopped)).await.unwrap());
    }
    assert_eq!(registry.store.job(1).await.unwrap().unwrap().attempts, 0, "a planned stop is no attempt");
    assert_eq!((standing(&world).await, state(&world).await), (Standing::Approved, JobState::Queued));
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let table = asked(&whole().tables[0], &registry.lists).unwrap();
    source.build(&[table], Some(1), || registry.environment.stamp()).await.unwrap();
    let left = registry.store.releases(cut.number).await.unwrap();
    assert_eq!(left.len(), 1);
    world.pass(SILENCE);
    assert!(works(&world, "two").await);
    assert_eq!(standing(&world).await, Standing::Built);
    assert_eq!(registry.store.releases(cut.number).await.unwrap(), left, "it is the table that left before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_held_against_others_is_broken_off_where_the_register_stops() {
    let world = frozen_crowd().await;
    let registry = &world.registry;
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let table = [asked(&whole().tables[0], &registry.lists).unwrap()];
    let stop = CancellationToken::new();
    let tell = |far: Progress| {
        if far.round > 0 {
            stop.cancel();
        }
    };
    let made = source.build_telling((&table, Told { tell: &tell, stop: &stop }), None, || registry.environment.stamp());
    assert!(matches!(made.await, Err(BuildError::Stopped)));
    assert_eq!(registry.store.releases(cut.number).await.unwrap(), [], "nothing of it is kept");
    source.build(&table, None, || registry.environment.stamp()).await.unwrap();
    assert_eq!(registry.store.releases(cut.number).await.unwrap().len(), 1, "the control: it can be built");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_done_says_why_and_can_be_asked_for_again() {
    let bare = World::new().await;
    let (_, first) = approved(&bare).await;
    let told = step(&bare, &first, Step::Built, "").await.text;
    assert!(told.contains("Det finns inget fryst underlag att bygga av än"), "{told}");
    assert!(!works(&bare, "one").await);

    let world = frozen_crowd().await;
    let (asks, first) = approved(&world).await;
    let (store, environment) = (&world.registry.store, &world.registry.environment);
    step(&world, &first, Step::Built, "").await;
    for _ in 0..3 {
        assert!(store.take_job("broken", environment.now()).await.unwrap().is_some(), "it ends its process each time");
        world.pass(SILENCE);
    }
    assert!(works(&world, "one").await);
    let (theirs, own) = (world.get("/extracts/1", &first).await.text, world.get("/extracts/1", &asks).await.text);
    assert!(theirs.contains("misslyckades") && theirs.contains("arbetet bröts tre gånger; begär det igen"), "{theirs}");
    assert!(own.contains("Bygget av tabellerna avbröts") && !own.contains("tre gånger"), "{own}");
    assert!(theirs.contains("value=\"built\""), "it can be asked for again: {theirs}");
    // Whoever asked for it is gone before a server comes to it.
    step(&world, &first, Step::Built, "").await;
    let gone = UserStep::Remove { email: "bo@example.se".to_owned() };
    store.set_user(&gone, environment.stamp()).await.unwrap().unwrap();
    assert!(works(&world, "one").await);
    assert_eq!(state(&world).await, JobState::Failed(Refusal::NotApprover.sentence()));
    assert_eq!(standing(&world).await, Standing::Approved);
    let auditor = world.signed_in("auditor").await;
    super::trail::settle(&world).await;
    for (language, told) in [("sv", "1 kunde inte byggas"), ("en", "1 could not be built")] {
        let log = world.get(&format!("/audit.csv?kind=request&lang={language}"), &auditor).await.text;
        assert_eq!(log.matches(told).count(), 2, "{told}: {log}");
        assert!(!log.contains(&format!("{told}, ")), "no command line did it: {log}");
    }
}
