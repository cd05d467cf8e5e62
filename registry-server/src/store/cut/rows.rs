//! Rows of cuts as both engines read them.
//!
//! Promises: a row that cannot be this program's is an error that names it, never a guess.

use jiff::civil::Date;

use super::{Calendar, Cut, CutComment, CutShare, CutSignature, Publication, Remarker};
use crate::fact::DetailFact;
use crate::store::StoreError;

/// A cut as it is read.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct CutRow {
    number: i64,
    name: String,
    note: Option<String>,
    made_at: String,
    treatments: i64,
    hash: String,
    code_lists: String,
    thresholds: String,
    definitions: String,
}

/// Cut, sender, treatments, hash; persons and treatments withdrawn, treatments replaced.
pub(in crate::store) type ShareRow = (i64, String, i64, String, i64, i64, i64);

/// Cut, year, data stop, end of comments, publication and its reason.
pub(in crate::store) type CalendarRow = (i64, i64, String, String, Option<String>, Option<String>);

/// Cut, whose, comment, time; the account and the role of who wrote it.
pub(in crate::store) type CommentRow = (i64, String, String, String, Option<i64>, Option<String>);

/// The calendars, comments and signatures of cuts.
#[derive(Debug)]
pub(in crate::store) struct Around {
    /// The days.
    pub(in crate::store) calendars: Vec<CalendarRow>,
    /// The comments.
    pub(in crate::store) comments: Vec<CommentRow>,
    /// Cut, sender, who signed, time.
    pub(in crate::store) signatures: Vec<(i64, String, String, String)>,
}

/// The further fields of a treatment: its number, two dates, four counts of work, sick leave before and after.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct DetailRow {
    treatment: i64,
    referred_on: Option<String>,
    assessed_on: Option<String>,
    modules_total: Option<i64>,
    modules_completed: Option<i64>,
    therapist_minutes: Option<i64>,
    messages: Option<i64>,
    sick_leave_before: Option<i64>,
    sick_leave_after: Option<i64>,
}

/// Cuts with the shares in them and what became of them.
pub(in crate::store) fn cuts(rows: Vec<CutRow>, shares: Vec<ShareRow>, around: Around) -> Result<Vec<Cut>, StoreError> {
    let mut cuts = rows.into_iter().map(cut).collect::<Result<Vec<_>, _>>()?;
    for (number, sender, treatments, hash, persons, withdrawn, replaced) in shares {
        let wrong = |column| StoreError::Inconsistent { table: "cut_share", column, id: number };
        let count = |n: i64, column| u64::try_from(n).map_err(|_| wrong(column));
        let cut = cuts.iter_mut().find(|cut| i64::from(cut.number) == number).ok_or_else(|| wrong("cut"))?;
        cut.shares.push(CutShare {
            sender,
            treatments: count(treatments, "treatments")?,
            hash,
            withdrawn_persons: count(persons, "withdrawn_persons")?,
            withdrawn_treatments: count(withdrawn, "withdrawn_treatments")?,
            replaced_treatments: count(replaced, "replaced_treatments")?,
        });
    }
    tell(&mut cuts, around)?;
    Ok(cuts)
}

fn tell(cuts: &mut [Cut], around: Around) -> Result<(), StoreError> {
    let Around { calendars, comments, signatures } = around;
    for cut in cuts {
        let number = i64::from(cut.number);
        let wrong = |table, column| StoreError::Inconsistent { table, column, id: number };
        for (_, year, stop, until, published, reason) in calendars.iter().filter(|row| row.0 == number) {
            let day = |text: &str, column| text.parse::<Date>().map_err(|_| wrong("cut_calendar", column));
            let published = published.as_ref().map(|at| {
                let at = at.parse().map_err(|_| wrong("cut_calendar", "published_at"))?;
                Ok(Publication { at, reason: reason.clone() })
            });
            cut.calendar = Some(Calendar {
                year: i16::try_from(*year).map_err(|_| wrong("cut_calendar", "year"))?,
                stop: day(stop, "stop_on")?,
                comments_until: day(until, "comments_until")?,
                published: published.transpose()?,
            });
        }
        for row in comments.iter().filter(|row| row.0 == number) {
            cut.comments.push(comment(row)?);
        }
        for (_, sender, signed_by, at) in signatures.iter().filter(|row| row.0 == number) {
            let at = at.parse().map_err(|_| wrong("attestation", "signed_at"))?;
            cut.signatures.push(CutSignature { sender: sender.clone(), signed_by: signed_by.clone(), at });
        }
    }
    Ok(())
}

fn comment((cut, of, comment, at, user, role): &CommentRow) -> Result<CutComment, StoreError> {
    let wrong = |column| StoreError::Inconsistent { table: "cut_comment", column, id: *cut };
    let by = match (user, role) {
        (Some(user), Some(role)) => Some(Remarker {
            user: u32::try_from(*user).map_err(|_| wrong("web_user"))?,
            role: role.parse().map_err(|_| wrong("role"))?,
        }),
        _ => None,
    };
    let at = at.parse().map_err(|_| wrong("made_at"))?;
    Ok(CutComment { of: of.clone(), comment: comment.clone(), at, by })
}

fn cut(row: CutRow) -> Result<Cut, StoreError> {
    let CutRow { number, name, note, made_at, treatments, hash, code_lists, thresholds, definitions } = row;
    let wrong = |column| StoreError::Inconsistent { table: "cut", column, id: number };
    Ok(Cut {
        number: u32::try_from(number).map_err(|_| wrong("number"))?,
        name,
        note,
        made_at: made_at.parse().map_err(|_| wrong("made_at"))?,
        treatments: u64::try_from(treatments).map_err(|_| wrong("treatments"))?,
        hash,
        code_lists,
        thresholds,
        definitions: serde_json::from_str(&definitions).map_err(|_| wrong("definitions"))?,
        shares: Vec::new(),
        calendar: None,
        comments: Vec::new(),
        signatures: Vec::new(),
    })
}

/// The further fields of a treatment.
pub(in crate::store) fn detail(row: DetailRow) -> Result<DetailFact, StoreError> {
    let id = row.treatment;
    let wrong = |column| StoreError::Inconsistent { table: "cut_treatment", column, id };
    let date = |text: Option<String>, column| text.map(|text| text.parse().map_err(|_| wrong(column))).transpose();
    let count = |n: Option<i64>, column| n.map(|n| u32::try_from(n).map_err(|_| wrong(column))).transpose();
    let per_cent = |n: Option<i64>, column| n.map(|n| u8::try_from(n).map_err(|_| wrong(column))).transpose();
    Ok(DetailFact {
        row: id,
        referred_on: date(row.referred_on, "referred_on")?,
        assessed_on: date(row.assessed_on, "assessed_on")?,
        modules_total: count(row.modules_total, "modules_total")?,
        modules_completed: count(row.modules_completed, "modules_completed")?,
        therapist_minutes: count(row.therapist_minutes, "therapist_minutes")?,
        messages: count(row.messages, "messages")?,
        sick_leave_before: per_cent(row.sick_leave_before, "sick_leave_before")?,
        sick_leave_after: per_cent(row.sick_leave_after, "sick_leave_after")?,
    })
}
