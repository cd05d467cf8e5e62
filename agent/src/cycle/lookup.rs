//! Whether a source may look treatments up by their ids: what one cycle learns and the next relies on.
//!
//! Promises: an id that stands with space around it, which no index finds, is never left out because of what an earlier cycle saw
//! elsewhere.

use super::CycleError;
use crate::extract::Scope;
use crate::outbox::Outbox;
use crate::source::{Source, Spelling};

/// Tells a source what earlier cycles found of its ids. Answers whether it was told that they are exact.
///
/// # Errors
/// When the state fails.
pub(super) async fn prepare(source: &mut Source, outbox: &mut Outbox, system: &str) -> Result<Spelling, CycleError> {
    let before = if outbox.ids_are_exact(system).await? { Spelling::Exact } else { Spelling::Spaced };
    source.expect(before);
    Ok(before)
}

/// Keeps what a reading found, given what was known before it: one id with space is enough to know, all must have been read to know
/// that there is none.
///
/// # Errors
/// When the state fails.
pub(super) async fn keep(
    scope: &Scope,
    spellings: (Spelling, Spelling),
    outbox: &mut Outbox,
    system: &str,
) -> Result<(), CycleError> {
    match spellings {
        (Spelling::Exact, Spelling::Spaced) => outbox.note_spaced_ids(system).await?,
        (Spelling::Spaced, Spelling::Exact) if *scope == Scope::Everything => outbox.note_exact_ids(system).await?,
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tests::Region;

    const LATER: &str =
        "UPDATE measurements SET score = '3', updated_at = '2024-05-20T00:00:00Z' WHERE timepoint = 'post'";

    async fn region() -> Region {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[("updated_at", "2024-05-10T00:00:00Z")]).await;
        region.answer("M-1", "post", "6", &[]).await;
        region
    }

    #[tokio::test]
    async fn ids_are_looked_up_from_the_cycle_on_that_has_read_all_of_them_and_found_none_with_space() {
        let region = region().await;
        let mut outbox = region.outbox().await;
        assert!(!outbox.ids_are_exact("main").await.unwrap());
        region.cycle(&mut outbox).await;
        assert!(outbox.ids_are_exact("main").await.unwrap());
        region.answer("M-1 ", "pre", "14", &[("updated_at", "2024-05-19T00:00:00Z")]).await;
        region.cycle(&mut outbox).await;
        assert!(!outbox.ids_are_exact("main").await.unwrap());
        region.cycle(&mut outbox).await;
        assert!(!outbox.ids_are_exact("main").await.unwrap(), "an increment has not read all ids");
    }

    #[tokio::test]
    async fn an_old_answer_whose_id_has_space_around_it_stays_part_of_its_record() {
        let region = region().await;
        region.answer("M-1\t", "pre", "14", &[("updated_at", "2024-01-11T00:00:00Z")]).await;
        let mut outbox = region.outbox().await;
        region.cycle(&mut outbox).await;
        region.deliver(&mut outbox).await;
        region.sql(LATER).await;
        region.cycle(&mut outbox).await;
        let text = region.deliver(&mut outbox).await.join("\n");
        assert!(text.contains("\"score\":3") && text.contains("\"score\":14"), "{text}");
    }
}
