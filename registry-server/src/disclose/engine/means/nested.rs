//! What the printed figures of a set and of disjoint sets in it tell of the few who are left.
//!
//! Promises: where it says that nothing is told, there are figures that round to the printed ones with everybody who is left at the lowest
//! score, and such with everybody at the highest, also for who knows how many stand behind each set.

/// Attempts at figures between the least and the most that round to the printed ones.
const ATTEMPTS: i32 = 40;

/// What is known of the scores of a set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) n: f64,
    pub(super) mean: f64,
    /// What the mean may be off by.
    pub(super) mean_off: f64,
    /// The standard deviation and what it may be off by, where it is printed.
    pub(super) sd: Option<(f64, f64)>,
}

impl Known {
    /// The sum of squares around its own mean, least and most.
    fn squares(&self) -> (f64, f64) {
        let Some((sd, off)) = self.sd else { return (0.0, f64::INFINITY) };
        let of = |sd: f64| (self.n - 1.0) * sd.max(0.0).powi(2);
        (of(sd - off), of(sd + off))
    }
}

/// Whether the persons of a set who are in none of its parts may all have the lowest and may all have the highest score.
pub(super) fn is_open(whole: &Known, parts: &[Known], (lowest, highest): (f64, f64)) -> bool {
    [lowest, highest].into_iter().all(|score| may_be(whole, parts, score))
}

/// Whether they may all have this score: scores are counted from it, so that theirs add nothing.
fn may_be(whole: &Known, parts: &[Known], score: f64) -> bool {
    let sum = |known: &Known, turn: f64| known.n * (known.mean - score + known.mean_off * turn);
    (-ATTEMPTS..=ATTEMPTS).any(|attempt| {
        let turn = f64::from(attempt) / f64::from(ATTEMPTS);
        let total: f64 = parts.iter().map(|part| sum(part, turn)).sum();
        if total < sum(whole, -1.0) || total > sum(whole, 1.0) {
            return false;
        }
        let (mut least, mut most) = (0.0, 0.0);
        for part in parts {
            let (low, high) = part.squares();
            let around = sum(part, turn).powi(2) / part.n;
            (least, most) = (least + low + around, most + high + around);
        }
        let (low, high) = whole.squares();
        let around = total.powi(2) / whole.n;
        low + around <= most && least <= high + around
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(n: f64, mean: f64, sd: Option<f64>) -> Known {
        Known { n, mean, mean_off: 0.05, sd: sd.map(|sd| (sd, 0.05)) }
    }

    #[test]
    fn one_person_is_found_from_two_small_sets_and_not_from_sets_whose_rounding_leaves_the_whole_range() {
        let range = (0.0, 27.0);
        for (n, expected) in [(30.0, false), (100.0, false), (200.0, true), (3_000.0, true)] {
            let (whole, part) = (known(n + 1.0, 12.0, None), known(n, 12.0, None));
            assert_eq!(is_open(&whole, &[part], range), expected, "{n}");
        }
        let halves = [known(150.0, 12.0, None), known(150.0, 12.0, None)];
        assert!(is_open(&known(301.0, 12.0, None), &halves, range));
    }

    #[test]
    fn standard_deviations_tell_of_one_who_differs_where_means_do_not() {
        let range = (0.0, 27.0);
        let sets = |sd| (known(1_001.0, 10.0, sd), [known(1_000.0, 10.0, sd)]);
        let (whole, parts) = sets(None);
        assert!(is_open(&whole, &parts, range));
        let (whole, parts) = sets(Some(1.0));
        assert!(!is_open(&whole, &parts, range), "seventeen standard deviations off");
        let (whole, parts) = sets(Some(8.0));
        assert!(is_open(&whole, &parts, range));
    }
}
