//! Pages of several tables as one file each: every cell of the page, and none that it does not show.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use schemas::id::SenderCode;

use super::world::World;
use super::years::frozen;
use crate::store::contract::watch::partly_rejected;
use crate::store::contract::{delivery, enrol, key, run, treatment};

/// A cell: table, row, column, value.
type Cell = [String; 4];

/// The lines of a file below its first.
async fn cells(world: &World, path: &str, cookie: &str) -> Vec<Cell> {
    let file = world.get(path, cookie).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename=\""));
    let mut reader = csv::Reader::from_reader(file.text.as_bytes());
    let cell = |record: csv::StringRecord| [0, 1, 2, 3].map(|place| record[place].to_owned());
    reader.records().map(|record| cell(record.unwrap())).collect()
}

/// The value of a row's column, whichever table it stands in.
fn value<'a>(cells: &'a [Cell], row: &str, column: &str) -> &'a str {
    let is_it = |cell: &&Cell| cell[1] == row && cell[2].starts_with(column);
    cells.iter().find(is_it).map_or_else(|| panic!("no {row}, {column}: {cells:?}"), |cell| cell[3].as_str())
}

/// The text that a person reads on a page, every tag left out.
fn read(page: &str) -> String {
    let text: String = page.split('<').filter_map(|tag| Some(tag.split_once('>')?.1)).collect();
    [("&#39;", "'"), ("&#38;", "&"), ("&quot;", "\""), ("&#34;", "\""), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// That every value of these cells is read on the page, as it stands or behind the sign that keeps a spreadsheet from working it out.
fn all_are_read(cells: &[Cell], page: &str) {
    let page = read(page);
    for cell in cells {
        assert!(page.contains(cell[3].trim_start_matches('\'')), "{cell:?}: {page}");
        assert!(page.contains(&cell[1]), "{cell:?}: {page}");
    }
}

/// A register in which the account of 12 does not add up: of three that it counts as accepted since its third run two came. One record of
/// its second run was rejected.
async fn delivered() -> World {
    let world = World::new().await;
    let store = &*world.registry.store;
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    store.accept_batch(partly_rejected(2)).await.unwrap();
    let of = |number: u8| treatment(key("12", number), (1, u64::from(number)), number, 5);
    store.accept_batch(delivery("12", 3, vec![of(5), of(6), run("2024-03", (1, 3), 3)])).await.unwrap();
    world
}

#[tokio::test]
async fn the_file_of_the_overview_holds_what_needs_attention_and_every_key_figure() {
    let world = delivered().await;
    let cookie = world.signed_in("staff").await;
    for (lang, head, what, first) in [
        ("sv", "Avslutade behandlingar", "Siffra", "Behöver åtgärdas"),
        ("en", "Ended treatments", "Figure", "Needs attention"),
    ] {
        let page = world.get(&format!("/?lang={lang}"), &cookie).await.text;
        assert!(page.contains("<a href=\"/overview.csv\">") && page.contains("<a href=\"/\">"), "{page}");
        let cells = cells(&world, &format!("/overview.csv?lang={lang}"), &cookie).await;
        let (attention, figures): (Vec<&Cell>, Vec<&Cell>) = cells.iter().partition(|cell| cell[0] == first);
        let list = page.split("<ul>").nth(2).unwrap().split("</ul>").next().unwrap();
        assert_eq!(attention.len(), list.matches("<li>").count(), "{attention:?}");
        assert!(attention.iter().any(|cell| cell[1] == "12" && cell[3].contains('3')), "{attention:?}");
        assert_eq!(figures.iter().rfind(|cell| cell[1] == head && cell[2] == what).unwrap()[3], "3", "{cells:?}");
        let told: BTreeSet<[&str; 2]> = figures.iter().map(|cell| [&*cell[0], &*cell[1]]).collect();
        assert_eq!(told.len(), page.matches("<dt>").count(), "{told:?}");
        all_are_read(&cells, &page);
    }
    let region = world.signed_in("region:01").await;
    let own = cells(&world, "/overview.csv", &region).await;
    assert!(own.len() > 4 && own.iter().all(|cell| cell[0] != "Behöver åtgärdas" || cell[1] == "01"), "{own:?}");
}

#[tokio::test]
async fn the_file_of_deliveries_holds_weeks_senders_rejects_accounting_and_participation_of_whom_the_reader_sees() {
    let world = delivered().await;
    let cookie = world.signed_in("staff").await;
    let page = world.get("/deliveries?lang=sv", &cookie).await.text;
    assert!(page.contains("<a href=\"/deliveries.csv\">"), "{page}");
    let all = cells(&world, "/deliveries.csv", &cookie).await;
    let mut titles: Vec<&str> = all.iter().map(|cell| cell[0].as_str()).collect();
    titles.dedup();
    let weeks = "Kom varje vecka det som väntades?";
    assert_eq!(titles, [weeks, "Avsändare", "Avvisat, per regel", "Bokföring", "Deltagande"]);
    let told = |column| value(&all, "12", column);
    assert_eq!((told("I källan"), told("Godkända"), told("Kvar i regionen"), told("Finns här")), ("4", "3", "1", "3"));
    assert!(told("Stämmer").starts_with("nej: 12 uppger att 3 behandlingar"), "{}", told("Stämmer"));
    assert!(told("vecka från 2026-10-26").ends_with(", 5 poster, 3 nya behandlingar"), "{all:?}");
    let rejected = |column| value(&all, "score-range", column);
    assert_eq!((rejected("Senaste 7 dagarna"), rejected("Per vecka före det")), ("0", "0,1"));
    // The weeks are drawn, and what does not agree stands below its table.
    let of_tables: Vec<Cell> = all.iter().filter(|cell| ![weeks, "Bokföring"].contains(&&*cell[0])).cloned().collect();
    all_are_read(&of_tables, &page);
    let region = world.signed_in("region:01").await;
    let own = cells(&world, "/deliveries.csv?lang=en", &region).await;
    assert!(own.len() > 20 && own.iter().all(|cell| !cell[1].starts_with("12")), "{own:?}");
}

#[tokio::test]
async fn a_unit_s_own_page_and_its_deliveries_are_files_of_its_own_figures() {
    let world = frozen().await;
    // The fixture's last treatments ended in the autumn of 2020.
    world.pass(-jiff::SignedDuration::from_hours(24 * 365 * 6));
    let own = "SE9990010000-E001";
    let cookie = world.signed_in(&format!("unit:{own}")).await;
    for (path, file, first) in [
        ("/", "/overview.csv", "Sedan kvartalet tog slut 2020-09-30"),
        ("/deliveries", "/deliveries.csv", "Kommer leveranserna?"),
    ] {
        let page = world.get(path, &cookie).await.text;
        assert!(
            page.contains(&format!("<a href=\"{file}\">")) && page.contains(&format!("<a href=\"{path}\">")),
            "{page}"
        );
        let cells = cells(&world, file, &cookie).await;
        assert_eq!(cells[0][0], first);
        all_are_read(&cells, &page);
        let body: usize = page
            .split("<tbody>")
            .skip(1)
            .map(|body| body.split("</tbody>").next().unwrap().matches("<td").count())
            .sum();
        let shown = cells.iter().filter(|cell| {
            !["Sedan kvartalet", "Kommer leveranserna", "Enhetens behandlingar"]
                .iter()
                .any(|title| cell[0].starts_with(title))
        });
        assert_eq!(shown.count(), body, "every cell of the tables, and no other: {cells:?}");
        assert!(!cells.iter().any(|cell| cell.concat().contains("E002")), "{cells:?}");
    }
    let deliveries = cells(&world, "/deliveries.csv?lang=en", &cookie).await;
    let here = value(&deliveries, own, "Are here");
    let here: u64 = here.replace('\u{a0}', "").parse().unwrap();
    assert!(here > 0);
    let code: SenderCode = "01".parse().unwrap();
    assert!(
        deliveries.iter().any(|cell| cell[1].contains(&format!("({code})")) && cell[2] == "Standing"),
        "{deliveries:?}"
    );
}

#[tokio::test]
async fn a_sender_s_page_is_a_file_of_its_tables_and_of_no_contact() {
    let world = delivered().await;
    let cookie = world.signed_in("staff").await;
    let page = world.get("/deliveries/12?lang=sv", &cookie).await.text;
    assert!(page.contains("<a href=\"/deliveries/12/tables.csv\">"), "{page}");
    let all = cells(&world, "/deliveries/12/tables.csv", &cookie).await;
    let mut titles: Vec<&str> = all.iter().map(|cell| cell[0].as_str()).collect();
    titles.dedup();
    let weeks = "Kom varje vecka det som väntades?";
    let expected = [weeks, "Avsändare", "Senaste leveranserna", "Avvisat, per regel", "Bokföring"];
    assert_eq!(titles[..5], expected, "{all:?}");
    assert_eq!(titles[5..], ["Skäl"], "no month differs");
    let batches: Vec<&Cell> =
        all.iter().filter(|cell| cell[0] == "Senaste leveranserna" && cell[2] == "Poster").collect();
    assert_eq!(batches.len(), page.matches("/deliveries/12/batches/").count(), "{batches:?}");
    let line = all.iter().find(|cell| cell[0] == "Bokföring" && cell[2] == "I källan").unwrap();
    assert_eq!((line[1].as_str(), line[3].as_str()), ("Behandlingar, allt lästes (körning 3)", "4"));
    let of_tables: Vec<Cell> = all.iter().filter(|cell| ![weeks, "Avsändare"].contains(&&*cell[0])).cloned().collect();
    all_are_read(&of_tables, &page);
    let region = world.signed_in("region:01").await;
    assert_eq!(world.get("/deliveries/12/tables.csv", &region).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_frozen_year_is_a_file_of_the_reader_s_own_figures() {
    let world = frozen().await;
    for (role, own, other) in [("staff", "12", "no such"), ("region:12", "SE9990120000", "SE9990010000")] {
        let cookie = world.signed_in(role).await;
        let page = world.get("/years/c1?lang=sv", &cookie).await.text;
        assert!(
            page.contains("<a href=\"/years/c1/tables.csv\">") && page.contains("<a href=\"/years/c1\">"),
            "{page}"
        );
        let all = cells(&world, "/years/c1/tables.csv", &cookie).await;
        let body = read(&page);
        assert!(all.iter().all(|cell| body.contains(cell[3].trim_start_matches('\''))), "{all:?}");
        for title in ["Behandlingar", "Resultat"] {
            assert!(all.iter().any(|cell| cell[0] == title && cell[1].starts_with(own)), "{role} {title}: {all:?}");
        }
        assert!(!all.iter().any(|cell| cell.concat().contains(other)), "{all:?}");
    }
}
