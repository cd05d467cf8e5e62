//! Proofs of every log up to 130 entries: each verifies, and no altered one does.

use proptest::prelude::*;

use super::super::tree::{leaf_hash, tests::known_leaves};
use super::*;
use crate::canonical;

/// All sizes up to here, which passes two powers of two.
const LARGEST: usize = 130;

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn tail(leaves: &[Hash], from: usize) -> Tail {
    Tail { base: leaves[..from].iter().copied().collect(), leaves: leaves[from..].to_vec() }
}

fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Range>().root()
}

/// Every proof that is one step away from this one.
fn altered(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for place in 0..proof.len() {
        let mut bit = proof.to_vec();
        bit[place][place % 32] ^= 1 << (place % 8);
        let mut without = proof.to_vec();
        without.remove(place);
        let mut twice = proof.to_vec();
        twice.insert(place, proof[place]);
        all.extend([bit, without, twice]);
        if place > 0 && proof[place] != proof[place - 1] {
            let mut swapped = proof.to_vec();
            swapped.swap(place, place - 1);
            all.push(swapped);
        }
    }
    all.push([proof, &[[7; 32]]].concat());
    all
}

#[test]
fn every_log_up_to_130_entries_proves_that_it_extends_each_earlier_one_and_no_altered_proof_does() {
    let all = leaves(LARGEST);
    let roots: Vec<Hash> = (0..=LARGEST).map(|size| root(&all[..size])).collect();
    let mut refused = 0;
    for new in 0..=LARGEST {
        for old in 0..=new {
            let proof = tail(&all[..new], old).consistency();
            let (before, now) = ((old as u64, &roots[old]), (new as u64, &roots[new]));
            assert!(extends(before, now, &proof), "{old} to {new}");
            assert!(!extends((before.0, &[9; 32]), now, &proof) || old == 0, "{old} to {new} from another root");
            assert!(!extends(before, (now.0, &[9; 32]), &proof) || old == 0, "{old} to {new} with another root");
            for wrong in altered(&proof) {
                assert!(!extends(before, now, &wrong), "{old} to {new}: {wrong:?}");
                refused += 1;
            }
        }
    }
    println!("{refused} altered consistency proofs refused");
}

#[test]
fn every_log_up_to_130_entries_proves_each_entry_and_no_altered_proof_does() {
    let all = leaves(LARGEST);
    let mut refused = 0;
    for size in 1..=LARGEST {
        let log = (size as u64, &root(&all[..size]));
        for (position, leaf) in all[..size].iter().enumerate() {
            let path = tail(&all[..size], position / 2).inclusion(position as u64).unwrap();
            let place = position as u64;
            assert!(includes(log, (place, leaf), &path), "{position} of {size}");
            assert!(!includes(log, (place, &[9; 32]), &path), "another leaf at {position} of {size}");
            assert!(!includes((log.0, &[9; 32]), (place, leaf), &path), "{position} of {size} in another log");
            for other in (0..9).map(|bit| place ^ (1 << bit)).chain([size as u64, u64::MAX]) {
                assert!(!includes(log, (other, leaf), &path), "{position} of {size} at {other}");
            }
            for wrong in altered(&path) {
                assert!(!includes(log, (place, leaf), &wrong), "{position} of {size}: {wrong:?}");
                refused += 1;
            }
        }
    }
    println!("{refused} altered paths refused");
}

#[test]
fn a_log_that_did_not_grow_from_the_earlier_one_has_no_proof() {
    let all = leaves(LARGEST);
    for old in 1..40 {
        for new in old + 1..=64 {
            let mut other = all[..new].to_vec();
            other[old / 2] = [1; 32];
            let forged = tail(&other, old).consistency();
            assert!(!extends((old as u64, &root(&all[..old])), (new as u64, &root(&other)), &forged), "{old} to {new}");
        }
    }
    assert_eq!(tail(&all, 5).inclusion(4), None);
    assert_eq!(tail(&all, 5).inclusion(LARGEST as u64), None);
}

#[test]
fn the_known_proofs_are_met() {
    let hexadecimal = |proof: Vec<Hash>| proof.iter().map(|hash| canonical::hex(hash)).collect::<Vec<_>>();
    let known = known_leaves();
    let path = tail(&known, 0).inclusion(5).unwrap();
    assert_eq!(
        hexadecimal(path),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        hexadecimal(tail(&known, 6).consistency()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

proptest! {
    #[test]
    fn logs_of_any_size_prove_what_they_hold_and_extend(
        sizes in (1..3_000_usize).prop_flat_map(|new| (0..=new, Just(new), 0..new)),
        bit in 0..256_usize,
    ) {
        let (old, new, position) = sizes;
        let all = leaves(new);
        let whole = tail(&all, old);
        let (before, now) = ((old as u64, &root(&all[..old])), (new as u64, &root(&all)));
        let proof = whole.consistency();
        prop_assert!(extends(before, now, &proof));
        if let Some(path) = whole.inclusion(position as u64) {
            prop_assert!(includes(now, (position as u64, &all[position]), &path));
        }
        for place in 0..proof.len() {
            let mut wrong = proof.clone();
            wrong[place][bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!extends(before, now, &wrong));
        }
    }
}
