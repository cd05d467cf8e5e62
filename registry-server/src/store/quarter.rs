//! The mail that a unit's reader gets after each quarter: for whom it is planned, who takes it to be sent, and who wants none.
//!
//! Promises of every engine: a person has one mail of a quarter, over restarts and however many servers plan it; a planned mail is given
//! to one server at a time until it was settled, and for a month. Must not know: what it says, when a quarter is over.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// A planned mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterMail {
    /// The number of whom it is for.
    pub person: u32,
    /// The quarter that it is of, `2026Q3`.
    pub quarter: String,
}

/// What somebody says to these mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// They may come.
    Wanted,
    /// None is wanted.
    Declined,
}

/// The mails as they are kept.
#[async_trait]
pub trait QuarterMails: Send + Sync {
    /// Plans a quarter's mail for each of these people who has none of that quarter yet; tells how many were new.
    async fn plan_mails(&self, quarter: &str, people: &[u32], at: Timestamp) -> Result<u32, StoreError>;

    /// A mail that is due, for this caller alone until it is due again: the later the more often it was taken, and never after a month.
    async fn take_mail(&self, at: Timestamp) -> Result<Option<QuarterMail>, StoreError>;

    /// Notes that a mail was sent, or that nobody waits for it any more.
    async fn mail_settled(&self, mail: &QuarterMail, at: Timestamp) -> Result<(), StoreError>;

    /// Keeps what somebody says to these mails.
    async fn choose_mail(&self, person: u32, choice: Choice, at: Timestamp) -> Result<(), StoreError>;

    /// What somebody said; at first they may come.
    async fn mail_choice(&self, person: u32) -> Result<Choice, StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const PLAN: &str = "INSERT INTO quarter_mail (web_user, quarter, made_s, due_s)
        VALUES ($1, $2, $3, $3) ON CONFLICT (web_user, quarter) DO NOTHING";
    pub(in crate::store) const TAKE: &str = "UPDATE quarter_mail
        SET attempts = attempts + 1,
            due_s = $1 + CASE WHEN attempts < 12 THEN 300 * (1 + attempts * attempts) ELSE 43200 END
        WHERE sent_at IS NULL AND due_s <= $1 AND (web_user, quarter) IN (
            SELECT web_user, quarter FROM quarter_mail
            WHERE sent_at IS NULL AND due_s <= $1 AND made_s + 2678400 > $1
            ORDER BY made_s, quarter, web_user LIMIT 1)
        RETURNING web_user, quarter";
    pub(in crate::store) const SETTLED: &str =
        "UPDATE quarter_mail SET sent_at = $3 WHERE web_user = $1 AND quarter = $2";
    pub(in crate::store) const DECLINE: &str = "INSERT INTO quarter_mail_declined (web_user, declined_at)
        VALUES ($1, $2) ON CONFLICT (web_user) DO NOTHING";
    pub(in crate::store) const WANT: &str = "DELETE FROM quarter_mail_declined WHERE web_user = $1";
    pub(in crate::store) const CHOICE: &str = "SELECT web_user FROM quarter_mail_declined WHERE web_user = $1";
}

/// A mail as it was read.
pub(super) fn mail((person, quarter): (i64, String)) -> QuarterMail {
    QuarterMail { person: u32::try_from(person).unwrap_or_default(), quarter }
}

/// What the row of whoever declined tells.
pub(super) fn choice(row: Option<i64>) -> Choice {
    if row.is_some() { Choice::Declined } else { Choice::Wanted }
}
