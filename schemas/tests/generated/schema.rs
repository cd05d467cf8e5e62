//! What is generated: one JSON Schema (draft 2020-12) for each thing on the wire, and the rule list.
//!
//! Promises: file names are the stable names of the documents; the rule list holds everything that its hash covers.

use schemars::{Schema, schema_for};
use schemas::attestation::{Attestation, YearCut};
use schemas::audit::CheckpointAnswer;
use schemas::batch::Manifest;
use schemas::contact::{Generation, GenerationRequest, Me, Pause};
use schemas::digest::Digest;
use schemas::document::JSON_SCHEMAS;
use schemas::key_reset::{KeyReset, KeyResetAnswer};
use schemas::problem::Problem;
use schemas::published_lists::PublishedLists;
use schemas::receipt::Receipt;
use schemas::record::Record;
use schemas::rule;
use schemas::withdrawal::{CaseReply, ErasureReceipt, ExtractRequest, Lift, Lifted, PersonExtract, Withdrawal};
use serde_json::{Value, json};

use crate::committed::{self, Files};

/// The schema with this name.
pub(crate) fn named(name: &str) -> Value {
    let (_, schema) = all().into_iter().find(|(known, _)| *known == name).expect("tests name schemas of the list");
    schema.to_value()
}

fn all() -> [(&'static str, Schema); 22] {
    [
        ("manifest", schema_for!(Manifest)),
        ("record", schema_for!(Record)),
        ("receipt", schema_for!(Receipt)),
        ("problem", schema_for!(Problem)),
        ("me", schema_for!(Me)),
        ("generation-request", schema_for!(GenerationRequest)),
        ("generation", schema_for!(Generation)),
        ("pause", schema_for!(Pause)),
        ("codelists", schema_for!(PublishedLists)),
        ("checkpoint", schema_for!(CheckpointAnswer)),
        ("digest", schema_for!(Digest)),
        ("key-reset", schema_for!(KeyReset)),
        ("key-reset-answer", schema_for!(KeyResetAnswer)),
        ("withdrawal", schema_for!(Withdrawal)),
        ("erasure", schema_for!(ErasureReceipt)),
        ("lift", schema_for!(Lift)),
        ("lifted", schema_for!(Lifted)),
        ("extract-request", schema_for!(ExtractRequest)),
        ("person-extract", schema_for!(PersonExtract)),
        ("case-reply", schema_for!(CaseReply)),
        ("attestation", schema_for!(Attestation)),
        ("year-cut", schema_for!(YearCut)),
    ]
}

fn rule_list() -> Value {
    let rules: Vec<_> = rule::ALL.iter().map(|rule| rule.describe()).collect();
    json!({ "hash": rule::hash(), "rules": rules })
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).expect("a JSON value can be written");
    text.push(b'\n');
    text
}

fn files() -> Files {
    let mut files: Files =
        all().into_iter().map(|(name, schema)| (format!("{name}.json"), pretty(&schema.to_value()))).collect();
    files.insert("rules.json".into(), pretty(&rule_list()));
    files
}

#[test]
fn the_committed_schemas_and_the_rule_list_are_current() {
    committed::check("json", &files());
}

#[test]
fn the_programs_hold_every_committed_schema_and_no_other() {
    let held: Vec<&str> = JSON_SCHEMAS.iter().map(|(name, _)| *name).collect();
    let made = files();
    assert_eq!(held, made.keys().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn every_schema_is_a_valid_schema_itself() {
    for (name, schema) in all() {
        assert!(jsonschema::meta::is_valid(&schema.to_value()), "{name}");
    }
    assert!(!jsonschema::meta::is_valid(&json!({ "type": "no such type" })), "a wrong schema must be found");
}

#[test]
fn the_rule_list_says_everything_that_its_hash_covers() {
    let list = rule_list();
    let bytes = schemas::canonical::bytes(&list["rules"]);
    assert_eq!(list["hash"], schemas::canonical::sha256_hex(&bytes));
}
