//! What is hidden beside what must be: a figure that is hidden alone in a sum, or with others as few, is what the sum is short of.
//!
//! Promises: no sum of which everything else is shown is short of one hidden figure, or of several that tell of too few together; no
//! hidden sum has all of its parts shown; no hidden figure follows from several sums together; of several that could be hidden the one
//! with the fewest persons is. Who has nothing to hide hides nobody: a part that counts nobody is no company.
//! Must not know: what is counted.

use super::bridge::Web;
use super::equation::Equation;
use super::quantity::Quantity;

/// Hides of a quantity whatever would give away what is hidden of it.
pub(super) fn hide(quantity: &Quantity, equations: &[Equation], (hidden, persons): (&mut [Vec<bool>], &[u64])) {
    let Some(first) = quantity.columns.first() else { return };
    let web = Web::new(quantity, equations);
    // Each turn hides something, until nothing more must be.
    loop {
        let mut more = false;
        for equation in equations {
            while let Some(row) = companion(equation, quantity, (|row| hidden[row][*first], persons)) {
                quantity.columns.iter().for_each(|column| hidden[row][*column] = true);
                more = true;
            }
        }
        if more {
            continue;
        }
        let Some(row) = web.way_round(|row| hidden[row][*first], persons) else { return };
        quantity.columns.iter().for_each(|column| hidden[row][*column] = true);
    }
}

/// The row that must be hidden with what is hidden of a sum.
fn companion(
    Equation { sum, parts }: &Equation,
    quantity: &Quantity,
    (is_hidden, persons): (impl Fn(usize) -> bool, &[u64]),
) -> Option<usize> {
    let some = parts.iter().copied().filter(|row| quantity.is_of_some(*row));
    let (gone, left): (Vec<usize>, Vec<usize>) = some.partition(|row| is_hidden(*row));
    let smallest = left.into_iter().min_by_key(|row| persons[*row]);
    if is_hidden(*sum) {
        return smallest.filter(|_| gone.is_empty());
    }
    let counts = gone.iter().filter_map(|row| quantity.counts[*row]);
    let together = counts.fold((0, 0), |(a, b), (n, others)| (a + n, b + others));
    let is_safe = gone.is_empty() || (gone.len() > 1 && !(quantity.few)(together));
    if is_safe { None } else { Some(smallest.unwrap_or(*sum)) }
}
