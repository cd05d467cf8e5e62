//! What a region asks: an operation for each call of the table.
//!
//! Promises: a call without its words, its forms or its refusals does not compile.

use schemas::batch::Limits;
use schemas::problem::ProblemType::{
    self, BadRequest, BatchConflict, Busy, DigestMismatch, DiskFull, Internal, KeyUnknown, LineUnreadable,
    ManifestInvalid, NotFound, SchemaVersion, SenderMismatch, SenderNotActive, TooLarge, TooManyRequests,
    VersionConflict,
};
use serde_json::{Map, Value, json};

use super::{Paths, host, in_path, of, refusal};
use crate::server::calls::{Call, Method};

/// What any call may end in: the gate is before every one.
const ALWAYS: [ProblemType; 4] = [SenderNotActive, TooManyRequests, Busy, Internal];

/// The paths of the regions' listener.
pub(super) fn paths() -> Paths {
    let mut paths = Paths::new();
    for call in Call::ALL {
        let (method, path) = call.place();
        let item = paths.entry(path).or_insert_with(|| json!({ "servers": [host("The regions' listener", "8443")] }));
        item[word(method)] = operation(call);
    }
    paths
}

fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Put => "put",
        Method::Post => "post",
        Method::Delete => "delete",
    }
}

fn operation(call: Call) -> Value {
    let (id, says) = named(call);
    let mut responses = refusal::of_regions(&refusals(call));
    responses.extend(answers(call));
    let mut operation = json!({
        "operationId": id, "summary": says, "tags": ["regions"], "security": [{ "certificate": [] }], "responses": responses,
    });
    let parameters: Vec<Value> = in_path(call.place().1).into_iter().chain(asked(call)).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(content) = taken(call) {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

fn named(call: Call) -> (&'static str, &'static str) {
    match call {
        Call::Batch => {
            ("putBatch", "Deliver a batch under the SHA-256 of its decompressed bytes; again gives the same receipt")
        }
        Call::Receipt => ("getReceipt", "The stored receipt of a batch, byte for byte"),
        Call::Me => ("getMe", "What the register knows about the sender"),
        Call::Digest => ("getDigest", "Digests of the sender's active records, by bucket"),
        Call::DigestLines => ("getDigestLines", "The records behind some buckets: key, version and hash, a line each"),
        Call::Generation => {
            ("postGeneration", "First contact of an empty state directory; the same name gets the same generation")
        }
        Call::KeyReset => ("postKeyReset", "A step of sending the whole set again under new keys"),
        Call::Checkpoint => ("getCheckpoint", "The newest signed checkpoint of the audit log, with proofs"),
        Call::BeginPause => ("postPause", "A planned silence begins; the newest word stands"),
        Call::EndPause => ("deletePause", "It ends"),
        Call::Withdrawal => {
            ("postWithdrawal", "Persons leave: what the sender sent of them is erased; a signed receipt")
        }
        Call::Lift => ("postLift", "Persons may come back"),
        Call::PersonExtract => ("postPersonExtract", "All that is held on persons from the sender"),
        Call::Case => ("postCase", "The sender has looked for the person of a case and found none"),
        Call::Cut => ("getCut", "The sender's part of a year's frozen data, to be signed"),
        Call::Attestation => ("postAttestation", "The signature, by the key of the connection's certificate"),
        Call::CodeLists => ("getCodeLists", "The register's signed code lists"),
    }
}

/// What is sent, by its kind.
fn taken(call: Call) -> Option<Value> {
    let form = |name: &str| Some(json!({ "application/json": { "schema": of("schemas", name) } }));
    match call {
        Call::Batch => Some(batch()),
        Call::Generation => form("GenerationRequest"),
        Call::KeyReset => form("KeyReset"),
        Call::BeginPause => form("Pause"),
        Call::Withdrawal => form("Withdrawal"),
        Call::Lift => form("Lift"),
        Call::PersonExtract => form("ExtractRequest"),
        Call::Case => form("CaseReply"),
        Call::Attestation => form("Attestation"),
        Call::Receipt
        | Call::Me
        | Call::Digest
        | Call::DigestLines
        | Call::Checkpoint
        | Call::EndPause
        | Call::Cut
        | Call::CodeLists => None,
    }
}

/// The lines of a batch, and how much it may measure unless the register is set otherwise.
fn batch() -> Value {
    json!({
        "application/x-ndjson": {
            "schema": {
                "type": "string",
                "description": "One JSON document a line, each line ended by a line feed: the manifest, then the records.",
            },
            "x-first-line": of("schemas", "Manifest"),
            "x-other-lines": of("schemas", "Record"),
            "x-limits": Limits::default(),
        },
    })
}

/// What comes back when all went well.
fn answers(call: Call) -> Map<String, Value> {
    let form = |name: &str| ("application/json", of("schemas", name));
    let (media, schema) = match call {
        Call::Batch | Call::Receipt => form("Receipt"),
        Call::Me => form("Me"),
        Call::Digest => form("Digest"),
        Call::DigestLines => ("text/plain", json!({ "type": "string" })),
        Call::Generation => form("Generation"),
        Call::KeyReset => form("KeyResetAnswer"),
        Call::Checkpoint => form("CheckpointAnswer"),
        Call::BeginPause => form("Pause"),
        Call::EndPause => ("application/json", json!({ "type": "object", "maxProperties": 0 })),
        Call::Withdrawal => form("ErasureReceipt"),
        Call::Lift => form("Lifted"),
        Call::PersonExtract => form("PersonExtract"),
        Call::Case => form("CaseReply"),
        Call::Cut | Call::Attestation => form("YearCut"),
        Call::CodeLists => form("PublishedLists"),
    };
    let mut answers = Map::new();
    let mut done = json!({ "description": "Done.", "content": { media: { "schema": schema } } });
    if call == Call::CodeLists {
        let tag = json!({ "ETag": { "description": "The hash of the lists.", "schema": { "type": "string" } } });
        done["headers"] = tag.clone();
        answers.insert("304".into(), json!({ "description": "The lists that If-None-Match names.", "headers": tag }));
    }
    answers.insert("200".into(), done);
    answers
}

/// Everything that a call may end in besides.
fn refusals(call: Call) -> Vec<ProblemType> {
    let own: &[ProblemType] = match call {
        Call::Batch => &[
            BadRequest,
            SenderMismatch,
            BatchConflict,
            VersionConflict,
            TooLarge,
            DigestMismatch,
            KeyUnknown,
            LineUnreadable,
            ManifestInvalid,
            SchemaVersion,
            DiskFull,
        ],
        Call::Receipt => &[BadRequest, NotFound],
        Call::Digest | Call::EndPause => &[DiskFull],
        Call::DigestLines | Call::Checkpoint => &[BadRequest],
        Call::Generation | Call::BeginPause => &[BadRequest, TooLarge, DiskFull],
        Call::KeyReset | Call::Withdrawal | Call::Lift | Call::PersonExtract => {
            &[BadRequest, TooLarge, KeyUnknown, ManifestInvalid, DiskFull]
        }
        Call::Case | Call::Attestation => &[BadRequest, NotFound, TooLarge, DiskFull],
        Call::Cut => &[NotFound],
        Call::Me | Call::CodeLists => &[],
    };
    ALWAYS.iter().chain(own).copied().collect()
}

/// What a call can be asked with, beside its body.
fn asked(call: Call) -> Vec<Value> {
    let parameter = |name: &str, place: &str, schema: Value, says: &str| json!({ "name": name, "in": place, "schema": schema, "description": says });
    let text = || json!({ "type": "string" });
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    match call {
        Call::Batch => {
            let encodings = json!({ "type": "string", "enum": ["zstd", "identity"] });
            vec![parameter("Content-Encoding", "header", encodings, "How the body is packed.")]
        }
        Call::Me => vec![parameter("Date", "header", text(), "The sender's clock, held against the register's.")],
        Call::Digest => vec![parameter("here", "query", hash(), "Fingerprint of the sender's own digests.")],
        Call::Checkpoint => vec![
            parameter("from", "query", json!({ "type": "integer", "minimum": 0 }), "Size of the log that is known."),
            parameter("leaf", "query", hash(), "Leaf whose place is to be proved."),
        ],
        Call::CodeLists => vec![parameter("If-None-Match", "header", text(), "Hash of the lists that are known.")],
        _ => Vec::new(),
    }
}
