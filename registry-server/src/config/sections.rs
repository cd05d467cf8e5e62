//! What stands in the file, section by section, and what it comes to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::extracts::Extracts;
use super::{Config, LimitSettings, Regions, Web, alarms, oidc};
use crate::store::Location;

/// The file as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    server: Server,
    database: Database,
    regions: Listener,
    web: People,
    oidc: oidc::Section,
    alarms: alarms::Alarms,
    admin: Admin,
    keys: Keys,
    limits: LimitSettings,
    extracts: Extracts,
    codelists: BTreeMap<String, PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Server {
    state_dir: PathBuf,
    environment: String,
    contact: Option<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self { state_dir: "/var/lib/registry-server".into(), environment: "production".into(), contact: None }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Database {
    url: Option<String>,
    url_file: Option<PathBuf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Listener {
    listen: String,
    cert: PathBuf,
    key: PathBuf,
    client_ca: PathBuf,
}

impl Default for Listener {
    fn default() -> Self {
        Self {
            listen: "0.0.0.0:8443".into(),
            cert: "server.pem".into(),
            key: "server.key".into(),
            client_ca: "ca.pem".into(),
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct People {
    listen: Option<String>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    base_url: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Admin {
    listen: String,
}

impl Default for Admin {
    fn default() -> Self {
        Self { listen: "127.0.0.1:9444".into() }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Keys {
    receipt: PathBuf,
    pepper: PathBuf,
}

impl Default for Keys {
    fn default() -> Self {
        Self { receipt: "receipt.key".into(), pepper: "pepper.key".into() }
    }
}

/// Turns the file into a configuration; the error is a sentence without the file's name.
pub(super) fn resolve(mut file: File, folder: &Path) -> Result<Config, String> {
    if !matches!(file.server.environment.as_str(), "test" | "production") {
        return Err("[server] environment is \"test\" or \"production\"".into());
    }
    let state_dir = folder.join(&file.server.state_dir);
    let admin_listen = address(&file.admin.listen, "[admin] listen")?;
    if !admin_listen.ip().is_loopback() {
        return Err("[admin] listen must be a loopback address such as 127.0.0.1:9444; it has no access control".into());
    }
    let web = web(file.web, folder)?;
    Ok(Config {
        database: database(&file.database, &state_dir, folder)?,
        state_dir,
        environment: file.server.environment,
        contact: file.server.contact,
        regions: Regions {
            listen: address(&file.regions.listen, "[regions] listen")?,
            cert: folder.join(file.regions.cert),
            key: folder.join(file.regions.key),
            client_ca: folder.join(file.regions.client_ca),
        },
        oidc: oidc::resolve(file.oidc, (web.as_ref(), folder))?,
        web,
        webhook: alarms::webhook(&mut file.alarms, folder)?,
        alarms: alarms::resolve(file.alarms, folder)?,
        admin_listen,
        receipt_key: folder.join(file.keys.receipt),
        pepper: folder.join(file.keys.pepper),
        limits: file.limits,
        quota: file.extracts.quota,
        codelists: file.codelists.into_iter().map(|(name, path)| (name, folder.join(path))).collect(),
    })
}

/// The people's listener; none where no key of its section is given.
fn web(section: People, folder: &Path) -> Result<Option<Web>, String> {
    let People { listen, cert, key, base_url } = section;
    if listen.is_none() && cert.is_none() && key.is_none() && base_url.is_none() {
        return Ok(None);
    }
    let base_url = base_url.map(|url| url.trim_end_matches('/').to_owned());
    if base_url.as_ref().is_some_and(|url| url.strip_prefix("https://").is_none_or(|host| host.contains('/'))) {
        return Err("[web] base_url is https:// and a host, such as https://register.example.se".into());
    }
    Ok(Some(Web {
        listen: address(listen.as_deref().unwrap_or("0.0.0.0:8444"), "[web] listen")?,
        cert: folder.join(cert.unwrap_or_else(|| "server.pem".into())),
        key: folder.join(key.unwrap_or_else(|| "server.key".into())),
        base_url,
    }))
}

fn database(section: &Database, state_dir: &Path, folder: &Path) -> Result<Location, String> {
    let (key, url) = match (&section.url, &section.url_file) {
        (Some(_), Some(_)) => return Err("[database] has both url and url_file; keep one".into()),
        (Some(url), None) => ("url", url.clone()),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(folder.join(path));
            (
                "url_file",
                read.map_err(|error| format!("[database] url_file cannot be read: {error}"))?.trim().to_owned(),
            )
        }
        (None, None) => return Ok(Location::Sqlite(state_dir.join("register.db"))),
    };
    Location::read(&url, folder).map_err(|sentence| format!("[database] {key} {sentence}"))
}

fn address(text: &str, key: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{key} must be an address and a port such as 127.0.0.1:8443"))
}
