//! What is asked of the register about single persons: to erase them, to take them again, what it holds of them.
//!
//! Promises: an erasure is confirmed by a receipt whose signature and content verify, and by nothing else.

use schemas::id::SenderCode;
use schemas::withdrawal::{
    CaseAnswer, CaseReply, ErasureReceipt, ExpectedErasure, ExtractRequest, Lift, Lifted, PersonExtract, Withdrawal,
};

use super::{Client, ClientError};

impl Client {
    /// Withdraws persons. Answers the receipt and its bytes as they came.
    ///
    /// # Errors
    /// When no answer came or it is a problem; [`ClientError::Refused`] when it does not verify.
    pub async fn withdraw(
        &self,
        withdrawal: &Withdrawal,
        (sender, environment): (&SenderCode, &str),
    ) -> Result<(ErasureReceipt, Vec<u8>), ClientError> {
        let (receipt, bytes): (ErasureReceipt, _) = self.post("/v1/withdrawals", withdrawal).await?;
        match receipt.verify(self.receipt_key(), &ExpectedErasure { sender, environment, withdrawal }) {
            Ok(()) => Ok((receipt, bytes)),
            Err(error) => Err(ClientError::Refused(format!(
                "{error}; see whether [server] url and receipt_key are the register's own"
            ))),
        }
    }

    /// Takes withdrawals back.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn lift(&self, lift: &Lift) -> Result<Lifted, ClientError> {
        self.post("/v1/withdrawals/lift", lift).await.map(|(lifted, _)| lifted)
    }

    /// Everything that the register holds of persons from this sender.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn person_extract(&self, request: &ExtractRequest) -> Result<PersonExtract, ClientError> {
        self.post("/v1/person-extract", request).await.map(|(extract, _)| extract)
    }

    /// Answers a case of the register that the person is not known here.
    ///
    /// # Errors
    /// When no answer came, or it is a problem.
    pub async fn none_found(&self, case: u32) -> Result<(), ClientError> {
        let reply = CaseReply { answer: CaseAnswer::NoneFound };
        self.post::<CaseReply>(&format!("/v1/cases/{case}"), &reply).await.map(drop)
    }
}
