//! The `[alarms]` section: how messages of alarms leave the register.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How alarms are sent.
#[derive(Clone)]
pub struct AlarmMail {
    /// The mail server, `smtps://` or `smtp://`, with an account where it asks for one.
    pub smtp: Zeroizing<String>,
    /// Whom the messages are from.
    pub from: String,
    /// Who gets those of a sender without contacts.
    pub staff: String,
}

impl fmt::Debug for AlarmMail {
    // The server's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlarmMail").field("from", &self.from).field("staff", &self.staff).finish_non_exhaustive()
    }
}

/// Which other program is told.
#[derive(Clone)]
pub struct WebhookSettings {
    /// Its address, `https://`, or `http://` on this machine.
    pub url: Zeroizing<String>,
    /// What messages are signed with.
    pub key: Zeroizing<String>,
    /// The authorities that its certificate may be of.
    pub ca: Option<PathBuf>,
}

impl fmt::Debug for WebhookSettings {
    // Address and key are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSettings").field("ca", &self.ca).finish_non_exhaustive()
    }
}

/// The section as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Alarms {
    smtp: Option<String>,
    smtp_file: Option<PathBuf>,
    from: Option<String>,
    staff: Option<String>,
    webhook: Option<String>,
    webhook_key_file: Option<PathBuf>,
    webhook_ca: Option<PathBuf>,
}

/// Fewest characters of the key that messages to another program are signed with.
const KEY: usize = 32;

/// Which other program is told; nothing where no key of the section names one.
pub(super) fn webhook(section: &mut Alarms, folder: &Path) -> Result<Option<WebhookSettings>, String> {
    let given = (section.webhook.take(), section.webhook_key_file.take(), section.webhook_ca.take());
    let (url, key_file, ca) = match given {
        (None, None, None) => return Ok(None),
        (Some(url), Some(key_file), ca) => (url, key_file, ca.map(|ca| folder.join(ca))),
        _ => return Err("[alarms] needs webhook and webhook_key_file together".into()),
    };
    let is_here = ["http://127.0.0.1", "http://[::1]", "http://localhost"].iter().any(|here| {
        url.strip_prefix(here)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']) && !rest.contains('@'))
    });
    let is_guarded = is_here || (url.starts_with("https://") && ca.is_some());
    if !is_guarded {
        return Err("[alarms] webhook is https://host with webhook_ca, or http:// to this machine".into());
    }
    let read = std::fs::read_to_string(folder.join(key_file));
    let key = Zeroizing::new(read.map_err(|error| format!("[alarms] webhook_key_file cannot be read: {error}"))?);
    let key = Zeroizing::new(key.trim().to_owned());
    if key.len() < KEY {
        return Err(format!(
            "[alarms] webhook_key_file holds fewer than {KEY} characters; `openssl rand -hex 32` makes them"
        ));
    }
    Ok(Some(WebhookSettings { url: Zeroizing::new(url), key, ca }))
}

/// What the section comes to; nothing where no key of it is given.
pub(super) fn resolve(section: Alarms, folder: &Path) -> Result<Option<AlarmMail>, String> {
    let Alarms { smtp, smtp_file, from, staff, .. } = section;
    let smtp = match (smtp, smtp_file) {
        (Some(_), Some(_)) => return Err("[alarms] has both smtp and smtp_file; keep one".into()),
        (Some(url), None) => Some(url),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(folder.join(path));
            Some(read.map_err(|error| format!("[alarms] smtp_file cannot be read: {error}"))?.trim().to_owned())
        }
        (None, None) => None,
    };
    match (smtp, from, staff) {
        (None, None, None) => Ok(None),
        (Some(smtp), Some(from), Some(staff)) => {
            if !is_guarded(&smtp) {
                return Err(
                    "[alarms] smtp is smtps://host, or smtp://host?tls=required, or smtp:// to this machine".into()
                );
            }
            Ok(Some(AlarmMail { smtp: Zeroizing::new(smtp), from, staff }))
        }
        _ => Err("[alarms] needs smtp (or smtp_file), from and staff".into()),
    }
}

/// Whether nobody on the way can read what is sent.
fn is_guarded(url: &str) -> bool {
    let host = url.strip_prefix("smtp://").map(|rest| rest.rsplit_once('@').map_or(rest, |(_, host)| host));
    let is_here = |host: &str| ["127.0.0.1:", "[::1]:", "localhost:"].iter().any(|here| host.starts_with(here));
    url.starts_with("smtps://") || host.is_some_and(|host| is_here(host) || host.ends_with("?tls=required"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(smtp: &str) -> Alarms {
        Alarms {
            smtp: Some(smtp.to_owned()),
            smtp_file: None,
            from: Some("register@example.se".to_owned()),
            staff: Some("staff@example.se".to_owned()),
            ..Alarms::default()
        }
    }

    #[test]
    fn another_program_is_told_under_tls_or_on_this_machine_and_with_a_key_of_some_length() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), "k".repeat(32) + "\n").unwrap();
        std::fs::write(folder.path().join("short"), "k".repeat(31)).unwrap();
        let taken = |url: &str, key: Option<&str>, ca: Option<&str>| {
            let mut section = Alarms {
                webhook: Some(url.to_owned()),
                webhook_key_file: key.map(PathBuf::from),
                webhook_ca: ca.map(PathBuf::from),
                ..Alarms::default()
            };
            webhook(&mut section, folder.path())
        };
        for (url, key, ca, expected) in [
            ("https://hook.example.se/a", Some("key"), Some("ca.pem"), true),
            ("http://127.0.0.1:8080/a", Some("key"), None, true),
            ("https://hook.example.se/a", Some("key"), None, false),
            ("http://hook.example.se/a", Some("key"), Some("ca.pem"), false),
            ("http://127.0.0.1:80@hook.example.se/", Some("key"), None, false),
            ("http://localhost.example.se/", Some("key"), None, false),
            ("https://hook.example.se/a", Some("short"), Some("ca.pem"), false),
            ("https://hook.example.se/a", Some("none"), Some("ca.pem"), false),
            ("https://hook.example.se/a", None, Some("ca.pem"), false),
        ] {
            let settings = taken(url, key, ca);
            assert_eq!(settings.is_ok(), expected, "{url} {key:?} {ca:?}");
            assert!(!format!("{settings:?}").contains("kkk") && !format!("{settings:?}").contains("hook."));
        }
        assert!(webhook(&mut Alarms::default(), folder.path()).unwrap().is_none());
    }

    #[test]
    fn mail_leaves_this_machine_under_tls_only_and_no_password_is_shown() {
        for (url, taken) in [
            ("smtps://u:secret@mail.example.se", true),
            ("smtp://mail.example.se:587?tls=required", true),
            ("smtp://127.0.0.1:25", true),
            ("smtp://mail.example.se:587", false),
            ("smtp://127.0.0.1:25@mail.example.se", false),
            ("smtp://mail.example.se?tls=opportunistic", false),
            ("mail.example.se", false),
        ] {
            let resolved = resolve(section(url), Path::new("/etc"));
            assert_eq!(resolved.is_ok(), taken, "{url}");
            assert!(!format!("{resolved:?}").contains("secret"));
        }
        assert!(resolve(Alarms::default(), Path::new("/etc")).unwrap().is_none());
        let half = Alarms { staff: None, ..section("smtps://mail.example.se") };
        assert!(resolve(half, Path::new("/etc")).unwrap_err().contains("needs smtp"));
    }
}
