//! From PostgreSQL's error codes to what they mean for the register.
//!
//! Promises: nothing of a statement's values is told: only the code and the server's own sentence.

use crate::store::StoreError;

/// What an error means.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(super) fn fault(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            of_code(&code, database.message())
        }
        sqlx::Error::PoolTimedOut => StoreError::Unreachable("no connection within the time".to_owned()),
        sqlx::Error::Io(error) => StoreError::Unreachable(error.kind().to_string()),
        sqlx::Error::Tls(_) => StoreError::Unreachable("TLS could not be agreed on".to_owned()),
        sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            StoreError::Unreachable("the connection broke off".to_owned())
        }
        other => StoreError::Statement(other.to_string()),
    }
}

fn of_code(code: &str, message: &str) -> StoreError {
    match code {
        // The transaction was ended for the good of another: serialization failure, deadlock.
        "40001" | "40P01" => StoreError::Collided,
        "53100" => StoreError::Full,
        // Another transaction held a lock for too long, or a statement was cancelled.
        "55P03" | "57014" => StoreError::Busy,
        // Who may connect is somebody's decision, and waiting does not change it.
        "28000" | "28P01" | "42501" => StoreError::Schema(format!(
            "the database does not let this program in ({message}); see to its account and rights"
        )),
        "3D000" => StoreError::Schema(format!("the database does not exist ({message}); make it with createdb")),
        // A standby takes no writes; the primary may be back in a moment.
        "25006" => StoreError::Unreachable("the server is a read-only standby".to_owned()),
        // Connections, resources, and a server that stops, starts or crashed.
        _ if ["08", "53"].iter().any(|class| code.starts_with(class)) || code.starts_with("57P") => {
            StoreError::Unreachable(format!("PostgreSQL code {code}"))
        }
        _ => StoreError::Statement(format!("PostgreSQL code {code}: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_somebody_must_see_to() {
        for (code, passes) in [
            ("40001", true),
            ("40P01", true),
            ("53300", true),
            ("55P03", true),
            ("57P01", true),
            ("57P03", true),
            ("08006", true),
            ("25006", true),
            ("53100", false),
            ("28P01", false),
            ("23505", false),
            ("XX001", false),
        ] {
            assert_eq!(of_code(code, "").passes(), passes, "{code}");
        }
        assert_eq!(of_code("53100", ""), StoreError::Full);
    }
}
