//! People who sign in, and their sessions.
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, SqliteConnection};

use super::{Sqlite, audit, fault};
use crate::authenticate::attempt::Verdict;
use crate::authenticate::session::{Session, TokenHash};
use crate::environment::Stamp;
use crate::store::user::row::{self, SessionRow, UserRow, WaitingRow, moment};
use crate::store::user::step::{self, Change};
use crate::store::{Attempt, Gain, StoreError, User, UserKey, UserStep, Users, Waiting, Which};

#[async_trait]
impl Users for Sqlite {
    async fn users(&self) -> Result<Vec<User>, StoreError> {
        const ALL: &str = "SELECT number, email, role, language, password, factor, failures, locked_until, last_step, invitation, invited_until, added_at,
            signed_in_at, removed_at, issuer, subject
        FROM web_user ORDER BY number";
        let rows: Vec<UserRow> = sqlx::query_as(ALL).fetch_all(&self.readers).await.map_err(fault)?;
        rows.into_iter().map(User::try_from).collect()
    }

    async fn user(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        find(&mut connection, key).await
    }

    async fn set_user(&self, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = take(&mut connection, step, stamp).await;
        self.writer.settle(connection, done)
    }

    async fn attempt(&self, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = try_once(&mut connection, attempt, stamp).await;
        self.writer.settle(connection, done)
    }

    async fn session(&self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
        const SESSION: &str = "SELECT token, web_user, began_at, seen_at, proved_at FROM web_session WHERE token = ?1";
        let mut connection = self.readers.acquire().await.map_err(fault)?;
        let query = sqlx::query_as(SESSION).bind(token.as_slice());
        let found: Option<SessionRow> = query.fetch_optional(&mut *connection).await.map_err(fault)?;
        let Some((_, session)) = found.as_ref().map(row::session).transpose()? else { return Ok(None) };
        let user = find(&mut connection, &UserKey::Number(session.user)).await?;
        Ok(user.filter(|user| user.removed_at.is_none()).map(|user| (session, user)))
    }

    async fn sessions(&self, user: u32) -> Result<Vec<(TokenHash, Session)>, StoreError> {
        const SESSIONS: &str =
            "SELECT token, web_user, began_at, seen_at, proved_at FROM web_session WHERE web_user = ?1
        ORDER BY began_at DESC, token";
        let query = sqlx::query_as(SESSIONS).bind(i64::from(user));
        let rows: Vec<SessionRow> = query.fetch_all(&self.readers).await.map_err(fault)?;
        rows.iter().map(row::session).collect()
    }

    async fn note_session(&self, token: &TokenHash, at: Timestamp) -> Result<(), StoreError> {
        const NOTE: &str = "UPDATE web_session SET seen_at = MAX(seen_at, ?2) WHERE token = ?1";
        let mut connection = self.writer.connection().await?;
        let query = sqlx::query(NOTE).bind(token.as_slice()).bind(moment(at));
        let noted = query.execute(&mut *connection).await.map(|_| ()).map_err(fault);
        self.writer.settle(connection, noted)
    }

    async fn end_sessions(&self, user: u32, which: &Which, stamp: Stamp) -> Result<u32, StoreError> {
        let mut connection = self.writer.connection().await?;
        let done = sign_out(&mut connection, user, (which, stamp)).await;
        self.writer.settle(connection, done)
    }

    async fn begin_sign_in(&self, waiting: &Waiting, at: Timestamp) -> Result<(), StoreError> {
        let mut connection = self.writer.connection().await?;
        let begun = begin_sign_in(&mut connection, (waiting, at)).await.map_err(fault);
        self.writer.settle(connection, begun)
    }

    async fn take_sign_in(&self, token: &TokenHash) -> Result<Option<Waiting>, StoreError> {
        const TAKE: &str = "DELETE FROM web_sign_in WHERE token = ?1 RETURNING until, next, session";
        let mut connection = self.writer.connection().await?;
        let query = sqlx::query_as(TAKE).bind(token.as_slice());
        let found: Result<Option<WaitingRow>, _> = query.fetch_optional(&mut *connection).await.map_err(fault);
        self.writer.settle(connection, found)?.map(|row| row::waiting(*token, row)).transpose()
    }
}

async fn find(connection: &mut SqliteConnection, key: &UserKey) -> Result<Option<User>, StoreError> {
    const USER: &str = "SELECT number, email, role, language, password, factor, failures, locked_until, last_step, invitation, invited_until, added_at,
            signed_in_at, removed_at, issuer, subject
        FROM web_user WHERE number = ?1 OR email = ?2 OR invitation = ?3 OR (issuer = ?4 AND subject = ?5)";
    let (number, email, invitation, (issuer, subject)) = row::key(key);
    let query = sqlx::query_as(USER).bind(number).bind(email).bind(invitation).bind(issuer).bind(subject);
    let found: Option<UserRow> = query.fetch_optional(connection).await.map_err(fault)?;
    found.map(User::try_from).transpose()
}

async fn take(connection: &mut SqliteConnection, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
    const NEXT: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM web_user";
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let before = find(&mut transaction, &step::key(step)).await?;
    let next: i64 = sqlx::query_scalar(NEXT).fetch_one(&mut *transaction).await.map_err(fault)?;
    let next =
        u32::try_from(next).map_err(|_| StoreError::Inconsistent { table: "web_user", column: "number", id: next })?;
    let Some(change) = step::take(step, before, next, stamp) else { return Ok(None) };
    write(&mut transaction, &change).await.map_err(fault)?;
    if let UserStep::Vouch { gain: wanted, .. } = step {
        gain(&mut transaction, change.user.number, (wanted, stamp.at)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(Some(change.user.number))
}

async fn try_once(connection: &mut SqliteConnection, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let user = match attempt.user {
        Some(number) => find(&mut transaction, &UserKey::Number(number)).await?,
        None => None,
    };
    let verdict = if let Some(user) = user {
        let (verdict, change) = step::attempted(attempt, user, stamp);
        write(&mut transaction, &change).await.map_err(fault)?;
        if verdict == Verdict::Proved {
            gain(&mut transaction, change.user.number, (&attempt.gain, stamp.at)).await.map_err(fault)?;
        }
        verdict
    } else {
        audit::note(&mut transaction, &step::nobody(stamp)).await.map_err(fault)?;
        Verdict::Refused
    };
    transaction.commit().await.map_err(fault)?;
    Ok(verdict)
}

/// Gives what a proof gives.
async fn gain(connection: &mut SqliteConnection, user: u32, (gain, at): (&Gain, Timestamp)) -> Result<(), sqlx::Error> {
    const SWEEP: &str = "DELETE FROM web_session WHERE token = ?1 OR seen_at <= ?2 OR began_at <= ?3";
    const BEGIN: &str =
        "INSERT INTO web_session (token, web_user, began_at, seen_at, proved_at) VALUES (?1, ?2, ?3, ?3, ?4)";
    const PROVE: &str = "UPDATE web_session SET seen_at = ?3, proved_at = ?4 WHERE token = ?1 AND web_user = ?2";
    let (statement, token, proved_at) = match gain {
        Gain::Session { token, before, proved_at } => {
            let (seen, began) = step::over(at);
            let before = before.as_ref().map(<[u8; 32]>::as_slice);
            let sweep = sqlx::query(SWEEP).bind(before).bind(moment(seen)).bind(moment(began));
            sweep.execute(&mut *connection).await?;
            (BEGIN, token, proved_at.unwrap_or(at))
        }
        Gain::Fresh { token } => (PROVE, token, at),
    };
    let query = sqlx::query(statement).bind(token.as_slice()).bind(i64::from(user));
    query.bind(moment(at)).bind(moment(proved_at)).execute(connection).await.map(|_| ())
}

/// Writes somebody down, with the event, and ends the sessions that must not outlive it.
async fn write(connection: &mut SqliteConnection, change: &Change) -> Result<(), sqlx::Error> {
    const WRITE: &str = "INSERT INTO web_user (number, email, role, language, password, factor, failures, locked_until, last_step, invitation, invited_until, added_at,
            signed_in_at, removed_at, issuer, subject)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT (number) DO UPDATE SET
            email = excluded.email, role = excluded.role, language = excluded.language, password = excluded.password, factor =
            excluded.factor, failures = excluded.failures, locked_until = excluded.locked_until, last_step = excluded.last_step,
            invitation = excluded.invitation, invited_until = excluded.invited_until, added_at = excluded.added_at, signed_in_at =
            excluded.signed_in_at, removed_at = excluded.removed_at";
    let row = UserRow::from(&change.user);
    let query = sqlx::query(WRITE).bind(row.number).bind(row.email).bind(row.role).bind(row.language);
    let query = query.bind(row.password).bind(row.factor).bind(row.failures).bind(row.locked_until);
    let query = query.bind(row.last_step).bind(row.invitation).bind(row.invited_until).bind(row.added_at);
    let query = query.bind(row.signed_in_at).bind(row.removed_at);
    query.bind(row.issuer).bind(row.subject).execute(&mut *connection).await?;
    if let Some(which) = &change.ends {
        end(connection, change.user.number, which).await?;
    }
    audit::note(connection, &change.entry).await
}

async fn begin_sign_in(
    connection: &mut SqliteConnection,
    (waiting, at): (&Waiting, Timestamp),
) -> Result<(), sqlx::Error> {
    const SWEEP: &str = "DELETE FROM web_sign_in WHERE until <= ?1";
    const BEGIN: &str = "INSERT INTO web_sign_in (token, until, next, session) VALUES (?1, ?2, ?3, ?4)";
    sqlx::query(SWEEP).bind(moment(at)).execute(&mut *connection).await?;
    let query = sqlx::query(BEGIN).bind(waiting.token.as_slice()).bind(moment(waiting.until)).bind(&waiting.next);
    let session = waiting.session.as_ref().map(<[u8; 32]>::as_slice);
    query.bind(session).execute(connection).await.map(|_| ())
}

async fn sign_out(
    connection: &mut SqliteConnection,
    user: u32,
    (which, stamp): (&Which, Stamp),
) -> Result<u32, StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    let ended = end(&mut transaction, user, which).await.map_err(fault)?;
    if ended > 0 {
        audit::note(&mut transaction, &step::signed_out(user, stamp)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}

async fn end(connection: &mut SqliteConnection, user: u32, which: &Which) -> Result<u64, sqlx::Error> {
    const END: &str =
        "DELETE FROM web_session WHERE web_user = ?1 AND (?2 IS NULL OR token = ?2) AND (?3 IS NULL OR token <> ?3)";
    let (only, but) = match which {
        Which::All => (None, None),
        Which::Only(token) => (Some(token.as_slice()), None),
        Which::AllBut(token) => (None, Some(token.as_slice())),
    };
    let query = sqlx::query(END).bind(i64::from(user)).bind(only).bind(but);
    query.execute(connection).await.map(|ended| ended.rows_affected())
}
