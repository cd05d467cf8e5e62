//! Alarms and contacts as both engines read them.

use super::{Acknowledged, Alarm, AlarmKind, Condition, Contact, ContactRole, number};
use crate::store::StoreError;

/// An alarm as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct AlarmRow {
    number: i64,
    sender: String,
    kind: String,
    since: String,
    raised_at: String,
    cleared_at: Option<String>,
    acknowledged_at: Option<String>,
    acknowledged_by: Option<String>,
    note: Option<String>,
}

/// A contact as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct ContactRow {
    number: i64,
    sender: String,
    role: String,
    name: String,
    email: String,
    deputy_of: Option<i64>,
    confirmed_at: String,
    confirmed_by: Option<String>,
}

impl TryFrom<AlarmRow> for Alarm {
    type Error = StoreError;

    fn try_from(row: AlarmRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "alarm", column, id: row.number };
        let kind = AlarmKind::ALL.into_iter().find(|kind| kind.word() == row.kind);
        let acknowledged = row.acknowledged_at.zip(row.acknowledged_by).zip(row.note);
        Ok(Self {
            number: number(row.number),
            condition: Condition {
                sender: row.sender.parse().map_err(|_| wrong("sender"))?,
                kind: kind.ok_or_else(|| wrong("kind"))?,
                since: row.since.parse().map_err(|_| wrong("since"))?,
            },
            raised_at: row.raised_at,
            cleared_at: row.cleared_at,
            acknowledged: acknowledged.map(|((at, by), note)| Acknowledged { at, by, note }),
        })
    }
}

impl TryFrom<ContactRow> for Contact {
    type Error = StoreError;

    fn try_from(row: ContactRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::Inconsistent { table: "contact", column, id: row.number };
        let role = ContactRole::ALL.into_iter().find(|role| role.word() == row.role);
        Ok(Self {
            number: number(row.number),
            sender: row.sender.parse().map_err(|_| wrong("sender"))?,
            role: role.ok_or_else(|| wrong("role"))?,
            name: row.name,
            email: row.email,
            deputy_of: row.deputy_of.map(number),
            confirmed_at: row.confirmed_at.parse().map_err(|_| wrong("confirmed_at"))?,
            confirmed_by: row.confirmed_by,
        })
    }
}
