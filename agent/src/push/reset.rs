//! A set under new keys, as the register is told of it.

use schemas::key_reset::{KeyReset, KeyResetAnswer};

use super::{Client, ClientError};

impl Client {
    /// Takes a step of a key reset.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn key_reset(&self, step: &KeyReset) -> Result<KeyResetAnswer, ClientError> {
        self.post("/v1/key-reset", step).await.map(|(answer, _)| answer)
    }
}
