//! The proxies that the process's environment names, under the names that everybody uses.
//!
//! Promises: nothing is judged here. Must not know: whether the configuration names a proxy itself.

/// What the environment says of proxies for `https`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// `https_proxy` or `HTTPS_PROXY`, otherwise `all_proxy` or `ALL_PROXY`, with the variable's name.
    pub https: Option<(String, String)>,
    /// `no_proxy` or `NO_PROXY`: hosts that are reached without.
    pub except: Option<String>,
}

impl Proxies {
    /// Reads an environment. An empty variable is as good as none.
    #[must_use]
    pub fn of(environment: &[(String, String)]) -> Self {
        let first = |names: &[&str]| {
            let set = |name: &&str| environment.iter().find(|(known, value)| known == name && !value.trim().is_empty());
            names.iter().find_map(set).cloned()
        };
        Self {
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            except: first(&["no_proxy", "NO_PROXY"]).map(|(_, hosts)| hosts),
        }
    }
}
