//! The marks of cells of which everybody knows that they are empty.
//!
//! Promises: a sum of parts that are all empty is empty too; what is not reported in one part is not reported in the sum, and so what is
//! not applicable. Source: disclosure, section 12.

use crate::disclose::engine::cube::{Cube, Group};
use crate::disclose::engine::table::Shown;
use crate::disclose::engine::vocabulary::Vocabulary;

/// The mark of each cell of which everybody knows that it is empty: by itself, or because all its parts are.
pub(super) fn void(vocabulary: &Vocabulary, cube: &Cube<'_>) -> Vec<Option<Shown>> {
    let mut void: Vec<Option<Shown>> = (0..cube.size()).map(|cell| vocabulary.void(&cube.name(cell))).collect();
    let groups = cube.groups();
    let next = |void: &[Option<Shown>]| {
        let open = groups.iter().filter(|group| void[group.sum].is_none());
        { open }.find_map(|group| Some((group.sum, together(group, void)?)))
    };
    while let Some((sum, mark)) = next(&void) {
        void[sum] = Some(mark);
    }
    void
}

/// The mark of a sum of parts that are all empty: what is silent about one of them is silent about the sum.
fn together(group: &Group, void: &[Option<Shown>]) -> Option<Shown> {
    let marks = group.parts.iter().map(|part| void[*part]).collect::<Option<Vec<Shown>>>()?;
    [Shown::NotReported, Shown::NotApplicable].into_iter().find(|mark| marks.contains(mark)).or(Some(Shown::Zero))
}
