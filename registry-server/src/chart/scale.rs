//! From values to places on paper, with round limits and round steps between.

use schemas::language::Language;

/// How many steps an axis has, roughly.
const STEPS: f64 = 5.0;
/// No axis has more numbers than this.
const MOST: u32 = 20;
/// Nor a number more decimals.
const MOST_DIGITS: usize = 8;
/// A step is this many times a power of ten.
const ROUND: [f64; 3] = [1.0, 2.0, 5.0];

/// A straight axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// An axis that holds all values, between round numbers, drawn from one place to another.
    pub(super) fn around(values: impl IntoIterator<Item = f64>, (from, to): (f64, f64)) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        } else if high - low <= f64::EPSILON * high.abs() {
            (low, high) = (low.min(0.0), if high > 0.0 { high } else { low + 1.0 });
        }
        let step = step((high - low) / STEPS);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        Self { low, high, step, from, to }
    }

    /// The place of a value; what lies outside stands at the edge.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    /// Where the axis begins and ends.
    pub(super) fn places(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// The place and the text of every step.
    pub(super) fn ticks(&self, language: Language) -> Vec<(f64, String)> {
        let power = |digits: usize| 10_f64.powf(digits as f64);
        let digits = (0..MOST_DIGITS).find(|digits| self.step * power(*digits) > 0.99).unwrap_or(MOST_DIGITS);
        (0..MOST)
            .map(|step| self.low + f64::from(step) * self.step)
            .take_while(|value| *value < self.high + self.step / 2.0)
            // Adding zero turns a negative zero into zero; what the steps do not add up to is rounding.
            .map(|value| if value.abs() < self.step / 1e6 { 0.0 } else { value })
            .map(|value| (self.at(value), language.number(value, digits)))
            .collect()
    }
}

/// The smallest round step that is not below a span.
fn step(span: f64) -> f64 {
    let power = 10_f64.powf(span.log10().floor());
    let fits = ROUND.into_iter().map(|times| times * power).find(|step| *step >= span * (1.0 - 1e-9));
    fits.unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[f64]) -> Vec<String> {
        let scale = Scale::around(values.iter().copied(), (0.0, 100.0));
        scale.ticks(Language::Sv).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn an_axis_has_a_handful_of_round_steps_and_holds_every_value() {
        assert_eq!(texts(&[0.0, 97.3]), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(texts(&[0.0, -0.93]), ["−1,0", "−0,8", "−0,6", "−0,4", "−0,2", "0,0"]);
        assert_eq!(texts(&[0.0, 12_400.0]), ["0", "5000", "10\u{a0}000", "15\u{a0}000"]);
        assert_eq!(texts(&[0.01, 0.03]), ["0,010", "0,015", "0,020", "0,025", "0,030"]);
        assert_eq!(texts(&[0.0, 0.001_1]), ["0,0000", "0,0005", "0,0010", "0,0015"]);
        assert_eq!(texts(&[]), texts(&[0.0, 1.0]), "nothing to show has an axis all the same");
        assert_eq!(texts(&[0.0]), texts(&[0.0, 1.0]), "and so has nothing but zero");
    }

    #[test]
    fn a_value_has_its_place_between_the_limits() {
        let scale = Scale::around([0.0, 50.0], (10.0, 110.0));
        let places = [0.0, 25.0, 50.0, 60.0].map(|value| scale.at(value));
        assert_eq!(places.map(|place| format!("{place:.3}")), ["10.000", "60.000", "110.000", "110.000"]);
    }
}
