//! The tables and their columns, as both engines have them.

/// Those of alarms and contacts.
mod alarm;
/// Those of frozen data sets.
mod cut;
/// Those of whoever left, and of cases.
mod leaving;
/// Those of the audit log.
mod log;
/// Those of delivered records.
mod record;
/// Those of what staff add.
mod reference;
/// Those of senders.
mod sender;
/// Those of people who sign in.
mod user;
/// Those by which senders are watched.
mod watch;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Integer,
    /// Doubles.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the table of either engine.
    Both,
    /// In PostgreSQL's only; SQLite finds the value by this expression.
    Derived(&'static str),
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
}

/// One table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns. The sender's comes first where a row belongs to one.
    pub columns: &'static [Column],
    /// The columns by which the rows of one sender have an order.
    pub order: &'static str,
}

impl Table {
    /// Whether its rows belong to a sender, named in the first column.
    #[must_use]
    pub fn is_of_senders(&self) -> bool {
        self.columns[0].name == "sender"
    }
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, place: Place::Both }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: Kind::Integer, place: Place::Both }
}

const fn real(name: &'static str) -> Column {
    Column { name, kind: Kind::Real, place: Place::Both }
}

const fn blob(name: &'static str) -> Column {
    Column { name, kind: Kind::Blob, place: Place::Both }
}

const fn derived_sender(expression: &'static str) -> Column {
    Column { name: "sender", kind: Kind::Text, place: Place::Derived(expression) }
}

/// Every table, each after those that it refers to.
pub const TABLES: &[Table] = &[
    sender::SENDER,
    sender::SENDER_KEY,
    sender::GENERATION,
    sender::BATCH,
    record::SUBJECT,
    record::ALIAS,
    record::TREATMENT,
    record::OUTCOME,
    record::FOLLOWUP,
    record::RETRACTION,
    leaving::PERSON_TOMBSTONE,
    leaving::RECORD_TOMBSTONE,
    leaving::ERASURE,
    leaving::CASE_FILE,
    leaving::CASE_ANSWER,
    leaving::DISCLOSURE_LOG,
    record::UNIT,
    record::ACTIVITY,
    record::RUN,
    record::HISTORY,
    record::SUBJECT_PAIR,
    log::AUDIT_PENDING,
    log::AUDIT_LEAF,
    log::AUDIT_CHECKPOINT,
    reference::POPULATION,
    reference::DENOMINATOR,
    reference::SERIES_BREAK,
    cut::CUT,
    cut::PART,
    cut::SHARE,
    cut::TREATMENT,
    cut::OUTCOME,
    cut::FOLLOWUP,
    cut::ALIAS,
    cut::CALENDAR,
    cut::ATTESTATION,
    user::USER,
    user::SESSION,
    user::SIGN_IN,
    user::QUARTER_MAIL,
    user::QUARTER_MAIL_DECLINED,
    user::REQUEST_STEP,
    user::REQUEST_MAIL,
    user::EXTRACT_JOB,
    user::ANALYSIS_STEP,
    cut::EXTRACT_CODES,
    cut::EXTRACT_STATEMENT,
    cut::EXTRACT_RELEASE,
    cut::EXTRACT_PACKAGE,
    cut::COMMENT,
    alarm::ALARM,
    alarm::NOTICE,
    alarm::HOOK,
    alarm::CONTACT,
    log::AUDIT_REVIEW,
    watch::DELIVERY_DAY,
    watch::REJECT_DAY,
    watch::SENDER_TOLD,
    watch::REGISTER_LIFE,
];
