//! Codes that follow from another: whoever has both scores before and after has an answer to carry forward.
//!
//! Promises: found from what the vocabulary says that nobody can have together, and from nothing else. Must not know: persons, tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::vocabulary::Vocabulary;

/// What each place, as dimension and node, implies in other dimensions.
pub(super) struct Implied(BTreeMap<(usize, usize), Vec<(usize, usize)>>);

impl Implied {
    /// Everything that a vocabulary implies.
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let finest = |dimension: usize| {
            let known = &vocabulary.dimensions[dimension];
            (1..known.nodes.len()).filter(move |node| known.nodes[*node].depth == known.levels.len())
        };
        let lies_in = |dimension: usize, leaf: usize, node: usize| {
            let known = &vocabulary.dimensions[dimension];
            known.at(leaf, known.nodes[node].depth) == node
        };
        let is_excluded = |one: (usize, usize), other: (usize, usize)| {
            vocabulary.impossible.iter().any(|pair| *pair == [one, other] || *pair == [other, one])
        };
        let implies = |(one, node): (usize, usize), (other, implied): (usize, usize)| {
            let mut inside = finest(one).filter(|leaf| lies_in(one, *leaf, node));
            inside.all(|leaf| {
                let mut outside = finest(other).filter(|there| !lies_in(other, *there, implied));
                outside.all(|there| is_excluded((one, leaf), (other, there)))
            })
        };
        let nodes =
            |dimension: usize| (1..vocabulary.dimensions[dimension].nodes.len()).map(move |node| (dimension, node));
        let mut all: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
        let related: BTreeSet<(usize, usize)> =
            { vocabulary.impossible.iter() }.flat_map(|[one, other]| [(one.0, other.0), (other.0, one.0)]).collect();
        for (one, other) in related {
            for place in nodes(one) {
                all.entry(place).or_default().extend(nodes(other).filter(|implied| implies(place, *implied)));
            }
        }
        Self(all)
    }

    /// Whether everybody at one place is at another, of another dimension.
    pub(super) fn implies(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        self.0.get(&one).is_some_and(|implied| implied.contains(&other))
    }

    /// Every cell of another name that is of the same persons.
    pub(super) fn same(&self, name: &Name) -> Vec<Name> {
        let mutual = |own: &(usize, usize)| {
            let implied = self.0.get(own).into_iter().flatten();
            implied.filter(|other| self.0.get(other).is_some_and(|back| back.contains(own))).collect::<Vec<_>>()
        };
        let at = |(place, own)| mutual(own).into_iter().map(move |other| replaced(name, place, *other));
        name.iter().enumerate().flat_map(at).collect()
    }

    /// Every cell that holds this one and is another: those above it, and those of a code that one of its codes implies.
    pub(super) fn above(&self, vocabulary: &Vocabulary, name: &Name) -> Vec<Name> {
        let mut all = vocabulary.above(name);
        for (place, own) in name.iter().enumerate() {
            for implied in self.0.get(own).into_iter().flatten() {
                let other = replaced(name, place, *implied);
                all.extend(vocabulary.above(&other));
                all.push(other);
            }
        }
        all.sort();
        all.dedup();
        all
    }
}

fn replaced(name: &Name, place: usize, with: (usize, usize)) -> Name {
    let mut other = name.clone();
    other[place] = with;
    other.sort_unstable();
    other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclose::engine::vocabulary::{Dimension, Kind};

    #[test]
    fn what_excludes_all_but_a_code_implies_it() {
        let answered = Dimension::new("answered", Kind::Outcome, &["code"], &[("yes", ""), ("no", "")]).unwrap();
        let codes =
            [("judged", ""), ("better", "judged"), ("same", "judged"), ("not judged", ""), ("neither", "not judged")];
        let judged = Dimension::new("judged", Kind::Outcome, &["whether", "code"], &codes).unwrap();
        let mut vocabulary = Vocabulary::new(vec![answered, judged]);
        for (here, there) in [("yes", "neither"), ("no", "better"), ("no", "same")] {
            vocabulary = vocabulary.excluding(("answered", here), ("judged", there)).unwrap();
        }
        let place = |dimension, code| vocabulary.find((dimension, code)).unwrap();
        let implied = Implied::of(&vocabulary);
        let above = |code| implied.above(&vocabulary, &vec![place("judged", code)]);
        assert!(above("better").contains(&vec![place("answered", "yes")]));
        assert!(above("judged").contains(&vec![place("answered", "yes")]) && above("judged").len() == 2);
        assert!(!above("neither").contains(&vec![place("answered", "yes")]));
        assert_eq!(implied.same(&vec![place("judged", "judged")]), [vec![place("answered", "yes")]]);
        assert!(implied.same(&vec![place("judged", "better")]).is_empty());
        let of_yes = implied.above(&vocabulary, &vec![place("answered", "yes")]);
        assert!(
            of_yes.contains(&vec![place("judged", "judged")]) && !of_yes.contains(&vec![place("judged", "better")])
        );
    }
}
