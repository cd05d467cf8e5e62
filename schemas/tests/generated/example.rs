//! One valid value of each thing on the wire: a batch with every kind of record, and the answers to it.
//!
//! Promises: the person, the unit and the keys are invented; the values stay as they are, so that a change of the examples is a change
//! of the format.

/// The examples of a year that is signed.
mod attestation;
/// The examples of the audit log.
pub(crate) mod audit;
/// The example of signed code lists.
mod lists;
/// The examples of a set under new keys.
mod key_reset;
/// The records of the example batch.
mod record;
/// The examples of leaving the register.
mod withdrawal;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePublicKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use schemas::batch::{self, Kind, Limits, Manifest};
use schemas::canonical::{self, PayloadHash};
use schemas::contact::{Generation, GenerationRequest, Me, OpenCase, Pause};
use schemas::digest::{Digest, Digester, Line};
use schemas::id::{BatchId, KeyId, SenderCode, StateId};
use schemas::problem::{Problem, ProblemType};
use schemas::receipt::{self, LineFinding, Receipt, ReceiptBody, Verdict};
use schemas::record::{Record, content_hash};
use schemas::rule::Rule;

pub(crate) use attestation::{attestation, year_cut};
pub(crate) use key_reset::{key_reset, key_reset_answer};
pub(crate) use lists::published_lists;
pub(crate) use record::records;
pub(crate) use withdrawal::{case_reply, erasure, extract_request, lift, lifted, person_extract, withdrawal};

use crate::committed::{self, Files};

/// Every example as a file.
pub(crate) fn files() -> Files {
    Files::from([
        ("batch.ndjson".into(), batch()),
        ("receipt.json".into(), canonical::bytes(&receipt())),
        ("receipt.pub".into(), receipt_key_pem().into_bytes()),
        ("problem.json".into(), canonical::bytes(&problem())),
        ("me.json".into(), canonical::bytes(&me())),
        ("generation-request.json".into(), canonical::bytes(&generation_request())),
        ("generation.json".into(), canonical::bytes(&generation())),
        ("pause.json".into(), canonical::bytes(&pause())),
        ("codelists.json".into(), canonical::bytes(&published_lists())),
        ("checkpoint.json".into(), canonical::bytes(&audit::answer())),
        ("digest.json".into(), canonical::bytes(&digest())),
        ("key-reset.json".into(), canonical::bytes(&key_reset())),
        ("key-reset-answer.json".into(), canonical::bytes(&key_reset_answer())),
        ("withdrawal.json".into(), canonical::bytes(&withdrawal())),
        ("erasure.json".into(), canonical::bytes(&erasure())),
        ("lift.json".into(), canonical::bytes(&lift())),
        ("lifted.json".into(), canonical::bytes(&lifted())),
        ("extract-request.json".into(), canonical::bytes(&extract_request())),
        ("person-extract.json".into(), canonical::bytes(&person_extract())),
        ("case-reply.json".into(), canonical::bytes(&case_reply())),
        ("attestation.json".into(), canonical::bytes(&attestation())),
        ("year-cut.json".into(), canonical::bytes(&year_cut())),
        // Written by hand, because nothing here reads identity numbers; the agent's tests hold its reader to the table.
        ("identity.csv".into(), include_bytes!("../../examples/identity.csv").to_vec()),
    ])
}

/// Who sends in the examples.
pub(crate) fn sender() -> SenderCode {
    "12".parse().unwrap()
}

/// The first line of the example batch.
pub(crate) fn manifest() -> Manifest {
    Manifest {
        schema: batch::SCHEMA.into(),
        sender: sender(),
        environment: "test".into(),
        kid: key_id(),
        state_id: state_id(),
        cycle: 3,
        records: u32::try_from(records().len()).unwrap(),
        payload_sha256: payload_sha256(),
        rules: canonical::sha256_hex(b"the rules of the example"),
        codelists: canonical::sha256_hex(b"the code lists of the example"),
        agent: "0.1.0".into(),
        schedule: Some("15 2 * * *".into()),
        timezone: Some("Europe/Stockholm".into()),
    }
}

/// The example batch, decompressed.
fn batch() -> Vec<u8> {
    let mut lines = canonical::bytes(&manifest());
    lines.push(b'\n');
    for record in records() {
        lines.extend(canonical::bytes(&record));
        lines.push(b'\n');
    }
    lines
}

/// The register's answer to the example batch.
pub(crate) fn receipt() -> Receipt {
    let verdicts = [Verdict::Accepted, Verdict::Replaced, Verdict::Rejected, Verdict::Accepted, Verdict::Stale];
    let last = [Verdict::Unchanged, Verdict::Accepted, Verdict::Accepted];
    let body = ReceiptBody {
        schema: receipt::SCHEMA.into(),
        sender: sender(),
        environment: "test".into(),
        batch: batch_id(),
        received_at: "2026-01-15T01:17:42Z".into(),
        verdicts: receipt::ranges(&[verdicts.as_slice(), &last].concat()),
        findings: vec![LineFinding { line: 3, rule: Rule::RecordSender.id().into(), field: "key".into() }],
        leaf: Some(canonical::hex(&audit::leaf())),
        checkpoint: Some(audit::seen().to_string()),
    };
    body.sign(&signing_key())
}

/// A refusal of the example batch.
pub(crate) fn problem() -> Problem {
    let detail = "The manifest names another sender than the certificate; correct [agent] region.";
    Problem::new(ProblemType::SenderMismatch, detail).at_line(1)
}

/// What the register knows about the example's sender.
pub(crate) fn me() -> Me {
    Me {
        sender: sender(),
        environment: "test".into(),
        status: "active".into(),
        limits: Limits::default(),
        schema: batch::SCHEMA.into(),
        rules: manifest().rules,
        codelists: manifest().codelists,
        time: "2026-01-15T01:17:42Z".into(),
        generation: 1,
        keys: vec![key_id()],
        withdrawn: 2,
        cases: vec![OpenCase {
            number: 7,
            deadline: jiff::civil::date(2026, 2, 12),
            opened_on: jiff::civil::date(2026, 1, 12),
        }],
        replaces: None,
    }
}

/// The first contact of the example's state directory.
fn generation_request() -> GenerationRequest {
    GenerationRequest { state_id: state_id() }
}

/// The answer to the first contact.
fn generation() -> Generation {
    Generation { generation: 1 }
}

/// What the register holds after the example batch: its first treatment, in the version and with the content of the batch.
fn digest() -> Digest {
    let mut digester = Digester::default();
    let first = records().into_iter().find_map(|record| match record {
        Record::Treatment { key, version, content } => {
            let content = content_hash(Kind::Treatment, &canonical::bytes(&content));
            Some(Line { key, version, content })
        }
        _ => None,
    });
    if let Some(line) = &first {
        digester.add(line);
    }
    Digest { generation: 1, buckets: digester.finish() }
}

/// A planned silence.
fn pause() -> Pause {
    Pause { until: jiff::civil::date(2026, 12, 24), reason: "byte av journalsystem".into() }
}

/// The example batch's address.
fn batch_id() -> BatchId {
    canonical::sha256_hex(&batch()).parse().unwrap()
}

fn key_id() -> KeyId {
    sender().first_key_id()
}

fn state_id() -> StateId {
    "0123456789abcdef0123456789abcdef".parse().unwrap()
}

/// 43 characters that look like an HMAC and are none.
fn invented_hmac(of: &str) -> String {
    URL_SAFE_NO_PAD.encode(canonical::sha256(of.as_bytes()))
}

/// A key that everybody may know: it signs the example and nothing else.
fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&canonical::sha256(b"the receipt key of the example"))
}

fn receipt_key_pem() -> String {
    signing_key().verifying_key().to_public_key_pem(LineEnding::LF).unwrap()
}

fn payload_sha256() -> String {
    let mut payload: Vec<(String, Vec<u8>)> = records()
        .iter()
        .filter_map(|record| match record {
            Record::Treatment { key, content, .. } => Some((key.to_string(), canonical::bytes(content))),
            Record::Retraction { key, content, .. } => Some((key.to_string(), canonical::bytes(content))),
            Record::Unit { .. }
            | Record::Activity { .. }
            | Record::Run { .. }
            | Record::SubjectMerge { .. }
            | Record::SubjectSplit { .. } => None,
        })
        .collect();
    payload.sort();
    let mut hash = PayloadHash::default();
    for (key, content) in &payload {
        hash.add(key, content);
    }
    hash.finish()
}

#[test]
fn the_committed_examples_are_current() {
    committed::check("examples", &files());
}
