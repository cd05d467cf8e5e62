//! What an inspector is given of a year.

use super::*;
use crate::evidence::{Subject, files};
use crate::tests::person;

fn bytes_of<'a>(files: &'a [crate::evidence::File], name: &str) -> &'a str {
    std::str::from_utf8(&files.iter().find(|file| file.name == name).unwrap().bytes).unwrap()
}

#[tokio::test]
async fn the_evidence_of_a_year_holds_counts_receipts_and_changes_and_names_nobody() {
    let mut region = some_treatments().await;
    let mut outbox = region.outbox().await;
    let queued = region.cycle(&mut outbox).await;
    delivered(&region, &mut outbox).await;
    region.cycle(&mut outbox).await;
    region.setup.config.schedule.jitter = "20m".into();
    region.cycle(&mut outbox).await;
    region.cycle_at(&mut outbox, "2025-01-02T10:00:00Z").await;
    outbox.tidy("2024-12-31T10:00:00Z".parse().unwrap()).await.unwrap();

    let subject = Subject { sender: "12", environment: "test", year: 2024 };
    let year = outbox.year(2024).await.unwrap();
    assert_eq!((year.cycles.len(), year.receipts.len()), (3, 1), "a receipt stays after its batch is gone");
    let written = files(&subject, &year, &[(1, b"an erasure".to_vec())]);
    let accounting = bytes_of(&written, "accounting.csv");
    assert!(accounting.contains(&format!("1,{NOW},full,{},queued,,2", queued.payload_sha256)), "{accounting}");
    assert_eq!(bytes_of(&written, "receipts/000001.json"), "receipt");
    assert_eq!(bytes_of(&written, "versions.csv").lines().count(), 2, "only what changed is told");
    let changes: serde_json::Value = serde_json::from_str(bytes_of(&written, "configuration.json")).unwrap();
    assert_eq!(changes.as_array().unwrap().len(), 2);
    let jitter = &changes[1]["changed"]["schedule.jitter"];
    assert!(jitter["before"].to_string().contains("10m") && jitter["now"].to_string().contains("20m"), "{changes}");
    let index = bytes_of(&written, "index.html");
    assert!(written.iter().all(|file| file.name == "index.html" || index.contains(&file.name)), "{index}");

    let hidden = ["M-1", "M-2", "psn1.", "rec1."].map(str::to_owned).into_iter().chain((1..4).map(person));
    let all: Vec<u8> = written.iter().flat_map(|file| file.bytes.clone()).collect();
    let all = String::from_utf8(all).unwrap();
    for name in hidden {
        assert!(!all.contains(&name), "the evidence names {name}");
    }
    assert!(outbox.year(2023).await.unwrap().cycles.is_empty());
}
