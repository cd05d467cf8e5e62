//! Logs that grew, shrank, forked and lost a receipt, each beside what an agent kept.

use schemas::audit::{Inclusion, Range, Restored, Tail, leaf_hash};
use schemas::canonical;
use schemas::signed::SigningKey;

use super::*;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A log whose entries from a place on are of another world.
fn leaves(size: usize, other_from: usize) -> Vec<Hash> {
    (0..size).map(|place| leaf_hash(&[u8::try_from(place).unwrap(), u8::from(place >= other_from)])).collect()
}

fn checkpoint(leaves: &[Hash], restored: Option<Restored>) -> SignedCheckpoint {
    let root = leaves.iter().copied().collect::<Range>().root();
    let at = "2026-11-22T10:00:00Z".parse().unwrap();
    let size = leaves.len() as u64;
    Checkpoint { origin: "test".into(), size, previous: 0, root, at, restored }.sign(&key())
}

/// What a register with this log answers to an agent that has seen so many entries of it.
fn answer(leaves: &[Hash], from: usize, restored: Option<Restored>) -> CheckpointAnswer {
    let hexadecimal = |proof: Vec<Hash>| proof.iter().map(|hash| canonical::hex(hash)).collect();
    let tail =
        leaves.get(from..).map(|rest| Tail { base: leaves[..from].iter().copied().collect(), leaves: rest.to_vec() });
    CheckpointAnswer {
        checkpoint: Some(checkpoint(leaves, restored).to_string()),
        consistency: hexadecimal(tail.unwrap_or_default().consistency()),
        inclusion: None,
    }
}

fn judged(kept: &Kept, answer: &CheckpointAnswer, forgotten: Forgotten) -> Judged {
    judge(kept, answer, (&key().verifying_key(), Standing { environment: "test", forgotten }))
}

fn seen(leaves: &[Hash]) -> Kept {
    Kept { checkpoint: Some(checkpoint(leaves, None)), leaf: None }
}

#[test]
fn a_log_that_grew_is_kept_and_one_that_was_altered_cut_or_put_back_is_told() {
    let known = leaves(20, 99);
    let told = Some(Restored { size: 15, at: "2026-11-22T09:00:00Z".parse().unwrap() });
    for (log, restored, forgotten, expected) in [
        (leaves(20, 99), None, Forgotten::No, None),
        (leaves(33, 99), None, Forgotten::No, None),
        (leaves(33, 20), None, Forgotten::No, None),
        (leaves(33, 19), None, Forgotten::No, Some(Sort::Other)),
        (leaves(33, 0), None, Forgotten::No, Some(Sort::Other)),
        (leaves(20, 3), None, Forgotten::No, Some(Sort::Other)),
        (leaves(19, 99), None, Forgotten::No, Some(Sort::Shorter)),
        (leaves(16, 15), None, Forgotten::No, Some(Sort::Shorter)),
        (leaves(16, 15), told, Forgotten::No, Some(Sort::Restored)),
        (leaves(40, 15), told, Forgotten::No, Some(Sort::Restored)),
        (leaves(40, 15), None, Forgotten::Yes, Some(Sort::Restored)),
        // Being put back is no fault where nothing that was seen was lost.
        (leaves(33, 20), told, Forgotten::Yes, None),
    ] {
        let (kept, answer) = (seen(&known), answer(&log, 20, restored));
        let Judged { found, keep, .. } = judged(&kept, &answer, forgotten);
        let case = format!("{} entries, {restored:?}, {forgotten:?}", log.len());
        assert_eq!(found.as_ref().map(|found| found.sort), expected, "{case}");
        assert_eq!(keep, Some(checkpoint(&log, restored)), "{case}: it is kept, so that the same is not found again");
        if let Some(found) = found {
            let both = [&found.kept, &found.shown].map(|text| text.parse::<SignedCheckpoint>().unwrap());
            assert!(both.iter().all(|one| one.is_of(&key().verifying_key(), "test")), "{case}: evidence is signed");
        }
    }
}

#[test]
fn a_proof_that_is_wrong_or_no_proof_is_not_taken() {
    let kept = seen(&leaves(20, 99));
    let good = answer(&leaves(33, 99), 20, None);
    let mut wrong = good.clone();
    wrong.consistency[0] = "0".repeat(64);
    let mut no_hash = good.clone();
    no_hash.consistency[0] = "no hash".into();
    let none = CheckpointAnswer { consistency: vec![], ..good };
    for answer in [wrong, no_hash, none] {
        assert_eq!(judged(&kept, &answer, Forgotten::No).found.unwrap().sort, Sort::Other);
    }
}

#[test]
fn what_the_register_did_not_sign_is_told_and_never_kept() {
    let kept = seen(&leaves(20, 99));
    let good = answer(&leaves(33, 99), 20, None);
    let foreign = checkpoint(&leaves(33, 99), None).body.sign(&SigningKey::from_bytes(&[8; 32])).to_string();
    for text in [foreign, "no checkpoint".into()] {
        let answer = CheckpointAnswer { checkpoint: Some(text), ..good.clone() };
        let Judged { found, keep, .. } = judged(&kept, &answer, Forgotten::No);
        assert_eq!((found.unwrap().sort, keep), (Sort::Unsigned, None));
    }
    let empty = CheckpointAnswer { checkpoint: None, consistency: vec![], inclusion: None };
    assert_eq!(judged(&kept, &empty, Forgotten::No).found.unwrap().sort, Sort::Shorter);
    assert_eq!(judged(&Kept::default(), &empty, Forgotten::No).found, None);
    assert_eq!(judged(&Kept::default(), &good, Forgotten::No).keep, Some(checkpoint(&leaves(33, 99), None)));
}

#[test]
fn the_newest_receipt_s_entry_must_stand_in_the_log_a_minute_later() {
    let log = leaves(33, 99);
    let leaf = canonical::hex(&log[25]);
    let tail = Tail { base: log[..20].iter().copied().collect(), leaves: log[20..].to_vec() };
    let path = tail.inclusion(25).unwrap().iter().map(|hash| canonical::hex(hash)).collect();
    let inclusion = Some(Inclusion { position: 25, path });
    for (at, inclusion, expected) in [
        ("2026-11-22T09:00:00Z", inclusion.clone(), (None, Settled::Yes)),
        ("2026-11-22T09:58:59Z", None, (Some(Sort::Missing), Settled::Yes)),
        ("2026-11-22T09:59:30Z", None, (None, Settled::NotYet)),
        ("2026-11-22T10:30:00Z", None, (None, Settled::NotYet)),
        (
            "2026-11-22T09:00:00Z",
            inclusion.map(|inclusion| Inclusion { position: 26, ..inclusion }),
            (Some(Sort::Missing), Settled::Yes),
        ),
    ] {
        let kept = Kept { leaf: Some((leaf.clone(), at.parse().unwrap())), ..seen(&log[..20]) };
        let answer = CheckpointAnswer { inclusion, ..answer(&log, 20, None) };
        let Judged { found, settled, .. } = judged(&kept, &answer, Forgotten::No);
        assert_eq!((found.map(|found| found.sort), settled), expected, "{at}");
    }
}
