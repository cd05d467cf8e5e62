//! The list of objections that a region keeps: a query or a file.

use super::*;
use crate::cycle::{CycleError, Extent, Surroundings, read_and_queue};
use crate::source::SourceError;

async fn with_query() -> Region {
    let region =
        Region::with(|text| text.replace("units = ", "objections = \"SELECT * FROM objections\"\nunits = ")).await;
    region.sql("CREATE TABLE objections (person_id, person_id_system, registered_on, reason)").await;
    for (id, who) in [("M-1", 1), ("M-2", 2), ("M-3", 3)] {
        region.treatment(id, who, &[]).await;
    }
    region
}

async fn cycle(region: &Region, outbox: &mut Outbox) -> Result<u64, CycleError> {
    let now = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
    let queued = read_and_queue(&region.setup, Extent::Planned, outbox, &surroundings).await?;
    let excluded = queued.counts.iter().filter(|((_, rule), _)| rule == "objection");
    Ok(excluded.map(|(_, n)| *n).sum())
}

#[tokio::test]
async fn who_stands_in_the_list_is_left_out_in_any_spelling_and_stays_so_when_the_row_leaves() {
    let region = with_query().await;
    let (first, second) = (person(1), person(2));
    let short = format!("{}-{}", &second[2..8], &second[8..]);
    region.sql(&format!("INSERT INTO objections VALUES ('{first}', NULL, '2024-05-01', 'objection')")).await;
    region.sql(&format!("INSERT INTO objections VALUES ('{short}', 'pnr', NULL, 'protected')")).await;
    let mut outbox = region.outbox().await;
    assert_eq!(cycle(&region, &mut outbox).await.unwrap(), 2);
    assert_eq!(region.deliver(&mut outbox).await.len(), 1);
    let count = list(&region).await.count().await.unwrap();
    // Ten digits without a day are remembered in both centuries.
    assert_eq!((count.all, count.by_reason["protected"], count.by_origin["query"]), (3, 2, 3));
    region.sql("DELETE FROM objections").await;
    assert_eq!(cycle(&region, &mut outbox).await.unwrap(), 2);
}

#[tokio::test]
async fn who_becomes_protected_after_having_been_sent_is_withdrawn() {
    let region = with_query().await;
    let mut outbox = region.outbox().await;
    cycle(&region, &mut outbox).await.unwrap();
    region.deliver(&mut outbox).await;
    region.sql(&format!("INSERT INTO objections VALUES ('{}', NULL, NULL, 'protected')", person(3))).await;
    cycle(&region, &mut outbox).await.unwrap();
    let register = Register::default();
    register.told_by(&region, &mut outbox).await;
    assert_eq!(register.newest(), [pseudonym(&region.setup, 3)]);
    assert!(region.deliver(&mut outbox).await.is_empty());
}

#[tokio::test]
async fn without_its_list_nothing_of_a_source_is_queued() {
    let region = with_query().await;
    region.sql("DROP TABLE objections").await;
    let mut outbox = region.outbox().await;
    let refused = cycle(&region, &mut outbox).await.unwrap_err();
    assert!(matches!(refused, CycleError::Source(SourceError::Query(_))), "{refused}");
    let file = |text: String| text.replace("units = ", "objections_file = \"objections.csv\"\nunits = ");
    let region = Region::with(file).await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    let refused = cycle(&region, &mut outbox).await.unwrap_err();
    assert!(matches!(refused, CycleError::Source(SourceError::Unreachable(_))), "{refused}");
    assert!(refused.to_string().contains("objections.csv"), "{refused}");
    std::fs::write(region.path("objections.csv"), "personnummer\n").unwrap();
    assert!(matches!(cycle(&region, &mut outbox).await, Err(CycleError::Source(SourceError::Query(_)))));
    std::fs::write(region.path("objections.csv"), format!("Person_ID;reason\n{};\n", person(1))).unwrap();
    assert_eq!(cycle(&region, &mut outbox).await.unwrap(), 1);
    assert_eq!(list(&region).await.count().await.unwrap().by_origin["file"], 1);
}

#[test]
fn a_list_is_named_in_one_way() {
    let refused = |text: String| {
        let both = "objections = \"SELECT 1\"\nobjections_file = \"o.csv\"\nunits = ";
        text.replace("units = ", both)
    };
    let Err(error) = std::panic::catch_unwind(|| Region::bare(refused)) else { panic!("it was taken") };
    let text = error.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(text.contains("write one of them"), "{text}");
}
