//! Instruments: the questionnaires whose total scores are compared.
//!
//! Promises: cut-offs lie inside the range; `sum` and `mean` name only scorings that the item answers alone decide.
//! Must not know: items' wording (licensed), or any person's answer.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::list::Line;
use super::list_name::ListName;
use super::validity::validity_columns;

/// A questionnaire and its constants. Scores are in the instrument's own points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instrument {
    /// The code, also the name that people use: `PHQ-9`.
    #[serde(rename = "instrument")]
    pub code: String,
    /// The lowest possible total.
    pub lowest: f64,
    /// The highest possible total.
    pub highest: f64,
    /// Whether totals are whole numbers.
    pub integer: bool,
    /// Whether a higher total is better (quality of life) rather than worse (symptoms).
    pub higher_is_better: bool,
    /// A total from here on is a case; none where the instrument has no agreed cut-off.
    #[serde(default)]
    pub caseness_from: Option<f64>,
    /// A total up to here is remission.
    #[serde(default)]
    pub remission_to: Option<f64>,
    /// The smallest change in points that is more than measurement error.
    #[serde(default)]
    pub reliable_change: Option<f64>,
    /// Internal consistency or retest correlation, 0 to 1, as used by Jacobson and Truax.
    #[serde(default)]
    pub reliability: Option<f64>,
    /// How sure the constants are: established, literature, unsure.
    #[serde(default)]
    pub standing: String,
    /// Where the constants come from.
    #[serde(default)]
    pub source: String,
    /// How many items are answered.
    #[serde(default)]
    pub items: Option<u16>,
    /// The lowest answer to an item.
    #[serde(default)]
    pub item_lowest: Option<f64>,
    /// The highest answer to an item.
    #[serde(default)]
    pub item_highest: Option<f64>,
    /// How the total follows from the items.
    #[serde(default)]
    pub scoring: Scoring,
    /// In use from this day.
    #[serde(default)]
    pub valid_from: Option<Date>,
    /// In use up to and including this day.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The code that took over; an instrument whose scoring changes gets a new code.
    #[serde(default)]
    pub successor: Option<String>,
}

/// How a total follows from item answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scoring {
    /// The sum of all items.
    Sum,
    /// The mean of all items.
    Mean,
    /// Not recomputed: items are reversed, weighted, in subscales, or not known.
    #[default]
    None,
}

impl Instrument {
    /// The total that item answers give, or nothing when this instrument is not recomputed. The caller checks number and range.
    #[must_use]
    pub fn total(&self, items: &[f64]) -> Option<f64> {
        let sum: f64 = items.iter().sum();
        match self.scoring {
            Scoring::Sum => Some(sum),
            Scoring::Mean if !items.is_empty() => Some(sum / items.len() as f64),
            Scoring::Mean | Scoring::None => None,
        }
    }

    /// Whether the other is measured on the same scale, so that cut-offs can be exchanged.
    pub(crate) fn has_scale_of(&self, other: &Self) -> bool {
        self.lowest.to_bits() == other.lowest.to_bits()
            && self.highest.to_bits() == other.highest.to_bits()
            && self.integer == other.integer
            && self.higher_is_better == other.higher_is_better
    }

    fn items_fault(&self) -> Option<Fault> {
        let expected = match (self.scoring, self.items, self.item_lowest, self.item_highest) {
            (Scoring::None, ..) => return None,
            (Scoring::Sum, Some(items), Some(low), Some(high)) => (f64::from(items) * low, f64::from(items) * high),
            (Scoring::Mean, Some(_), Some(low), Some(high)) => (low, high),
            _ => {
                return Some(Fault::new(
                    "scoring",
                    "needs items, item_lowest and item_highest; fill them in or write none",
                ));
            }
        };
        let agrees = (expected.0 - self.lowest).abs() < 1e-9 && (expected.1 - self.highest).abs() < 1e-9;
        (!agrees).then(|| {
            Fault::new("scoring", "the items do not give the range from lowest to highest; correct one of them")
        })
    }
}

impl Line for Instrument {
    const LIST: ListName = ListName::Instruments;
    const BUILTIN: &'static str = include_str!("../../codelists/instruments.csv");

    fn key(&self) -> String {
        self.code.clone()
    }

    validity_columns!();

    fn fault(&self) -> Option<Fault> {
        if !(self.lowest.is_finite() && self.highest.is_finite() && self.lowest < self.highest) {
            return Some(Fault::new("highest", "must be a number above lowest"));
        }
        let inside = |limit: Option<f64>| limit.is_none_or(|limit| (self.lowest..=self.highest).contains(&limit));
        if !inside(self.caseness_from) {
            return Some(Fault::new("caseness_from", "must lie between lowest and highest"));
        }
        if !inside(self.remission_to) {
            return Some(Fault::new("remission_to", "must lie between lowest and highest"));
        }
        if self.reliable_change.is_some_and(|change| !(change > 0.0 && change <= self.highest - self.lowest)) {
            return Some(Fault::new("reliable_change", "must be above 0 and at most the width of the range"));
        }
        if self.reliability.is_some_and(|reliability| !(reliability > 0.0 && reliability < 1.0)) {
            return Some(Fault::new("reliability", "must lie between 0 and 1"));
        }
        self.items_fault()
    }
}

#[cfg(test)]
mod tests {
    use crate::codelist::CodeLists;

    #[test]
    fn totals_are_recomputed_only_where_the_items_decide() {
        let lists = CodeLists::builtin();
        let total = |code: &str, items: &[f64]| lists.instrument(code).unwrap().total(items);
        assert_eq!(total("GAD-7", &[1.0, 2.0, 3.0, 0.0, 0.0, 1.0, 1.0]), Some(8.0));
        assert_eq!(total("HSCL-11", &[1.0, 2.0]), Some(1.5));
        assert_eq!(total("PSWQ", &[3.0; 16]), None);
    }
}
