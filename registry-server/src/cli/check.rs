//! `check`: does what the configuration names exist and fit together?

use schemas::exit::Exit;

use super::{Call, Form, print_json};
use crate::config::keys;
use crate::failure::Failure;
use crate::server::tls;
use crate::store::Store as _;
use crate::store::sqlite::{Opening, Sqlite};

/// Checks configuration, code lists, keys, certificates and database, and ends at the first fault.
pub(super) async fn check(call: &Call) -> Result<Exit, Failure> {
    let config = call.config()?;
    let lists = config.code_lists()?;
    keys::receipt_key(&config.receipt_key)?;
    keys::pepper(&config.pepper)?;
    tls::region_config(&config.regions, &call.environment)?;
    let database = if config.database.exists() {
        Sqlite::open(&config.database, Opening::Existing).await?.close().await;
        "up to date"
    } else {
        "not made yet; `serve` makes it"
    };
    match call.form {
        Form::Text => println!(
            "configuration, code lists, keys and certificates are in order\nenvironment {}\ndatabase {}: {database}",
            config.environment,
            config.database.display(),
        ),
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-check/1",
            "environment": config.environment,
            "database": database,
            "codelists": lists.hash(),
            "limits": config.limits.batch(),
        })),
    }
    Ok(Exit::Done)
}
