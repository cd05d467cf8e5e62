//! Alarms under observation.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::store::StoreError;
use crate::store::alarm::{Acknowledged, Alarm, AlarmStep, Alarms, Channel, Condition, Contact, Mark, Notice};

#[async_trait]
impl Alarms for Recorder {
    async fn set_alarms(&self, conditions: &[Condition], at: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError> {
        self.note("set_alarms", self.store.set_alarms(conditions, at).await)
    }

    async fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        self.note("alarms", self.store.alarms().await)
    }

    async fn acknowledge_alarm(&self, number: u32, seen: &Acknowledged, mark: Mark) -> Result<bool, StoreError> {
        self.note("acknowledge_alarm", self.store.acknowledge_alarm(number, seen, mark).await)
    }

    async fn take_notice(&self, channel: Channel, at: Timestamp) -> Result<Option<Notice>, StoreError> {
        self.note("take_notice", self.store.take_notice(channel, at).await)
    }

    async fn notice_sent(&self, channel: Channel, notice: &Notice, at: Timestamp) -> Result<(), StoreError> {
        self.note("notice_sent", self.store.notice_sent(channel, notice, at).await)
    }

    async fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        self.note("contacts", self.store.contacts().await)
    }

    async fn add_contact(&self, contact: &Contact, mark: Mark) -> Result<u32, StoreError> {
        self.note("add_contact", self.store.add_contact(contact, mark).await)
    }

    async fn confirm_contact(&self, number: u32, by: &str, mark: Mark) -> Result<bool, StoreError> {
        self.note("confirm_contact", self.store.confirm_contact(number, by, mark).await)
    }

    async fn remove_contact(&self, number: u32, mark: Mark) -> Result<bool, StoreError> {
        self.note("remove_contact", self.store.remove_contact(number, mark).await)
    }
}
