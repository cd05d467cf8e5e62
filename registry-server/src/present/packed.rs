//! Pages packed for the way, as the browser says that it can unpack them.
//!
//! Promises: zstd before gzip, which every browser knows; what is small stays as it is. What holds a secret of its reader's own is never
//! packed, because the length of what is packed tells of what stands in it (BREACH, 2013).

use std::io::{self, Write as _};

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Response};
use axum::middleware::Next;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt as _;

/// What is shorter travels in one packet anyhow, bytes.
const SMALL: usize = 1_200;
/// What is packed: text.
const TEXTS: [&str; 5] = ["text/html", "text/css", "text/csv", "image/svg+xml", "application/json"];
/// Where passwords, codes and second factors are handled.
const SECRET: [&str; 4] = ["/sign-in", "/sign-out", "/invitation", "/account"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Zstd,
    Gzip,
}

/// Answers a request, packed where that may be.
pub(super) async fn packed(request: Request, next: Next) -> Response<Body> {
    let packing = packing(request.headers()).filter(|_| may_be_packed(request.uri().path()));
    let mut response = next.run(request).await;
    response.headers_mut().append(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    let Some(packing) = packing.filter(|_| is_text(response.headers())) else { return response };
    let (mut head, body) = response.into_parts();
    // What pages are made of lies in memory whole, so that reading it does not fail.
    let plain = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    match packing.pack(&plain).ok().filter(|_| plain.len() >= SMALL) {
        Some(packed) => {
            head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(packing.name()));
            head.headers.remove(CONTENT_LENGTH);
            Response::from_parts(head, Body::from(packed))
        }
        None => Response::from_parts(head, Body::from(plain)),
    }
}

impl Packing {
    fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    fn pack(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Zstd => zstd::bulk::compress(plain, 3),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::new(5));
                encoder.write_all(plain)?;
                encoder.finish()
            }
        }
    }
}

fn packing(headers: &HeaderMap) -> Option<Packing> {
    let accepted = headers.get(ACCEPT_ENCODING)?.to_str().ok()?;
    let mut names = accepted.split(',').filter_map(|one| match one.trim().split_once(';') {
        // A weight of 0 says no.
        Some((name, weight)) => (!matches!(weight.trim(), "q=0" | "q=0.0")).then_some(name.trim()),
        None => Some(one.trim()),
    });
    let has = |packing: Packing| names.clone().any(|name| name.eq_ignore_ascii_case(packing.name()));
    let found = [Packing::Zstd, Packing::Gzip].into_iter().find(|packing| has(*packing));
    names.next().and(found)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !headers.contains_key(CONTENT_ENCODING) && TEXTS.contains(&kind.split(';').next().unwrap_or_default().trim())
}

fn may_be_packed(path: &str) -> bool {
    !SECRET.iter().any(|secret| path.strip_prefix(secret).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accepted: &'static str) -> Option<Packing> {
        packing(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]))
    }

    #[test]
    fn what_the_browser_can_unpack_is_chosen_and_nothing_else() {
        assert_eq!(asked("gzip, deflate, br, zstd"), Some(Packing::Zstd));
        assert_eq!(asked("gzip;q=1.0, zstd;q=0"), Some(Packing::Gzip));
        assert_eq!((asked("br"), asked(""), asked("gzip;q=0")), (None, None, None));
        assert_eq!(packing(&HeaderMap::new()), None);
    }

    #[test]
    fn what_is_packed_is_the_same_again() {
        let plain = "<td class=\"n\">12,3</td>".repeat(500).into_bytes();
        let packed = Packing::Gzip.pack(&plain).unwrap();
        let mut again = Vec::new();
        io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut again).unwrap();
        assert!(again == plain && packed.len() * 10 < plain.len());
        let packed = Packing::Zstd.pack(&plain).unwrap();
        assert_eq!(zstd::decode_all(&packed[..]).unwrap(), plain);
    }

    #[test]
    fn pages_with_secrets_are_not_packed() {
        for path in ["/sign-in", "/account", "/account/password", "/invitation/abc"] {
            assert!(!may_be_packed(path), "{path}");
        }
        assert!(may_be_packed("/") && may_be_packed("/accounts") && may_be_packed("/outcomes.csv"));
    }
}
