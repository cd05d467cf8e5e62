//! Requests for extracts, from the empty form to the decision, as each role sees them.

use axum::http::StatusCode;

use super::world::{Seen, World};
use crate::environment::Stamp;
use crate::extract::asked::asked;
use crate::extract::build::Source;
use crate::present::extracts::sent;
use crate::request::form::tests::whole;
use crate::request::form::{RequesterKind, Table};
use crate::request::{Form, Said, Step, Taken};
use crate::store::UserStep;
use crate::store::alarm::Mark;
use crate::store::release::Package;

/// A form as a browser sends it, with a button.
pub(super) fn filled(change: impl Fn(&mut Form), button: &str) -> Vec<(String, String)> {
    let mut form = whole();
    change(&mut form);
    let mut pairs = sent(&form);
    pairs.push(("do".to_owned(), button.to_owned()));
    pairs
}

pub(super) async fn post(world: &World, path: &str, cookie: &str, pairs: &[(String, String)]) -> Seen {
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    world.post(path, cookie, &fields).await
}

pub(super) async fn step(world: &World, cookie: &str, step: Step, comment: &str) -> Seen {
    world.post("/extracts/1/step", cookie, &[("step", step.word()), ("comment", comment)]).await
}

async fn steps(world: &World) -> Vec<Step> {
    let request = world.registry.store.request(1).await.unwrap();
    request.map_or_else(Vec::new, |request| request.steps.iter().map(|taken| taken.step).collect())
}

/// Somebody of a role beside the one that the world signs in; gives the cookie.
pub(super) async fn another(world: &World, email: &str, role: &str) -> String {
    let secret = world.person(email, role).await;
    world.sign_in(email, super::world::PASSWORD, &world.code(&secret)).await.cookie()
}

/// A request that is handed in, by the researcher of the cookie.
pub(super) async fn handed_in(world: &World) -> String {
    let asks = world.signed_in("researcher").await;
    assert_eq!(post(world, "/extracts/new", &asks, &filled(|_| (), "save")).await.leads(), "/extracts/1");
    assert_eq!(step(world, &asks, Step::Submitted, "").await.leads(), "/extracts/1");
    asks
}

#[tokio::test]
async fn a_request_is_asked_for_given_back_mended_and_agreed_to_by_two_others_on_its_pages() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let first = another(&world, "bo@example.se", "approver").await;
    let second = another(&world, "kim@example.se", "approver").await;
    let seen = world.get("/extracts/1", &first).await.text;
    for words in [
        "inlämnad sedan 2026-11-22",
        "beslut senast 2026-12-13, 21 dagar kvar; 0 av 2 har godkänt",
        "researcher@example.se",
        "Uppfunna universitetet",
        "Hur skattningarna ändras.</bdi><br><bdi>Per region.",
        "value=\"approved\"",
        "value=\"returned\"",
        "value=\"rejected\"",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    assert!(!seen.contains("value=\"submitted\"") && !seen.contains("/extracts/1/mend"), "{seen}");
    assert!(step(&world, &first, Step::Returned, " \r\n").await.text.contains("Skriv varför"));
    assert_eq!(step(&world, &first, Step::Returned, "Säg vilka år.\r\nOch län.").await.leads(), "/extracts/1");
    let seen = world.get("/extracts/1", &asks).await.text;
    assert!(seen.contains("återlämnad") && seen.contains("Säg vilka år.<br>Och län."), "{seen}");
    assert!(!seen.contains("bo@example.se"), "who decides is a number to whoever asks: {seen}");
    let form = world.get("/extracts/1/mend", &asks).await.text;
    assert!(form.contains("Uppfunna universitetet"), "{form}");
    let mended = filled(|form| form.title = "Nya rubriken".to_owned(), "save");
    assert_eq!(post(&world, "/extracts/1/mend", &asks, &mended).await.leads(), "/extracts/1");
    step(&world, &asks, Step::Submitted, "").await;
    step(&world, &first, Step::Approved, "").await;
    let seen = step(&world, &first, Step::Approved, "").await.text;
    assert!(seen.contains("har redan godkänt") && seen.contains("1 av 2 har godkänt"), "{seen}");
    step(&world, &second, Step::Approved, "").await;
    let seen = world.get("/extracts/1?lang=en", &second).await.text;
    assert!(seen.contains("approved since") && seen.contains("holds until 2027-11-22"), "{seen}");
    assert!(seen.contains("Nya rubriken") && seen.contains("value=\"built\""), "{seen}");
    assert_eq!(seen.matches("name=\"step\"").count(), 1, "it can be built and nothing else: {seen}");
    let expected =
        [Step::Drafted, Step::Submitted, Step::Returned, Step::Mended, Step::Submitted, Step::Approved, Step::Approved];
    assert_eq!(steps(&world).await, expected);
}

#[tokio::test]
async fn every_fault_is_told_at_its_field_and_nothing_that_was_typed_is_lost() {
    let world = World::new().await;
    let asks = world.signed_in("researcher").await;
    let wrong = |button| {
        let mut pairs = filled(
            |form| {
                form.title = "Rubrik \u{202e}bakvänd".to_owned();
                form.recipients.clear();
                form.terms_accepted = false;
            },
            button,
        );
        pairs.iter_mut().filter(|(name, _)| name == "ends_on").for_each(|(_, day)| *day = "31/12 2027".to_owned());
        pairs
    };
    let seen = post(&world, "/extracts/new", &asks, &wrong("check")).await;
    assert_eq!(seen.status, StatusCode::OK);
    for words in [
        "id=\"title-fault\">skriv en rad",
        "id=\"recipients-fault\">namnge minst en",
        "id=\"ends_on-fault\">skriv en dag som finns",
        "id=\"terms_accepted-fault\">villkoren",
        "href=\"#title\">Projektets rubrik</a>",
        "value=\"31/12 2027\"",
        "Rubrik [U+202E]bakvänd",
        "Hur skattningarna ändras.\nPer region.</textarea>",
        "value=\"Uppfunna universitetet\"",
    ] {
        assert!(seen.text.contains(words), "{words}: {}", seen.text);
    }
    assert!(!seen.text.contains("purpose-fault"), "{}", seen.text);
    let seen = post(&world, "/extracts/new", &asks, &wrong("save")).await.text;
    assert!(seen.contains("inte sparat") && seen.contains("value=\"31/12 2027\""), "{seen}");
    assert_eq!(steps(&world).await, [], "a check and what cannot be kept write nothing down");

    let whole = post(&world, "/extracts/new", &asks, &filled(|_| (), "check")).await.text;
    assert!(whole.contains("Inget saknas."), "{whole}");
    let lacking = filled(|form| form.recipients.clear(), "save");
    assert_eq!(post(&world, "/extracts/new", &asks, &lacking).await.leads(), "/extracts/1");
    let seen = step(&world, &asks, Step::Submitted, "").await.text;
    assert!(seen.contains("inte inlämnad") && seen.contains("id=\"recipients-fault\""), "{seen}");
    assert!(seen.contains("action=\"/extracts/1/mend\"") && seen.contains("lang=en"), "{seen}");
    assert_eq!(steps(&world).await, [Step::Drafted]);
    let more = post(&world, "/extracts/1/mend", &asks, &filled(|_| (), "table")).await.text;
    assert!(more.contains("Tabell 2") && more.contains("value=\"Uppfunna universitetet\""), "{more}");
}

#[tokio::test]
async fn a_researcher_sees_and_takes_further_only_their_own_requests() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let other = another(&world, "lo@example.se", "researcher").await;
    assert!(world.get("/extracts", &asks).await.text.contains("Uppföljning efter behandling"));
    let empty = world.get("/extracts", &other).await.text;
    assert!(empty.contains("Du har inte begärt något än.") && !empty.contains("Uppföljning"), "{empty}");
    for path in ["/extracts/1", "/extracts/1/mend", "/extracts/2", "/extracts/x"] {
        assert_eq!(world.get(path, &other).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(step(&world, &other, Step::Withdrawn, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&world, "/extracts/1/mend", &other, &filled(|_| (), "save")).await.status, StatusCode::NOT_FOUND);
    for role in ["staff", "auditor"] {
        let reader = world.signed_in(role).await;
        let list = world.get("/extracts", &reader).await.text;
        assert!(list.contains("Uppföljning efter behandling") && list.contains("researcher@example.se"), "{list}");
        let page = world.get("/extracts/1", &reader).await.text;
        assert!(page.contains("Uppfunna universitetet") && !page.contains("name=\"step\""), "{page}");
        assert_eq!(step(&world, &reader, Step::Approved, "").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(steps(&world).await, [Step::Drafted, Step::Submitted]);
}

#[tokio::test]
async fn every_step_that_is_not_taken_says_why_in_a_sentence_and_keeps_the_comment() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let approver = world.signed_in("approver").await;
    for (cookie, taken, comment, sentence) in [
        (&asks, Step::Approved, "ja", "Ingen beslutar om sin egen begäran"),
        (&asks, Step::Submitted, "igen", "Begäran är inlämnad; därifrån"),
        (&approver, Step::Submitted, "åt dem", "Bara den som har rollen forskare"),
        (&approver, Step::Withdrawn, "åt dem", "Bara den som har rollen forskare"),
        (&approver, Step::Rejected, "", "Skriv varför"),
        (&approver, Step::Rejected, "nej", "Skriv avslagets diarienummer"),
        (&approver, Step::Rejected, "ett \u{202e}tu", "utan styrtecken"),
    ] {
        let seen = step(&world, cookie, taken, comment).await;
        let kept = comment.replace('\u{202e}', "[U+202E]");
        assert!(seen.text.contains(sentence) && seen.text.contains(&kept), "{taken:?} {sentence}: {}", seen.text);
    }
    assert!(world.get("/extracts/1/mend", &asks).await.text.contains("därifrån kan det inte göras"));
    let unknown = world.post("/extracts/1/step", &asks, &[("step", "mended")]).await.status;
    assert_eq!(unknown, StatusCode::BAD_REQUEST);
    assert_eq!(steps(&world).await, [Step::Drafted, Step::Submitted]);

    // Whoever asked and is made an approver decides on nothing of their own.
    let role = UserStep::Role { email: "researcher@example.se".to_owned(), role: "approver".parse().unwrap() };
    world.registry.store.set_user(&role, world.registry.environment.stamp()).await.unwrap().unwrap();
    let secret = world.equipped(&world.invite_again("researcher@example.se").await).await;
    let both = world.sign_in("researcher@example.se", super::world::PASSWORD, &world.code(&secret)).await.cookie();
    let seen = world.get("/extracts/1", &both).await.text;
    assert!(seen.contains("Uppfunna universitetet") && !seen.contains("name=\"step\""), "{seen}");
    assert!(step(&world, &both, Step::Approved, "").await.text.contains("Ingen beslutar om sin egen begäran"));
    assert!(step(&world, &approver, Step::Approved, "").await.leads().ends_with("/1"), "somebody else does");
}

#[tokio::test]
async fn whoever_asked_fetches_the_files_while_they_are_released_and_each_time_stands_in_the_log() {
    let world = super::years::frozen_crowd().await;
    let asks = handed_in(&world).await;
    let other = another(&world, "lo@example.se", "researcher").await;
    let first = another(&world, "bo@example.se", "approver").await;
    let second = another(&world, "kim@example.se", "approver").await;
    let staff = world.signed_in("staff").await;
    step(&world, &first, Step::Approved, "").await;
    step(&world, &second, Step::Approved, "").await;
    let status = async |cookie: &str| world.get("/extracts/1/files", cookie).await.status.as_u16();
    assert_eq!((status(&asks).await, status(&first).await), (404, 404), "nothing is built");
    assert!(step(&world, &first, Step::Released, "").await.text.contains("därifrån kan det inte göras"));
    let stamp: Stamp = world.registry.environment.stamp();
    let bytes = b"PK invented".to_vec();
    let package = Package { request: 1, cut: 1, sha256: "00".repeat(32), bytes, at: stamp.at };
    let steps = world.registry.store.request(1).await.unwrap().unwrap().steps.len();
    assert!(world.registry.store.keep_package(&package, steps, stamp).await.unwrap());
    built(&world).await;
    let page = world.get("/extracts/1", &asks).await.text;
    assert!(page.contains("byggd") && !page.contains("/extracts/1/files"), "{page}");
    assert_eq!((status(&asks).await, status(&first).await), (404, 200), "approvers look first");
    assert_eq!(step(&world, &first, Step::Released, "").await.leads(), "/extracts/1");
    let page = world.get("/extracts/1", &asks).await.text;
    assert!(page.contains("kan hämtas till 2026-12-22") && page.contains("/extracts/1/files"), "{page}");
    let file = world.get("/extracts/1/files", &asks).await;
    assert_eq!((file.text.as_str(), file.headers["content-type"].as_bytes()), ("PK invented", &b"application/zip"[..]));
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"extract-1.zip\"");
    assert_eq!((status(&other).await, status(&staff).await, status("").await), (404, 403, 303));
    assert!(!world.get("/extracts/1", &staff).await.text.contains("/extracts/1/files"));
    let auditor = world.signed_in("auditor").await;
    super::trail::settle(&world).await;
    let log = world.get("/audit.csv?kind=read", &auditor).await.text;
    let told = log.lines().filter(|line| line.contains("/extracts/1/files")).collect::<Vec<_>>();
    assert_eq!(told.len(), 2, "the approver and whoever asked, and nobody who was refused: {log}");
    world.pass(jiff::SignedDuration::from_hours(24 * 30));
    let later =
        world.sign_in("researcher@example.se", super::world::PASSWORD, &world.code(&secret_of(&world).await)).await;
    assert_eq!(status(&later.cookie()).await, 404, "after thirty days");
}

/// Notes that the tables were built, as the command does.
pub(super) async fn built(world: &World) {
    let registry = &world.registry;
    let request = registry.store.request(1).await.unwrap().unwrap();
    let stamp = registry.environment.stamp();
    let person = request.approvals().next().unwrap().person;
    let taken = Taken { step: Step::Built, at: stamp.at, person, said: Said::default(), form: None };
    let mark = Mark { stamp, person: None };
    assert!(registry.store.take_step(1, request.steps.len(), &taken, mark).await.unwrap());
}

/// A new second factor of whoever asked.
async fn secret_of(world: &World) -> crate::authenticate::one_time::Secret {
    world.equipped(&world.invite_again("researcher@example.se").await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_what_share_of_each_table_would_be_hidden_and_which_rule_one_breaks() {
    let world = super::years::frozen_crowd().await;
    let registry = &world.registry;
    let asks = world.signed_in("researcher").await;
    let split =
        |split: &[&str]| Table { split_by: split.iter().map(|&one| one.to_owned()).collect(), ..Table::default() };
    let (given, broken) = (split(&["region", "sex"]), split(&["region", "sex", "age:band", "severity"]));
    let typed = filled(|form| form.tables = vec![given.clone(), broken.clone()], "check");
    let seen = post(&world, "/extracts/new", &asks, &typed).await.text;
    let cut = registry.store.cuts().await.unwrap().remove(0);
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let found = source.precheck(&asked(&given, &registry.lists).unwrap()).await.unwrap().unwrap();
    let told = match found.hidden_percent {
        0 => format!("Inget eller bara lite av {} celler döljs", found.cells),
        percent => format!("Minst {percent} procent av {} celler döljs", found.cells),
    };
    assert!(seen.contains(&told), "{told}: {seen}");
    assert!(seen.contains("href=\"#table-2\">Tabell 2</a>") && seen.contains("at most 3"), "{seen}");
    assert_eq!(seen.matches("celler döljs").count(), 1, "nothing is said of what breaks a rule: {seen}");
    assert_eq!(registry.store.releases(1).await.unwrap(), [], "nothing is released by looking");
    assert_eq!(registry.store.extract_codes(1).await.unwrap(), None);
}

#[tokio::test]
async fn what_the_law_asks_stands_on_the_form_for_every_kind_and_on_a_request_for_its_own() {
    let world = World::new().await;
    let asks = world.signed_in("researcher").await;
    let form = world.get("/extracts/new", &asks).await.text;
    for part in [
        "Forskning, också vid ett universitet eller en annan myndighet: ange etikbeslutet",
        "ange vilka enheter",
        "Annan myndighet, inte forskning: ange det lagrum",
        "Begäran om allmän handling",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let media = filled(
        |form| {
            let tables = form.tables.clone();
            *form = Form {
                requester: Some(RequesterKind::Media),
                formats: form.formats.clone(),
                tables,
                ..Form::default()
            };
        },
        "save",
    );
    assert_eq!(post(&world, "/extracts/new", &asks, &media).await.leads(), "/extracts/1");
    assert_eq!(step(&world, &asks, Step::Submitted, "").await.leads(), "/extracts/1");
    let page = world.get("/extracts/1", &asks).await.text;
    assert!(page.contains("varken syfte eller vem du är") && page.contains("kammarrätten"), "{page}");
    assert!(!page.contains("ange etikbeslutet"), "it is no research: {page}");
}

#[tokio::test]
async fn a_refusal_tells_reason_diary_number_and_way_of_appeal_on_its_page_and_is_not_taken_without_the_number() {
    let world = World::new().await;
    let asks = handed_in(&world).await;
    let approver = world.signed_in("approver").await;
    let reject = async |diary: &str| {
        let fields = [("step", "rejected"), ("comment", "Frågan är en annan."), ("diary", diary)];
        world.post("/extracts/1/step", &approver, &fields).await
    };
    let page = world.get("/extracts/1", &approver).await.text;
    assert!(page.contains("name=\"diary\"") && !page.contains("<p class=\"note\">Ett avslag"), "{page}");
    for (wrong, sentence) in [("", "Skriv avslagets diarienummer"), ("2026/7 \u{7}", "Skriv diarienumret på en rad")] {
        let seen = reject(wrong).await.text;
        assert!(seen.contains(sentence) && seen.contains("Frågan är en annan."), "{wrong}: {seen}");
    }
    assert!(reject(&"7".repeat(101)).await.text.contains(&"7".repeat(101)), "the number stays as it was written");
    assert_eq!(steps(&world).await, [Step::Drafted, Step::Submitted]);
    assert_eq!(reject(" 2026/7 ").await.leads(), "/extracts/1");
    let page = world.get("/extracts/1", &asks).await.text;
    for part in ["<bdi>2026/7</bdi>", "<bdi>Frågan är en annan.</bdi>", "avslagen", "kammarrätten inom tre veckor"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("<p class=\"note\">Ett avslag är skriftligt"), "{page}");
    assert!(!page.contains("name=\"diary\""), "who asked decides on nothing: {page}");
}
