//! In and out: invitation, password and code, and how long a session counts.

use axum::http::{Request, StatusCode};
use jiff::SignedDuration;

use super::world::{PASSWORD, World};

#[tokio::test]
async fn password_and_code_together_open_a_session_that_only_its_own_browser_holds() {
    let world = World::new().await;
    let secret = world.person("eva@example.se", "staff").await;
    assert_eq!(world.get("/deliveries", "").await.leads(), "/sign-in?next=%2Fdeliveries");
    let seen = world.sign_in(" Eva@Example.se ", PASSWORD, &world.code(&secret)).await;
    assert_eq!((seen.status, seen.leads()), (StatusCode::SEE_OTHER, "/"), "{}", seen.text);
    let whole = seen.headers["set-cookie"].to_str().unwrap();
    for part in ["__Host-session=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(whole.contains(part), "{whole}");
    }
    let page = world.get("/account", &seen.cookie()).await.text;
    assert!(page.contains("eva@example.se") && page.contains("registrets personal"), "{page}");
    let left = world.post("/sign-out", &seen.cookie(), &[]).await;
    assert_eq!(left.leads(), "/sign-in");
    assert_eq!(world.get("/account", &seen.cookie()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_refusal_says_the_same_whatever_was_wrong_and_a_code_is_taken_once() {
    let world = World::new().await;
    let secret = world.person("eva@example.se", "staff").await;
    let code = world.code(&secret);
    let mut told = Vec::new();
    for (email, password, code) in [
        ("eva@example.se", "fel fel fel fel", code.as_str()),
        ("eva@example.se", PASSWORD, "000000"),
        ("ingen@example.se", PASSWORD, code.as_str()),
    ] {
        let seen = world.sign_in(email, password, code).await;
        assert!(seen.status == StatusCode::OK && !seen.headers.contains_key("set-cookie"));
        told.push(seen.text.replace(email, ""));
    }
    assert!(
        told.windows(2).all(|two| two[0] == two[1]) && told[0].contains("Det gick inte att logga in"),
        "{}",
        told[0]
    );
    assert_eq!(world.sign_in("eva@example.se", PASSWORD, &code).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.sign_in("eva@example.se", PASSWORD, &code).await.status, StatusCode::OK, "the code again");
}

#[tokio::test]
async fn five_failures_close_the_account_for_a_quarter_of_an_hour() {
    let world = World::new().await;
    let secret = world.person("eva@example.se", "staff").await;
    for _ in 0..5 {
        world.sign_in("eva@example.se", PASSWORD, "000000").await;
    }
    assert_eq!(world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.status, StatusCode::OK);
    world.pass(SignedDuration::from_mins(15));
    assert_eq!(world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_is_over_after_a_quarter_without_a_page_and_after_twelve_hours() {
    let world = World::new().await;
    let idle = world.signed_in("auditor").await;
    world.pass(SignedDuration::from_mins(15));
    assert_eq!(world.get("/account", &idle).await.status, StatusCode::SEE_OTHER);
    let busy = world.signed_in("staff").await;
    for _ in 0..72 {
        assert_eq!(world.get("/account", &busy).await.status, StatusCode::OK);
        world.pass(SignedDuration::from_mins(10));
    }
    assert_eq!(world.get("/account", &busy).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_from_another_site_or_from_nowhere_changes_nothing() {
    let world = World::new().await;
    let cookie = world.signed_in("staff").await;
    for origin in [Some("https://evil.example"), None] {
        let request = Request::post("/sign-out").header("host", "r.se").header("cookie", &cookie);
        let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
        let seen = world.ask(request, String::new()).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN);
        assert!(seen.text.contains("Formuläret togs inte emot"), "{}", seen.text);
    }
    assert_eq!(world.get("/account", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_invitation_leads_to_an_account_once() {
    let world = World::new().await;
    let token = world.invite("ny@example.se", "region:12").await;
    let path = format!("/invitation/{}", *token.text());
    let page = world.get(&path, "").await.text;
    assert!(page.contains("<svg class=\"qr\"") && page.contains("otpauth://totp/"), "{page}");
    let (_, rest) = page.split_once("secret=").unwrap();
    let secret = data_encoding::BASE32_NOPAD.decode(&rest.as_bytes()[..32]).unwrap();
    let secret = crate::authenticate::one_time::Secret::new(secret.try_into().unwrap());
    let code = world.code(&secret);
    for (password, again, code, says) in [
        ("kort", "kort", code.as_str(), "tecken"),
        (PASSWORD, "inte samma alls", &code, "Lösenorden är inte lika"),
        (PASSWORD, PASSWORD, "000000", "Koden stämmer inte"),
    ] {
        let seen = world.post(&path, "", &[("password", password), ("again", again), ("code", code)]).await;
        assert!(seen.status == StatusCode::OK && seen.text.contains(says), "{says}: {}", seen.text);
    }
    let fields = [("password", PASSWORD), ("again", PASSWORD), ("code", &code)];
    assert_eq!(world.post(&path, "", &fields).await.leads(), "/sign-in?new=1");
    assert_eq!(world.get(&path, "").await.status, StatusCode::NOT_FOUND);
    world.pass(SignedDuration::from_secs(30));
    assert_eq!(world.sign_in("ny@example.se", PASSWORD, &world.code(&secret)).await.leads(), "/");
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let world = World::new().await;
    let secret = world.person("eva@example.se", "staff").await;
    let first = world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.cookie();
    world.pass(SignedDuration::from_secs(30));
    let second = world.sign_in("eva@example.se", PASSWORD, &world.code(&secret)).await.cookie();
    world.pass(SignedDuration::from_secs(30));
    let code = world.code(&secret);
    let new = "tretton gula hundar";
    let seen = world.post("/account/password", &second, &[("password", PASSWORD), ("code", &code), ("new", new)]).await;
    assert!(seen.text.contains("Lösenordet är bytt"), "{}", seen.text);
    assert_eq!(world.get("/account", &first).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/account", &second).await.status, StatusCode::OK);
    world.pass(SignedDuration::from_secs(30));
    assert_eq!(world.sign_in("eva@example.se", new, &world.code(&secret)).await.status, StatusCode::SEE_OTHER);
}
