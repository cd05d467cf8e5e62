//! The database that the configuration or a command names: either engine, a move from one to the other, and no password anywhere.

use databases::Postgres;

use super::Place;

/// What a command printed of each side's rows: table and sender, rows and digest.
fn sides(document: &str) -> [serde_json::Value; 2] {
    let mut document: serde_json::Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["equal"], true);
    [document["from"].take(), document["to"].take()]
}

#[test]
fn a_register_on_postgresql_is_enrolled_in_listed_reported_from_and_checked() {
    let place = Place::new();
    let url = Postgres::shared().unwrap().database("commands").unwrap();
    // The address may hold a password, so it may lie in a file of its own.
    std::fs::write(place.path("ca/database"), format!("{url}\n")).unwrap();
    place.configure("[database]\nurl_file = \"database\"\n");
    assert_eq!(place.fails(&["region", "list"]).0, 78);
    assert!(place.succeeds(&["migrate"]).contains("is up to date"));
    assert!(place.succeeds(&["region", "add", "12"]).contains("enrolled"));
    assert!(place.succeeds(&["region", "list"]).contains("12"));
    assert!(place.succeeds(&["check"]).contains("up to date"));
    let report = place.succeeds(&["report", "groups", "--audience", "internal", "--format", "csv"]);
    assert!(report.starts_with("period,"), "{report}");
}

#[test]
fn a_register_moves_between_the_engines_once_and_only_into_an_empty_database() {
    let place = Place::new();
    place.succeeds(&["region", "add", "12"]);
    place.succeeds(&["region", "add", "P01"]);
    let from = format!("sqlite://{}", place.path("state/register.db").display());
    let to = Postgres::shared().unwrap().database("moved").unwrap();
    let back = format!("sqlite://{}", place.path("back.db").display());
    let there = sides(&place.succeeds(&["migrate-store", "--from", &from, "--to", &to, "--json"]));
    assert_eq!(there[0], there[1]);
    assert_eq!((&there[0][0]["table"], &there[0][0]["rows"]), (&"sender".into(), &2.into()));
    let here = sides(&place.succeeds(&["migrate-store", "--from", &to, "--to", &back, "--json"]));
    assert_eq!((&here[0], &here[1]), (&there[0], &there[0]));
    let sentence = |arguments: &[&str], code: i32, part: &str| {
        let (exit, text) = place.fails(arguments);
        assert!(exit == code && text.contains(part) && text.lines().count() == 1, "{exit}: {text}");
    };
    sentence(&["migrate-store", "--from", &from, "--to", &to], 78, "holds a register already; name an empty database");
    sentence(&["migrate-store", "--from", &from, "--to", &from], 2, "name the same database");
    sentence(&["migrate-store", "--from", &from, "--to", "mysql://h/db"], 2, "--to must begin with");
    let none = format!("sqlite://{}", place.path("none.db").display());
    sentence(&["migrate-store", "--from", &none, "--to", &to], 78, "does not exist");
}

#[test]
fn a_database_that_cannot_be_used_is_told_without_its_password() {
    let place = Place::new();
    for (url, code, part) in [
        ("postgres://u:hemligt@127.0.0.1:1/db", 69, "cannot be reached"),
        ("postgres://u:hemligt@127.0.0.1:1", 78, "names no database"),
        ("postgres://u:hemligt@127.0.0.1:1/db?passwd=hemligt", 78, "has a parameter that is none of"),
        ("hemligt", 78, "must begin with sqlite:// or postgres://"),
    ] {
        place.configure(&format!("[database]\nurl = \"{url}\"\n"));
        for command in ["check", "serve", "migrate"] {
            let (exit, text) = place.fails(&[command]);
            assert!(exit == code && text.contains(part) && text.lines().count() == 1, "{command} {exit}: {text}");
            assert!(!text.contains("hemligt"), "{text}");
        }
    }
}
