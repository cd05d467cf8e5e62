//! A silence that a sender plans: it speaks for itself only, and the register's staff see it.

use end_to_end::world::World;
use schemas::problem::ProblemType::BadRequest;
use serde_json::json;

use super::curl::{self, Caller};
use super::stored;

#[test]
fn a_sender_plans_its_own_silence_and_nobody_else_s() {
    if !curl::is_here() {
        return;
    }
    let world = World::start("").expect("a register");
    for sender in ["12", "01"] {
        world.registry(&["region", "add", sender]).expect("a command").expect(&[0]).expect("an enrolment");
    }
    let caller = Caller::of(&world, "12");
    let begin = |body: &str| caller.ask("/v1/pause", &["--data", body]);
    let before = stored::tables(&world.database());
    let long = json!({"until": "2999-12-24", "reason": "x".repeat(201)}).to_string();
    for body in [
        "",
        "{}",
        r#"{"until":"2999-12-24"}"#,
        r#"{"until":"2999-02-30","reason":"x"}"#,
        r#"{"until":"2999-12-24","reason":" "}"#,
        r#"{"until":"2999-12-24","reason":"a\nb"}"#,
        r#"{"until":"2999-12-24","reason":"x","sender":"01"}"#,
        &long,
    ] {
        begin(body).problem(BadRequest);
        stored::must_be_the_same(&before, &stored::tables(&world.database()), body);
    }

    let pause = r#"{"reason":"byte av journalsystem","until":"2999-12-24"}"#;
    let answer = begin(pause);
    assert_eq!((answer.status, answer.text().as_str()), (200, pause));
    assert_eq!(listed(&world, "12"), json!({"until": "2999-12-24", "reason": "byte av journalsystem"}));
    assert_eq!(listed(&world, "01"), json!(null), "the other sender is not paused");
    let shown = world.registry(&["region", "list"]).expect("a command").expect(&[0]).expect("a list").stdout;
    assert!(shown.contains("paused until 2999-12-24 (byte av journalsystem)"), "{shown}");

    let later = begin(r#"{"reason":"flytt","until":"2999-12-31"}"#);
    assert_eq!(later.status, 200);
    assert_eq!(listed(&world, "12")["until"], "2999-12-31", "the newest word stands");
    assert_eq!(begin(r#"{"reason":"längesedan","until":"2020-01-01"}"#).status, 200);
    assert_eq!(listed(&world, "12"), json!(null), "a silence that is over is not shown");
    assert_eq!(begin(pause).status, 200);
    for _ in 0..2 {
        assert_eq!(caller.ask("/v1/pause", &["--request", "DELETE"]).status, 200);
        assert_eq!(listed(&world, "12"), json!(null));
    }
}

/// The silence of a sender in `region list --json`.
fn listed(world: &World, sender: &str) -> serde_json::Value {
    let list = world.registry(&["region", "list", "--json"]).expect("a command").expect(&[0]).expect("a list");
    let list = list.json().expect("JSON");
    let of_sender = |row: &&serde_json::Value| row["code"] == sender;
    list["senders"].as_array().and_then(|rows| rows.iter().find(of_sender)).expect("an enrolled sender")["paused"]
        .clone()
}
