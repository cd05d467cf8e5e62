//! Which page lies where, and for whom: one table, from which the router is built.
//!
//! Promises: nothing is reached that has no row here.

use axum::routing::MethodFilter;

/// How an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// To read.
    Get,
    /// To change something; only from a page of this register.
    Post,
}

/// What answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// Files that pages name.
    Asset,
    /// Statement on accessibility.
    Accessibility,
    /// What every measure means.
    Definitions,
}

/// One row.
#[derive(Debug)]
pub(super) struct Route {
    /// How it is asked.
    pub(super) method: Method,
    /// Its path.
    pub(super) path: &'static str,
    /// What answers.
    pub(super) endpoint: Endpoint,
}

/// Every address.
pub(super) const ROUTES: &[Route] = &[
    Route { method: Method::Get, path: "/assets/{version}/{name}", endpoint: Endpoint::Asset },
    Route { method: Method::Get, path: "/accessibility", endpoint: Endpoint::Accessibility },
    Route { method: Method::Get, path: "/definitions", endpoint: Endpoint::Definitions },
];

impl Method {
    /// The same for the router.
    pub(super) fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
        }
    }
}
