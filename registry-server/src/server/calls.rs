//! What a region can ask: one table, from which the router and the committed description of the region API come.
//!
//! Promises: nothing is reached that has no row here.

use axum::routing::MethodFilter;

/// How an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// To read.
    Get,
    /// To store under a name that the sender knows.
    Put,
    /// To ask for something to be done.
    Post,
    /// To end something.
    Delete,
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// A batch is delivered.
    Batch,
    /// Its receipt once more.
    Receipt,
    /// What the register knows about the sender.
    Me,
    /// Digests of what the sender has here.
    Digest,
    /// The lines behind some of them.
    DigestLines,
    /// The generation of a state directory.
    Generation,
    /// A set under new keys.
    KeyReset,
    /// The newest signed checkpoint of the audit log.
    Checkpoint,
    /// A planned silence begins.
    BeginPause,
    /// It ends.
    EndPause,
    /// Persons leave.
    Withdrawal,
    /// They come back.
    Lift,
    /// What is held on persons.
    PersonExtract,
    /// The answer to a case.
    Case,
    /// The sender's part of a year.
    Cut,
    /// Its signature.
    Attestation,
    /// The register's code lists.
    CodeLists,
}

impl Call {
    /// Every call.
    pub(crate) const ALL: [Self; 17] = [
        Self::Batch,
        Self::Receipt,
        Self::Me,
        Self::Digest,
        Self::DigestLines,
        Self::Generation,
        Self::KeyReset,
        Self::Checkpoint,
        Self::BeginPause,
        Self::EndPause,
        Self::Withdrawal,
        Self::Lift,
        Self::PersonExtract,
        Self::Case,
        Self::Cut,
        Self::Attestation,
        Self::CodeLists,
    ];

    /// How and where it is asked; what varies stands in braces.
    pub(crate) const fn place(self) -> (Method, &'static str) {
        match self {
            Self::Batch => (Method::Put, "/v1/batches/{digest}"),
            Self::Receipt => (Method::Get, "/v1/batches/{digest}/receipt"),
            Self::Me => (Method::Get, "/v1/me"),
            Self::Digest => (Method::Get, "/v1/digest"),
            Self::DigestLines => (Method::Get, "/v1/digest/{buckets}"),
            Self::Generation => (Method::Post, "/v1/generation"),
            Self::KeyReset => (Method::Post, "/v1/key-reset"),
            Self::Checkpoint => (Method::Get, "/v1/checkpoint"),
            Self::BeginPause => (Method::Post, "/v1/pause"),
            Self::EndPause => (Method::Delete, "/v1/pause"),
            Self::Withdrawal => (Method::Post, "/v1/withdrawals"),
            Self::Lift => (Method::Post, "/v1/withdrawals/lift"),
            Self::PersonExtract => (Method::Post, "/v1/person-extract"),
            Self::Case => (Method::Post, "/v1/cases/{number}"),
            Self::Cut => (Method::Get, "/v1/cuts/{year}"),
            Self::Attestation => (Method::Post, "/v1/attestations"),
            Self::CodeLists => (Method::Get, "/v1/codelists"),
        }
    }
}

impl Method {
    /// The same for the router.
    pub(crate) const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Put => MethodFilter::PUT,
            Self::Post => MethodFilter::POST,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}
