//! What an increment covers.

use super::*;
use crate::tests::Region;

async fn changed_since(region: &Region, moment: &str) -> Scope {
    let reading = Reading::Since(moment.parse().unwrap());
    scope(&mut region.source().await, &region.setup.places[0].config, reading, &|| ()).await.unwrap()
}

async fn three_treatments(region: &Region) {
    for (id, who) in [("M-1", 1), ("M-2", 2), ("M-3", 3)] {
        region.treatment(id, who, &[]).await;
        region.answer(id, "pre", "12", &[]).await;
    }
}

#[tokio::test]
async fn an_increment_names_the_treatments_that_changed_themselves_or_by_an_answer() {
    let region = Region::new().await;
    three_treatments(&region).await;
    region.sql("UPDATE treatments SET updated_at = '2024-05-02T00:00:00Z' WHERE treatment_id = 'M-3'").await;
    region.answer("M-1", "post", "5", &[("updated_at", "2024-05-01T00:00:00Z")]).await;
    let scope = changed_since(&region, "2024-05-01T00:00:00Z").await;
    assert_eq!(scope, Scope::Treatments(vec!["M-1".into(), "M-3".into()]));
}

#[tokio::test]
async fn what_an_increment_names_is_read_whole() {
    let region = Region::new().await;
    three_treatments(&region).await;
    region.answer("M-1", "post", "5", &[("updated_at", "2024-05-01T00:00:00Z")]).await;
    let scope = changed_since(&region, "2024-04-30T00:00:00Z").await;
    let mut source = region.source().await;
    assert_eq!(count(source.treatments(scope.rows())).await, 1);
    assert_eq!(count(source.measurements(scope.rows())).await, 2, "the answer from before the increment was left out");
}

#[tokio::test]
async fn an_increment_without_changes_covers_nothing() {
    let region = Region::new().await;
    three_treatments(&region).await;
    assert_eq!(changed_since(&region, "2024-05-01T00:00:00Z").await, Scope::Treatments(vec![]));
}

#[tokio::test]
async fn a_full_reading_and_a_query_without_since_cover_everything() {
    let region = Region::new().await;
    let mut source = region.source().await;
    let full = scope(&mut source, &region.setup.places[0].config, Reading::Full, &|| ()).await.unwrap();
    assert_eq!(full, Scope::Everything);
    let region = Region::with(|text| text.replace("measurements WHERE updated_at >= :since", "measurements")).await;
    assert_eq!(changed_since(&region, "2024-05-01T00:00:00Z").await, Scope::Everything);
}

async fn count(pages: Pages<'_>) -> usize {
    pages.map(|page| page.unwrap().len()).collect::<Vec<_>>().await.into_iter().sum()
}

#[tokio::test]
async fn a_changed_row_without_an_id_makes_an_increment_cover_everything() {
    for table in ["treatments", "measurements"] {
        let region = Region::new().await;
        three_treatments(&region).await;
        let later = [("treatment_id", ""), ("updated_at", "2024-05-02T00:00:00Z")];
        match table {
            "treatments" => region.treatment("", 4, &later).await,
            _ => region.answer("", "pre", "12", &later).await,
        }
        assert_eq!(changed_since(&region, "2024-05-03T00:00:00Z").await, Scope::Treatments(vec![]), "{table}");
        assert_eq!(changed_since(&region, "2024-05-01T00:00:00Z").await, Scope::Everything, "{table}");
    }
}
