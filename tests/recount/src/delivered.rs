//! What is known of deliveries without the product: what a source holds and what must become of it, and what others count.
//!
//! Promises: plain values that a caller fills. It must not know how anything is counted.

/// One treatment of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Code of the sender, which is its units' region.
    pub sender: String,
    /// HSA-id of the unit where it started.
    pub unit: String,
    /// Programme code.
    pub programme: String,
    /// `YYYY-MM` of the end.
    pub month: String,
    /// What must become of it.
    pub fate: Fate,
}

/// What must become of a treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stands in the register.
    Accepted,
    /// A rule keeps it in the region.
    Held(String),
    /// It does not belong in the register, by a rule.
    Excluded(String),
}

/// Ended treatments as somebody outside the register counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Region code.
    pub region: String,
    /// HSA-id; nothing for the whole region.
    pub unit: Option<String>,
    /// Programme code; nothing for all.
    pub programme: Option<String>,
    /// `YYYY-MM` of the end.
    pub month: String,
    /// How many.
    pub ended: usize,
    /// Who counted.
    pub source: String,
}

impl Found {
    pub(crate) fn is_accepted(&self) -> bool {
        self.fate == Fate::Accepted
    }

    pub(crate) fn is_held(&self) -> bool {
        matches!(self.fate, Fate::Held(_))
    }

    /// Whether it is left out by one of these rules.
    pub(crate) fn is_excluded_by(&self, rules: &[&str]) -> bool {
        matches!(&self.fate, Fate::Excluded(rule) if rules.contains(&rule.as_str()))
    }
}
