//! What receipts leave of the log, in whatever order they come, and findings.

use schemas::audit::Checkpoint;
use schemas::signed::SigningKey;
use tempfile::TempDir;

use super::*;

const NOW: &str = "2026-11-22T12:00:00Z";

fn checkpoint(size: u8) -> SignedCheckpoint {
    let at = "2026-11-22T10:00:00Z".parse().unwrap();
    let body =
        Checkpoint { origin: "test".into(), size: size.into(), previous: 0, root: [size; 32], at, restored: None };
    body.sign(&SigningKey::from_bytes(&[7; 32]))
}

async fn outbox() -> (TempDir, Outbox) {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join("state")).await.unwrap();
    (folder, outbox)
}

/// A receipt whose checkpoint is of so many entries.
async fn hear(outbox: &mut Outbox, size: Option<u8>, leaf: &str, at: &str) {
    let checkpoint = size.map(|size| checkpoint(size).to_string());
    let told = Heard { checkpoint: checkpoint.as_deref(), leaf: Some(leaf), at };
    heard(&mut outbox.connection, told).await.unwrap();
}

#[tokio::test]
async fn the_largest_checkpoint_is_kept_with_the_newest_leaf_that_must_stand_behind_it() {
    let (_folder, mut outbox) = outbox().await;
    assert_eq!(outbox.witness().await.unwrap(), Kept::default());
    let leaf = |letter: &str| letter.repeat(64);
    for (size, own, expected) in [
        // Before its first checkpoint a log shows leaves alone.
        (None, "a", (None, "a")),
        (Some(3), "b", (Some(3), "b")),
        (Some(9), "c", (Some(9), "c")),
        // The batch that went before and was answered later: its entry may stand before the ninth.
        (Some(7), "d", (Some(9), "c")),
        (Some(9), "e", (Some(9), "e")),
    ] {
        hear(&mut outbox, size, &leaf(own), "2026-11-22T11:00:00Z").await;
        let kept = outbox.witness().await.unwrap();
        assert_eq!(kept.checkpoint, expected.0.map(checkpoint), "{own}");
        assert_eq!(kept.leaf.unwrap().0, leaf(expected.1), "{own}");
    }
    // A receipt of a register without a log, and one whose checkpoint this version cannot read, change nothing.
    let before = outbox.witness().await.unwrap();
    let none = Heard { checkpoint: None, leaf: None, at: NOW };
    heard(&mut outbox.connection, none).await.unwrap();
    heard(&mut outbox.connection, Heard { checkpoint: Some("registry-checkpoint/9"), ..none }).await.unwrap();
    assert_eq!(outbox.witness().await.unwrap(), before);
}

#[tokio::test]
async fn what_was_found_is_noted_once_and_stays_when_somebody_has_accepted_it() {
    let (_folder, mut outbox) = outbox().await;
    let now = NOW.parse().unwrap();
    let found = Found {
        sort: Sort::Shorter,
        kept: checkpoint(9).to_string(),
        shown: checkpoint(3).to_string(),
        leaf: String::new(),
    };
    assert!(outbox.witnessed((Some(&checkpoint(3)), Settled::Yes), Some(&found), now).await.unwrap());
    assert_eq!(outbox.witness().await.unwrap(), Kept { checkpoint: Some(checkpoint(3)), leaf: None });
    assert!(!outbox.witnessed((None, Settled::NotYet), Some(&found), now).await.unwrap());
    assert!(!outbox.accept_finding(7, "Anna", now).await.unwrap());
    assert!(outbox.accept_finding(1, "Anna", now).await.unwrap());
    assert!(!outbox.accept_finding(1, "Bo", now).await.unwrap());
    // The same again is another time.
    assert!(outbox.witnessed((None, Settled::NotYet), Some(&found), now).await.unwrap());
    let findings = outbox.findings().await.unwrap();
    let told: Vec<_> = findings.iter().map(|one| (one.id, one.sort, one.accepted_by.as_deref())).collect();
    assert_eq!(told, [(1, Sort::Shorter, Some("Anna")), (2, Sort::Shorter, None)]);
    assert_eq!((&findings[0].kept, &findings[0].shown), (&found.kept, &found.shown));
}
