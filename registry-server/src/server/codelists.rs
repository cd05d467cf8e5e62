//! `GET /v1/codelists`: the lists that this register uses, signed once at its start.
//!
//! Promises: every sender gets the same bytes; the entity tag is the lists' hash, the one that `/v1/me` names.
//! Must not know: which lists a sender uses.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::{MethodFilter, MethodRouter, on};
use schemas::canonical;
use schemas::published_lists::PublishedBody;

use crate::registry::Registry;

/// The endpoint of a register.
pub(super) fn route(registry: &Registry, method: MethodFilter) -> MethodRouter<Arc<Registry>> {
    let document = PublishedBody::of(&registry.lists, &registry.stage).sign(&registry.receipt_key);
    let tag = HeaderValue::from_str(&format!("\"{}\"", document.body.hash)).expect("a hash is hexadecimal digits");
    let bytes = Bytes::from(canonical::bytes(&document));
    on(method, |headers: HeaderMap| async move { answer(bytes, tag, &headers) })
}

fn answer(bytes: Bytes, tag: HeaderValue, request: &HeaderMap) -> Response<Body> {
    let known = request.get_all(header::IF_NONE_MATCH).iter().any(|tags| names(tags, &tag));
    let mut response = Response::new(if known { Body::empty() } else { Body::from(bytes) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// Whether a list of entity tags holds one, weak or strong, or any.
fn names(tags: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(tag)) = (tags.to_str(), tag.to_str()) else { return false };
    tags.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_version_is_answered_without_a_body_and_any_other_with_the_document() {
        let tag = HeaderValue::from_static("\"abc\"");
        for (asked, status) in [
            (None, 200),
            (Some("\"abd\""), 200),
            (Some("abc"), 200),
            (Some("\"abc\""), 304),
            (Some("\"x\", W/\"abc\""), 304),
            (Some("*"), 304),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(asked) = asked {
                headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(asked));
            }
            let answer = answer(Bytes::from_static(b"{}"), tag.clone(), &headers);
            assert_eq!(answer.status(), status, "{asked:?}");
            assert_eq!(answer.headers()[header::ETAG], tag, "{asked:?}");
        }
    }
}
