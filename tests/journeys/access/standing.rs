//! Who may deliver: a good certificate is not enough.

use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::ProblemType;

use super::batch::{batch, treatment};
use super::certificate::{good, name, sign};
use super::connection::Connection;
use super::curl::{self, Caller};
use super::stored;

fn registry(world: &World, arguments: &[&str]) {
    world.registry(arguments).expect("a command").expect(&[0]).expect("the command succeeds");
}

#[test]
fn the_right_certificate_delivers_and_the_same_batch_again_gets_the_same_receipt() {
    if !curl::is_here() {
        return;
    }
    let world = World::start("").expect("a register");
    registry(&world, &["region", "add", "12"]);
    let caller = Caller::of(&world, "12");
    let me = caller.get("/v1/me");
    assert_eq!((me.status, me.headers["content-type"].as_str()), (200, "application/json"));
    let me: serde_json::Value = serde_json::from_slice(&me.body).expect("JSON");
    assert_eq!((me["sender"].as_str(), me["environment"].as_str()), (Some("12"), Some("test")));

    caller.begin();
    let bytes = batch("12", &[treatment("12", 1, 5)]);
    let first = caller.put(&bytes);
    assert_eq!(first.status, 200, "{}", first.text());
    let stored = stored::tables(&world.database());
    assert_eq!((stored["treatment"].len(), stored["batch"].len()), (1, 1));
    let packed = zstd::encode_all(&bytes[..], 3).expect("zstd");
    let digest = canonical::sha256_hex(&bytes);
    let again = [
        caller.put(&bytes),
        caller.with(&["--http1.1"]).put(&bytes),
        caller.put_at(&digest, (&packed, &["--header", "Content-Encoding: zstd"])),
        caller.get(&format!("/v1/batches/{digest}/receipt")),
    ];
    for answer in again {
        assert_eq!((answer.status, answer.text()), (200, first.text()));
    }
    stored::must_be_the_same(&stored, &stored::tables(&world.database()), "replays");
}

#[test]
fn a_good_certificate_of_nobody_who_may_deliver_gets_one_answer_whatever_it_asks() {
    if !curl::is_here() {
        return;
    }
    let world = World::start("").expect("a register");
    let known = batch("12", &[treatment("12", 1, 5)]);
    let active = Caller::enrolled(&world, "12");
    assert_eq!(active.put(&known).status, 200);
    registry(&world, &["region", "add", "13"]);
    registry(&world, &["region", "revoke", "13"]);
    let before = stored::tables(&world.database());

    let mut two_names = good("test", "12");
    two_names.subject_alt_names.push(name("spiffe://register/test/sender/13"));
    let mut common_name = good("test", "12");
    common_name.subject_alt_names = vec![name("https://example.org/12")];
    let mut callers = vec![("not enrolled", Caller::of(&world, "01")), ("revoked", Caller::of(&world, "13"))];
    let made = [("production", good("production", "12")), ("two names", two_names), ("no name", common_name)];
    for (what, params) in made {
        let folder = world.folder().join(what);
        sign(&world.authority, &params, &folder);
        callers.push((what, Caller::new((&world.server, &world.authority), &folder)));
    }
    let receipt = format!("/v1/batches/{}/receipt", canonical::sha256_hex(&known));
    let mut answers = Vec::new();
    for (what, caller) in callers {
        println!("{what}");
        answers.extend(["/v1/me", "/v1/codelists", "/v1/unknown", &receipt].map(|path| caller.get(path)));
        answers.push(caller.put(&known));
        answers.push(caller.ask("/v1/generation", &["--data", "{}"]));
        answers.push(caller.ask("/v1/pause", &["--data", "{}"]));
        answers.push(caller.ask("/v1/pause", &["--request", "DELETE"]));
    }
    for answer in &answers {
        answer.problem(ProblemType::SenderNotActive);
        assert_eq!((&answer.headers, &answer.body), (&answers[0].headers, &answers[0].body));
    }
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "refused senders");
}

#[test]
fn a_revocation_holds_at_once_on_an_open_connection_too() {
    let world = World::start("").expect("a register");
    registry(&world, &["region", "add", "12"]);
    let caller = Caller::of(&world, "12");
    let (mut asking, mut sending) = (Connection::open(&caller), Connection::open(&caller));
    assert_eq!((asking.get("/v1/me").0, sending.get("/v1/me").0), (200, 200));
    registry(&world, &["region", "revoke", "12"]);
    let before = stored::tables(&world.database());
    let (status, body) = asking.get("/v1/me");
    assert!(status == 403 && String::from_utf8_lossy(&body).contains("/problems/sender-not-active"), "{status}");
    assert!(asking.is_closed(), "who may not deliver keeps no connection");

    // The refusal comes before a body is asked for: the connection announces one and is told no at once.
    let bytes = batch("12", &[treatment("12", 1, 5)]);
    sending.announce(&canonical::sha256_hex(&bytes), bytes.len());
    assert_eq!(sending.answer().0, 403, "no 100 Continue");
    assert!(sending.is_closed());
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "a revoked sender");

    registry(&world, &["region", "add", "12"]);
    assert_eq!(Connection::open(&caller).get("/v1/me").0, 200, "enrolled again, it is let in again");
}

#[test]
fn who_is_refused_before_the_body_is_sent_may_finish_sending_and_ask_again_on_the_same_connection() {
    let world = World::start("").expect("a register");
    registry(&world, &["region", "add", "12"]);
    let mut open = Connection::open(&Caller::of(&world, "12"));
    for _ in 0..2 {
        open.send(b"PUT /v1/batches/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
        assert_eq!(open.answer().0, 400, "x is no digest");
        open.send(&vec![b'x'; 100_000]);
    }
    assert_eq!(open.get("/v1/me").0, 200);
}
