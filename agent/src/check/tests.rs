//! What `check` finds before anything is read or sent.

use super::*;
use crate::tests::{NOW, Region};

async fn checked(alter: impl FnOnce(String) -> String) -> Result<Vec<String>, String> {
    let region = Region::with(alter).await;
    check(&region.setup.config, NOW.parse().unwrap()).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_sound_configuration_names_sender_key_and_next_run_and_makes_nothing() {
    let region = Region::new().await;
    let lines = check(&region.setup.config, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(lines[0], "sender 12, environment test");
    assert!(lines[1].starts_with("pseudonym key r12-g1 (fingerprint "), "{lines:?}");
    assert_eq!(lines[2], "next run 2024-06-02 02:15:00 +02:00, this sender 156 s later");
    assert!(!region.path("state").exists());
}

#[tokio::test]
async fn a_map_to_a_code_that_does_not_exist_is_told_with_its_word() {
    for (kind, word, code) in [
        ("programme", "Depp", "depressionshjälp"),
        ("instrument", "PHQ", "PHQ-10"),
        ("timepoint", "före", "före"),
        ("status", "klar", "done"),
        ("end_reason", "slut", "tired"),
        ("unit", "VC Norr", "Norr"),
        ("sex", "tjej", "girl"),
        ("care_level", "VC", "vårdcentral"),
        ("ownership", "bolag", "company"),
    ] {
        let sentence = checked(|text| format!("{text}\n[map.{kind}]\n\"{word}\" = \"{code}\"\n")).await.unwrap_err();
        assert!(sentence.contains(&format!("[map.{kind}] \"{word}\" leads to {code}")), "{sentence}");
    }
    let right = "[map.unit]\n\"VC Norr\" = \"SE9990120000-E001\"\n[map.timepoint]\n\"före\" = \"pre\"\n";
    assert!(checked(|text| format!("{text}\n{right}")).await.is_ok());
}

#[tokio::test]
async fn a_source_system_may_not_change_once_something_was_queued() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    let mut config = region.setup.config.clone();
    assert!(check(&config, NOW.parse().unwrap()).await.is_ok());
    config.source.0[0].system = "other".into();
    let sentence = check(&config, NOW.parse().unwrap()).await.unwrap_err().to_string();
    assert!(sentence.contains("[source] system is other") && sentence.contains("write main again"), "{sentence}");
}

#[tokio::test]
async fn a_plan_that_makes_no_sense_and_a_register_without_tls_are_refused() {
    for (schedule, part) in
        [("cron = \"15 26 * * *\"", "26"), ("full_sweep = \"nightly\"", "nightly"), ("jitter = \"soon\"", "soon")]
    {
        let sentence = checked(|text| format!("{text}\n[schedule]\n{schedule}\n")).await.unwrap_err();
        assert!(sentence.starts_with("[schedule] ") && sentence.contains(part), "{sentence}");
    }
    let sentence = checked(|text| text.replace("https://localhost:1", "http://localhost:1")).await.unwrap_err();
    assert!(sentence.contains("https://"), "{sentence}");
}

#[tokio::test]
async fn a_query_that_cannot_be_used_is_told_and_a_source_that_is_away_is_not() {
    let read_all = "SELECT * FROM treatments WHERE updated_at >= :since";
    for (query, part) in [
        ("SELECT * FROM treatments ORDER BY person_id", "ORDER BY"),
        ("WITH t AS MATERIALIZED (SELECT * FROM treatments) SELECT * FROM t", "MATERIALIZE"),
        ("SELECT treatment_id, person_id FROM treatments", "unit_id"),
    ] {
        let sentence = checked(|text| text.replace(read_all, query)).await.unwrap_err();
        assert!(sentence.starts_with("[source] treatments") && sentence.contains(part), "{sentence}");
    }
    assert!(checked(|text| text.replace("source.db", "not/there.db")).await.is_ok());
}

#[tokio::test]
async fn a_database_server_is_connected_to_only_when_asked() {
    for scheme in ["postgres", "mysql"] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("{scheme}://agent@{}/sob", listener.local_addr().unwrap());
        let region = Region::bare(|text| text.replace("sqlite://source.db", &url));
        check(&region.setup.config, NOW.parse().unwrap()).await.unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    }
}
