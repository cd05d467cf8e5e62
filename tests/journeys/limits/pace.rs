//! What comes too often or while others are at work: told when to come back, and nobody else is held up.

use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::ProblemType;

use crate::access::batch::{batch, treatment};
use crate::access::connection::Connection;
use crate::access::curl::{self, Answer, Caller};
use crate::access::stored;

fn register(limits: &str) -> (World, Caller, Caller) {
    let world = World::start(&format!("[limits]\n{limits}")).expect("a register");
    for sender in ["12", "01"] {
        world.registry(&["region", "add", sender]).expect("a command").expect(&[0]).expect("an enrolment");
    }
    let (first, second) = (Caller::of(&world, "12"), Caller::of(&world, "01"));
    (world, first, second)
}

#[test]
fn a_sender_that_asks_too_often_gets_429_with_the_time_to_wait_and_others_are_answered() {
    if !curl::is_here() {
        return;
    }
    let (world, often, other) = register("requests_per_minute = 1");
    assert_eq!(often.get("/v1/me").status, 200);
    let before = stored::tables(&world.database());
    let bytes = batch("12", &[treatment("12", 1, 5)]);
    for answer in [often.get("/v1/me"), often.put(&bytes)] {
        answer.problem(ProblemType::TooManyRequests);
        let wait = answer.retry_after().expect("the time to wait");
        assert!((1..=61).contains(&wait), "{wait} s for one request a minute");
    }
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "429");
    assert_eq!(other.get("/v1/me").status, 200, "one sender's haste is not another's");
}

#[test]
fn a_sender_of_garbage_is_put_off_with_the_time_to_wait_and_others_are_answered() {
    if !curl::is_here() {
        return;
    }
    let (world, bad, other) = register("wasted_seconds = 0");
    bad.begin();
    other.begin();
    let good = batch("12", &[treatment("12", 0, 5)]);
    assert_eq!(bad.put(&good).status, 200, "what is accepted is no waste");
    // No score of PHQ-9 is 99, and so many lines take long enough that the next batch comes before the time is paid off.
    let lines: Vec<_> = (1..=4_000).map(|number| treatment("12", number, 99)).collect();
    assert_eq!(bad.put(&batch("12", &lines)).status, 200, "it is told line by line");
    let before = stored::tables(&world.database());
    let answer = bad.put(&batch("12", &[treatment("12", 5_000, 5)]));
    let problem = answer.problem(ProblemType::TooManyRequests);
    assert!(problem.detail.contains("refused or rejected"), "{}", problem.detail);
    assert!(answer.retry_after().is_some_and(|wait| wait > 0));
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "429");
    assert_eq!(bad.get("/v1/me").status, 200, "the sender is still heard");
    assert_eq!(other.put(&batch("01", &[treatment("01", 1, 5)])).status, 200, "one sender's garbage is not another's");
}

#[test]
fn a_slow_body_holds_up_its_own_sender_which_gets_503_with_the_time_to_wait_and_nobody_else() {
    if !curl::is_here() {
        return;
    }
    let (world, slow, other) = register("concurrent_batches = 1\nbatches_per_sender = 1\nqueue_seconds = 0");
    slow.begin();
    other.begin();
    let (held, second) = (batch("12", &[treatment("12", 1, 5)]), batch("12", &[treatment("12", 2, 5)]));
    // The register asks for the body when the sender has its turn, and not before.
    let mut open = Connection::open(&slow);
    open.announce(&canonical::sha256_hex(&held), held.len());
    assert_eq!(open.answer().0, 100);
    let before = stored::tables(&world.database());
    must_wait(&slow.put(&second));
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "503");
    assert_eq!(slow.get("/v1/me").status, 200, "only what writes waits");
    assert_eq!(other.put(&batch("01", &[treatment("01", 1, 5)])).status, 200, "one sender's slowness is not another's");
    open.send(&held);
    assert_eq!(open.answer().0, 200, "the slow one is taken in the end");
    assert_eq!(slow.put(&second).status, 200, "and so is the one that was told to come back");
}

#[test]
fn without_a_place_to_work_on_a_batch_everybody_gets_503_with_the_time_to_wait() {
    if !curl::is_here() {
        return;
    }
    let (world, first, second) = register("concurrent_batches = 0\nqueue_seconds = 0");
    let before = stored::tables(&world.database());
    for (sender, caller) in [("12", &first), ("01", &second)] {
        must_wait(&caller.put(&batch(sender, &[treatment(sender, 1, 5)])));
        assert_eq!(caller.get("/v1/me").status, 200);
    }
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "503");
}

fn must_wait(answer: &Answer) {
    answer.problem(ProblemType::Busy);
    assert!(answer.retry_after().is_some_and(|seconds| seconds > 0), "{:?}", answer.headers);
}
