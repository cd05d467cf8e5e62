//! What the audit log keeps of the pages, who may look into it, and the monthly review of it.

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::world::World;
use crate::audit;
use crate::store::trail::Look;

/// Writes what waits and gives everything its place.
pub(super) async fn settle(world: &World) {
    let registry = &world.registry;
    registry.trail.flush(&*registry.store).await.unwrap();
    let key = registry.receipt_key.clone();
    let sign = audit::signer(key, registry.stage.clone(), registry.environment.clone());
    registry.store.sequence(&sign).await.unwrap();
}

/// The texts of the table's rows.
fn rows(page: &str) -> Vec<String> {
    let body = page.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).unwrap_or_default();
    let text = |row: &str| {
        let cells: Vec<String> =
            row.split('<').filter_map(|tag| Some(tag.split_once('>')?.1.trim().to_owned())).collect();
        cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join("|")
    };
    body.split("</tr>").map(text).filter(|row| !row.is_empty()).collect()
}

#[tokio::test]
async fn whoever_reads_or_is_refused_stands_in_the_log_with_page_choice_role_and_number() {
    let world = World::new().await;
    let staff = world.signed_in("staff").await;
    let researcher = world.signed_in("researcher").await;
    for path in ["/outcomes?by=sex&instrument=GAD-7&lang=sv", "/outcomes.csv?by=region", "/api/v1/reports/outcomes?by="]
    {
        assert_eq!(world.get(path, &staff).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(world.get("/quality", &researcher).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/units", "").await.status, StatusCode::SEE_OTHER);
    // A refusal is written before its answer; what was read, soon.
    let sensitive = Look {
        from: jiff::Timestamp::UNIX_EPOCH,
        until: jiff::Timestamp::MAX,
        kinds: vec!["denied".into()],
        person: None,
        sender: None,
        before: None,
        most: 9,
    };
    let registry = &world.registry;
    let sign = audit::signer(registry.receipt_key.clone(), registry.stage.clone(), registry.environment.clone());
    registry.store.sequence(&sign).await.unwrap();
    assert_eq!(registry.store.events(&sensitive).await.unwrap().len(), 2);
    settle(&world).await;
    let admin = world.signed_in("admin").await;
    let page = world.get("/audit?kind=read", &admin).await.text;
    let at = "2026-11-22 11:00 CET|staff@example.se|1|staff|läste";
    let mut seen = rows(&page);
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            format!("{at}|/api/v1/reports/outcomes"),
            format!("{at}|/outcomes.csv?by=region"),
            format!("{at}|/outcomes?by=sex&#38;instrument=GAD-7"),
        ]
    );
    let refused = rows(&world.get("/audit?kind=denied&lang=en", &admin).await.text);
    assert!(refused.contains(&"2026-11-22 11:00 CET|was refused|/units: not signed in".to_owned()), "{refused:?}");
    let researcher = "researcher@example.se|2|researcher|was refused|/quality: the page is not for the role";
    assert!(refused.iter().any(|row| row.ends_with(researcher)), "{refused:?}");
}

#[tokio::test]
async fn the_log_is_searched_by_person_and_day_paged_and_given_as_a_file() {
    let world = World::new().await;
    let staff = world.signed_in("staff").await;
    let auditor = world.signed_in("auditor").await;
    for _ in 0..60 {
        world.get("/coverage", &staff).await;
    }
    settle(&world).await;
    let first = world.get("/audit?kind=read&person=1", &auditor).await.text;
    assert_eq!(rows(&first).len(), 50);
    let (_, rest) = first.split_once("/audit?kind=read&#38;person=1&amp;before=").unwrap();
    let older = rest.split('"').next().unwrap();
    let second = world.get(&format!("/audit?kind=read&person=1&before={older}"), &auditor).await.text;
    assert_eq!(rows(&second).len(), 10);
    assert!(!second.contains("Äldre händelser"), "{second}");
    let file = world.get("/audit.csv?kind=read&person=1", &auditor).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"audit.csv\"");
    assert_eq!(file.text.lines().count(), 61);
    assert!(file.text.lines().nth(1).unwrap().ends_with(",1,staff@example.se,staff,,läste,/coverage"), "{}", file.text);
    for (query, expected) in
        [("person=1&to=2026-11-21", 0), ("kind=read&from=2026-11-22&to=2026-11-22", 50), ("person=99", 0)]
    {
        let page = world.get(&format!("/audit?{query}"), &auditor).await.text;
        assert_eq!(rows(&page).len(), expected, "{query}");
    }
    for wrong in ["kind=%3Cscript%3E", "person=a", "from=yesterday", "before=-1"] {
        assert_eq!(world.get(&format!("/audit?{wrong}"), &auditor).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_region_sees_what_concerns_its_own_sender_and_its_own_people_and_nobody_else_s_address() {
    let world = World::new().await;
    for code in ["12", "01"] {
        let code = code.parse().unwrap();
        let stamp = world.registry.environment.stamp();
        world.registry.store.set_sender(&code, crate::store::SenderStatus::Active, stamp).await.unwrap();
    }
    let staff = world.signed_in("staff").await;
    let own = world.signed_in("region:12").await;
    let other = world.signed_in("region:01").await;
    for cookie in [&staff, &own, &other] {
        assert_eq!(world.get("/deliveries", cookie).await.status, StatusCode::OK);
    }
    settle(&world).await;
    let page = world.get("/audit", &own).await.text;
    let seen = rows(&page);
    assert!(seen.iter().any(|row| row.contains("region-12@example.se|2|region:12|läste|/deliveries")), "{seen:?}");
    assert!(seen.iter().any(|row| row.contains("avsändares läge|12|active")), "{seen:?}");
    assert!(!page.contains("staff@example.se") && !page.contains("region-01@example.se"), "{page}");
    assert!(!seen.iter().any(|row| row.contains("region:01") || row.contains("|01|")), "{seen:?}");
    assert_eq!(world.get("/audit/review", &own).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_month_s_sample_is_the_same_for_everybody_is_signed_once_and_missed_on_the_overview_until_then() {
    let world = World::new().await;
    let staff = world.signed_in("staff").await;
    for _ in 0..30 {
        world.get("/coverage", &staff).await;
    }
    settle(&world).await;
    world.pass(SignedDuration::from_hours(24 * 12));
    let auditor = world.signed_in("auditor").await;
    let admin = world.signed_in("admin").await;
    let missing = "Logggranskningen för 2026-11 är inte undertecknad";
    assert!(world.get("/", &admin).await.text.contains(missing));
    let page = world.get("/audit/review", &auditor).await.text;
    assert_eq!(rows(&page).len(), 10, "{page}");
    assert!(page.contains("10 av 33 händelser"), "{page}");
    assert_eq!(rows(&world.get("/audit/review?month=2026-11", &admin).await.text), rows(&page));
    assert_eq!(world.get("/audit/review?month=2026-12", &admin).await.status, StatusCode::BAD_REQUEST);
    let form = |remark| [("month", "2026-11"), ("name", "Åsa Öst"), ("remark", remark)];
    let unsigned = world.post("/audit/review", &auditor, &form("två\nrader")).await.text;
    assert!(unsigned.contains("Skriv namn och anmärkning"), "{unsigned}");
    let signed = world.post("/audit/review", &auditor, &form("Inget att anmärka <b>")).await.text;
    assert!(signed.contains("Granskningen är undertecknad.") && signed.contains("Inget att anmärka &#60;b&#62;"));
    let again = world.post("/audit/review", &admin, &form("en gång till")).await.text;
    assert!(again.contains("redan undertecknad") && !again.contains("en gång till"), "{again}");
    assert!(!world.get("/", &admin).await.text.contains(missing));
    settle(&world).await;
    let log = rows(&world.get("/audit?kind=review", &admin).await.text);
    assert_eq!(log.len(), 1);
    assert!(log[0].ends_with("auditor@example.se|2|logggranskning|2026-11, 10 händelser"), "{log:?}");
}
