//! What a person who signs in is to the register: `staff`, `approver`, `researcher`, `auditor`, `admin`, `region:CODE`,
//! `unit:HSA-ID[,HSA-ID]`.
//!
//! Promises: a role is written in one way only, so that the text is its name in the database, in the log and on the command line.
//! Must not know: what a role may do.

use std::fmt;
use std::str::FromStr;

use schemas::id::{HsaId, SenderCode};
use schemas::language::Text;

/// A role; everybody who signs in has exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The register's own staff.
    Staff,
    /// Decides on requests for data.
    Approver,
    /// Asks for data.
    Researcher,
    /// Reads who did what.
    Auditor,
    /// Runs the register.
    Admin,
    /// Reads what one sender delivered.
    Region(SenderCode),
    /// Reads what concerns some units, in the order of their ids and each once.
    Unit(Vec<HsaId>),
}

/// Text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a role is staff, approver, researcher, auditor, admin, region:CODE such as region:12, or unit:HSA-ID[,HSA-ID]"
)]
pub struct UnknownRole;

impl Role {
    /// The sender whose figures the role is about.
    #[must_use]
    pub fn sender(&self) -> Option<&SenderCode> {
        if let Self::Region(code) = self { Some(code) } else { None }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> Text {
        match self {
            Self::Staff => Text::fixed("registrets personal", "register staff"),
            Self::Approver => Text::fixed("beslutar om utlämnanden", "approver of extracts"),
            Self::Researcher => Text::fixed("forskare", "researcher"),
            Self::Auditor => Text::fixed("granskare", "auditor"),
            Self::Admin => Text::fixed("administratör", "administrator"),
            Self::Region(code) => Text::made(format!("region {code}"), format!("region {code}")),
            Self::Unit(units) => {
                let units = units.iter().map(HsaId::as_str).collect::<Vec<_>>().join(", ");
                Text::made(format!("enhet {units}"), format!("unit {units}"))
            }
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let (kind, whose) = text.split_once(':').map_or((text, None), |(kind, whose)| (kind, Some(whose)));
        match (kind, whose) {
            ("staff", None) => Ok(Self::Staff),
            ("approver", None) => Ok(Self::Approver),
            ("researcher", None) => Ok(Self::Researcher),
            ("auditor", None) => Ok(Self::Auditor),
            ("admin", None) => Ok(Self::Admin),
            ("region", Some(code)) => code.parse().map(Self::Region).map_err(|_| UnknownRole),
            ("unit", Some(units)) => {
                let units: Result<Vec<HsaId>, _> = units.split(',').map(str::parse).collect();
                let mut units = units.map_err(|_| UnknownRole)?;
                units.sort_unstable();
                units.dedup();
                Ok(Self::Unit(units))
            }
            _ => Err(UnknownRole),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff => f.write_str("staff"),
            Self::Approver => f.write_str("approver"),
            Self::Researcher => f.write_str("researcher"),
            Self::Auditor => f.write_str("auditor"),
            Self::Admin => f.write_str("admin"),
            Self::Region(code) => write!(f, "region:{code}"),
            Self::Unit(units) => {
                write!(f, "unit:{}", units.iter().map(HsaId::as_str).collect::<Vec<_>>().join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_written_as_it_was_read_and_what_is_none_is_refused() {
        for text in ["staff", "approver", "researcher", "auditor", "admin", "region:12", "region:P01"] {
            assert_eq!(text.parse::<Role>().unwrap().to_string(), text);
        }
        let units = "unit:SE9990120000-E002,SE9990120000-E001,SE9990120000-E002".parse::<Role>().unwrap();
        assert_eq!(units.to_string(), "unit:SE9990120000-E001,SE9990120000-E002");
        for wrong in
            ["", "Staff", "staff:", "region", "region:", "region:1", "unit:", "unit:E001", "unit:SE9990120000-E001,"]
        {
            assert_eq!(wrong.parse::<Role>(), Err(UnknownRole), "{wrong}");
        }
    }
}
