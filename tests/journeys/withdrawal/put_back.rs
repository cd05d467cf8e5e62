//! Words of persons that a register forgets because it was put back from a copy.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn who_came_back_stays_though_the_register_is_put_back_to_when_they_were_gone() {
    let (mut world, region) = delivered(30).await;
    let whole = active_set(&world.database()).await.unwrap();
    let (number, theirs) = persons(&region).remove(1);
    told(&region, &[&number], &["withdraw"], &[0]);
    once(&region, &[]);
    world.back_up().unwrap();
    told(&region, &[&number], &["objections", "lift"], &[0]);
    once(&region, &[]);
    assert!(active_set(&world.database()).await.unwrap() == whole);
    world.put_back().unwrap();
    assert_eq!(held(&world, &region, &theirs).await, 0);
    for _ in 0..3 {
        region.site.agent(&["once"]).and_then(|ended: Ended| ended.expect(&[3])).unwrap();
    }
    assert!(active_set(&world.database()).await.unwrap() == whole);
}
