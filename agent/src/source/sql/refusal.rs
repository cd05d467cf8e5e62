//! What a database server says when it refuses, as one sentence for the administrator.
//!
//! Promises: no sentence holds a password or a value of a row: a server's own words are shown only where they speak of the query's
//! text; otherwise its code stands for them.

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::source::SourceError;

/// Numbers by which MariaDB and `MySQL` say that an account lacks a right, under codes that also mean other things: no access to the
/// database, the table, a column, a right, a routine; host not allowed.
const MISSING_RIGHTS: [u16; 6] = [1044, 1142, 1143, 1227, 1370, 1130];
/// The number by which they say that there is no such database.
const NO_DATABASE: u16 = 1049;

/// Why no connection was made to a server.
pub(super) fn unconnected(server: &str, error: &Error) -> SourceError {
    match error {
        Error::Database(refusal) => match meaning(refusal.as_ref()) {
            Meaning::NotAllowed => SourceError::NotAllowed(format!(
                "{server} refuses the account; correct user and password in [source] url, or let its administrator admit this host"
            )),
            Meaning::NoDatabase => SourceError::Query(format!(
                "url: {server} has no database of that name; correct the end of the address"
            )),
            _ => SourceError::Unreachable(format!(
                "{server} refuses connections now ({}); try again later",
                code(refusal.as_ref())
            )),
        },
        Error::Configuration(_) => SourceError::Query("url cannot be used; check its parameters behind the ?".into()),
        other => match untrusted(other) {
            Some(cause) => SourceError::Unreachable(format!(
                "{server} cannot be trusted ({cause}); name the authority of its certificate in [source] url"
            )),
            None => SourceError::Unreachable(format!(
                "{server} does not answer ({}); check [source] url and the network",
                plain(other)
            )),
        },
    }
}

/// What is wrong with a server's certificate or its TLS.
fn untrusted(error: &Error) -> Option<String> {
    match error {
        Error::Tls(cause) => Some(cause.to_string()),
        Error::Io(cause) => Some(cause.get_ref()?.downcast_ref::<rustls::Error>()?.to_string()),
        _ => None,
    }
}

/// Why a query of the region, by its name, was not answered.
pub(super) fn unanswered(query: &str, error: &Error) -> SourceError {
    let Error::Database(refusal) = error else {
        return SourceError::Unreachable(format!(
            "{query}: the database broke off ({}); try again later",
            plain(error)
        ));
    };
    let code = code(refusal.as_ref());
    match meaning(refusal.as_ref()) {
        Meaning::NotAllowed => SourceError::NotAllowed(format!(
            "{query}: the account may not read what the query names ({}); grant it SELECT",
            refusal.message()
        )),
        Meaning::Writes => SourceError::Query(format!(
            "{query}: the query would write, and a source is only read; leave out what writes ({})",
            refusal.message()
        )),
        Meaning::Text => SourceError::Query(format!("{query}: {}; correct the query", refusal.message())),
        Meaning::Busy => {
            SourceError::Unreachable(format!("{query}: the database cannot answer now ({code}); try again later"))
        }
        Meaning::NoDatabase | Meaning::Other => SourceError::Query(format!(
            "{query}: the database stopped at something that the query meets in its rows ({code}); run the query in the database's own \
             client and correct it"
        )),
    }
}

enum Meaning {
    NotAllowed,
    NoDatabase,
    Writes,
    /// Something in the query's text.
    Text,
    /// A server that is full, stopping, locked or in conflict.
    Busy,
    Other,
}

/// SQLSTATE classes are the same in both engines where they are used here.
fn meaning(refusal: &dyn DatabaseError) -> Meaning {
    let number = refusal.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number);
    let state = refusal.code().unwrap_or_default();
    if number.is_some_and(|number| MISSING_RIGHTS.contains(&number)) {
        return Meaning::NotAllowed;
    }
    match (&*state, state.get(..2).unwrap_or_default()) {
        _ if number == Some(NO_DATABASE) => Meaning::NoDatabase,
        ("42501", _) | (_, "28") => Meaning::NotAllowed,
        ("3D000", _) => Meaning::NoDatabase,
        ("25006", _) => Meaning::Writes,
        (_, "42" | "0A" | "21") => Meaning::Text,
        (_, "08" | "40" | "53" | "55" | "57" | "58" | "70") => Meaning::Busy,
        _ => Meaning::Other,
    }
}

fn code(refusal: &dyn DatabaseError) -> String {
    let state = refusal.code().unwrap_or_default();
    match refusal.try_downcast_ref::<MySqlDatabaseError>() {
        Some(refusal) => format!("error {}, SQLSTATE {state}", refusal.number()),
        None => format!("SQLSTATE {state}"),
    }
}

/// What the system says, without the driver's words around it.
fn plain(error: &Error) -> String {
    match error {
        Error::Io(cause) => cause.to_string(),
        other => other.to_string(),
    }
}
