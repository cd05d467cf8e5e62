//! The rules that rows and records must keep. The agent runs them before anything is sent, the register enforces the same code.
//!
//! Promises: ids never change their meaning and are never used again; every rule has Swedish and English text that says what to do, a
//! rationale and an effect; `hash()` changes whenever any of it does. Pure: facts such as the current day come in as arguments.
//! Must not know: databases, files or the network.

mod check;
mod list;

pub use check::{
    Context, check_activity, check_answer, check_measurement, check_retraction, check_run, check_treatment, check_unit,
    date_out_of_range, today,
};
pub use list::{ALL, Rule};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What breaking a rule leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The treatment or answer stays in the region until the source or the mapping is mended.
    Hold,
    /// The optional field is left out; the treatment goes without it, counted.
    Warn,
    /// The treatment does not belong in the register; counted, nothing to mend.
    Exclude,
    /// The agent leaves the record out, as it does for a unit; the register rejects what breaks any rule.
    Reject,
}

/// What a rule speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A whole treatment.
    Treatment,
    /// One answer.
    Answer,
    /// A unit, an activity count or another record.
    Record,
}

/// One broken rule at one field. Holds no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The field as the contract names it.
    pub field: &'static str,
}

impl Finding {
    /// A rule broken at a field.
    #[must_use]
    pub fn new(rule: Rule, field: &'static str) -> Self {
        Self { rule, field }
    }
}

/// A rule as it is shown and hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Description {
    /// Stable id.
    pub id: &'static str,
    /// What it speaks about.
    pub about: About,
    /// What breaking it leads to.
    pub effect: Effect,
    /// What is wrong and what to do, Swedish.
    pub sv: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// Why the rule exists.
    pub rationale: &'static str,
}

/// SHA-256 over the canonical bytes of every rule's description: two programs with the same hash run the same rules.
#[must_use]
pub fn hash() -> String {
    let all: Vec<Description> = ALL.iter().map(|rule| rule.describe()).collect();
    crate::canonical::sha256_hex(&crate::canonical::bytes(&all))
}
