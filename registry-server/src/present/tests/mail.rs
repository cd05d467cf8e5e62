//! The choice of the mail after each quarter.

use axum::http::StatusCode;

use super::world::World;

#[tokio::test]
async fn a_unit_s_reader_declines_the_mail_after_each_quarter_and_takes_it_again() {
    const DECLINE: &str = "Avstå från mejlet";
    const TAKE: &str = "Ta emot mejlet";
    let world = World::new().await;
    let cookie = world.signed_in("unit:SE9990120000-E001").await;
    let other = world.signed_in("unit:SE9990120000-E002").await;
    let page = world.get("/account", &cookie).await.text;
    assert!(page.contains(DECLINE) && !page.contains(TAKE), "{page}");
    for (choice, shown, hidden) in [("declined", TAKE, DECLINE), ("wanted", DECLINE, TAKE), ("declined", TAKE, DECLINE)]
    {
        let seen = world.post("/account/mail", &cookie, &[("choice", choice)]).await.text;
        assert!(seen.contains("Ditt val är sparat.") && seen.contains(shown) && !seen.contains(hidden), "{seen}");
    }
    assert!(world.get("/account?lang=en", &cookie).await.text.contains("Receive the mail"));
    assert!(world.get("/account", &other).await.text.contains(DECLINE), "each for oneself");
    let staff = world.signed_in("staff").await;
    assert!(!world.get("/account", &staff).await.text.contains("Kvartalsmejl"));
    let refused = world.post("/account/mail", &staff, &[("choice", "declined")]).await.status;
    assert_eq!(refused, StatusCode::NOT_FOUND);
}
