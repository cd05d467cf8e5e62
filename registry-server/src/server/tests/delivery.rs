//! What becomes of a batch.

use schemas::canonical;
use schemas::receipt::{Expected, Receipt, Verdict};
use serde_json::{Value, json};

use super::batch::{H, batch, lines, manifest, treatment, with};
use super::world::{Answer, World, put_head};

fn verdicts(world: &World, bytes: &[u8], answer: &Answer, records: u32) -> Vec<Verdict> {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let receipt: Receipt = serde_json::from_slice(&answer.body).unwrap();
    let (sender, id) = ("12".parse().unwrap(), canonical::sha256_hex(bytes).parse().unwrap());
    let expected = Expected { sender: &sender, environment: "test", batch: &id, records };
    receipt.verify(&world.receipt_key(), &expected).unwrap()
}

#[tokio::test]
async fn a_stored_batch_gives_a_signed_receipt_and_the_same_bytes_ever_after() {
    let world = World::new("").await;
    let bytes = batch(&[treatment(1, 1, 5.0), treatment(2, 1, 99.0)]);
    let first = world.put("12", &bytes).await;
    assert_eq!(verdicts(&world, &bytes, &first, 2), [Verdict::Accepted, Verdict::Rejected]);
    let receipt: Receipt = serde_json::from_slice(&first.body).unwrap();
    let found: Vec<_> = receipt.body.findings.iter().map(|f| (f.line, f.rule.as_str(), f.field.as_str())).collect();
    assert_eq!(found, [(2, "score-range", "score")]);

    let digest = canonical::sha256_hex(&bytes);
    let packed = zstd::encode_all(&bytes[..], 1).unwrap();
    let zstd = format!("{}\nContent-Encoding: zstd\r\n", put_head(&digest));
    assert_eq!(world.request("12", &zstd, &packed).await.body, first.body);
    assert_eq!(world.put("12", &bytes).await.body, first.body);
    let receipt = format!("GET /v1/batches/{digest}/receipt");
    assert_eq!(world.request("12", &receipt, b"").await.body, first.body);
    let none = format!("GET /v1/batches/{}/receipt", "0".repeat(64));
    assert_eq!(world.request("12", &none, b"").await.problem(), "not-found");
    world.handle.stop().await;
}

#[tokio::test]
async fn ten_replays_at_once_have_one_effect_and_one_receipt() {
    let world = World::new("connections_per_sender = 10").await;
    let bytes = batch(&[treatment(1, 1, 5.0)]);
    let mut answers = Vec::new();
    let tries: Vec<_> = (0..10).map(|_| world.put("12", &bytes)).collect();
    for answer in futures_util::future::join_all(tries).await {
        assert_eq!(answer.status, 200);
        answers.push(answer.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    world.handle.stop().await;
}

#[tokio::test]
async fn a_batch_that_cannot_be_trusted_is_refused_whole_with_its_line() {
    let world = World::new("").await;
    let good = treatment(1, 1, 5.0);
    let changed = |path: &[&str], to: Value| lines(&[with(manifest(1), path, to), good.clone()]);
    let pseudonym = json!(format!("psn1.r12-g2.{H}"));
    let newer = with(treatment(2, 1, 5.0), &["version", "generation"], json!(2));
    let mut unreadable = batch(std::slice::from_ref(&good));
    unreadable.truncate(unreadable.len() - 2);
    for (bytes, status, problem, line) in [
        (changed(&["sender"], json!("01")), 403, "sender-mismatch", Some(1)),
        (changed(&["environment"], json!("production")), 403, "sender-not-active", None),
        (changed(&["schema"], json!("registry-batch/2")), 422, "schema-version", Some(1)),
        (changed(&["records"], json!(2)), 422, "manifest-invalid", Some(1)),
        (changed(&["kid"], json!("r12-g2")), 422, "key-unknown", Some(1)),
        (changed(&["kid"], json!("r01-g1")), 422, "key-unknown", Some(1)),
        (changed(&["more"], json!(1)), 422, "manifest-invalid", Some(1)),
        (changed(&["state_id"], json!("b".repeat(32))), 422, "manifest-invalid", Some(1)),
        (batch(&[good.clone(), newer]), 422, "manifest-invalid", Some(3)),
        (b"".to_vec(), 422, "manifest-invalid", Some(1)),
        (batch(&[with(good.clone(), &["content", "pseudonym"], pseudonym)]), 422, "key-unknown", Some(2)),
        (batch(&[with(good.clone(), &["kind"], json!("secret"))]), 422, "line-unreadable", Some(2)),
        (unreadable, 422, "line-unreadable", Some(2)),
    ] {
        let answer = world.put("12", &bytes).await;
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!((answer.status, answer.problem().as_str()), (status, problem), "{text}");
        let value: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(value["line"], line.map_or(Value::Null, Value::from), "{text}");
        assert!(!text.contains(H), "{text}");
    }
    // None of them registered a key or stored a record.
    let me: Value = serde_json::from_slice(&world.request("12", "GET /v1/me", b"").await.body).unwrap();
    assert_eq!(me["keys"], json!([]));
    world.handle.stop().await;
}

#[tokio::test]
async fn a_record_that_breaks_a_rule_is_rejected_alone() {
    let world = World::new("").await;
    let good = treatment(1, 1, 5.0);
    let bytes = batch(&[
        with(good.clone(), &["content", "extra"], json!("x")),
        with(good.clone(), &["key"], json!(format!("rec1.01.{}", "a".repeat(43)))),
        with(good.clone(), &["key"], json!("1234")),
        with(good.clone(), &["content", "ended_on"], json!("2026-11-24")),
        with(good.clone(), &["version", "counter"], json!(1_u64 << 60)),
        with(good.clone(), &["content", "pseudonym"], json!(format!("psn1.r12-g1.{}1", "a".repeat(42)))),
        good,
    ]);
    let answer = world.put("12", &bytes).await;
    let mut expected = vec![Verdict::Rejected; 6];
    expected.push(Verdict::Accepted);
    assert_eq!(verdicts(&world, &bytes, &answer, 7), expected);
    let receipt: Receipt = serde_json::from_slice(&answer.body).unwrap();
    let found: Vec<_> = receipt.body.findings.iter().map(|f| (f.line, f.rule.as_str(), f.field.as_str())).collect();
    assert_eq!(
        found,
        [
            (1, "record-shape", "content"),
            (2, "record-sender", "key"),
            (3, "record-shape", "key"),
            (4, "date-future", "ended_on"),
            (5, "record-shape", "version"),
            (6, "record-shape", "pseudonym"),
        ]
    );
    world.handle.stop().await;
}

#[tokio::test]
async fn other_bytes_under_an_address_and_other_content_under_a_version_are_conflicts() {
    let world = World::new("").await;
    let stored = batch(&[treatment(1, 1, 5.0)]);
    let digest = canonical::sha256_hex(&stored);
    assert_eq!(world.put("12", &stored).await.status, 200);
    let other = batch(&[treatment(2, 1, 5.0)]);
    let answer = world.request("12", &put_head(&digest), &other).await;
    assert_eq!((answer.status, answer.problem()), (409, "batch-conflict".into()));
    let answer = world.request("12", &put_head(&"0".repeat(64)), &other).await;
    assert_eq!((answer.status, answer.problem()), (422, "digest-mismatch".into()));
    let answer = world.put("12", &batch(&[treatment(3, 1, 5.0), treatment(1, 1, 6.0)])).await;
    assert_eq!((answer.status, answer.problem()), (409, "version-conflict".into()));
    assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap()["line"], 3);
    // Nothing of it was stored: its first record is still new.
    let again = batch(&[treatment(3, 1, 5.0)]);
    assert_eq!(verdicts(&world, &again, &world.put("12", &again).await, 1), [Verdict::Accepted]);
    world.handle.stop().await;
}

#[tokio::test]
async fn the_region_s_pseudonym_is_in_no_file_of_the_register() {
    let world = World::new("").await;
    let bytes = batch(&[treatment(1, 1, 5.0)]);
    assert_eq!(world.put("12", &bytes).await.status, 200);
    assert!(world.holds(b"depressionshjalpen"), "the hunt looks where the record is");
    assert!(!world.holds(H.as_bytes()));
    world.handle.stop().await;
}
