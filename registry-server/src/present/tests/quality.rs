//! The further tables of the quality page: what each rule keeps back, and what two senders may both have delivered.

use axum::http::StatusCode;
use schemas::id::Version;
use schemas::record::{Run, Treatment};
use serde_json::{Value, json};

use super::world::{Seen, World};
use crate::report::tests::engines::deliveries::{alias, delivery, enrol, key, treatment};
use crate::store::{Arrival, Payload, Store};

/// What rules kept back at a sender: term, rule and how many.
type Reasons<'a> = &'a [(&'a str, &'a str, u64)];

async fn deliver(store: &dyn Store, (sender, number): (&str, i64), payloads: Vec<(String, Payload)>) {
    let version = Version { generation: 1, counter: 1 };
    let records = payloads.into_iter().map(|(key, payload)| Some(Arrival::new(key, version, payload)));
    store.accept_batch(delivery(sender, number, records.collect())).await.unwrap();
}

fn run(counted: &str, reasons: Reasons) -> (String, Payload) {
    let of = |term: &str| -> u64 { reasons.iter().filter(|(one, ..)| *one == term).map(|(.., n)| n).sum() };
    let named: Vec<Value> =
        reasons.iter().map(|(term, rule, n)| json!({ "term": term, "rule": rule, "n": n })).collect();
    let line = json!({
        "cycle": 1, "reading": "full", "counted": counted, "month": "2026-03", "unit": "A", "programme": "depressionshjalpen",
        "found": of("held") + of("rejected"), "accepted": 0, "unchanged": 0, "rejected": of("rejected"), "held": of("held"),
        "excluded": 0, "pending": 0, "reasons": named,
    });
    let run: Run = serde_json::from_value(line).unwrap();
    (run.key(), Payload::Run(run))
}

/// Region 01 holds five and rejects two by one rule, region 12 holds seven by it and three answers by another.
async fn kept_back() -> World {
    let world = World::new().await;
    let store = &*world.registry.store;
    enrol(store, &["01", "12"]).await;
    deliver(store, ("01", 1), vec![run("treatments", &[("held", "unit-form", 5), ("rejected", "unit-form", 2)])]).await;
    let answers = run("answers", &[("held", "score-range", 3)]);
    deliver(store, ("12", 1), vec![run("treatments", &[("held", "unit-form", 7)]), answers]).await;
    world
}

/// The cells of the charts, in the order in which they are drawn.
fn cells(page: &Seen) -> Vec<&str> {
    let titles = page.text.split("<g><title>").skip(1);
    titles.filter_map(|rest| rest.split("</title>").next()).collect()
}

#[tokio::test]
async fn rules_by_regions_are_cells_of_counts_with_their_table_their_file_and_what_each_rule_says() {
    let world = kept_back().await;
    let cookie = world.signed_in("staff").await;
    let page = world.get("/quality?show=rules", &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for title in [
        "<h1>Regler × regioner</h1>",
        "<title>Kvarhållna behandlingar, antal per regel och region",
        "<title>Avvisade behandlingar, antal per regel och region",
        "<title>Kvarhållna svar, antal per regel och region",
        "<li>unit-form: ",
        "<li>score-range: ",
    ] {
        assert!(page.text.contains(title), "{title}: {}", page.text);
    }
    assert!(!page.text.contains("Avvisade svar, antal per"), "of what nothing was kept back there is no chart");
    for cell in ["unit-form, 01: 5", "unit-form, 12: 7", "unit-form, Σ: 12", "unit-form, 01: 2", "score-range, 12: 3"]
    {
        assert!(cells(&page).contains(&cell), "{cell}: {:?}", cells(&page));
    }
    assert!(!page.text.contains("Identitetsnummer"), "fields are another table's");
    let file = world.get("/quality.csv?show=rules", &cookie).await.text;
    let lines: Vec<&str> = file.lines().collect();
    let expected = [
        "period,level,region,item,held,rejected,answers_held,answers_rejected",
        "ALL,rule,01,unit-form,5,2,0,0",
        "ALL,rule,12,score-range,0,0,3,0",
        "ALL,rule,12,unit-form,7,0,0,0",
        "ALL,rule,ALL,score-range,0,0,3,0",
        "ALL,rule,ALL,unit-form,12,2,0,0",
    ];
    assert_eq!(lines, expected);
    let english = world.get("/quality?show=rules&lang=en", &cookie).await.text;
    assert!(
        english.contains("<h1>Rules × regions</h1>") && english.contains("Treatments held, number by rule and region")
    );
}

#[tokio::test]
async fn a_region_reads_its_own_rules_and_neither_another_s_nor_the_country_s() {
    let world = kept_back().await;
    let cookie = world.signed_in("region:01").await;
    let page = world.get("/quality?show=rules", &cookie).await;
    assert!(cells(&page).contains(&"unit-form, 01: 5"), "{:?}", cells(&page));
    assert!(cells(&page).iter().all(|cell| cell.contains(", 01: ")), "{:?}", cells(&page));
    let file = world.get("/quality.csv?show=rules", &cookie).await.text;
    assert_eq!(
        file,
        "period,level,region,item,held,rejected,answers_held,answers_rejected\nALL,rule,01,unit-form,5,2,0,0\n"
    );
    for role in ["auditor", "admin"] {
        let cookie = world.signed_in(role).await;
        let page = world.get("/quality?show=rules", &cookie).await;
        assert!(cells(&page).contains(&"unit-form, 12: 7"), "{role}: {:?}", cells(&page));
    }
}

/// A treatment that is like every other one here.
fn alike(sender: &str, number: usize) -> (String, Payload) {
    let name = format!("{sender} {number}");
    let content: Treatment = serde_json::from_value(json!({
        "pseudonym": format!("psn1.r{sender}-g1.{}", "a".repeat(43)), "programme": "sovhjalpen", "unit": "SE9990120000-E001",
        "status": "completed", "started_on": "2026-01-10", "ended_on": "2026-03-20", "sex": "F", "birth_year": 1980,
        "measurements": [],
    }))
    .unwrap();
    (key(sender, &name), treatment(content, alias(sender, &name)))
}

/// Of fourteen like treatments region 01 has eight, region 12 six and region 14 two.
async fn delivered_twice() -> World {
    let world = World::new().await;
    let store = &*world.registry.store;
    enrol(store, &["01", "12", "14"]).await;
    for (sender, n) in [("01", 8), ("12", 6), ("14", 2)] {
        deliver(store, (sender, 1), (0..n).map(|number| alike(sender, number)).collect()).await;
    }
    world
}

#[tokio::test]
async fn possible_duplicates_are_counts_by_region_and_pair_for_staff() {
    let world = delivered_twice().await;
    for role in ["staff", "auditor", "admin"] {
        let cookie = world.signed_in(role).await;
        let file = world.get("/quality.csv?show=duplicates", &cookie).await.text;
        let lines: Vec<&str> = file.lines().collect();
        let expected = [
            "period,region,other,n_started,n_compared,n_duplicates",
            "ALL,01,12,,,6",
            "ALL,01,14,,,2",
            "ALL,01,ALL,8,8,8",
            "ALL,12,01,,,6",
            "ALL,12,14,,,2",
            "ALL,12,ALL,6,6,6",
            "ALL,14,01,,,2",
            "ALL,14,12,,,2",
            "ALL,14,ALL,2,2,2",
            "ALL,ALL,ALL,16,16,8",
        ];
        assert_eq!(lines, expected, "{role}");
        let page = world.get("/quality?show=duplicates", &cookie).await;
        for cell in ["01 Stockholm, 12: 6", "01 Stockholm, Σ: 8", "14 Västra Götalandsregionen, Σ: 2"] {
            assert!(cells(&page).iter().any(|drawn| drawn.starts_with(cell)), "{role} {cell}: {:?}", cells(&page));
        }
        assert!(page.text.contains("<h1>Möjliga dubbletter</h1>") && page.text.contains("Ingen nyckel förbinder"));
    }
}

#[tokio::test]
async fn a_region_reads_its_own_possible_duplicates_alone_and_no_small_number_and_a_unit_none() {
    let world = delivered_twice().await;
    let head = "period,region,other,n_started,n_compared,n_duplicates\n";
    for (role, own) in [("region:12", "ALL,12,ALL,6,6,6\n"), ("region:14", "ALL,14,ALL,2,2,*\n")] {
        let cookie = world.signed_in(role).await;
        // Whatever is selected, so that no two answers can be subtracted.
        for choice in ["", "&period=year", "&from=2026-03-21"] {
            let file = world.get(&format!("/quality.csv?show=duplicates{choice}"), &cookie).await;
            assert_eq!(file.text, format!("{head}{own}"), "{role} {choice}");
        }
    }
    let cookie = world.signed_in("unit:SE9990120000-E001").await;
    let page = world.get("/quality?show=duplicates", &cookie).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("Möjliga dubbletter"), "{}", page.text);
    assert_eq!(world.get("/api/v1/reports/duplicates", &cookie).await.status, StatusCode::FORBIDDEN);
}
