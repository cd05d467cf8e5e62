//! Counts as they are shown: rounded to a multiple of 5, up or down by the dice of the persons counted.
//!
//! Promises: right on average; at most 4 off; the same persons give the same figure in every table, but where a figure was drawn the other
//! way when it was first shown (`redraw`). Source: disclosure, section 5.

pub(super) use crate::disclose::BASE;

/// A count as shown, by a number that is evenly spread.
pub(super) fn rounded(n: u64, dice: u64) -> u64 {
    let rest = n % BASE;
    let is_up = u128::from(dice) * u128::from(BASE) < u128::from(rest) << 64;
    n - rest + if is_up { BASE } else { 0 }
}

/// A count as shown, drawn the other way where it is no multiple.
pub(super) fn other_way(n: u64, dice: u64) -> u64 {
    let rest = n % BASE;
    if rest == 0 { n } else { 2 * (n - rest) + BASE - rounded(n, dice) }
}

/// What may stand behind a figure that was shown, where fewer than `k` are not.
pub(super) fn behind(shown: u64, k: u64) -> (u64, u64) {
    ((shown + 1).saturating_sub(BASE).max(k), shown + BASE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_rounded_up_as_often_as_keeps_it_right_on_average() {
        for n in 5..=10 {
            let dice = (0..1000).map(|turn| u64::MAX / 1000 * turn);
            let sum: u64 = dice.clone().map(|dice| rounded(n, dice)).sum();
            assert!(sum.abs_diff(n * 1000) <= 5, "{n}: {sum}");
            let is_other = |dice| n % BASE == 0 || other_way(n, dice).abs_diff(rounded(n, dice)) == BASE;
            assert!({ dice }.all(|dice| is_other(dice) && other_way(n, dice).abs_diff(n) < BASE), "{n}");
        }
    }

    #[test]
    fn whatever_is_rounded_lies_within_what_may_stand_behind_it() {
        for n in 5..200 {
            for dice in [0, 1 << 61, 1 << 62, 1 << 63, u64::MAX] {
                let (least, most) = behind(rounded(n, dice), 5);
                assert!(least <= n && n <= most, "{n}");
            }
        }
        assert_eq!((behind(5, 5), behind(10, 5), behind(10, 10)), ((5, 9), (6, 14), (10, 14)));
    }
}
