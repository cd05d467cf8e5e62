//! What one sender may know of another: nothing, not even whether something is there.

use end_to_end::world::World;
use schemas::canonical;
use schemas::problem::ProblemType;
use schemas::receipt::Receipt;
use serde_json::json;

use super::batch::{batch, lines, manifest, treatment, with};
use super::curl::{self, Caller};
use super::stored;

#[test]
fn another_sender_s_batch_cannot_be_told_from_one_that_does_not_exist() {
    if !curl::is_here() {
        return;
    }
    let world = World::start("").expect("a register");
    let (owner, other) = (Caller::enrolled(&world, "12"), Caller::enrolled(&world, "01"));
    let known = batch("12", &[treatment("12", 1, 5)]);
    let unknown = batch("12", &[treatment("12", 2, 5)]);
    assert_eq!(owner.put(&known).status, 200);
    let before = stored::tables(&world.database());
    let receipt = |bytes: &[u8]| format!("/v1/batches/{}/receipt", canonical::sha256_hex(bytes));

    // Each pair asks once about what is there and once about what is not.
    let own = batch("01", &[treatment("01", 1, 5)]);
    let key_of = |kid: &str| lines(&[with(manifest("01", 1), &["kid"], json!(kid)), treatment("01", 1, 5)]);
    let pairs = [
        (ProblemType::NotFound, other.get(&receipt(&known)), other.get(&receipt(&unknown))),
        (ProblemType::SenderMismatch, other.put(&known), other.put(&unknown)),
        (
            ProblemType::DigestMismatch,
            other.put_at(&canonical::sha256_hex(&known), (&own, &[])),
            other.put_at(&canonical::sha256_hex(&unknown), (&own, &[])),
        ),
        (ProblemType::KeyUnknown, other.put(&key_of("r12-g1")), other.put(&key_of("r12-g7"))),
    ];
    for (expected, of_the_other, of_nobody) in pairs {
        of_the_other.problem(expected);
        assert_eq!((of_the_other.headers, of_the_other.body), (of_nobody.headers, of_nobody.body), "{expected:?}");
    }
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "probes");

    // Records under the other's keys are rejected alike, whether they are stored or not.
    let foreign = |number| with(treatment("12", number, 6), &["content", "pseudonym"], own_pseudonym());
    let answer = other.put(&batch("01", &[foreign(1), foreign(2)]));
    let receipt: Receipt = serde_json::from_slice(&answer.body).expect("a receipt");
    let found: Vec<_> = receipt.body.findings.iter().map(|f| (f.line, f.rule.as_str(), f.field.as_str())).collect();
    assert_eq!(found, [(1, "record-sender", "key"), (2, "record-sender", "key")]);
    assert_eq!(stored::tables(&world.database())["treatment"], before["treatment"], "nothing of the owner changed");
}

fn own_pseudonym() -> serde_json::Value {
    treatment("01", 1, 5)["content"]["pseudonym"].clone()
}
