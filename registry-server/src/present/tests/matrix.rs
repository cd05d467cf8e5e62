//! Every address of the table, asked as every role.

use axum::http::Request;

use super::world::World;
use crate::present::route::{Method, ROUTES};
use crate::report;

const ROLES: [&str; 8] =
    ["", "staff", "approver", "researcher", "auditor", "admin", "region:12", "unit:SE9990120000-E001"];

/// Method and path, and the status for nobody and for each role; 303 leads to the form to sign in, or on after a form.
const AGREED: &str = "\
GET /accessibility 200 200 200 200 200 200 200 200
GET /statistics 200 200 200 200 200 200 200 200
GET /statistics/{table}/table.csv 404 404 404 404 404 404 404 404
GET /statistics/{table}/table.json 404 404 404 404 404 404 404 404
GET /sign-in 200 200 200 200 200 200 200 200
POST /sign-in 200 200 200 200 200 200 200 200
GET /sign-in/provider 404 404 404 404 404 404 404 404
GET /sign-in/provider/back 404 404 404 404 404 404 404 404
GET /sign-in/refused 404 404 404 404 404 404 404 404
GET /signed-out 303 303 303 303 303 303 303 303
GET /invitation/{token} 404 404 404 404 404 404 404 404
POST /invitation/{token} 404 404 404 404 404 404 404 404
GET / 303 200 403 403 200 200 200 200
GET /overview.csv 303 200 403 403 200 200 200 200
GET /deliveries 303 200 403 403 200 200 200 200
GET /deliveries.csv 303 200 403 403 200 200 200 200
GET /deliveries/12 303 404 403 403 404 404 404 403
GET /deliveries/12/tables.csv 303 404 403 403 404 404 404 403
GET /deliveries/12/batches/{batch} 303 404 403 403 404 404 404 403
GET /deliveries/12/batches/{batch}/receipt.csv 303 404 403 403 404 404 404 403
POST /deliveries/alarm 303 400 403 403 403 403 403 403
GET /quality 303 200 403 403 200 200 200 200
GET /quality.csv 303 200 403 403 200 200 200 200
GET /outcomes 303 200 200 200 403 403 200 200
GET /outcomes.csv 303 200 200 404 403 403 200 200
GET /units 303 200 200 200 403 403 200 200
GET /units.csv 303 200 200 404 403 403 200 200
GET /coverage 303 200 200 200 403 403 200 200
GET /coverage.csv 303 200 200 404 403 403 200 200
GET /years 303 200 403 403 403 403 200 200
GET /years/{cut} 303 404 403 403 403 403 404 404
GET /years/{cut}/tables.csv 303 404 403 403 403 403 404 404
GET /years/{cut}/protected 303 404 403 403 403 403 403 403
GET /years/{cut}/protected.csv 303 404 403 403 403 403 403 403
POST /years/{cut}/comment 303 403 403 403 403 403 404 404
GET /audit 303 403 403 403 200 200 200 403
GET /audit.csv 303 403 403 403 200 200 200 403
GET /audit/review 303 403 403 403 200 200 403 403
POST /audit/review 303 403 403 403 200 200 403 403
GET /catalogue 303 200 200 200 200 403 403 403
GET /catalogue.json 303 200 200 200 200 403 403 403
GET /catalogue.xlsx 303 200 200 200 200 403 403 403
GET /extracts 303 200 200 200 200 403 403 403
GET /extracts/new 303 403 403 200 403 403 403 403
POST /extracts/new 303 403 403 303 403 403 403 403
GET /extracts/{number} 303 404 404 404 404 403 403 403
GET /extracts/{number}/mend 303 403 403 404 403 403 403 403
POST /extracts/{number}/mend 303 403 403 404 403 403 403 403
GET /extracts/{number}/files 303 403 404 404 403 403 403 403
GET /extracts/{number}/building 303 404 404 404 404 403 403 403
POST /extracts/{number}/step 303 403 400 400 403 403 403 403
GET /definitions 303 200 200 200 200 200 200 200
GET /account 303 200 200 200 200 200 200 200
POST /account/password 303 200 200 200 200 200 200 200
POST /account/sessions 303 303 303 303 303 303 303 303
POST /account/mail 303 404 404 404 404 404 404 400
GET /api/v1/reports/unknown 401 404 404 404 404 404 404 404
GET /api/v1/openapi.json 200 200 200 200 200 200 200 200
POST /sign-out 303 303 303 303 303 303 303 303
";

/// Reports of senders, which more may have than those of treatments.
const OF_SENDERS: [&str; 3] = ["participation", "data-quality", "duplicates"];

/// Reports that tell of others in every row.
const OF_OTHERS: [&str; 2] = ["funnel", "benchmark"];

#[tokio::test]
async fn every_address_answers_every_role_as_was_agreed_and_none_is_missing() {
    let world = World::new().await;
    let mut cookies = vec![String::new()];
    for role in &ROLES[1..] {
        cookies.push(world.signed_in(role).await);
    }
    let mut rows: Vec<(&str, String)> = ROUTES
        .iter()
        .filter(|route| !route.path.starts_with("/assets/"))
        .map(|route| {
            (
                if route.method == Method::Get { "GET" } else { "POST" },
                route.path.replace("{name}", "unknown").replace("{region}", "12"),
            )
        })
        .collect();
    // It ends the sessions, so it comes last.
    let last = rows.iter().position(|(_, path)| path == "/sign-out").unwrap();
    let last = rows.remove(last);
    rows.push(last);
    let mut seen = String::new();
    for (method, path) in &rows {
        let mut line = vec![(*method).to_owned(), path.clone()];
        for cookie in &cookies {
            line.push(status(&world, (method, path), cookie).await.to_string());
        }
        seen.push_str(&line.join(" "));
        seen.push('\n');
    }
    assert_eq!(seen, AGREED);
}

#[tokio::test]
async fn every_report_is_given_to_programs_as_its_page_is_to_people() {
    let world = World::new().await;
    let mut cookies = vec![String::new()];
    for role in &ROLES[1..] {
        cookies.push(world.signed_in(role).await);
    }
    for definition in report::ALL {
        let path = format!("/api/v1/reports/{}?by=", definition.name);
        let mut statuses = Vec::new();
        for cookie in &cookies {
            statuses.push(status(&world, ("GET", &path), cookie).await);
        }
        let expected = if OF_SENDERS.contains(&definition.name) {
            [401, 200, 403, 403, 200, 200, 200, if definition.name == "data-quality" { 200 } else { 403 }]
        } else {
            // Nothing is published, and what tells of others in every row is no unit's.
            let unit = if OF_OTHERS.contains(&definition.name) { 404 } else { 200 };
            [401, 200, 200, 404, 403, 403, 200, unit]
        };
        assert_eq!(statuses, expected, "{path}");
    }
}

async fn status(world: &World, (method, path): (&str, &str), cookie: &str) -> u16 {
    let request = Request::builder().method(method).uri(path).header("host", "r.se");
    let request = request.header("origin", "https://r.se").header("cookie", cookie);
    world.ask(request, String::new()).await.status.as_u16()
}
