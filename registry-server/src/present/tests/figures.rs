//! Pages over a small register: named figures, in both languages, and names that are no markup.

use axum::http::StatusCode;
use schemas::language::{Language, Text};

use super::world::World;
use crate::present::Desk;
use crate::report::render;
use crate::report::tests::engines::deliveries::deliver_fixture;
use crate::report::{Parameters, Report};
use crate::yearbook;

async fn delivered() -> (World, String) {
    let world = World::new().await;
    deliver_fixture(&*world.registry.store, "worked-example").await;
    let cookie = world.signed_in("staff").await;
    (world, cookie)
}

#[tokio::test]
async fn the_results_stand_as_chart_table_and_file_with_the_report_s_own_figures_in_both_languages() {
    let (world, cookie) = delivered().await;
    let desk = Desk::new(world.registry.clone(), None);
    let asked = Parameters::from_pairs([("by", "region"), ("instrument", "PHQ-9")]).unwrap();
    let report = desk.whole("outcomes", asked).await.unwrap();
    assert!(report.rows.len() > 1);
    for (path, language, word) in
        [("/outcomes", Language::Sv, "Visa som tabell"), ("/outcomes?lang=en", Language::En, "Show as table")]
    {
        let page = world.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(word) && page.text.contains("<svg class=\"chart\""), "{}", page.text);
        let place = report.columns.iter().position(|column| column == "mean_change").unwrap();
        for row in &report.rows {
            let figure = report.text(row, place, language);
            assert!(page.text.contains(&format!("<td class=\"n\">{figure}</td>")), "{figure}");
        }
    }
    let file = world.get("/outcomes.csv", &cookie).await;
    assert_eq!(file.text, render::csv(&report).unwrap());
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"outcomes.csv\"");
    let document = world.get("/api/v1/reports/outcomes?by=region&instrument=PHQ-9", &cookie).await;
    assert_eq!(document.text, render::json(&report).unwrap() + "\n");
}

#[tokio::test]
async fn the_overview_counts_the_register_s_treatments_and_the_deliveries_name_each_sender() {
    let (world, cookie) = delivered().await;
    let desk = Desk::new(world.registry.clone(), None);
    let groups = desk.whole("groups", Parameters::from_pairs([("by", "")]).unwrap()).await.unwrap();
    let text = |name: &str| {
        let place = groups.columns.iter().position(|column| column == name).unwrap();
        groups.text(groups.rows.last().unwrap(), place, Language::Sv)
    };
    let page = world.get("/", &cookie).await.text;
    for name in ["n_started", "n_persons"] {
        assert!(text(name).parse::<u64>().unwrap() > 0);
        assert!(page.contains(&format!("<dd>{}</dd>", text(name))), "{name}: {page}");
    }
    assert!(page.contains(&format!("n = {}", text("completed_d"))) && page.contains("intervall"), "{page}");
    let page = world.get("/deliveries", &cookie).await.text;
    for sender in world.registry.store.senders().await.unwrap() {
        let row = account_of(&sender.code.to_string());
        assert!(page.contains(&row), "{row}: {page}");
    }
}

/// How the row of a sender's accounting begins.
fn account_of(code: &str) -> String {
    format!("<th scope=\"row\"><a href=\"/deliveries/{code}#accounting\">{code}</a></th>")
}

#[tokio::test]
async fn a_region_s_reader_sees_its_own_sender_and_no_other() {
    let (world, _) = delivered().await;
    let codes: Vec<String> =
        world.registry.store.senders().await.unwrap().iter().map(|sender| sender.code.to_string()).collect();
    assert!(codes.len() > 1);
    let cookie = world.signed_in(&format!("region:{}", codes[0])).await;
    let document = world.get("/api/v1/reports/participation", &cookie).await.text;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let regions: Vec<&str> =
        document["rows"].as_array().unwrap().iter().map(|row| row["region"].as_str().unwrap()).collect();
    assert_eq!(regions, [codes[0].as_str()]);
    let page = world.get("/deliveries", &cookie).await.text;
    assert!(page.contains(&account_of(&codes[0])));
    assert!(!page.contains(&account_of(&codes[1])), "{page}");
}

#[tokio::test]
async fn what_cannot_be_read_is_told_without_a_detail() {
    let (world, cookie) = delivered().await;
    for path in ["/outcomes?by=%3Cscript%3E", "/outcomes?from=yesterday", "/outcomes?instrument=%22%3E"] {
        let seen = world.get(path, &cookie).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(seen.text.contains("Gå tillbaka, ändra urvalet") && !seen.text.contains("<script"), "{}", seen.text);
    }
    let seen = world.get("/api/v1/reports/outcomes?audience=public", &cookie).await;
    assert_eq!(
        (seen.status, &seen.headers["content-type"]),
        (StatusCode::BAD_REQUEST, &"application/problem+json".parse().unwrap())
    );
}

#[tokio::test]
async fn a_name_that_is_markup_is_text_in_tables_and_charts() {
    let (world, _) = delivered().await;
    let desk = Desk::new(world.registry.clone(), None);
    let asked = Parameters::from_pairs([("by", "region"), ("instrument", "PHQ-9")]).unwrap();
    let mut report = Report::clone(&*desk.whole("outcomes", asked).await.unwrap());
    let payload = "<script>alert(1)</script>\"onload='";
    for text in report.labels.values_mut() {
        *text = Text::made(payload.to_owned(), payload.to_owned());
    }
    let table = render::html::sheet(&report, Language::Sv).into_string();
    let charts = yearbook::of_page(&report, Language::Sv).drawn.concat();
    for made in [table, charts] {
        assert!(made.contains("alert(1)") && !made.contains("<script"), "{made}");
    }
}

/// Moments as programs write them, `T10:00:00Z`.
fn for_programs(text: &str) -> Vec<&str> {
    let is_one = |place: &usize| {
        let after = &text.as_bytes()[*place..];
        after.len() > 9
            && after[1].is_ascii_digit()
            && after[3] == b':'
            && after[6] == b':'
            && after[8..].iter().take(12).any(|byte| *byte == b'Z')
    };
    text.match_indices('T').map(|(place, _)| place).filter(is_one).map(|place| &text[place..place + 9]).collect()
}

#[tokio::test]
async fn pages_tell_moments_in_local_time_and_codes_in_words_and_documents_keep_theirs() {
    let world = super::years::frozen().await;
    let cookie = world.signed_in("staff").await;
    let document = world.get("/api/v1/reports/outcomes?by=&instrument=PHQ-9", &cookie).await.text;
    assert!(!for_programs(&document).is_empty() && document.contains("\"paired\""), "the control: {document}");
    for path in ["/", "/deliveries", "/quality", "/outcomes", "/units", "/coverage", "/years/c1", "/definitions"] {
        let page = world.get(path, &cookie).await.text;
        assert_eq!(for_programs(&page), [""; 0], "{path}");
    }
    let page = world.get("/outcomes", &cookie).await.text;
    assert!(page.contains("uppgifter per 2026-11-22 11:0") && page.contains(" CET."), "{page}");
    for (path, words) in [("/years/c1", "före och efter"), ("/years/c1?lang=en", "before and after")] {
        let page = world.get(path, &cookie).await.text;
        assert!(page.contains(&format!(">{words}</th>")) && !page.contains(">paired<"), "{path}: {page}");
    }
    let quality = world.get("/quality?lang=en", &cookie).await.text;
    assert!(quality.contains(">Referral or own request</th>") && !quality.contains(">referred_on<"), "{quality}");
    let by_condition = world.get("/outcomes?by=condition&lang=sv", &cookie).await.text;
    assert!(by_condition.contains(">oro</th>") && !by_condition.contains(">worry</th>"), "{by_condition}");
}
