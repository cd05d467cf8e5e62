//! Quantiles of whole numbers: the median and the ninth decile of waiting times.
//!
//! Meaning: the value that a share p of all lie at or below. Formula: between the values in ascending order x(0) .. x(n-1), at the place
//! h = (n - 1) p: x(k) + (h - k) (x(k+1) - x(k)) with k the whole part of h. Population: the values given. Source: Hyndman and Fan 1996,
//! type 7, which spreadsheets and R take unless told otherwise, so that anybody can count it again.

use std::collections::BTreeMap;

/// The quantile at `p`, 0 to 1, of values with how often each occurs; undefined without any.
#[must_use]
pub fn quantile(values: &BTreeMap<u32, u64>, p: f64) -> Option<f64> {
    let n: u64 = values.values().sum();
    let place = n.checked_sub(1)? as f64 * p;
    let whole = place.floor();
    let low = at(values, whole)?;
    let high = at(values, whole + 1.0).unwrap_or(low);
    Some(low + (place - whole) * (high - low))
}

/// The value at a place in ascending order, from 0.
fn at(values: &BTreeMap<u32, u64>, place: f64) -> Option<f64> {
    let mut passed = 0;
    for (value, count) in values {
        passed += count;
        if (passed as f64) > place {
            return Some(f64::from(*value));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[u32], p: f64) -> Option<f64> {
        let mut counted = BTreeMap::new();
        for value in values {
            *counted.entry(*value).or_default() += 1;
        }
        quantile(&counted, p)
    }

    #[test]
    fn worked_example_waits_of_ten_days_and_more() {
        assert_eq!(of(&[10, 20, 30, 40], 0.5), Some(25.0));
        // Place 0.9 x 4 = 3.6: 30 and six tenths of the way to 110.
        assert_eq!(of(&[10, 20, 20, 30, 110], 0.9), Some(30.0 + 0.6 * 80.0));
        assert_eq!(of(&[7], 0.9), Some(7.0));
        assert_eq!(of(&[0, 0, 0], 0.5), Some(0.0), "nobody waited is a true zero");
    }

    #[test]
    fn of_nothing_there_is_no_quantile() {
        assert_eq!(of(&[], 0.5), None);
    }
}
