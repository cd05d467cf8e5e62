//! Answers and their headers.
//!
//! Promises: no answer leaves without the headers that keep a browser from running, framing or leaking anything; nothing is kept in a
//! cache but files whose address changes with their content.

use askama::Template;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, Response, StatusCode};

use super::fault::Fault;
use super::text;

/// Headers of every answer: what a browser may load and run, and what it may tell others (OWASP Secure Headers).
const GUARDS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("strict-transport-security", "max-age=31536000"),
];

/// What a page's own file makes.
#[derive(Debug)]
pub(super) enum Answer {
    /// A page.
    Page(String),
    /// Another page, and what the browser is to remember.
    SeeOther {
        /// Its path.
        to: String,
        /// The cookie.
        cookie: Option<String>,
    },
    /// A table as a file.
    Csv {
        /// What the file is called, without its end.
        name: &'static str,
        /// What it holds.
        text: String,
    },
    /// A document for other programs.
    Json(String),
    /// A file to keep.
    Attached {
        /// What it is called.
        name: String,
        /// What it is.
        content_type: &'static str,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A file whose address changes with its content.
    File {
        /// What it is.
        content_type: &'static str,
        /// Its bytes.
        bytes: &'static [u8],
    },
}

impl Answer {
    /// A page from its template.
    ///
    /// # Errors
    /// When the template cannot be filled, which does not happen in practice.
    pub(super) fn page(page: &impl Template) -> Result<Self, Fault> {
        page.render().map(Self::Page).map_err(|error| Fault::Unexpected(error.to_string()))
    }

    /// The same as HTTP.
    pub(super) fn response(self) -> Response<Body> {
        match self {
            Self::Page(text) => html(StatusCode::OK, text),
            Self::SeeOther { to, cookie } => {
                let headers = [(LOCATION, Some(to)), (SET_COOKIE, cookie)];
                with(StatusCode::SEE_OTHER, headers, String::new())
            }
            Self::Csv { name, text } => {
                let attached = format!("attachment; filename=\"{name}.csv\"");
                let headers =
                    [(CONTENT_TYPE, Some("text/csv; charset=utf-8".to_owned())), (CONTENT_DISPOSITION, Some(attached))];
                with(StatusCode::OK, headers, text)
            }
            Self::Json(text) => {
                let headers = [(CONTENT_TYPE, Some("application/json".to_owned())), (CONTENT_DISPOSITION, None)];
                with(StatusCode::OK, headers, text)
            }
            Self::Attached { name, content_type, bytes } => {
                let mut response = Response::new(Body::from(bytes));
                let headers = response.headers_mut();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                let attached = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
                headers.extend(attached.ok().map(|attached| (CONTENT_DISPOSITION, attached)));
                response
            }
            Self::File { content_type, bytes } => {
                let mut response = Response::new(Body::from(bytes));
                let headers = response.headers_mut();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
                response
            }
        }
    }
}

/// A page under a status.
pub(super) fn html(status: StatusCode, text: String) -> Response<Body> {
    let headers = [(CONTENT_TYPE, Some("text/html; charset=utf-8".to_owned())), (CONTENT_DISPOSITION, None)];
    with(status, headers, text::shown(text))
}

/// Text under a status, with headers; one that is none, or could not stand in an answer, is left out.
pub(super) fn with(status: StatusCode, headers: [(HeaderName, Option<String>); 2], text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let named = headers.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::try_from(value?).ok()?)));
    response.headers_mut().extend(named);
    response
}

/// The answer with the headers that every one has.
pub(super) fn guarded(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
