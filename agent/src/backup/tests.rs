//! What a copy of everything promises of its bytes, and the keys' copy of its file.

use std::os::unix::fs::PermissionsExt as _;

use zeroize::Zeroizing;

use super::archive::{Archive, Of};
use super::*;
use crate::pseudonymise::Keys;

const PASSPHRASE: &str = "fyra ord utan namn";

fn archive() -> Archive {
    let of = Of {
        sender: "12".into(),
        environment: "test".into(),
        kid: "r12-g1".into(),
        agent: "1".into(),
        made_at: "2026-01-01T00:00:00Z".into(),
    };
    Archive { of, keys: Zeroizing::new("keys\n".into()), objections: b"list\n".to_vec(), outbox: vec![7; 100_000] }
}

#[test]
fn a_copy_of_everything_is_taken_apart_into_what_went_in_and_refused_where_it_does_not_add_up() {
    let bytes = archive().bytes().unwrap();
    assert!(bytes.len() < 1_000 && bytes.capacity() == bytes.len());
    let again = Archive::of_bytes(&bytes).unwrap();
    let whole = archive();
    assert_eq!((again.of, again.keys), (whole.of, whole.keys));
    assert_eq!((again.objections, again.outbox), (whole.objections, whole.outbox));
    for wrong in [&bytes[..bytes.len() - 1], &bytes[1..], &[&bytes[..], b"x"].concat(), b"", b"{}\n"] {
        assert!(Archive::of_bytes(wrong).is_err(), "{} bytes", wrong.len());
    }
}

#[test]
fn a_copy_of_the_keys_shows_none_of_them_and_is_put_back_under_its_passphrase_beside_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (copy, out) = (folder.path().join("copy"), folder.path().join("key"));
    let keys = Keys::generate(&"r12-g1".parse().unwrap(), |bytes| bytes.fill(9)).unwrap();
    let locked = |passphrase| Locked { path: &copy, passphrase };
    back_up_keys(&keys, locked(PASSPHRASE), [1; 32]).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    let text = keys.file_text();
    assert!(!bytes.windows(12).any(|part| text.as_bytes().windows(12).any(|secret| secret == part)));
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o7777, 0o600);
    let failed = back_up_keys(&keys, locked(PASSPHRASE), [2; 32]).unwrap_err();
    assert_eq!((failed.exit(), std::fs::read(&copy).unwrap() == bytes), (Some(Exit::Failed), true));

    assert_eq!(restore_keys(locked("fyra andra ord"), &out).unwrap_err().exit(), Some(Exit::NotAllowed));
    assert!(!out.exists());
    assert_eq!(*restore_keys(locked(PASSPHRASE), &out).unwrap().file_text(), *text);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), *text);
    assert_eq!(restore_keys(locked(PASSPHRASE), &out).unwrap_err().exit(), Some(Exit::Failed), "over what is there");
    std::fs::write(&copy, crate::vault::lock(b"{}", PASSPHRASE, [3; 32]).unwrap()).unwrap();
    let failed = restore_keys(locked(PASSPHRASE), &folder.path().join("other")).unwrap_err();
    assert!(matches!(failed, BackupError::Vault(crate::vault::VaultError::NotOurs)), "{failed}");
}
