//! Where passwords stand in an address of a database or a proxy.
//!
//! Promises: one answer for all who ask, so that what is not shown is also what a file must be closed for; an address that is written
//! wrongly gives too much as a password rather than too little. Must not know: what an address is for.

use std::ops::Range;

/// The bytes of each password in an address, in their order; none where the text is no address.
#[must_use]
pub fn passwords(address: &str) -> Vec<Range<usize>> {
    let Some(begin) = address.find("://").map(|scheme| scheme + 3) else { return Vec::new() };
    account(address, begin).into_iter().chain(parameters(address, begin)).collect()
}

/// An address with `***` in the place of each password.
#[must_use]
pub fn masked(address: &str) -> String {
    let mut shown = address.to_owned();
    for password in passwords(address).into_iter().rev() {
        shown.replace_range(password, "***");
    }
    shown
}

/// The password of `user:password@host`. One that holds a sign which should have been escaped reaches past the server's part.
fn account(address: &str, begin: usize) -> Option<Range<usize>> {
    let end = address[begin..].find(['/', '?', '#']).map_or(address.len(), |end| begin + end);
    let server = &address[begin..end];
    let colon = begin + server.find(':')?;
    let is_port = || server.starts_with('[') || address[colon + 1..end].bytes().all(|byte| byte.is_ascii_digit());
    let at = match server.rfind('@') {
        Some(at) => begin + at,
        None if is_port() => return None,
        None => address.rfind('@')?,
    };
    (colon < at).then_some(colon + 1..at)
}

/// The values of parameters such as `password=`.
fn parameters(address: &str, begin: usize) -> Vec<Range<usize>> {
    let Some(question) = address[begin..].find('?') else { return Vec::new() };
    let mut at = begin + question + 1;
    let mut found = Vec::new();
    for parameter in address[at..].split('&') {
        if let Some(equals) = parameter.find('=').filter(|equals| parameter[..*equals].ends_with("password")) {
            found.push(at + equals + 1..at + parameter.len());
        }
        at += parameter.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_password_is_shown_and_nothing_else_is_hidden() {
        for (address, expected) in [
            ("postgres://reader:hemligt@db/sob", "postgres://reader:***@db/sob"),
            ("postgres://reader:p@ss:w@db:5432/sob", "postgres://reader:***@db:5432/sob"),
            ("postgres://reader:p/s?s#w@db:5432/sob", "postgres://reader:***@db:5432/sob"),
            ("postgres://:hemligt@db/sob", "postgres://:***@db/sob"),
            (
                "postgres://db:5432/sob?user=a&password=p@ss&sslmode=require",
                "postgres://db:5432/sob?user=a&password=***&sslmode=require",
            ),
            ("mysql://a:b@db/sob?sslpassword=c", "mysql://a:***@db/sob?sslpassword=***"),
            ("postgres://reader@db:5432/sob?sslmode=require", "postgres://reader@db:5432/sob?sslmode=require"),
            ("https://registry.example:8443/a@b", "https://registry.example:8443/a@b"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("sqlite:///srv/sob/export.db", "sqlite:///srv/sob/export.db"),
            ("0 4 * * 0", "0 4 * * 0"),
        ] {
            assert_eq!(masked(address), expected);
        }
    }
}
