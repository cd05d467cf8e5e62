//! One batch by itself: its receipt, what was rejected and why, and the same as a file.

use axum::http::StatusCode;

use super::world::World;
use crate::store::contract::watch::partly_rejected;
use crate::store::contract::{delivery, enrol, run};

/// A register with one batch that was rejected in part, and the path of its page.
async fn delivered() -> (World, String) {
    let world = World::new().await;
    let store = &*world.registry.store;
    for code in ["01", "12"] {
        enrol(store, code).await;
    }
    let batch = partly_rejected(3);
    let path = format!("/deliveries/12/batches/{}", batch.batch);
    store.accept_batch(batch).await.unwrap();
    (world, path)
}

#[tokio::test]
async fn a_batch_is_shown_with_its_manifest_what_became_of_each_record_and_what_to_do_about_what_was_rejected() {
    let (world, path) = delivered().await;
    let cookie = world.signed_in("staff").await;
    let sender = world.get("/deliveries/12", &cookie).await.text;
    assert!(sender.contains(&format!("<a href=\"{path}\"><code>")), "{sender}");
    let page = world.get(&format!("{path}?lang=sv"), &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let page = page.text;
    let digest = path.rsplit('/').next().unwrap();
    for told in [
        "<dd>2026-11-01 13:00 CET</dd>",
        &format!("<dd><code>{digest}</code></dd>"),
        "<dd><code>p1</code>",
        "<dd>körning 3 i generation 1</dd>",
        "<dd>0.1.0</dd>",
        "<dd>s1</dd>",
        "<code>r1</code> <span class=\"warn\">andra än registrets nu</span>",
        "gjord med en annan nyckel än registrets nuvarande",
        "<th scope=\"row\">godkända och nya här</th><td class=\"n\">1</td>",
        "<th scope=\"row\">avvisade</th><td class=\"n\">1</td>",
        "<th scope=\"row\">Σ poster i leveransen</th><td class=\"n\">2</td>",
        "<th scope=\"row\">behandlingar som inte fanns här förut</th><td class=\"n\">1</td>",
        "<th scope=\"row\">date-order</th><td>score</td>",
        "<td class=\"n\">1</td><td>2</td></tr>",
        "vad som är kvar nu står i",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("innan registret noterade det"), "{page}");
    let cause = schemas::rule::Rule::by_id("score-range").unwrap().describe();
    assert!(page.contains(cause.sv), "{}: {page}", cause.sv);
    let english = world.get(&format!("{path}?lang=en"), &cookie).await.text;
    assert!(
        english.contains(&cause.en.replace('\'', "&#39;")) && english.contains("others than the register&#39;s now"),
        "{english}"
    );
    assert!(english.contains("run 3 of generation 1") && !english.contains(cause.sv), "{english}");
}

#[tokio::test]
async fn the_file_of_a_batch_holds_every_cell_of_its_tables() {
    let (world, path) = delivered().await;
    let cookie = world.signed_in("auditor").await;
    let page = world.get(&format!("{path}?lang=en"), &cookie).await.text;
    assert!(page.contains(&format!("<a href=\"{path}/receipt.csv\">")), "{page}");
    let file = world.get(&format!("{path}/receipt.csv?lang=en"), &cookie).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"receipt.csv\"");
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines[0], "table,row,column,value");
    for line in [
        "What became of the records,\"accepted, and new here\",Number,1",
        "What became of the records,rejected,Number,1",
        "What became of the records,Σ records of the delivery,Number,2",
        "\"What was rejected, and what to do\",score-range,Records,1",
        "\"What was rejected, and what to do\",score-range,Lines,2",
    ] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }
    assert_eq!(lines.len(), 1 + 8 + 2 * 4, "{lines:?}");
    assert_eq!(page.matches("<th scope=\"row\">").count(), 8 + 2, "{page}");
}

#[tokio::test]
async fn what_the_run_of_a_batch_held_stands_with_it_until_a_later_run_counts_anew() {
    let (world, _) = delivered().await;
    let store = &*world.registry.store;
    let cookie = world.signed_in("region:12").await;
    let with_run = |number: u8| delivery("12", number, vec![run("2024-03", (1, u64::from(number)), 3)]);
    let (first, second) = (with_run(5), with_run(6));
    let path = format!("/deliveries/12/batches/{}", first.batch);
    store.accept_batch(first).await.unwrap();
    let page = world.get(&path, &cookie).await.text;
    let cause = schemas::rule::Rule::by_id("score-range").unwrap().describe().sv;
    let row = format!("<th scope=\"row\">score-range</th><td>Behandlingar</td><td>{cause}</td><td class=\"n\">1</td>");
    assert!(page.contains(&row), "{row}: {page}");
    assert!(
        page.contains("Kvittot kan inte läsas, så det är inte känt") && !page.contains("Inget i leveransen avvisades")
    );
    assert!(page.contains("<dt>Regler</dt><dd>–</dd>") && page.contains("innan registret noterade det"), "{page}");
    assert!(world.get(&format!("{path}/receipt.csv"), &cookie).await.text.contains(",score-range,Antal,1"));
    store.accept_batch(second).await.unwrap();
    // Accounts are told anew after a minute.
    world.pass(jiff::SignedDuration::from_secs(61));
    let later = world.get(&path, &cookie).await.text;
    assert!(!later.contains("score-range") && later.contains("En senare körning har räknat om"), "{later}");
}

#[tokio::test]
async fn a_region_reaches_its_own_batches_only_and_an_unknown_batch_is_not_found() {
    let (world, path) = delivered().await;
    let file = format!("{path}/receipt.csv");
    let unknown = format!("/deliveries/12/batches/{}", "0".repeat(64));
    let of_other = path.replace("/12/", "/01/");
    for (role, own) in [("staff", 200), ("admin", 200), ("region:12", 200), ("region:01", 403), ("approver", 403)] {
        let cookie = world.signed_in(role).await;
        for asked in [&path, &file] {
            assert_eq!(world.get(asked, &cookie).await.status.as_u16(), own, "{role} {asked}");
        }
        let absent = if own == 200 { 404 } else { 403 };
        for asked in [unknown.as_str(), "/deliveries/12/batches/x"] {
            assert_eq!(world.get(asked, &cookie).await.status.as_u16(), absent, "{role} {asked}");
        }
        let other = match role {
            "staff" | "admin" | "region:01" => 404,
            _ => 403,
        };
        assert_eq!(world.get(&of_other, &cookie).await.status.as_u16(), other, "{role} {of_other}");
    }
}
