//! Cases, extracts and erased bytes from the command line, and what `check` says of a database that keeps them.

use databases::Postgres;

use super::Place;

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_case_has_a_number_by_itself_shows_who_has_not_answered_and_takes_no_number_of_a_person() {
    let place = Place::new();
    for code in ["12", "01", "P01"] {
        place.succeeds(&["region", "add", code]);
    }
    place.succeeds(&["region", "revoke", "P01"]);
    assert!(place.succeeds(&["case", "open", "--deadline", "2999-12-01"]).starts_with("case 1 is open"));
    let second = ["case", "open", "--deadline", "2999-12-02", "--note", "kom med brev", "--json"];
    assert_eq!(json(&place.succeeds(&second))["number"], 2);
    for note in ["rör 19121212-1212", "a@example.se", "070-123 45 67", "två\nrader"] {
        let (code, sentence) = place.fails(&["case", "open", "--deadline", "2999-12-01", "--note", note]);
        assert!(code == 2 && sentence.lines().count() == 1 && !sentence.contains(note), "{sentence}");
    }
    assert_eq!(place.fails(&["case", "open", "--deadline", "2020-01-01"]).0, 2);
    assert_eq!(place.fails(&["case", "close", "3"]).0, 2);
    assert!(place.succeeds(&["case", "close", "2"]).contains("case 2 is closed"));
    let cases = json(&place.succeeds(&["case", "list", "--json"]));
    let [one, two] = [&cases["cases"][0], &cases["cases"][1]];
    assert_eq!((&one["unanswered"], &one["closed_on"]), (&serde_json::json!(["01", "12"]), &serde_json::Value::Null));
    assert_eq!((&two["note"], two["closed_on"].is_string()), (&"kom med brev".into(), true));
    assert!(place.succeeds(&["case", "list"]).contains("01 12"));
}

#[test]
fn erased_bytes_and_extracts_are_told_also_when_there_are_none() {
    let place = Place::new();
    place.succeeds(&["region", "add", "12"]);
    assert!(place.succeeds(&["erase-now"]).contains("no erasure waits"));
    assert_eq!(json(&place.succeeds(&["erase-now", "--json"]))["erasures"], 0);
    assert_eq!(json(&place.succeeds(&["disclosures", "--json"]))["disclosures"], serde_json::json!([]));
    assert!(place.succeeds(&["disclosures"]).contains("persons asked for"));
}

#[test]
fn check_warns_of_what_keeps_erased_records_in_a_postgresql_s_log() {
    let server = Postgres::start(&[("wal_recycle", "on"), ("archive_mode", "on"), ("wal_keep_size", "64MB")]).unwrap();
    let url = server.database("kept").unwrap();
    let place = Place::new();
    place.configure(&format!("[database]\nurl = \"{url}\"\n"));
    place.succeeds(&["migrate"]);
    server.psql("postgres", "SELECT pg_create_physical_replication_slot('forgotten')").unwrap();
    let warnings = |arguments: &[&str]| {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(4), "{output:?}");
        let document = json(&String::from_utf8(output.stdout).unwrap());
        document["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let told = warnings(&["check", "--json"]);
    let parts = ["wal_recycle is on", "archive_mode is on", "wal_keep_size holds", "slot forgotten is not in use"];
    assert_eq!(told.len(), parts.len(), "{told:?}");
    assert!(told.iter().zip(parts).all(|(sentence, part)| sentence.contains(part)), "{told:?}");

    // An account that is nobody in particular: it may neither end the log's age nor write the statistics anew.
    let name = url.rsplit('/').next().unwrap();
    server.psql("postgres", "CREATE ROLE plain LOGIN").unwrap();
    let grants = "GRANT USAGE, CREATE ON SCHEMA public TO plain; GRANT ALL ON ALL TABLES IN SCHEMA public TO plain";
    server.psql(name, grants).unwrap();
    place.configure(&format!("[database]\nurl = \"{}\"\n", url.replacen("postgres@", "plain@", 1)));
    let told = warnings(&["check", "--json"]);
    for part in ["does not own the database", "may not CHECKPOINT"] {
        assert!(told.iter().any(|sentence| sentence.contains(part)), "{told:?}");
    }
}
