//! What is wrong with senders and for how long, whom that is told to, and who of a sender is to be told.
//!
//! Promises: an alarm is raised once and stays until its condition is over, over restarts and however many servers look; the message of a
//! change is written in the change's own transaction and is given to one server at a time until it was sent.
//! Must not know: what makes a condition, how a message is sent.

/// Alarms and contacts as both engines read them.
mod row;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::id::SenderCode;

pub(super) use row::{AlarmRow, ContactRow};

use super::StoreError;
use super::audit::{Entry, What};
use crate::environment::Stamp;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmKind {
    /// A planned delivery did not come.
    Late,
    /// Several did not, for a week or longer.
    Silent,
    /// A contact was not confirmed for a year.
    ContactUnconfirmed,
    /// Far fewer new treatments came in a week than in those before.
    VolumeDrop,
    /// Far more records were rejected in a week than in those before.
    RejectSpike,
    /// The certificate ends within 30 days.
    Certificate30,
    /// The certificate ends within 7 days.
    Certificate7,
    /// The certificate ends within a day, or has ended.
    Certificate1,
    /// The clock is more than a minute off.
    Clock,
    /// What the sender found and what is here do not add up.
    Accounting,
    /// The agent is older than the register.
    OldAgent,
    /// The agent ran other rules than the register's.
    OtherRules,
}

impl AlarmKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Late,
        Self::Silent,
        Self::ContactUnconfirmed,
        Self::VolumeDrop,
        Self::RejectSpike,
        Self::Certificate30,
        Self::Certificate7,
        Self::Certificate1,
        Self::Clock,
        Self::Accounting,
        Self::OldAgent,
        Self::OtherRules,
    ];

    /// The word that is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Silent => "silent",
            Self::ContactUnconfirmed => "contact-unconfirmed",
            Self::VolumeDrop => "volume-drop",
            Self::RejectSpike => "reject-spike",
            Self::Certificate30 => "certificate-30",
            Self::Certificate7 => "certificate-7",
            Self::Certificate1 => "certificate-1",
            Self::Clock => "clock",
            Self::Accounting => "accounting",
            Self::OldAgent => "old-agent",
            Self::OtherRules => "other-rules",
        }
    }
}

/// Something that is wrong with a sender now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// With whom.
    pub sender: SenderCode,
    /// What.
    pub kind: AlarmKind,
    /// Since when.
    pub since: Timestamp,
}

/// A condition that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its number, from 1.
    pub number: u32,
    /// What is or was wrong.
    pub condition: Condition,
    /// When it was noticed, RFC 3339.
    pub raised_at: String,
    /// When it was over; nothing while it lasts.
    pub cleared_at: Option<String>,
    /// Who has seen it.
    pub acknowledged: Option<Acknowledged>,
}

/// That a person has seen an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledged {
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub by: String,
    /// What is done about it.
    pub note: String,
}

/// What a message tells of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmStep {
    /// It began.
    Raised,
    /// It is over.
    Cleared,
}

impl AlarmStep {
    /// The word that is stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Cleared => "cleared",
        }
    }
}

/// The way that a message takes; each has its own attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By mail.
    Mail,
    /// To another program.
    Webhook,
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Of which alarm.
    pub alarm: Alarm,
    /// What it tells.
    pub step: AlarmStep,
}

/// What is told to whom at a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactRole {
    /// Who runs the agent.
    Technical,
    /// Who answers for the care.
    Clinical,
    /// Who answers for the protection of data.
    DataProtection,
}

impl ContactRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Technical, Self::Clinical, Self::DataProtection];

    /// The word that is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Clinical => "clinical",
            Self::DataProtection => "data-protection",
        }
    }
}

/// A person at a sender to turn to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its number, from 1; of no meaning for one that is not stored yet.
    pub number: u32,
    /// At which sender.
    pub sender: SenderCode,
    /// For what.
    pub role: ContactRole,
    /// Name, one line.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// The contact that it stands in for.
    pub deputy_of: Option<u32>,
    /// When it was entered or confirmed last.
    pub confirmed_at: Timestamp,
    /// Who confirmed it; nothing before the first time.
    pub confirmed_by: Option<String>,
}

/// By whom and when something is changed, for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub stamp: Stamp,
    /// The number of the account; nothing at the command line.
    pub person: Option<u32>,
}

impl Mark {
    /// The event that an alarm was seen.
    pub(super) fn alarm(self, sender: &SenderCode, number: u32) -> Entry {
        let what = What::Alarm { number: number.into(), person: self.person, step: "acknowledged".to_owned() };
        Entry::new(self.stamp, Some(sender), what)
    }

    /// The event of what became of a contact.
    pub(super) fn contact(self, sender: &SenderCode, (number, step): (u32, &str)) -> Entry {
        let what = What::Contact { number: number.into(), person: self.person, step: step.to_owned() };
        Entry::new(self.stamp, Some(sender), what)
    }
}

/// Alarms and contacts as they are kept.
#[async_trait]
pub trait Alarms: Send + Sync {
    /// Makes the open alarms those of the conditions, with a message of each change; tells the changes.
    async fn set_alarms(&self, conditions: &[Condition], at: Timestamp) -> Result<Vec<(u32, AlarmStep)>, StoreError>;

    /// Every alarm, by number.
    async fn alarms(&self) -> Result<Vec<Alarm>, StoreError>;

    /// Notes who has seen an alarm; tells whether there is one of this number.
    async fn acknowledge_alarm(&self, number: u32, seen: &Acknowledged, mark: Mark) -> Result<bool, StoreError>;

    /// A message that is due, for this caller alone until it is due again: the later the more often it was taken, and never after three days.
    async fn take_notice(&self, channel: Channel, at: Timestamp) -> Result<Option<Notice>, StoreError>;

    /// Notes that a message was sent.
    async fn notice_sent(&self, channel: Channel, notice: &Notice, at: Timestamp) -> Result<(), StoreError>;

    /// Every contact, by number.
    async fn contacts(&self) -> Result<Vec<Contact>, StoreError>;

    /// Keeps a contact under the next number, which it gives.
    async fn add_contact(&self, contact: &Contact, mark: Mark) -> Result<u32, StoreError>;

    /// Notes that a contact is still right; tells whether there is one of this number.
    async fn confirm_contact(&self, number: u32, by: &str, mark: Mark) -> Result<bool, StoreError>;

    /// Forgets a contact; tells whether there was one of this number.
    async fn remove_contact(&self, number: u32, mark: Mark) -> Result<bool, StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const OPEN: &str = "SELECT sender, kind FROM alarm WHERE cleared_at IS NULL";
    pub(in crate::store) const RAISE: &str = "INSERT INTO alarm (number, sender, kind, since, raised_at)
        SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3, $4 FROM alarm RETURNING number";
    pub(in crate::store) const CLEAR: &str = "UPDATE alarm SET cleared_at = $3
        WHERE sender = $1 AND kind = $2 AND cleared_at IS NULL RETURNING number";
    pub(in crate::store) const NOTICES: [&str; 2] = [
        "INSERT INTO alarm_notice (alarm, step, made_s, due_s) VALUES ($1, $2, $3, $3)",
        "INSERT INTO alarm_hook (alarm, step, made_s, due_s) VALUES ($1, $2, $3, $3)",
    ];
    pub(in crate::store) const ALL: &str = "SELECT number, sender, kind, since, raised_at, cleared_at, acknowledged_at,
            acknowledged_by, note
        FROM alarm ORDER BY number";
    pub(in crate::store) const ONE: &str = "SELECT number, sender, kind, since, raised_at, cleared_at, acknowledged_at,
            acknowledged_by, note
        FROM alarm WHERE number = $1";
    pub(in crate::store) const ACKNOWLEDGE: &str =
        "UPDATE alarm SET acknowledged_at = $2, acknowledged_by = $3, note = $4 WHERE number = $1 RETURNING sender";
    pub(in crate::store) const TAKE: &str = "UPDATE alarm_notice
        SET attempts = attempts + 1, due_s = $1 + 300 * (1 + attempts * attempts)
        WHERE sent_at IS NULL AND due_s <= $1 AND (alarm, step) IN (
            SELECT alarm, step FROM alarm_notice WHERE sent_at IS NULL AND due_s <= $1 AND made_s + 259200 > $1
            ORDER BY made_s, alarm, step DESC LIMIT 1)
        RETURNING alarm, step";
    pub(in crate::store) const TAKE_HOOK: &str = "UPDATE alarm_hook
        SET attempts = attempts + 1, due_s = $1 + 300 * (1 + attempts * attempts)
        WHERE sent_at IS NULL AND due_s <= $1 AND (alarm, step) IN (
            SELECT alarm, step FROM alarm_hook WHERE sent_at IS NULL AND due_s <= $1 AND made_s + 259200 > $1
            ORDER BY made_s, alarm, step DESC LIMIT 1)
        RETURNING alarm, step";
    pub(in crate::store) const SENT: &str = "UPDATE alarm_notice SET sent_at = $3 WHERE alarm = $1 AND step = $2";
    pub(in crate::store) const SENT_HOOK: &str = "UPDATE alarm_hook SET sent_at = $3 WHERE alarm = $1 AND step = $2";
    pub(in crate::store) const CONTACTS: &str =
        "SELECT number, sender, role, name, email, deputy_of, confirmed_at, confirmed_by FROM contact ORDER BY number";
    pub(in crate::store) const ADD_CONTACT: &str =
        "INSERT INTO contact (number, sender, role, name, email, deputy_of, confirmed_at)
        SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3, $4, CAST($5 AS BIGINT), $6 FROM contact RETURNING number";
    pub(in crate::store) const CONFIRM_CONTACT: &str =
        "UPDATE contact SET confirmed_at = $2, confirmed_by = $3 WHERE number = $1 RETURNING sender";
    pub(in crate::store) const REMOVE_CONTACT: &str = "DELETE FROM contact WHERE number = $1 RETURNING sender";
}

impl Channel {
    /// The statements that take a message and that note it as sent.
    pub(super) fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Mail => (sql::TAKE, sql::SENT),
            Self::Webhook => (sql::TAKE_HOOK, sql::SENT_HOOK),
        }
    }
}

/// A number that the store gave.
pub(super) fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// The sender of a changed row.
pub(super) fn code(sender: &str) -> Result<SenderCode, StoreError> {
    sender.parse().map_err(|_| StoreError::Inconsistent { table: "alarm", column: "sender", id: 0 })
}

/// What a taken message tells of.
pub(super) fn step(word: &str) -> AlarmStep {
    if word == AlarmStep::Raised.word() { AlarmStep::Raised } else { AlarmStep::Cleared }
}

/// The conditions without an alarm, and the senders and kinds whose alarms are over.
pub(super) fn changes<'a>(
    open: &'a [(String, String)],
    conditions: &'a [Condition],
) -> (Vec<&'a Condition>, Vec<&'a (String, String)>) {
    let is = |condition: &Condition, (sender, kind): &(String, String)| {
        condition.sender.as_str() == sender && condition.kind.word() == kind
    };
    let new = conditions.iter().filter(|condition| !open.iter().any(|known| is(condition, known))).collect();
    let over = open.iter().filter(|known| !conditions.iter().any(|condition| is(condition, known))).collect();
    (new, over)
}
