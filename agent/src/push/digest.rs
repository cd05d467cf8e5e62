//! What the register says that it holds of this sender.

use schemas::digest::{Digest, Line, write_buckets};

use super::{Client, ClientError};

impl Client {
    /// The digests of everything that the register holds from here.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn digest(&self) -> Result<Digest, ClientError> {
        self.get("/v1/digest").await
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
