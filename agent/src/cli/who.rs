//! Who gives a command: the account of the operating system, and the one behind `sudo`.

/// Somebody at the keyboard.
pub(super) struct Who {
    /// The account's name, or its number where it has none.
    pub(super) account: String,
    /// The account that `sudo` was called from.
    pub(super) behind: Option<String>,
}

/// Who runs this process.
pub(super) fn who() -> Who {
    let number = rustix::process::getuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = name(&accounts, &number).unwrap_or(number.as_str()).to_owned();
    Who { account, behind: std::env::var("SUDO_USER").ok().filter(|name| !name.is_empty()) }
}

/// The name of an account's number in a list of accounts.
fn name<'a>(accounts: &'a str, number: &str) -> Option<&'a str> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == number).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_its_number() {
        let accounts = "ada:x:0:0::/var:/bin/sh\nregistry-agent:x:998:998::/var/lib/registry-agent:/bin/false\n";
        assert_eq!(name(accounts, "998"), Some("registry-agent"));
        assert_eq!(name(accounts, "99"), None);
        assert!(!who().account.is_empty());
    }
}
