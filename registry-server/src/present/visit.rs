//! A request as the pages read it: path, what stands behind the question mark, cookies, language.
//!
//! Promises: the language that the address says, or else the cookie, or else whoever is signed in reads at first, or else Swedish; what
//! cannot be read is as if it was not there.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, Uri};
use schemas::language::Language;

use super::Address;

/// The cookie that remembers a choice of language.
const LANGUAGE: &str = "__Host-language";
/// The parameter that makes the choice.
pub(super) const LANG: &str = "lang";
/// How long the choice is remembered, seconds: a year.
const REMEMBERED: u32 = 31_536_000;

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// The path, as it was sent.
    pub(super) path: String,
    /// Names and values behind the question mark.
    pub(super) query: Vec<(String, String)>,
    /// The language of the answer.
    pub(super) language: Language,
    /// Whether the address or the cookie says which.
    chosen: bool,
    /// Where it came from.
    pub(super) address: Option<IpAddr>,
    /// The host that was asked.
    pub(super) host: Option<String>,
    headers: HeaderMap,
}

impl Visit {
    /// Reads all but the body.
    pub(super) fn read(request: Request) -> (Self, Body) {
        let (head, body) = request.into_parts();
        let query = pairs(head.uri.query().unwrap_or_default().as_bytes());
        let chosen = value(&query, LANG).and_then(|tag| tag.parse().ok());
        let remembered = || cookie(&head.headers, LANGUAGE).and_then(|tag| tag.parse().ok());
        let chosen = chosen.or_else(remembered);
        let visit = Self {
            path: head.uri.path().to_owned(),
            language: chosen.unwrap_or(Language::Sv),
            chosen: chosen.is_some(),
            query,
            address: head.extensions.get::<Address>().and_then(|address| address.0),
            host: host(&head.uri, &head.headers),
            headers: head.headers,
        };
        (visit, body)
    }

    /// Takes the language that whoever is signed in reads at first, where nothing else was chosen.
    pub(super) fn read_by(&mut self, language: Option<Language>) {
        if let Some(language) = language.filter(|_| !self.chosen) {
            self.language = language;
        }
    }

    /// A value behind the question mark.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// A cookie's value.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        cookie(&self.headers, name)
    }

    /// A header's text.
    pub(super) fn header(&self, name: impl Into<HeaderName>) -> Option<&str> {
        self.headers.get(name.into())?.to_str().ok()
    }

    /// Where the page that asks lies, as its browser tells it.
    pub(super) fn origin(&self) -> Option<&str> {
        self.header(ORIGIN)
    }

    /// The address of this page in another language, everything else as it is.
    pub(super) fn in_language(&self, language: Language) -> String {
        let kept = self.query.iter().filter(|(name, _)| name != LANG);
        let query: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair(LANG, language.tag())
            .finish();
        format!("{}?{query}", self.path)
    }

    /// This page, as the form to sign in keeps it; a form that was sent is not sent again.
    pub(super) fn next(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        let here = if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) };
        form_urlencoded::Serializer::new(String::new()).append_pair("next", &here).finish()
    }

    /// The answer with the choice of language remembered, when this request made one.
    pub(super) fn remembering(&self, mut response: Response<Body>) -> Response<Body> {
        if self.asked(LANG) == Some(self.language.tag()) {
            let cookie = format!(
                "{LANGUAGE}={}; Path=/; Max-Age={REMEMBERED}; Secure; HttpOnly; SameSite=Lax",
                self.language.tag()
            );
            response.headers_mut().extend(HeaderValue::try_from(cookie).map(|cookie| (SET_COOKIE, cookie)));
        }
        response
    }
}

/// Names and values of a form or of what stands behind a question mark.
pub(super) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// The first value under a name.
pub(super) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// HTTP/2 names the host in the address, HTTP/1.1 in a header.
fn host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let named = uri.authority().map(|authority| authority.as_str().to_owned());
    named.or_else(|| headers.get(HOST)?.to_str().ok().map(str::to_owned))
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(known, _)| *known == name).map(|(_, value)| value)
}
