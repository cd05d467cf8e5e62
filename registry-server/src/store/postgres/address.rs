//! The address of a database: checked once, shown without its password.

use std::fmt;
use std::str::FromStr as _;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

/// What may follow the question mark of an address. Others would be passed over with a warning that shows their values.
const PARAMETERS: [&str; 14] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "timezone",
    "user",
];

/// The address of a PostgreSQL database.
#[derive(Clone)]
pub struct Address {
    url: String,
    options: Box<PgConnectOptions>,
}

impl Address {
    /// Reads a URL such as `postgres://user@host/database`.
    ///
    /// # Errors
    /// What to write instead, without what was written: it may hold a password.
    pub(crate) fn read(url: &str) -> Result<Self, String> {
        let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
        let names =
            parameters.split('&').filter(|part| !part.is_empty()).map(|part| part.split('=').next().unwrap_or(""));
        if names.into_iter().any(|name| !PARAMETERS.contains(&name)) {
            return Err(format!("has a parameter that is none of {}", PARAMETERS.join(", ")));
        }
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| "cannot be read; write postgres://user@host/database, and %40 for an @ in a password")?;
        if options.get_database().is_none() {
            return Err("names no database; write postgres://user@host/database".into());
        }
        Ok(Self { url: url.to_owned(), options: Box::new(options.disable_statement_logging()) })
    }

    /// How to connect.
    pub(super) fn options(&self) -> PgConnectOptions {
        (*self.options).clone()
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for Address {}

/// Server and database, and nothing of the account.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (self.options.get_host(), self.options.get_port());
        write!(f, "postgres://{host}:{port}/{}", self.options.get_database().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let address = Address::read("postgres://owner:hemligt@db.example:5433/register?sslmode=verify-full").unwrap();
        assert_eq!(address.to_string(), "postgres://db.example:5433/register");
        assert_eq!(format!("{address:?}"), "postgres://db.example:5433/register");
    }

    #[test]
    fn an_address_that_means_nothing_is_refused_without_what_was_written() {
        for (url, sentence) in [
            ("postgres://owner:hemligt@db.example:port/register", "cannot be read"),
            ("postgres://owner:hemligt@db.example", "names no database"),
            ("postgres://owner@db.example/register?passwort=hemligt", "none of application_name"),
        ] {
            let refusal = Address::read(url).unwrap_err();
            assert!(refusal.contains(sentence) && !refusal.contains("hemligt"), "{refusal}");
        }
    }
}
