//! Counts of one month, unit and programme, as they travel.
//!
//! Promises: numbers, never persons; a count that is not split counts everybody, also those who are in none of the split ones; the key
//! names the count, so that a later account of the same count replaces it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sex;

/// Counts of one month, unit and programme: numbers, never persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// `YYYY-MM`.
    pub month: String,
    /// HSA-id.
    pub unit: String,
    /// Programme code.
    pub programme: String,
    /// When the counts are split by sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// When the counts are split by age (code list age-bands).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_group: Option<String>,
    /// Treatments that started in the month.
    pub started: u64,
    /// Treatments that ended in the month.
    pub ended: u64,
    /// Treatments ongoing on the month's last day.
    pub ongoing: u64,
}

impl Activity {
    /// The count's key: `<month>|<unit>|<programme>|<sex>|<age group>`, empty where the counts are not split.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { month, unit, programme, sex, age_group, .. } = self;
        let (sex, age_group) = (sex.map_or("", Sex::code), age_group.as_deref().unwrap_or_default());
        format!("{month}|{unit}|{programme}|{sex}|{age_group}")
    }

    /// The count with a key where nothing is left to count; nothing for what is no key.
    #[must_use]
    pub fn emptied(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('|').collect();
        let [month, unit, programme, sex, age_group] = parts[..] else { return None };
        let sex = match sex {
            "" => None,
            code => Some([Sex::F, Sex::M].into_iter().find(|sex| sex.code() == code)?),
        };
        let age_group = Some(age_group).filter(|code| !code.is_empty()).map(str::to_owned);
        let (month, unit, programme) = (month.to_owned(), unit.to_owned(), programme.to_owned());
        Some(Self { month, unit, programme, sex, age_group, started: 0, ended: 0, ongoing: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_left_empty_has_the_key_that_it_had() {
        for (sex, age_group) in [(None, None), (Some(Sex::F), None), (Some(Sex::M), Some("75+".to_owned()))] {
            let count = Activity {
                month: "2024-04".into(),
                unit: "SE9990120000-E002".into(),
                programme: "sovhjalpen".into(),
                sex,
                age_group,
                started: 3,
                ended: 2,
                ongoing: 1,
            };
            let emptied = Activity::emptied(&count.key()).unwrap();
            assert_eq!(emptied, Activity { started: 0, ended: 0, ongoing: 0, ..count });
        }
        assert_eq!(Activity::emptied("2024-04|SE9990120000-E002|sovhjalpen"), None);
        assert_eq!(Activity::emptied("2024-04|SE9990120000-E002|sovhjalpen|X|"), None);
    }
}
