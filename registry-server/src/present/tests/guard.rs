//! What no answer lacks.

use axum::http::{Request, StatusCode};

use super::world::World;

#[tokio::test]
async fn every_answer_carries_the_headers_that_guard_it_also_of_an_error() {
    let world = World::new().await;
    let style = style(&world).await;
    for (path, status) in [
        ("/accessibility", StatusCode::OK),
        (style.as_str(), StatusCode::OK),
        ("/nothing-here", StatusCode::NOT_FOUND),
        ("/assets/0000000000000000/style.css", StatusCode::NOT_FOUND),
    ] {
        let seen = world.get(path, "").await;
        assert_eq!(seen.status, status, "{path}");
        let header = |name: &str| seen.headers[name].to_str().unwrap().to_owned();
        assert_eq!(
            header("content-security-policy"),
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(header(name), value, "{path}");
        }
        assert!(header("permissions-policy").contains("camera=()"), "{path}");
        let kept = if path == style { "public, max-age=31536000, immutable" } else { "no-store" };
        assert_eq!(header("cache-control"), kept, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_is_asked_in_another_way_than_it_stands_in_the_table_is_not_there() {
    let world = World::new().await;
    let seen = world.ask(Request::put("/accessibility").header("host", "r.se"), String::new()).await;
    assert_eq!(seen.status, StatusCode::NOT_FOUND);
    assert!(seen.text.contains("Sidan finns inte"), "{}", seen.text);
}

/// The address of the style sheet, as pages name it.
async fn style(world: &World) -> String {
    let page = world.get("/accessibility", "").await.text;
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}
