//! What becomes of a batch that cannot be taken whole, and of a record that breaks a rule.

use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::ProblemType::{self, *};
use schemas::receipt::{Receipt, Verdict};
use serde_json::{Value, json};

use super::batch::{batch, lines, manifest, secrets, treatment, with};
use super::curl::{self, Answer, Caller};
use super::stored;

/// A register with one batch of sender 12.
fn register() -> (World, Caller, Vec<u8>) {
    let world = World::start("").expect("a register");
    let caller = Caller::enrolled(&world, "12");
    let stored = batch("12", &[treatment("12", 1, 5)]);
    assert_eq!(caller.put(&stored).status, 200);
    (world, caller, stored)
}

#[test]
fn a_batch_that_cannot_be_trusted_is_refused_whole_by_its_type_and_line() {
    if !curl::is_here() {
        return;
    }
    let (world, caller, _) = register();
    let mut before = stored::tables(&world.database());
    for (what, expected, line, bytes) in refused_batches() {
        println!("{what}");
        let answer = caller.put(&bytes);
        assert_eq!(answer.problem(expected).line, line, "{what}");
        assert_tells_nothing(&answer, &bytes);
        let after = stored::tables(&world.database());
        stored::must_be_the_same_but_for_its_event(&mut before, &after, (what, expected));
    }
}

fn refused_batches() -> Vec<(&'static str, ProblemType, Option<u32>, Vec<u8>)> {
    let fresh = treatment("12", 7, 5);
    let first_line = |path: &[&str], to: Value| lines(&[with(manifest("12", 1), path, to), fresh.clone()]);
    let record = |path: &[&str], to: Value| batch("12", &[fresh.clone(), with(treatment("12", 8, 5), path, to)]);
    let other_content = batch("12", &[fresh.clone(), treatment("12", 1, 6)]);
    let pseudonym = fresh["content"]["pseudonym"].as_str().expect("a pseudonym").replace("-g1", "-g2");
    let other_state = json!("b".repeat(32));
    let mut cut = batch("12", std::slice::from_ref(&fresh));
    cut.truncate(cut.len() - 3);
    vec![
        ("another sender", SenderMismatch, Some(1), first_line(&["sender"], json!("01"))),
        ("another environment", SenderNotActive, None, first_line(&["environment"], json!("production"))),
        ("another schema", SchemaVersion, Some(1), first_line(&["schema"], json!("registry-batch/2"))),
        ("a version stored with other content", VersionConflict, Some(3), other_content),
        ("a key id that nobody registered", KeyUnknown, Some(1), first_line(&["kid"], json!("r12-g9"))),
        ("another sender's key id", KeyUnknown, Some(1), first_line(&["kid"], json!("r01-g1"))),
        ("a pseudonym under another key", KeyUnknown, Some(3), record(&["content", "pseudonym"], json!(pseudonym))),
        ("a kind of record that is not known", LineUnreadable, Some(3), record(&["kind"], json!("journal"))),
        ("a line without a version", LineUnreadable, Some(3), record(&["version"], Value::Null)),
        ("a line cut short", LineUnreadable, Some(2), cut),
        ("a state directory without a generation", ManifestInvalid, Some(1), first_line(&["state_id"], other_state)),
        ("a generation that nobody gave out", ManifestInvalid, Some(3), record(&["version", "generation"], json!(2))),
        ("no bytes", ManifestInvalid, Some(1), Vec::new()),
        ("no manifest", ManifestInvalid, Some(1), lines(std::slice::from_ref(&fresh))),
        ("another count", ManifestInvalid, Some(1), first_line(&["records"], json!(2))),
        ("an unknown word in the manifest", ManifestInvalid, Some(1), first_line(&["patient"], json!("x"))),
        ("bytes that are no text", ManifestInvalid, Some(1), vec![0xff, 0xfe, b'\n', 0, 1, 2]),
    ]
}

#[test]
fn an_address_holds_one_batch_and_only_that() {
    if !curl::is_here() {
        return;
    }
    let (world, caller, stored) = register();
    let mut before = stored::tables(&world.database());
    let other = batch("12", &[treatment("12", 7, 5)]);
    let (stored, other_digest) = (canonical::sha256_hex(&stored), canonical::sha256_hex(&other));
    let gzip = ["--header", "Content-Encoding: gzip"];
    let zstd = ["--header", "Content-Encoding: zstd"];
    for (what, expected, answer) in [
        ("other bytes at a stored address", BatchConflict, caller.put_at(&stored, (&other, &[]))),
        ("other bytes at a new address", DigestMismatch, caller.put_at(&"0".repeat(64), (&other, &[]))),
        ("an address that is no digest", BadRequest, caller.put_at("1234", (&other, &[]))),
        ("a digest in capitals", BadRequest, caller.put_at(&other_digest.to_uppercase(), (&other, &[]))),
        ("an encoding that is not spoken", BadRequest, caller.put_at(&other_digest, (&other, &gzip))),
        ("bytes that are no zstd", BadRequest, caller.put_at(&other_digest, (&other, &zstd))),
        ("another method", NotFound, caller.ask(&format!("/v1/batches/{other_digest}"), &["--request", "DELETE"])),
        ("another address", NotFound, caller.get("/v1/patients")),
    ] {
        println!("{what}");
        answer.problem(expected);
        assert_tells_nothing(&answer, &other);
        let after = stored::tables(&world.database());
        stored::must_be_the_same_but_for_its_event(&mut before, &after, (what, expected));
    }
    let accepted = caller.put(&other);
    assert_eq!(accepted.status, 200, "after all of them it is still new: {}", accepted.text());
}

#[test]
fn a_record_that_breaks_a_rule_is_rejected_by_itself() {
    if !curl::is_here() {
        return;
    }
    let (world, caller, _) = register();
    let bytes = batch("12", &[treatment("12", 7, 28), treatment("12", 8, 5)]);
    let answer = caller.put(&bytes);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_tells_nothing(&answer, &bytes);
    let receipt: Receipt = serde_json::from_slice(&answer.body).expect("a receipt");
    let verdicts: Vec<_> = receipt.body.verdicts.iter().map(|range| (range.from, range.to, range.verdict)).collect();
    assert_eq!(verdicts, [(1, 1, Verdict::Rejected), (2, 2, Verdict::Accepted)]);
    let found: Vec<_> = receipt.body.findings.iter().map(|f| (f.line, f.rule.as_str(), f.field.as_str())).collect();
    assert_eq!(found, [(1, "score-range", "score")]);
    let stored = stored::tables(&world.database());
    assert_eq!(stored["treatment"].len(), 2, "the one before and the good one");
    assert!(!stored["treatment"].iter().any(|row| row.contains("rec1.12.00007")));
}

/// Nothing of what was sent comes back.
fn assert_tells_nothing(answer: &Answer, sent: &[u8]) {
    let text = answer.text();
    let told: Vec<String> = secrets(sent).into_iter().filter(|secret| text.contains(secret)).collect();
    assert!(told.is_empty(), "{text} repeats {told:?}");
}
