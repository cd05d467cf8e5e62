//! `check`: does what the configuration names exist and fit together?

use schemas::exit::Exit;

use super::{Call, Form, print_json};
use crate::config::keys;
use crate::failure::Failure;
use crate::monitor::{mail, webhook};
use crate::provider::Provider;
use crate::server::tls;
use crate::store::{self, Location, Opening};

/// Checks configuration, code lists, keys, certificates and database, and ends at the first fault; what only keeps erased bytes from
/// going is a warning.
pub(super) async fn check(call: &Call) -> Result<Exit, Failure> {
    let config = call.config()?;
    let lists = config.code_lists()?;
    keys::receipt_key(&config.receipt_key)?;
    keys::pepper(&config.pepper)?;
    tls::region_config(&config.regions, &call.environment)?;
    if let Some(web) = &config.web {
        tls::people_config(web, &call.environment)?;
    }
    mail::of(&config)?;
    webhook::of(&config)?;
    Provider::of(&config, &call.environment)?;
    let (database, doubts) = match &config.database {
        Location::Sqlite(path) if !path.exists() => ("not made yet; `serve` makes it", Vec::new()),
        location => {
            let store = store::open(location, Opening::Existing).await?;
            let doubts = store.doubts().await;
            store.close().await;
            ("up to date", doubts?)
        }
    };
    match call.form {
        Form::Text => {
            println!(
                "configuration, code lists, keys and certificates are in order\nenvironment {}\ndatabase {}: {database}",
                config.environment, config.database,
            );
            for doubt in &doubts {
                println!("warning: {doubt}");
            }
        }
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-check/1",
            "environment": config.environment,
            "database": database,
            "warnings": doubts,
            "codelists": lists.hash(),
            "limits": config.limits.batch(),
        })),
    }
    Ok(if doubts.is_empty() { Exit::Done } else { Exit::Warnings })
}
