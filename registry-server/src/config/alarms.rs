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

/// The section as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Alarms {
    smtp: Option<String>,
    smtp_file: Option<PathBuf>,
    from: Option<String>,
    staff: Option<String>,
}

/// What the section comes to; nothing where no key of it is given.
pub(super) fn resolve(section: Alarms, folder: &Path) -> Result<Option<AlarmMail>, String> {
    let Alarms { smtp, smtp_file, from, staff } = section;
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
        }
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
