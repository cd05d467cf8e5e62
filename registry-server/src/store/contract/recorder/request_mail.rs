//! The mails about steps of requests, under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::store::StoreError;
use crate::store::request_mail::{RequestMail, RequestMails, StepOf};

#[async_trait]
impl RequestMails for Recorder {
    async fn untold_steps(&self, since: Timestamp) -> Result<Vec<StepOf>, StoreError> {
        self.note("untold_steps", self.store.untold_steps(since).await)
    }

    async fn plan_step(&self, step: StepOf, people: &[u32], at: Timestamp) -> Result<(), StoreError> {
        self.note("plan_step", self.store.plan_step(step, people, at).await)
    }

    async fn take_step_mail(&self, at: Timestamp) -> Result<Option<RequestMail>, StoreError> {
        self.note("take_step_mail", self.store.take_step_mail(at).await)
    }

    async fn step_mail_settled(&self, mail: RequestMail, at: Timestamp) -> Result<(), StoreError> {
        self.note("step_mail_settled", self.store.step_mail_settled(mail, at).await)
    }
}
