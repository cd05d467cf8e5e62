//! The `[oidc]` section: the identity provider by which people sign in, and what its word makes of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Web;
use crate::authenticate::mapping::{Mapping, Rule};

/// Where Debian keeps the authorities that a system trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// An identity provider (OIDC).
#[derive(Debug, Clone)]
pub struct Oidc {
    /// The provider's address, which is its name too.
    pub issuer: String,
    /// The register's name there.
    pub client_id: String,
    /// How the register proves there that it is the register.
    pub proof: ClientProof,
    /// The authorities that the provider's certificate may come from, PEM.
    pub ca: PathBuf,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// Claims that are asked for by name.
    pub claims: Vec<String>,
    /// Levels of assurance, of which one is needed; any where none is named.
    pub acr: Vec<String>,
    /// By what somebody is known, and what they may be.
    pub mapping: Mapping,
    /// What people call the provider.
    pub name: Option<String>,
    /// Who else comes in.
    pub others: Others,
    /// What people write before the pages' paths.
    pub base_url: String,
}

/// How the register proves to the provider that it is the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientProof {
    /// The file of a shared secret.
    Secret(PathBuf),
    /// The file of a private key, PEM, PKCS 8, P-256, whose public key the provider knows (RFC 7523).
    Key(PathBuf),
}

/// Who comes in besides those whom the provider vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// People with a password and a one-time code.
    LocalAccounts,
    /// Nobody.
    Nobody,
}

/// The section as it is written.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret_file: Option<PathBuf>,
    client_key_file: Option<PathBuf>,
    ca: Option<PathBuf>,
    scopes: Vec<String>,
    claims: Vec<String>,
    acr: Vec<String>,
    subject: Option<String>,
    roles: Vec<Role>,
    name: Option<String>,
    local_accounts: Option<bool>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    role: String,
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
}

/// What the section comes to; nothing where no key of it is given.
pub(super) fn resolve(section: Section, (web, folder): (Option<&Web>, &Path)) -> Result<Option<Oidc>, String> {
    if section == Section::default() {
        return Ok(None);
    }
    let wanted = "[oidc] needs issuer, client_id, roles, and client_secret_file or client_key_file";
    let (issuer, client_id) = section.issuer.zip(section.client_id).ok_or(wanted)?;
    let proof = match (section.client_secret_file, section.client_key_file) {
        (Some(path), None) => ClientProof::Secret(folder.join(path)),
        (None, Some(path)) => ClientProof::Key(folder.join(path)),
        (Some(_), Some(_)) => return Err("[oidc] has both client_secret_file and client_key_file; keep one".into()),
        (None, None) => return Err(wanted.into()),
    };
    if section.roles.is_empty() {
        return Err(wanted.into());
    }
    let host = issuer.strip_prefix("https://").filter(|host| !host.is_empty());
    if host.is_none_or(|host| host.contains(|c: char| !c.is_ascii_graphic() || "?#@()".contains(c))) {
        return Err(
            "[oidc] issuer is the provider's address, such as https://idp.example.se, as the provider itself writes it"
                .into(),
        );
    }
    let base_url = web.and_then(|web| web.base_url.clone()).ok_or(
        "[oidc] needs [web] base_url, such as https://register.example.se: the provider sends people back there",
    )?;
    let rules = section.roles.into_iter().map(|Role { role, when }| Rule::read(&role, when));
    let rules = rules.collect::<Result<_, _>>().map_err(|sentence| format!("[oidc] roles: {sentence}"))?;
    Ok(Some(Oidc {
        issuer,
        client_id,
        proof,
        ca: folder.join(section.ca.unwrap_or_else(|| AUTHORITIES.into())),
        scopes: section.scopes,
        claims: section.claims,
        acr: section.acr,
        mapping: Mapping { subject: section.subject.unwrap_or_else(|| "sub".into()), rules },
        name: section.name,
        others: if section.local_accounts == Some(false) { Others::Nobody } else { Others::LocalAccounts },
        base_url,
    }))
}

#[cfg(test)]
mod tests {
    use schemas::exit::Exit;

    use super::*;
    use crate::config::Config;

    const WEB: &str = "[web]\nbase_url = \"https://register.example.se\"\n";
    const WHOLE: &str = "issuer = \"https://idp.example.se\"\nclient_id = \"register\"\nclient_secret_file = \"oidc.secret\"\n\
                         roles = [{ role = \"staff\", when = { group = [\"ikbt\"] } }]\n";

    fn read(text: &str) -> Result<Config, (Exit, String)> {
        let read = Config::read(Path::new("/etc/r/registry-server.toml"), text, &[]);
        read.map_err(|failure| (failure.exit, failure.sentence))
    }

    #[test]
    fn a_provider_is_taken_whole_or_refused_with_what_to_write() {
        let oidc = read(&format!("{WEB}[oidc]\n{WHOLE}")).unwrap().oidc.unwrap();
        assert_eq!(oidc.proof, ClientProof::Secret("/etc/r/oidc.secret".into()));
        assert_eq!((oidc.ca.as_path(), oidc.mapping.subject.as_str()), (Path::new(AUTHORITIES), "sub"));
        assert_eq!((oidc.others, oidc.base_url.as_str()), (Others::LocalAccounts, "https://register.example.se"));
        assert!(read(&format!("{WEB}[oidc]\n")).unwrap().oidc.is_none());
        let without = |key: &str| WHOLE.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n");
        for (text, part) in [
            (format!("[oidc]\n{WHOLE}"), "[oidc] needs [web] base_url"),
            (format!("{WEB}[oidc]\nname = \"SITHS\"\n"), "[oidc] needs issuer, client_id, roles"),
            (format!("{WEB}[oidc]\n{}", without("client_id")), "[oidc] needs issuer, client_id, roles"),
            (format!("{WEB}[oidc]\n{}", without("client_secret")), "[oidc] needs issuer, client_id, roles"),
            (format!("{WEB}[oidc]\n{}", without("roles")), "[oidc] needs issuer, client_id, roles"),
            (format!("{WEB}[oidc]\n{WHOLE}client_key_file = \"k\"\n"), "keep one"),
            (format!("{WEB}[oidc]\n{}", WHOLE.replace("https:", "http:")), "[oidc] issuer is the provider's address"),
            (
                format!("{WEB}[oidc]\n{}", WHOLE.replace("\"staff\"", "\"boss\"")),
                "[oidc] roles: role \"boss\": a role is staff",
            ),
            (format!("{WEB}[oidc]\n{}", WHOLE.replace("group = [\"ikbt\"]", "")), "everybody at the provider"),
            (format!("{WEB}[oidc]\n{WHOLE}acrs = []\n"), "the nearest known key is `acr`"),
        ] {
            let (exit, sentence) = read(&text).unwrap_err();
            assert_eq!(exit, Exit::Config, "{text}");
            assert!(sentence.contains(part), "{sentence}");
        }
        let alone = read(&format!("{WEB}[oidc]\n{WHOLE}local_accounts = false\n")).unwrap();
        assert_eq!(alone.oidc.unwrap().others, Others::Nobody);
    }
}
