//! What was released from frozen data sets that persons have left since, for the controller.
//!
//! Promises: a table is told if somebody left the data set after it was read for that table, and not for whoever left before; with it every
//! request whose files hold it, also those that it was drawn for later, and whether or not its
//! measure and dimensions are registered still: what the files hold is read from the files.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Printed, day};
use crate::cli::{Call, print_json};
use crate::extract::package::proof::places;
use crate::failure::Failure;
use crate::store::Store;
use crate::store::release::Head;

/// A release with the persons who left since, and the requests whose files hold it.
struct Affected {
    head: Head,
    left: u64,
    requests: Vec<u32>,
}

/// Prints every one of them.
pub(super) async fn affected(store: &dyn Store, call: &Call) -> Result<(), Failure> {
    let rows = found(store).await?;
    if call.form == Printed::Json {
        let rows: Vec<_> = rows.iter().map(document).collect();
        print_json(&json!({ "schema": "registry-server-affected/1", "releases": rows }));
        return Ok(());
    }
    if rows.is_empty() {
        println!("nobody has left a data set since a table was released from it");
        return Ok(());
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["cut", "table", "released", "requests", "open to all", "persons who left since", "by"]);
    for Affected { head, left, requests } in rows {
        table.add_row([
            format!("c{}", head.cut),
            head.place.to_string(),
            day(head.at),
            requests.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
            if head.published_at.is_some() { "yes" } else { "no" }.to_owned(),
            left.to_string(),
            head.asked,
        ]);
    }
    println!("{table}");
    Ok(())
}

fn document(Affected { head, left, requests }: &Affected) -> serde_json::Value {
    json!({
        "cut": format!("c{}", head.cut), "place": head.place, "asked": head.asked, "at": head.at,
        "request": head.request, "requests": requests, "public": head.published_at.is_some(), "persons_left": left,
    })
}

async fn found(store: &dyn Store) -> Result<Vec<Affected>, Failure> {
    let (cuts, given) = (store.cuts().await?, given(store).await?);
    let left = |head: &Head| {
        let cut = cuts.iter().find(|cut| cut.number == head.cut);
        cut.map_or(0, |cut| cut.withdrawn_persons().saturating_sub(head.left_before))
    };
    let heads = store.release_heads().await?.into_iter().rev();
    let affected = heads.filter(|head| left(head) > 0).map(|head| {
        let holds = |given: &&Given| given.cut == head.cut && given.places.contains(&u64::from(head.place));
        let mut requests: Vec<u32> =
            given.iter().filter(holds).map(|given| given.request).chain(head.request).collect();
        requests.sort_unstable();
        requests.dedup();
        Affected { left: left(&head), head, requests }
    });
    Ok(affected.collect())
}

/// The tables of the files of a request, by their places among the releases of their cut.
struct Given {
    request: u32,
    cut: u32,
    places: BTreeSet<u64>,
}

async fn given(store: &dyn Store) -> Result<Vec<Given>, Failure> {
    let mut given = Vec::new();
    for request in store.requests().await? {
        let Some(package) = store.package(request.number).await? else { continue };
        let number = request.number;
        let places = places(&package.bytes)
            .map_err(|why| Failure::other(format!("the files of request {number} cannot be read: {why}")))?;
        given.push(Given { request: number, cut: package.cut, places });
    }
    Ok(given)
}
