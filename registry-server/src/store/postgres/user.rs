//! People who sign in, and their sessions.
//! Promises: whoever changes somebody has the table alone, so that attempts and steps are decided one after the other.
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection, Transaction};

use super::again::again;
use super::fault::fault;
use super::{Postgres, audit};
use crate::authenticate::attempt::Verdict;
use crate::authenticate::session::{Session, TokenHash};
use crate::environment::Stamp;
use crate::store::user::row::{self, SessionRow, UserRow, WaitingRow, moment};
use crate::store::user::step::{self, Change};
use crate::store::{Attempt, Gain, StoreError, User, UserKey, UserStep, Users, Waiting, Which};

#[async_trait]
impl Users for Postgres {
    async fn users(&self) -> Result<Vec<User>, StoreError> {
        const ALL: &str = include_str!("sql/user_list.sql");
        let rows: Vec<UserRow> = sqlx::query_as(ALL).fetch_all(&self.pool).await.map_err(fault)?;
        rows.into_iter().map(User::try_from).collect()
    }

    async fn user(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        let mut connection = self.pool.acquire().await.map_err(fault)?;
        find(&mut connection, key).await
    }

    async fn set_user(&self, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        again(async || {
            let mut connection = self.pool.acquire().await.map_err(fault)?;
            take(&mut connection, step, stamp).await
        })
        .await
    }

    async fn attempt(&self, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError> {
        again(async || {
            let mut connection = self.pool.acquire().await.map_err(fault)?;
            try_once(&mut connection, attempt, stamp).await
        })
        .await
    }

    async fn session(&self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
        const SESSION: &str = include_str!("sql/session.sql");
        let mut connection = self.pool.acquire().await.map_err(fault)?;
        let query = sqlx::query_as(SESSION).bind(token.as_slice());
        let found: Option<SessionRow> = query.fetch_optional(&mut *connection).await.map_err(fault)?;
        let Some((_, session)) = found.as_ref().map(row::session).transpose()? else { return Ok(None) };
        let user = find(&mut connection, &UserKey::Number(session.user)).await?;
        Ok(user.filter(|user| user.removed_at.is_none()).map(|user| (session, user)))
    }

    async fn sessions(&self, user: u32) -> Result<Vec<(TokenHash, Session)>, StoreError> {
        const SESSIONS: &str = include_str!("sql/session_list.sql");
        let query = sqlx::query_as(SESSIONS).bind(i64::from(user));
        let rows: Vec<SessionRow> = query.fetch_all(&self.pool).await.map_err(fault)?;
        rows.iter().map(row::session).collect()
    }

    async fn note_session(&self, token: &TokenHash, at: Timestamp) -> Result<(), StoreError> {
        const NOTE: &str = include_str!("sql/session_note.sql");
        let query = sqlx::query(NOTE).bind(token.as_slice()).bind(moment(at));
        query.execute(&self.pool).await.map(|_| ()).map_err(fault)
    }

    async fn end_sessions(&self, user: u32, which: &Which, stamp: Stamp) -> Result<u32, StoreError> {
        again(async || {
            let mut connection = self.pool.acquire().await.map_err(fault)?;
            sign_out(&mut connection, user, (which, stamp)).await
        })
        .await
    }

    async fn begin_sign_in(&self, waiting: &Waiting, at: Timestamp) -> Result<(), StoreError> {
        const SWEEP: &str = include_str!("sql/sign_in_sweep.sql");
        const BEGIN: &str = include_str!("sql/sign_in_begin.sql");
        sqlx::query(SWEEP).bind(moment(at)).execute(&self.pool).await.map_err(fault)?;
        let query = sqlx::query(BEGIN).bind(waiting.token.as_slice()).bind(moment(waiting.until)).bind(&waiting.next);
        let session = waiting.session.as_ref().map(<[u8; 32]>::as_slice);
        query.bind(session).execute(&self.pool).await.map(|_| ()).map_err(fault)
    }

    async fn take_sign_in(&self, token: &TokenHash) -> Result<Option<Waiting>, StoreError> {
        const TAKE: &str = include_str!("sql/sign_in_take.sql");
        let query = sqlx::query_as(TAKE).bind(token.as_slice());
        let found: Option<WaitingRow> = query.fetch_optional(&self.pool).await.map_err(fault)?;
        found.map(|row| row::waiting(*token, row)).transpose()
    }
}

/// Begins to change somebody.
async fn begin(connection: &mut PgConnection) -> Result<Transaction<'_, sqlx::Postgres>, StoreError> {
    const LOCK: &str = include_str!("sql/user_lock.sql");
    let mut transaction = connection.begin().await.map_err(fault)?;
    sqlx::query(LOCK).execute(&mut *transaction).await.map_err(fault)?;
    Ok(transaction)
}

async fn find(connection: &mut PgConnection, key: &UserKey) -> Result<Option<User>, StoreError> {
    const USER: &str = include_str!("sql/user.sql");
    let (number, email, invitation, (issuer, subject)) = row::key(key);
    let query = sqlx::query_as(USER).bind(number).bind(email).bind(invitation).bind(issuer).bind(subject);
    let found: Option<UserRow> = query.fetch_optional(connection).await.map_err(fault)?;
    found.map(User::try_from).transpose()
}

async fn take(connection: &mut PgConnection, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
    const NEXT: &str = include_str!("sql/user_next.sql");
    let mut transaction = begin(connection).await?;
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

async fn try_once(connection: &mut PgConnection, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError> {
    let mut transaction = begin(connection).await?;
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
async fn gain(connection: &mut PgConnection, user: u32, (gain, at): (&Gain, Timestamp)) -> Result<(), sqlx::Error> {
    const SWEEP: &str = include_str!("sql/session_sweep.sql");
    const BEGIN: &str = include_str!("sql/session_insert.sql");
    const PROVE: &str = include_str!("sql/session_prove.sql");
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
async fn write(connection: &mut PgConnection, change: &Change) -> Result<(), sqlx::Error> {
    const WRITE: &str = include_str!("sql/user_write.sql");
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

async fn sign_out(
    connection: &mut PgConnection,
    user: u32,
    (which, stamp): (&Which, Stamp),
) -> Result<u32, StoreError> {
    let mut transaction = begin(connection).await?;
    let ended = end(&mut transaction, user, which).await.map_err(fault)?;
    if ended > 0 {
        audit::note(&mut transaction, &step::signed_out(user, stamp)).await.map_err(fault)?;
    }
    transaction.commit().await.map_err(fault)?;
    Ok(u32::try_from(ended).unwrap_or(u32::MAX))
}

async fn end(connection: &mut PgConnection, user: u32, which: &Which) -> Result<u64, sqlx::Error> {
    const END: &str = include_str!("sql/session_end.sql");
    let (only, but) = match which {
        Which::All => (None, None),
        Which::Only(token) => (Some(token.as_slice()), None),
        Which::AllBut(token) => (None, Some(token.as_slice())),
    };
    let query = sqlx::query(END).bind(i64::from(user)).bind(only).bind(but);
    query.execute(connection).await.map(|ended| ended.rows_affected())
}
