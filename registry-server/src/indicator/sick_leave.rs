//! Sick leave before and after the treatment, per cent of full time.
//!
//! Meaning: whether people were less on sick leave after the treatment than before it. Formula: means of the extents (0, 25, 50, 75 or
//! 100); shares with a lower, an equal and a higher extent after, with none before, with none after, and of those on leave before the
//! share with none after. Population: treatments for which both extents are known.
use schemas::language::Text;

use super::definition::Definition;
use super::share::Share;

/// What the figures on sick leave mean.
pub const SICK_LEAVE: Definition = Definition {
    name: "sick_",
    meaning: Text::fixed(
        "Sjukskrivningens omfattning före och efter, i procent av heltid: medelvärden och andelar med mindre, lika och mer.",
        "The extent of sick leave before and after, per cent of full time: means, and shares with less, the same and more.",
    ),
    formula: "mean = sum of extents / n; less: after < before; back in full: after = 0 among before > 0",
    population: Text::fixed("behandlingar med båda uppgifterna", "treatments that tell both"),
    source: "the mandatory follow-up of the rehabilitation guarantee",
    given: Text::fixed(
        "före och efter: 100 och 50, 50 och 0, 0 och 0, 0 och 25",
        "before and after: 100 and 50, 50 and 0, 0 and 0, 0 and 25",
    ),
    gives: &[
        ("sick_before_mean", Some(37.5)),
        ("sick_change_mean", Some(-18.75)),
        ("sick_less_p", Some(0.5)),
        ("sick_back_to_zero_p", Some(0.5)),
    ],
    compute: || {
        let mut leave = SickLeave::default();
        for extents in [(100, 50), (50, 0), (0, 0), (0, 25)] {
            leave.count(Some(extents));
        }
        let (means, shares) = (leave.means(), leave.shares());
        vec![means.map(|means| means[0]), means.map(|means| means[2]), shares[0].p(), shares[5].p()]
    },
};

/// What the extents of some treatments add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SickLeave {
    /// Treatments for which either extent is missing.
    pub missing: u64,
    /// Treatments with both.
    pub both: u64,
    /// Sums of the extents, before and after.
    pub sums: [u64; 2],
    /// Less, equal and more after than before.
    pub turns: [u64; 3],
    /// None before; none after; some before and none after.
    pub none: [u64; 3],
}

impl SickLeave {
    /// Takes in one treatment: the extents before and after.
    pub fn count(&mut self, extents: Option<(u8, u8)>) {
        let Some((before, after)) = extents else {
            self.missing += 1;
            return;
        };
        self.both += 1;
        self.sums[0] += u64::from(before);
        self.sums[1] += u64::from(after);
        self.turns[match after.cmp(&before) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 2,
        }] += 1;
        for (none, holds) in self.none.iter_mut().zip([before == 0, after == 0, before > 0 && after == 0]) {
            *none += u64::from(holds);
        }
    }

    /// Means before and after, and the mean change, per cent of full time.
    #[must_use]
    pub fn means(&self) -> Option<[f64; 3]> {
        let [before, after] = self.sums.map(|sum| sum as f64 / self.both as f64);
        let change = (self.sums[1] as f64 - self.sums[0] as f64) / self.both as f64;
        (self.both > 0).then_some([before, after, change])
    }

    /// Shares with less, equal and more after; with none before, with none after; of those on leave before, with none after.
    #[must_use]
    pub fn shares(&self) -> [Share; 6] {
        let of = |n, d| Share { n, d };
        let [less, same, more] = self.turns;
        let [before, after, back] = self.none;
        let all = self.both;
        [of(less, all), of(same, all), of(more, all), of(before, all), of(after, all), of(back, all - before)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_example_five_treatments_of_which_four_tell_both() {
        let mut leave = SickLeave::default();
        for extents in [Some((100, 50)), Some((50, 0)), Some((0, 0)), Some((0, 25)), None] {
            leave.count(extents);
        }
        assert_eq!((leave.both, leave.missing), (4, 1));
        assert_eq!(leave.means(), Some([37.5, 18.75, -18.75]));
        let shares = leave.shares().map(|Share { n, d }| (n, d));
        assert_eq!(shares, [(2, 4), (1, 4), (1, 4), (2, 4), (2, 4), (1, 2)]);
    }

    #[test]
    fn without_extents_there_are_no_means() {
        assert_eq!(SickLeave::default().means(), None);
    }
}
