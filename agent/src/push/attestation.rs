//! A year's frozen data at the register: what this sender is shown of it, and its signature.

use schemas::attestation::{Attestation, YearCut};

use super::{Client, ClientError};

impl Client {
    /// This sender's part of a year's frozen data.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn cut_of_year(&self, year: i16) -> Result<YearCut, ClientError> {
        self.get(&format!("/v1/cuts/{year}")).await
    }

    /// Hands a signature in; answers what the register shows since.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn attest(&self, attestation: &Attestation) -> Result<YearCut, ClientError> {
        self.post("/v1/attestations", attestation).await.map(|(shown, _)| shown)
    }
}
