//! Where a form was sent from (OWASP, cross-site request forgery: verifying origin with standard headers).
//!
//! Promises: a form is taken only from a page of this register; a browser that tells nothing is refused.

use super::fault::Fault;
use super::visit::Visit;

/// Refuses a form that another site's page may have sent.
///
/// # Errors
/// [`Fault::Foreign`].
pub(super) fn check(visit: &Visit, base_url: Option<&str>) -> Result<(), Fault> {
    let own = base_url.map(str::to_owned).or_else(|| Some(format!("https://{}", visit.host.as_deref()?)));
    // A page that tells its address to nobody, as these do, sends "null" as its origin.
    let origin = visit.origin().filter(|origin| *origin != "null");
    let same_origin = origin.map(|origin| Some(origin) == own.as_deref());
    let same_site =
        visit.header(axum::http::HeaderName::from_static("sec-fetch-site")).map(|site| site == "same-origin");
    match (same_origin, same_site) {
        (Some(false), _) | (_, Some(false)) | (None, None) => Err(Fault::Foreign),
        (Some(true), _) | (None, Some(true)) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::*;

    fn taken(headers: &[(&str, &str)], base_url: Option<&str>) -> bool {
        let request =
            headers.iter().fold(Request::post("/sign-in").header("host", "r.se:8444"), |request, (name, value)| {
                request.header(*name, *value)
            });
        check(&Visit::read(request.body(Body::empty()).unwrap()).0, base_url).is_ok()
    }

    #[test]
    fn a_form_is_taken_from_a_page_of_the_register_only() {
        for (headers, expected) in [
            (&[("origin", "https://r.se:8444")][..], true),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("origin", "https://r.se:8444"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "http://r.se:8444")], false),
            (&[("origin", "https://r.se")], false),
            (&[("origin", "null")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[], false),
        ] {
            assert_eq!(taken(headers, None), expected, "{headers:?}");
        }
    }

    #[test]
    fn behind_another_name_the_configured_one_counts() {
        let base = Some("https://register.example.se");
        assert!(taken(&[("origin", "https://register.example.se")], base));
        assert!(!taken(&[("origin", "https://r.se:8444")], base));
    }
}
