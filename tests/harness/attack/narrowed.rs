//! What follows from sums alone, without a solver: from and to how many persons each cell is at most.
//!
//! Promises: tells which cells are tied down most, so that these are attacked first.

use std::collections::BTreeMap;

use super::told::Name;

/// Rounds over all sums; most is found in the first.
const ROUNDS: usize = 12;

/// From and to how many persons each released cell is, by itself and by its sums.
pub(super) fn narrowed(bounds: &BTreeMap<Name, (f64, f64)>, sums: &[(Name, Vec<Name>)]) -> BTreeMap<Name, (f64, f64)> {
    let places: BTreeMap<&Name, usize> = bounds.keys().enumerate().map(|(place, name)| (name, place)).collect();
    let mut known: Vec<(f64, f64)> = bounds.values().copied().collect();
    let sums: Vec<(usize, Vec<usize>)> =
        sums.iter().map(|(whole, parts)| (places[whole], parts.iter().map(|part| places[part]).collect())).collect();
    for _ in 0..ROUNDS {
        let before = known.clone();
        for (whole, parts) in &sums {
            narrow(&mut known, *whole, parts);
        }
        if known == before {
            break;
        }
    }
    bounds.keys().cloned().zip(known).collect()
}

fn narrow(known: &mut [(f64, f64)], whole: usize, parts: &[usize]) {
    let low: f64 = parts.iter().map(|part| known[*part].0).sum();
    let high: f64 = parts.iter().map(|part| known[*part].1).sum();
    known[whole] = (known[whole].0.max(low), known[whole].1.min(high));
    for part in parts {
        let own = known[*part];
        let least = known[whole].0 - (high - own.1);
        let most = known[whole].1 - (low - own.0);
        known[*part] = (own.0.max(least), own.1.min(most));
    }
}
