//! Deciles of a measure among units or regions: how far apart they lie.
//!
//! Meaning: the values that one, two ... nine tenths of them lie at or below. Formula: quantiles of type 7, as for waits. Population: units
//! or regions with at least ten counted; of fewer than ten of them there is no tenth, and no decile. Each weighs the same, whatever its size.

use schemas::language::Text;

use super::definition::Definition;

/// One that counts fewer is too small to say anything.
pub const FEWEST: u64 = 10;
/// Of fewer there are no deciles.
pub const LEAST: usize = 10;
/// The columns.
pub const COLUMNS: [&str; 9] = ["p10", "p20", "p30", "p40", "p50", "p60", "p70", "p80", "p90"];

/// What the deciles mean.
pub const DECILES: Definition = Definition {
    name: "p10 to p90, n_points, n_few",
    meaning: Text::fixed(
        "Hur långt isär enheter eller regioner ligger: de värden som en, två ... nio tiondelar av dem ligger på eller under.",
        "How far apart units or regions lie: the values that one, two ... nine tenths of them lie at or below.",
    ),
    formula: "quantiles of type 7: at the place h = (n - 1) p among the values in ascending order, between its neighbours; p = 0.1 ... 0.9",
    population: Text::fixed(
        "enheter eller regioner med minst tio räknade behandlingar eller par, minst tio sådana; alla väger lika",
        "units or regions that count at least ten treatments or pairs, at least ten of them; all weigh the same",
    ),
    source: "Hyndman and Fan 1996, type 7; the chart is that of OpenPrescribing",
    given: Text::fixed("tio enheter med andelarna 0,1, 0,2, ... 1,0", "ten units with the shares 0.1, 0.2, ... 1.0"),
    gives: &[("p10", Some(0.19)), ("p50", Some(0.55)), ("p90", Some(0.91))],
    compute: || {
        let tenths = (1..=10).map(|tenth| f64::from(tenth) / 10.0).collect();
        let deciles = deciles(tenths);
        [0, 4, 8].map(|place| deciles.map(|deciles| deciles[place])).to_vec()
    },
};

/// The nine deciles of values in any order; nothing of too few.
#[must_use]
pub fn deciles(mut values: Vec<f64>) -> Option<[f64; 9]> {
    if values.len() < LEAST {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    Some(std::array::from_fn(|number| {
        // In whole tenths, so that a place between two values is not missed by a rounding.
        let tenths = (values.len() - 1) * (number + 1);
        let (below, rest) = (tenths / 10, tenths % 10);
        let above = values.get(below + 1).unwrap_or(&values[below]);
        values[below] + rest as f64 / 10.0 * (above - values[below])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_eleven_values_each_decile_is_one_of_them_whatever_their_order() {
        let values = [50.0, 0.0, 100.0, 90.0, 10.0, 20.0, 80.0, 30.0, 70.0, 40.0, 60.0];
        assert_eq!(deciles(values.to_vec()), Some([10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]));
    }

    #[test]
    fn nine_values_have_no_deciles() {
        assert_eq!((deciles(vec![1.0; 9]), deciles(vec![1.0; 10])), (None, Some([1.0; 9])));
    }
}
