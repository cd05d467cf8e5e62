//! Which proxy stands between here and the register: the configuration's, otherwise the environment's.
//!
//! Promises: a proxy is only asked to connect through (`CONNECT`), so that it sees the register's name and nothing else; its
//! credentials come from a file that nobody else may read, or from the environment; neither is ever printed.

use std::net::IpAddr;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;

use super::client::{ClientError, refuse_open_file};
use crate::config::Config;

/// A proxy in use.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) credentials: Option<Credentials>,
}

/// What a proxy wants to know of who asks. Has no `Debug`.
#[derive(Clone)]
pub(super) struct Credentials {
    user: String,
    password: String,
}

impl Proxy {
    /// The proxy on the way to a register.
    ///
    /// # Errors
    /// When its address or its credentials cannot be used.
    pub(super) fn choose(config: &Config, register: &Url) -> Result<Option<Self>, ClientError> {
        let server = &config.server;
        let mut proxy = match (&server.proxy, &config.proxies.https) {
            (Some(address), _) => {
                let proxy = parse("[server] proxy", address)?;
                if proxy.credentials.is_some() {
                    let sentence =
                        "[server] proxy: put user:password into a file and name it in proxy_credentials_file";
                    return Err(ClientError::Files(sentence.into()));
                }
                proxy
            }
            (None, Some((variable, address))) => {
                if config.proxies.except.as_deref().is_some_and(|except| excepts(except, register)) {
                    return Ok(None);
                }
                parse(&format!("the environment's {variable}"), address)?
            }
            (None, None) => return Ok(None),
        };
        if let Some(file) = &server.proxy_credentials_file {
            proxy.credentials = Some(read_credentials(&config.path(file))?);
        }
        Ok(Some(proxy))
    }

    /// `host:port`, for people and for connecting.
    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The value of `Proxy-Authorization`.
    pub(super) fn authorization(&self) -> Option<String> {
        let Credentials { user, password } = self.credentials.as_ref()?;
        Some(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// For the HTTP client.
    pub(super) fn for_client(&self) -> reqwest::Result<reqwest::Proxy> {
        let proxy = reqwest::Proxy::all(format!("http://{}", self.address()))?;
        Ok(match &self.credentials {
            Some(Credentials { user, password }) => proxy.basic_auth(user, password),
            None => proxy,
        })
    }
}

fn parse(place: &str, address: &str) -> Result<Proxy, ClientError> {
    let unusable =
        || ClientError::Files(format!("{place} is not the address of an HTTP proxy; write http://host:port"));
    let address = address.trim();
    let url = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let url: Url = url.parse().map_err(|_| unusable())?;
    let host = url.host_str().filter(|_| url.scheme() == "http" && url.path() == "/").ok_or_else(unusable)?;
    let credentials = (!url.username().is_empty())
        .then(|| Credentials { user: decoded(url.username()), password: decoded(url.password().unwrap_or_default()) });
    Ok(Proxy { host: host.to_owned(), port: url.port_or_known_default().unwrap_or(80), credentials })
}

fn read_credentials(path: &Path) -> Result<Credentials, ClientError> {
    refuse_open_file(("proxy_credentials_file", "write user:password into it, mode 0600"), path)?;
    let unusable = || {
        let path = path.display();
        ClientError::Files(format!("[server] proxy_credentials_file: {path} must hold one line, user:password"))
    };
    let text = std::fs::read_to_string(path).map_err(|_| unusable())?;
    let line = text.trim_end_matches(['\r', '\n']);
    let (user, password) = line.split_once(':').filter(|_| !line.contains('\n')).ok_or_else(unusable)?;
    Ok(Credentials { user: user.to_owned(), password: password.to_owned() })
}

/// `%XX` as the byte that it stands for.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a list such as `localhost,.example.se,10.0.0.0/8` names the register's host; `*` names every host.
fn excepts(list: &str, register: &Url) -> bool {
    let host = register.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    let entries =
        list.split([',', ' ']).map(|entry| entry.trim().to_ascii_lowercase()).filter(|entry| !entry.is_empty());
    entries.into_iter().any(|entry| entry == "*" || names(&entry, &host, register.port_or_known_default()))
}

fn names(entry: &str, host: &str, port: Option<u16>) -> bool {
    if let Ok(host) = host.parse::<IpAddr>() {
        return entry.trim_matches(['[', ']']).parse() == Ok(host) || within(entry, host);
    }
    let entry = match entry.rsplit_once(':') {
        Some((name, only)) if only.parse().ok() == port => name,
        _ => entry,
    };
    let domain = entry.trim_start_matches("*.").trim_start_matches('.');
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// Whether an address is in a network such as `10.0.0.0/8`.
fn within(network: &str, host: IpAddr) -> bool {
    let Some((base, length)) = network.split_once('/') else { return false };
    let (Ok(base), Ok(length)) = (base.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    let same =
        |one: u128, other: u128, bits: u32| length <= bits && (length == 0 || (one ^ other) >> (bits - length) == 0);
    match (base, host) {
        (IpAddr::V4(base), IpAddr::V4(host)) => same(u32::from(base).into(), u32::from(host).into(), 32),
        (IpAddr::V6(base), IpAddr::V6(host)) => same(base.into(), host.into(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
