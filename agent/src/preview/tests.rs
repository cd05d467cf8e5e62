//! What a preview shows is what the next cycle does.

use jiff::Timestamp;

use super::*;
use crate::tests::{NOW, Region};

async fn shown(region: &Region, treatment: Option<&str>, full: bool) -> Preview {
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [0; 16], progress: &|_| () };
    let wanted = Wanted { limit: 10, treatment: treatment.map(str::to_owned), full };
    preview(&region.setup, &wanted, &surroundings).await.unwrap()
}

#[tokio::test]
async fn a_preview_reads_what_the_next_cycle_reads_and_has_its_hash() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    region.treatment("M-2", 2, &[("updated_at", "2024-05-20T00:00:00Z")]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.treatment("M-3", 3, &[("updated_at", "2024-05-21T00:00:00Z")]).await;
    // Written late, with a time before the increment: the next ordinary cycle does not see it.
    region.treatment("M-4", 4, &[("updated_at", "2020-01-01T00:00:00Z")]).await;
    let planned = shown(&region, None, false).await;
    assert_eq!(planned.new, 1);
    assert_eq!(shown(&region, None, true).await.new, 2);
    assert_eq!(region.cycle(&mut outbox).await.payload_sha256, planned.payload_sha256);
}

#[tokio::test]
async fn a_treatment_that_is_asked_for_is_told_whatever_becomes_of_it() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.treatment("M-2", 2, &[("updated_at", "2020-01-01T00:00:00Z")]).await;
    region.treatment("M-3", 3, &[("programme", "Lugna stunden")]).await;
    region.treatment("M-4", 4, &[("test_patient", "ja")]).await;
    for (id, fate) in [
        ("M-1", AskedFor::Unchanged),
        ("M-2", AskedFor::Sent),
        ("M-3", AskedFor::Held(vec!["programme-unknown".into()])),
        ("M-4", AskedFor::Excluded("test-patient".into())),
        ("M-9", AskedFor::Unknown),
    ] {
        let preview = shown(&region, Some(id), false).await;
        assert_eq!(preview.asked_for, Some(fate.clone()), "{id}");
        assert_eq!(preview.records.len(), usize::from(fate == AskedFor::Sent), "{id}");
        let text = text(&preview, schemas::language::Language::En);
        assert!(!text.contains("--limit"), "{text}");
    }
}
