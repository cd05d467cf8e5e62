//! What the register says that it holds of this sender.

use schemas::digest::{Digest, Line, write_buckets};
use schemas::problem::ProblemType;

use super::{Client, ClientError};

impl Client {
    /// The digests of everything that the register holds from here. It is told the fingerprint of what it should hold, where that is
    /// known for certain, and so knows too whether both ends hold the same.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn digest(&self, here: Option<&str>) -> Result<Digest, ClientError> {
        self.get(&here.map_or_else(|| "/v1/digest".into(), |here| format!("/v1/digest?here={here}"))).await
    }

    /// Whether the register has a receipt that it gave.
    ///
    /// # Errors
    /// When no answer came, or it is another problem.
    pub async fn has_receipt(&self, batch: &str) -> Result<bool, ClientError> {
        match self.text(&format!("/v1/batches/{batch}/receipt")).await {
            Ok(_) => Ok(true),
            Err(ClientError::Problem(problem)) if problem.kind == ProblemType::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The lines of some buckets.
    ///
    /// # Errors
    /// When no answer came, it is a problem, or it holds something else than lines.
    pub async fn digest_lines(&self, buckets: &[u8]) -> Result<Vec<Line>, ClientError> {
        let text = self.text(&format!("/v1/digest/{}", write_buckets(buckets))).await?;
        let lines: Option<Vec<Line>> = text.lines().map(Line::read).collect();
        lines.ok_or_else(|| {
            ClientError::Unreachable("the register's answer is not of this version; upgrade the older side".into())
        })
    }
}
