//! What the keys promise, checked against the published vectors and against HMAC by its definition.

use std::os::unix::fs::PermissionsExt as _;

use schemas::codelist::CodeLists;
use schemas::exit::Exit;
use sha2::Digest as _;

use super::*;
use crate::identity::{IdentityText, TestIdentities, read_identity};

/// Keys whose bytes count up from 00 (person), 40 (record) and 80 (objection).
fn keys(id: &str) -> Keys {
    let mut next = (0u8..=255).step_by(64);
    Keys::generate(&id.parse().unwrap(), |bytes| {
        let first = next.next().unwrap();
        for (place, byte) in (0..).zip(bytes) {
            *byte = first + place;
        }
    })
    .unwrap()
}

fn person(text: &str, system: Option<&str>) -> IdentityNumber {
    read_identity(&IdentityText { text, system, reference: None }, TestIdentities::Allow, &CodeLists::builtin())
        .unwrap()
}

/// HMAC-SHA256 by its definition (RFC 2104), so that the prepared state is compared with something.
fn hmac(first: u8, message: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    for (place, byte) in (0..).zip(&mut block[..32]) {
        *byte = first + place;
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[test]
fn pseudonyms_are_the_published_vectors() {
    let keys = keys("r01-g1");
    for (digits, hash) in [
        ("191212121212", "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0"),
        ("200001012384", "ijisCsCA7MVJZuYFj-uTHbO9WUVkYSHCMA5C1JFQ_F8"),
        ("197010632391", "_mAgBYJQ0FK64EvApvfPMFS8Y0SP_XbpWotYBePYIxs"),
    ] {
        assert_eq!(keys.pseudonym(&person(digits, None)).as_str(), format!("psn1.r01-g1.{hash}"), "{digits}");
    }
}

#[test]
fn every_hash_is_the_hmac_of_its_label_and_parts_under_its_own_key() {
    let keys = keys("r12-g1");
    let local = person("19810829su3a", Some("local:varmland"));
    assert_eq!(
        keys.pseudonym(&local).hmac(),
        text(hmac(0, b"fedreg/psn/v1\0LOCAL:varmland\x0019810829SU3A")),
        "a reserve number counts with its system"
    );
    assert_eq!(
        keys.record_hash("main", " M-1é\n"),
        hmac(64, "fedreg/rec/v1\0main\0M-1é".as_bytes()),
        "trimmed, case kept"
    );
    assert_eq!(
        keys.objection(&person("191212121212", None)),
        hmac(128, b"fedreg/objection/v1\0SE-PNR\x00191212121212")
    );
    assert_eq!(keys.content_fingerprint(b"{\"a\":1}"), hmac(64, b"fedreg/fp/v1\0{\"a\":1}"));
    assert_eq!(keys.fingerprint(), "fa0cde5e");
}

#[test]
fn a_sealed_pseudonym_is_not_the_pseudonym_and_opens_to_it_under_the_same_key_only() {
    let keys = keys("r12-g1");
    let person = person("191212121212", None);
    let objector = keys.objector(&person);
    assert_eq!(objector.hash, keys.objection(&person));
    assert_eq!(pseudonym_of(keys.id(), objector.person), keys.pseudonym(&person));
    let sealed = keys.seal(keys.id(), &objector.hash, objector.person);
    let mask = hmac(128, &[b"fedreg/objection-seal/v1\0r12-g1\0".as_slice(), &objector.hash].concat());
    assert_eq!(sealed, std::array::from_fn(|place| objector.person[place] ^ mask[place]));
    assert_eq!(keys.seal(keys.id(), &objector.hash, sealed), objector.person);
    let other = Keys::generate(keys.id(), |bytes| bytes.fill(9)).unwrap();
    assert_ne!(other.seal(keys.id(), &objector.hash, sealed), objector.person);
    assert_ne!(other.objection_fingerprint(), keys.objection_fingerprint());
    assert_ne!(keys.erasure_salt(&objector.hash, &[1; 16]), keys.erasure_salt(&objector.hash, &[2; 16]));
}

#[test]
fn a_record_key_bears_the_sender_of_the_key_id() {
    let key = keys("rP07-g2").record_key("main", "M-1");
    assert_eq!(key.sender(), "P07");
    assert_eq!(key.as_str().rsplit('.').next().unwrap(), text(keys("rP07-g1").record_hash("main", "M-1")));
}

#[test]
fn a_written_file_is_for_its_owner_only_and_reads_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pseudonym.key");
    let made = keys("r12-g1");
    made.write_new(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let read = Keys::read(&path).unwrap();
    assert_eq!(read.id(), made.id());
    assert_eq!(read.fingerprint(), made.fingerprint());
    assert_eq!(read.record_key("main", "M-1"), made.record_key("main", "M-1"));
    assert_eq!(read.objection(&person("191212121212", None)), made.objection(&person("191212121212", None)));
    assert!(matches!(keys("r12-g1").write_new(&path), Err(KeyError::Exists(_))), "never overwritten");
    assert_eq!(Keys::read(&path).unwrap().fingerprint(), made.fingerprint());
}

#[test]
fn a_file_that_others_may_use_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pseudonym.key");
    keys("r12-g1").write_new(&path).unwrap();
    for (mode, open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o700, true), (0o620, true)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        match Keys::read(&path) {
            Err(error @ KeyError::TooOpen { .. }) => {
                assert!(open, "{mode:o}");
                assert_eq!(error.exit(), Exit::NotAllowed);
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
            read => assert!(read.is_ok() && !open, "{mode:o}"),
        }
        assert!(Keys::read_credential(&path).is_ok(), "systemd answers for a credential's mode");
    }
}

#[test]
fn a_missing_file_is_told_as_missing() {
    let error = Keys::read(std::path::Path::new("no-such-folder/pseudonym.key")).unwrap_err();
    assert!(matches!(error, KeyError::Missing(_)));
    assert_eq!(error.exit(), Exit::Config);
}

#[test]
fn a_damaged_file_is_refused_with_the_part_and_without_its_text() {
    let key = text([7; 32]);
    let good = format!(
        "person = {{ id = \"r12-g1\", key = \"{key}\" }}\nrecord = {{ key = \"{key}\" }}\nobjection = {{ key = \"{key}\" }}\n"
    );
    assert!(Keys::read_from_text(&good).is_ok());
    for (bad, part) in [
        (String::new(), "form"),
        (good.replace("objection", "objections"), "form"),
        (good.replace("record = {", "record = { id = \"x\","), "form"),
        (good.replace("r12-g1", "r12"), "person.id"),
        (good.replacen(&key, &key[1..], 1), "person.key"),
        (good.replace(&format!("record = {{ key = \"{key}"), &format!("record = {{ key = \"{key}=")), "record.key"),
        (
            good.replace(&format!("objection = {{ key = \"{key}"), &format!("objection = {{ key = \"+{}", &key[1..])),
            "objection.key",
        ),
    ] {
        let error = Keys::read_from_text(&bad).unwrap_err();
        assert_eq!(error.exit(), Exit::Config);
        assert!(error.to_string().contains(part), "{error} should name {part}");
        assert!(!error.to_string().contains(&key[1..20]), "{error}");
    }
    let foreign = Keys::read_from_text(&good.replace("r12-g1", "nat-g1")).unwrap_err();
    assert!(matches!(foreign, KeyError::NotOwnId));
}

#[test]
fn debug_output_shows_the_key_id_only() {
    assert_eq!(format!("{:?}", keys("r12-g1")), "Keys(r12-g1)");
}
