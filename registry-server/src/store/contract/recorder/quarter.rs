//! The mail after each quarter, under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::store::StoreError;
use crate::store::quarter::{Choice, QuarterMail, QuarterMails};

#[async_trait]
impl QuarterMails for Recorder {
    async fn plan_mails(&self, quarter: &str, people: &[u32], at: Timestamp) -> Result<u32, StoreError> {
        self.note("plan_mails", self.store.plan_mails(quarter, people, at).await)
    }

    async fn take_mail(&self, at: Timestamp) -> Result<Option<QuarterMail>, StoreError> {
        self.note("take_mail", self.store.take_mail(at).await)
    }

    async fn mail_settled(&self, mail: &QuarterMail, at: Timestamp) -> Result<(), StoreError> {
        self.note("mail_settled", self.store.mail_settled(mail, at).await)
    }

    async fn choose_mail(&self, person: u32, choice: Choice, at: Timestamp) -> Result<(), StoreError> {
        self.note("choose_mail", self.store.choose_mail(person, choice, at).await)
    }

    async fn mail_choice(&self, person: u32) -> Result<Choice, StoreError> {
        self.note("mail_choice", self.store.mail_choice(person).await)
    }
}
