//! A small generator of numbers, so that everything invented follows from a seed.

/// `SplitMix64`: one 64-bit state, every seed is good.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    ///
    /// # Panics
    /// When `low` is above `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from(self.number() % span).expect("the span fits")
    }

    /// Whether a chance of some per cent comes true.
    pub fn chance(&mut self, per_cent: i64) -> bool {
        self.between(1, 100) <= per_cent
    }

    /// One of several.
    ///
    /// # Panics
    /// When there is none to choose from.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let index =
            usize::try_from(self.number() % u64::try_from(items.len()).expect("a length fits")).expect("an index fits");
        &items[index]
    }
}
