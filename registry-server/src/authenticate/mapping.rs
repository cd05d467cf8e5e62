//! What somebody is here, from what an identity provider says of them: the claim by which they are known, and rules that give a role.
//!
//! Promises: pure. The first rule whose conditions all hold decides; where none holds there is no role, whoever it is. A claim gives no
//! role but those that a rule writes down, and names no more than the one sender, or the units, that it holds.
//! Must not know: how the claims came here and whether they are true.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Role;

/// What an identity provider says of somebody, by the names of OIDC.
pub type Claims = Map<String, Value>;

/// Longest name of somebody at a provider (OIDC Core 1.0, section 2: `sub`).
const LONGEST: usize = 255;

/// How somebody is known, and what they may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The claim that names somebody for good.
    pub subject: String,
    /// What gives a role, in the order in which it is tried.
    pub rules: Vec<Rule>,
}

/// What gives a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What must hold: for each of these claims one of these values.
    when: BTreeMap<String, Vec<String>>,
    role: Given,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    /// The role.
    Role(Role),
    /// The sender whose code is the one value of this claim.
    Region(String),
    /// The units whose HSA-ids are the values of this claim.
    Units(String),
}

impl Rule {
    /// A rule from the role that it gives, `staff`, `region:12`, `region:{claim}` or `unit:{claim}`, and what must hold.
    ///
    /// # Errors
    /// A sentence that says what to write instead.
    pub fn read(role: &str, when: BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let claim = |kind: &str| role.strip_prefix(kind)?.strip_prefix(":{")?.strip_suffix('}');
        let given = match (claim("region"), claim("unit")) {
            (Some(name), _) if is_name(name) => Given::Region(name.to_owned()),
            (_, Some(name)) if is_name(name) => Given::Units(name.to_owned()),
            _ => Given::Role(
                role.parse()
                    .map_err(|error| format!("role \"{role}\": {error}, region:{{claim}} or unit:{{claim}}"))?,
            ),
        };
        if when.is_empty() && matches!(given, Given::Role(_)) {
            return Err(format!(
                "role \"{role}\" needs `when`, or everybody at the provider would have it: {{ role = \"{role}\", when = {{ claim = [\"value\"] }} }}"
            ));
        }
        match when.iter().find(|(_, values)| values.is_empty()) {
            Some((claim, _)) => Err(format!("role \"{role}\": when {claim} is a list of values, and it is empty")),
            None => Ok(Self { when, role: given }),
        }
    }

    fn role(&self, claims: &Claims) -> Option<Role> {
        let holds = |(claim, wanted): (&String, &Vec<String>)| {
            texts(claims, claim).iter().any(|has| wanted.iter().any(|value| value == has))
        };
        if !self.when.iter().all(holds) {
            return None;
        }
        match &self.role {
            Given::Role(role) => Some(role.clone()),
            Given::Region(claim) => match texts(claims, claim).as_slice() {
                [code] => code.parse().ok().map(Role::Region),
                _ => None,
            },
            Given::Units(claim) => {
                let units: Result<Vec<_>, _> = texts(claims, claim).iter().map(|unit| unit.parse()).collect();
                let mut units = units.ok().filter(|units| !units.is_empty())?;
                units.sort_unstable();
                units.dedup();
                Some(Role::Unit(units))
            }
        }
    }

    fn claims(&self) -> impl Iterator<Item = &str> {
        let named = match &self.role {
            Given::Role(_) => None,
            Given::Region(claim) | Given::Units(claim) => Some(claim.as_str()),
        };
        self.when.keys().map(String::as_str).chain(named)
    }
}

impl Mapping {
    /// The name by which the provider knows somebody for good; nothing where the claim is missing or could not be shown as it is.
    #[must_use]
    pub fn subject<'a>(&self, claims: &'a Claims) -> Option<&'a str> {
        let name = claims.get(&self.subject)?.as_str()?;
        let is_shown = !name.is_empty() && name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_graphic());
        is_shown.then_some(name)
    }

    /// What somebody is; nothing where no rule gives a role.
    #[must_use]
    pub fn role(&self, claims: &Claims) -> Option<Role> {
        self.rules.iter().find_map(|rule| rule.role(claims))
    }

    /// Every claim that is looked at.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.subject.as_str()).chain(self.rules.iter().flat_map(Rule::claims))
    }
}

/// Whether a claim can be called so.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'{' && byte != b'}')
}

/// The texts of a claim: one, or several.
fn texts<'a>(claims: &'a Claims, name: &str) -> Vec<&'a str> {
    match claims.get(name) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(role: &str, when: &[(&str, &[&str])]) -> Result<Rule, String> {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Rule::read(role, when.iter().map(|(claim, of)| ((*claim).to_owned(), values(of))).collect())
    }

    fn mapping() -> Mapping {
        let rules = [
            rule("staff", &[("employeeHsaId", &["SE9990120000-1001", "SE9990120000-1002"])]),
            rule(
                "region:12",
                &[("commissionPurpose", &["Statistik"]), ("healthCareProviderHsaId", &["SE9990120000-0012"])],
            ),
            rule("unit:{commissionHsaId}", &[("commissionPurpose", &["Vård och behandling"])]),
            rule("region:{county}", &[]),
        ];
        Mapping { subject: "employeeHsaId".into(), rules: rules.into_iter().map(Result::unwrap).collect() }
    }

    #[test]
    fn the_first_rule_that_holds_gives_the_role_and_where_none_does_there_is_none() {
        let care = "Vård och behandling";
        for (claims, expected) in [
            (json!({ "employeeHsaId": "SE9990120000-1001", "county": "12" }), "staff"),
            (json!({ "employeeHsaId": "SE9990120000-1009" }), ""),
            (json!({ "commissionPurpose": "Statistik", "healthCareProviderHsaId": "SE9990120000-0012" }), "region:12"),
            (json!({ "commissionPurpose": "Statistik", "healthCareProviderHsaId": "SE9990120000-0014" }), ""),
            (
                json!({ "commissionPurpose": ["Forskning", care], "commissionHsaId": "SE9990120000-E001" }),
                "unit:SE9990120000-E001",
            ),
            (
                json!({ "commissionPurpose": care, "commissionHsaId": ["SE9990120000-E002", "SE9990120000-E001", "SE9990120000-E002"] }),
                "unit:SE9990120000-E001,SE9990120000-E002",
            ),
            (json!({ "commissionPurpose": care, "commissionHsaId": "SE9990120000-E001,SE9990120000-E002" }), ""),
            (json!({ "commissionPurpose": care, "commissionHsaId": ["SE9990120000-E001", "all"] }), ""),
            (json!({ "commissionPurpose": care, "commissionHsaId": [] }), ""),
            (json!({ "commissionPurpose": care.to_uppercase(), "commissionHsaId": "SE9990120000-E001" }), ""),
            (json!({ "county": "14" }), "region:14"),
            (json!({ "county": ["14", "12"] }), ""),
            (json!({ "county": 14 }), ""),
            (json!({ "county": "staff" }), ""),
            (json!({ "role": "admin" }), ""),
        ] {
            let claims = claims.as_object().unwrap();
            assert_eq!(mapping().role(claims).map(|role| role.to_string()).unwrap_or_default(), expected, "{claims:?}");
        }
    }

    #[test]
    fn somebody_is_known_by_a_name_that_can_be_shown_as_it_is() {
        for (claims, expected) in [
            (json!({ "sub": "a", "employeeHsaId": "SE9990120000-1001" }), Some("SE9990120000-1001")),
            (json!({ "sub": "a" }), None),
            (json!({ "employeeHsaId": "" }), None),
            (json!({ "employeeHsaId": ["SE9990120000-1001"] }), None),
            (json!({ "employeeHsaId": "a b" }), None),
            (json!({ "employeeHsaId": "a\u{202e}b" }), None),
            (json!({ "employeeHsaId": "a".repeat(256) }), None),
        ] {
            assert_eq!(mapping().subject(claims.as_object().unwrap()), expected, "{claims}");
        }
        let looked_at: Vec<&str> = mapping().claims().map(str::to_owned).map(|name| &*name.leak()).collect();
        assert!(
            ["employeeHsaId", "commissionPurpose", "commissionHsaId", "county"]
                .iter()
                .all(|name| looked_at.contains(name))
        );
    }

    #[test]
    fn a_rule_that_lets_everybody_in_or_names_no_role_is_refused() {
        assert!(rule("staff", &[]).unwrap_err().contains("everybody at the provider"));
        assert!(rule("chief", &[("a", &["b"])]).unwrap_err().contains("a role is staff, approver"));
        assert!(rule("unit:{}", &[]).unwrap_err().contains("unit:{claim}"));
        assert!(rule("staff", &[("a", &[])]).unwrap_err().contains("when a is a list of values"));
    }
}
