//! Finest cells and every total of them, each total as the sum of fewer and finer groups.
//!
//! Promises: a total stands behind the groups that it sums; each of its cells is in exactly one of those.
//! Must not know: what is summed, what labels mean.

use std::ops::Range;

use foldhash::HashMap;

use super::{Key, next_number};

/// One group and the finest cells that it sums.
#[derive(Debug)]
pub struct Group {
    pub(super) key: Key,
    /// Numbers of finest cells.
    pub cells: Vec<u32>,
    /// Over how many labels it sums; 0 for a finest cell.
    pub(super) level: u32,
    /// Numbers of the groups of the level before that add up to it; none for a finest cell.
    pub(super) parts: Vec<u32>,
}

/// Every combination of the cells' labels with totals in their place; labels outside the places stay as they are.
pub(super) fn groups(cells: &[Key], places: Range<usize>) -> Vec<Group> {
    let finest = |(number, key): (u32, &Key)| Group { key: *key, cells: vec![number], level: 0, parts: Vec::new() };
    let mut groups: Vec<Group> = (0..).zip(cells).map(finest).collect();
    let masks = 1_usize << places.len();
    let mut by_mask: Vec<Range<usize>> = vec![0..groups.len(); masks];
    let mut ascending: Vec<usize> = (1..masks).collect();
    ascending.sort_by_key(|mask| mask.count_ones());
    for mask in ascending {
        let bits = (0..places.len()).filter(|bit| mask >> bit & 1 == 1);
        let Some(bit) = bits.min_by_key(|bit| by_mask[mask ^ 1 << bit].len()) else { continue };
        let begin = groups.len();
        add_totals(&mut groups, by_mask[mask ^ 1 << bit].clone(), places.start + bit);
        by_mask[mask] = begin..groups.len();
    }
    groups
}

/// Adds the totals of some groups over one of their labels.
fn add_totals(groups: &mut Vec<Group>, parts: Range<usize>, place: usize) {
    let mut numbers: HashMap<Key, usize> = HashMap::default();
    for part in parts {
        let mut key = groups[part].key;
        key[place] = 0;
        let next = groups.len();
        let number = *numbers.entry(key).or_insert(next);
        if number == next {
            groups.push(Group { key, cells: Vec::new(), level: groups[part].level + 1, parts: Vec::new() });
        }
        let cells = std::mem::take(&mut groups[part].cells);
        groups[number].cells.extend(&cells);
        groups[number].parts.push(next_number(part));
        groups[part].cells = cells;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::aggregate::PLACES;

    #[test]
    fn every_total_is_the_sum_of_finer_groups_that_share_no_cell() {
        let mut cells = Vec::new();
        for first in 1..4 {
            for second in 1..3 {
                for third in (1..6).filter(|third| (first + second + third) % 3 > 0) {
                    let mut key = [0; PLACES];
                    key[..4].copy_from_slice(&[9, first, second, third]);
                    cells.push(key);
                }
            }
        }
        let groups = groups(&cells, 1..4);
        for (number, group) in groups.iter().enumerate() {
            let within = |key: &Key| (0..PLACES).all(|place| [0, key[place]].contains(&group.key[place]));
            let expected: BTreeSet<u32> = (0..).zip(&cells).filter(|(_, key)| within(key)).map(|(at, _)| at).collect();
            let own: BTreeSet<u32> = group.cells.iter().copied().collect();
            assert_eq!((own.len(), &own), (group.cells.len(), &expected));
            assert!(group.parts.iter().all(|part| (*part as usize) < number));
            if group.level > 0 {
                let parts = group.parts.iter().flat_map(|part| groups[*part as usize].cells.clone());
                assert_eq!(parts.clone().count(), group.cells.len());
                assert_eq!(parts.collect::<BTreeSet<_>>(), own);
            }
        }
        let keys: BTreeSet<Key> = groups.iter().map(|group| group.key).collect();
        assert_eq!(keys.len(), groups.len(), "a group stands twice");
        let all = |mask: u32| {
            let total =
                |key: &Key| std::array::from_fn(|at| if at > 0 && mask >> (at - 1) & 1 == 1 { 0 } else { key[at] });
            cells.iter().map(total).collect::<BTreeSet<Key>>().len()
        };
        assert_eq!((0..8).map(all).sum::<usize>(), groups.len());
    }
}
