//! Whether schemas, types, rules and examples say the same.
//!
//! Promises: what a schema takes the type reads, and what one refuses the other refuses, for every field of every example taken away
//! and for a field that nobody approved.

use schemas::attestation::{Attestation, YearCut};
use schemas::audit::{CheckpointAnswer, Hash, SignedCheckpoint, extends, includes, read_hex};
use schemas::batch::{Envelope, Manifest};
use schemas::canonical;
use schemas::codelist::CodeLists;
use schemas::contact::{Generation, GenerationRequest, Me, Pause};
use schemas::digest::Digest;
use schemas::key_reset::{KeyReset, KeyResetAnswer};
use schemas::problem::Problem;
use schemas::published_lists::PublishedLists;
use schemas::receipt::{self, Expected, Receipt, Verdict};
use schemas::record::Record;
use schemas::rule::{self, Context};
use schemas::withdrawal::{
    CaseReply, ErasureReceipt, ExpectedErasure, ExtractRequest, Lift, Lifted, PersonExtract, Withdrawal,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{example, schema};

#[test]
fn each_example_is_the_canonical_bytes_of_its_type_and_valid_by_its_schema() {
    let lines = file("batch.ndjson");
    let (manifest, records) = batch_lines(&lines);
    assert_golden::<Manifest>("manifest", manifest);
    for record in &records {
        assert_golden::<Record>("record", record);
    }
    assert_golden::<Receipt>("receipt", &file("receipt.json"));
    assert_golden::<Problem>("problem", &file("problem.json"));
    assert_golden::<Me>("me", &file("me.json"));
    assert_golden::<GenerationRequest>("generation-request", &file("generation-request.json"));
    assert_golden::<Generation>("generation", &file("generation.json"));
    assert_golden::<Pause>("pause", &file("pause.json"));
    assert_golden::<PublishedLists>("codelists", &file("codelists.json"));
    assert_golden::<CheckpointAnswer>("checkpoint", &file("checkpoint.json"));
    assert_golden::<Digest>("digest", &file("digest.json"));
    assert_golden::<KeyReset>("key-reset", &file("key-reset.json"));
    assert_golden::<KeyResetAnswer>("key-reset-answer", &file("key-reset-answer.json"));
    assert_golden::<Withdrawal>("withdrawal", &file("withdrawal.json"));
    assert_golden::<ErasureReceipt>("erasure", &file("erasure.json"));
    assert_golden::<Lift>("lift", &file("lift.json"));
    assert_golden::<Lifted>("lifted", &file("lifted.json"));
    assert_golden::<ExtractRequest>("extract-request", &file("extract-request.json"));
    assert_golden::<PersonExtract>("person-extract", &file("person-extract.json"));
    assert_golden::<CaseReply>("case-reply", &file("case-reply.json"));
    assert_golden::<YearCut>("year-cut", &file("year-cut.json"));
    assert_golden::<Attestation>("attestation", &file("attestation.json"));
}

#[test]
fn the_example_batch_holds_every_kind_of_record_and_its_envelopes_open() {
    let lines = file("batch.ndjson");
    let (manifest, records) = batch_lines(&lines);
    let manifest: Manifest = serde_json::from_slice(manifest).unwrap();
    assert_eq!(manifest.records as usize, records.len());
    let mut kinds: Vec<&str> =
        records.iter().map(|line| serde_json::from_slice::<Envelope<'_>>(line).unwrap().kind.word()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["activity", "retraction", "run", "subject_merge", "subject_split", "treatment", "unit"]);
}

#[test]
fn the_example_records_keep_every_rule() {
    let (lists, sender) = (CodeLists::builtin(), example::sender());
    let context = Context { lists: &lists, today: jiff::civil::date(2026, 1, 15), sender: &sender };
    for record in example::records() {
        let findings = match &record {
            Record::Treatment { content, .. } => rule::check_treatment(content, &context),
            Record::Retraction { content, .. } => rule::check_retraction(content),
            Record::Unit { key, content, .. } => rule::check_unit(key, content, &context),
            Record::Activity { content, .. } => rule::check_activity(content, &context),
            Record::Run { content, .. } => rule::check_run(content),
            Record::SubjectMerge { .. } | Record::SubjectSplit { .. } => vec![],
        };
        assert_eq!(findings, []);
    }
}

#[test]
fn the_example_receipt_verifies_with_the_example_key_and_answers_the_example_batch() {
    let receipt: Receipt = serde_json::from_slice(&file("receipt.json")).unwrap();
    let key = String::from_utf8(file("receipt.pub")).unwrap();
    let key = receipt::read_public_key(&key).unwrap();
    let batch = canonical::sha256_hex(&file("batch.ndjson")).parse().unwrap();
    let expected = Expected { sender: &example::sender(), environment: "test", batch: &batch, records: 8 };
    assert_eq!(receipt.verify(&key, &expected).unwrap()[2], Verdict::Rejected);
}

#[test]
fn the_example_erasure_verifies_with_the_example_key_and_answers_the_example_withdrawal() {
    let erasure: ErasureReceipt = serde_json::from_slice(&file("erasure.json")).unwrap();
    let withdrawal = &serde_json::from_slice(&file("withdrawal.json")).unwrap();
    let key = receipt::read_public_key(&String::from_utf8(file("receipt.pub")).unwrap()).unwrap();
    let expected = ExpectedErasure { sender: &example::sender(), environment: "test", withdrawal };
    assert_eq!(erasure.verify(&key, &expected), Ok(()));
}

#[test]
fn the_example_code_lists_verify_with_the_example_key() {
    let published: PublishedLists = serde_json::from_slice(&file("codelists.json")).unwrap();
    let key = receipt::read_public_key(&String::from_utf8(file("receipt.pub")).unwrap()).unwrap();
    let lists = published.verify(&key, "test").unwrap();
    assert_eq!(lists.find_programme("ex").unwrap().code, "exempelhjalpen");
}

#[test]
fn the_example_checkpoint_proves_itself_beside_the_example_receipt() {
    let key = receipt::read_public_key(&String::from_utf8(file("receipt.pub")).unwrap()).unwrap();
    let of_receipt: Receipt = serde_json::from_slice(&file("receipt.json")).unwrap();
    let answer: CheckpointAnswer = serde_json::from_slice(&file("checkpoint.json")).unwrap();
    let read = |text: Option<String>| text.unwrap().parse::<SignedCheckpoint>().unwrap();
    let (before, now) = (read(of_receipt.body.checkpoint), read(answer.checkpoint));
    assert!(before.is_of(&key, "test") && now.is_of(&key, "test"));
    let hashes = |texts: &[String]| texts.iter().map(|text| read_hex(text).unwrap()).collect::<Vec<Hash>>();
    let (before, now) = (&before.body, &now.body);
    assert!(extends((before.size, &before.root), (now.size, &now.root), &hashes(&answer.consistency)));
    let (leaf, inclusion) = (read_hex(&of_receipt.body.leaf.unwrap()).unwrap(), answer.inclusion.unwrap());
    assert!(includes((now.size, &now.root), (inclusion.position, &leaf), &hashes(&inclusion.path)));
}

#[test]
fn a_field_that_nobody_approved_is_refused_by_schema_and_type() {
    let records = example::records();
    for record in &records {
        let mut line = serde_json::to_value(record).unwrap();
        line["content"]["person_id"] = json!("x");
        assert_refused::<Record>("record", &line);
        let mut line = serde_json::to_value(record).unwrap();
        line["run_id"] = json!("x");
        assert_refused::<Record>("record", &line);
    }
    let mut manifest = serde_json::to_value(example::manifest()).unwrap();
    manifest["sent_at"] = json!("2026-01-15T01:17:42Z");
    assert_refused::<Manifest>("manifest", &manifest);
}

#[test]
fn a_timepoint_a_date_and_a_status_outside_their_forms_are_refused_by_schema_and_type() {
    let record = &example::records()[1];
    for (place, wrong) in [
        ("/content/measurements/0/timepoint", "weekly-0"),
        ("/content/ended_on", "2025-02-30"),
        ("/content/status", "ongoing"),
        ("/content/sex", "K"),
        ("/kind", "rekey"),
    ] {
        let mut line = serde_json::to_value(record).unwrap();
        *line.pointer_mut(place).unwrap() = json!(wrong);
        assert_refused::<Record>("record", &line);
    }
}

#[test]
fn schema_and_type_need_the_same_fields() {
    for record in example::records() {
        assert_same_needs::<Record>("record", &serde_json::to_value(record).unwrap());
    }
    assert_same_needs::<Manifest>("manifest", &serde_json::to_value(example::manifest()).unwrap());
    assert_same_needs::<Receipt>("receipt", &serde_json::to_value(example::receipt()).unwrap());
    assert_same_needs::<Problem>("problem", &serde_json::to_value(example::problem()).unwrap());
    assert_same_needs::<PublishedLists>("codelists", &serde_json::to_value(example::published_lists()).unwrap());
    let checkpoint = serde_json::to_value(example::audit::answer()).unwrap();
    assert_same_needs::<CheckpointAnswer>("checkpoint", &checkpoint);
    assert_same_needs::<Me>("me", &serde_json::to_value(example::me()).unwrap());
    assert_same_needs::<KeyReset>("key-reset", &serde_json::to_value(example::key_reset()).unwrap());
    let answer = serde_json::to_value(example::key_reset_answer()).unwrap();
    assert_same_needs::<KeyResetAnswer>("key-reset-answer", &answer);
    assert_same_needs::<Withdrawal>("withdrawal", &serde_json::to_value(example::withdrawal()).unwrap());
    assert_same_needs::<ErasureReceipt>("erasure", &serde_json::to_value(example::erasure()).unwrap());
    assert_same_needs::<YearCut>("year-cut", &serde_json::to_value(example::year_cut()).unwrap());
    assert_same_needs::<Attestation>("attestation", &serde_json::to_value(example::attestation()).unwrap());
    assert_same_needs::<PersonExtract>("person-extract", &serde_json::to_value(example::person_extract()).unwrap());
}

fn file(name: &str) -> Vec<u8> {
    example::files().remove(name).expect("tests name files of the list")
}

fn batch_lines(batch: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let batch = batch.strip_suffix(b"\n").expect("a batch ends with a line feed");
    let mut lines = batch.split(|byte| *byte == b'\n');
    (lines.next().expect("a batch has a manifest"), lines.collect())
}

fn assert_golden<T: DeserializeOwned + Serialize>(schema: &str, bytes: &[u8]) {
    let value: T = serde_json::from_slice(bytes).unwrap_or_else(|error| panic!("{schema}: {error}"));
    assert_eq!(canonical::bytes(&value), bytes, "{schema} is not in canonical form");
    let value: Value = serde_json::from_slice(bytes).unwrap();
    if let Err(error) = validator(schema).validate(&value) {
        panic!("{schema}: {error}");
    }
}

fn assert_refused<T: DeserializeOwned>(schema: &str, value: &Value) {
    assert!(!validator(schema).is_valid(value), "the schema {schema} takes {value}");
    assert!(serde_json::from_value::<T>(value.clone()).is_err(), "the type of {schema} reads {value}");
}

fn assert_same_needs<T: DeserializeOwned>(schema: &str, value: &Value) {
    let validator = validator(schema);
    let mut needed = 0;
    for (place, without) in with_one_field_less(value) {
        let (by_schema, by_type) = (validator.is_valid(&without), serde_json::from_value::<T>(without).is_ok());
        assert_eq!(by_schema, by_type, "schema and type of {schema} disagree about {place}");
        needed += usize::from(!by_schema);
    }
    assert!(needed > 0, "{schema} needs no field at all");
}

/// The value once for each field of each object in it, with that field taken away.
fn with_one_field_less(value: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    collect_fields(value, "", &mut places);
    let without = |(object, field): (String, String)| {
        let mut value = value.clone();
        let object_value = value.pointer_mut(&object).and_then(Value::as_object_mut);
        object_value.expect("the place was found in this value").remove(&field);
        (format!("{object}/{field}"), value)
    };
    places.into_iter().map(without).collect()
}

fn collect_fields(value: &Value, place: &str, places: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                places.push((place.to_owned(), field.clone()));
                collect_fields(inner, &format!("{place}/{field}"), places);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect_fields(inner, &format!("{place}/{index}"), places);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn validator(schema: &str) -> jsonschema::Validator {
    let schema = schema::named(schema);
    jsonschema::options().should_validate_formats(true).build(&schema).expect("generated schemas compile")
}
