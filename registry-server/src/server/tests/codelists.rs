//! What the register hands out as its code lists.

use schemas::published_lists::PublishedLists;

use super::world::World;

#[tokio::test]
async fn the_register_hands_out_its_lists_with_its_own_additions_signed_under_the_hash_that_it_names() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "code,name,kind,condition\ntrygg,Trygg,treatment,anxiety\n").unwrap();
    let world = World::new(&format!("[codelists]\nprogrammes = \"{}\"", file.path().display())).await;
    let answer = world.request("12", "GET /v1/codelists", b"").await;
    assert_eq!(answer.status, 200);
    let published: PublishedLists = serde_json::from_slice(&answer.body).unwrap();
    let lists = published.verify(&world.receipt_key(), "test").unwrap();
    assert!(lists.programme("trygg").is_some() && lists.programme("depressionshjalpen").is_some());

    let me = world.request("12", "GET /v1/me", b"").await;
    let me: schemas::contact::Me = serde_json::from_slice(&me.body).unwrap();
    assert_eq!(me.codelists, published.body.hash);
    let known = format!("GET /v1/codelists\nIf-None-Match: \"{}\"\r\n", published.body.hash);
    let known = world.request("12", &known, b"").await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    world.handle.stop().await;
}
