//! The tables of people who sign in.

use super::{Table, blob, integer, text};

/// The people.
pub(super) const USER: Table = Table {
    name: "web_user",
    columns: &[
        integer("number"),
        text("email"),
        text("role"),
        text("language"),
        text("password"),
        blob("factor"),
        integer("failures"),
        integer("locked_until"),
        integer("last_step"),
        blob("invitation"),
        integer("invited_until"),
        integer("added_at"),
        integer("signed_in_at"),
        integer("removed_at"),
        text("issuer"),
        text("subject"),
    ],
    order: "number",
};

/// Their sessions.
pub(super) const SESSION: Table = Table {
    name: "web_session",
    columns: &[blob("token"), integer("web_user"), integer("began_at"), integer("seen_at"), integer("proved_at")],
    order: "token",
};

/// Browsers that were sent to the identity provider.
pub(super) const SIGN_IN: Table = Table {
    name: "web_sign_in",
    columns: &[blob("token"), integer("until"), text("next"), blob("session")],
    order: "token",
};

/// Mails after each quarter.
pub(super) const QUARTER_MAIL: Table = Table {
    name: "quarter_mail",
    columns: &[
        integer("web_user"),
        text("quarter"),
        integer("made_s"),
        integer("due_s"),
        integer("attempts"),
        text("sent_at"),
    ],
    order: "web_user, quarter",
};

/// People who want none.
pub(super) const QUARTER_MAIL_DECLINED: Table =
    Table { name: "quarter_mail_declined", columns: &[integer("web_user"), text("declined_at")], order: "web_user" };

/// What was done with requests for extracts.
pub(super) const REQUEST_STEP: Table = Table {
    name: "request_step",
    columns: &[
        integer("request"),
        integer("place"),
        text("step"),
        text("at"),
        integer("web_user"),
        text("comment"),
        text("diary"),
        text("form"),
    ],
    order: "request, place",
};

/// Orders of the statistician's file.
pub(super) const ANALYSIS_STEP: Table = Table {
    name: "analysis_step",
    columns: &[
        integer("number"),
        integer("place"),
        text("step"),
        text("at"),
        integer("web_user"),
        integer("cut"),
        text("purpose"),
    ],
    order: "number, place",
};

/// Mails about them.
pub(super) const REQUEST_MAIL: Table = Table {
    name: "request_mail",
    columns: &[
        integer("request"),
        integer("place"),
        integer("web_user"),
        integer("made_s"),
        integer("due_s"),
        integer("attempts"),
        text("sent_at"),
    ],
    order: "request, place, web_user",
};

/// The building of their tables.
pub(super) const EXTRACT_JOB: Table = Table {
    name: "extract_job",
    columns: &[
        integer("request"),
        integer("web_user"),
        text("cut"),
        text("state"),
        text("at"),
        text("holder"),
        integer("beat_s"),
        integer("attempts"),
        integer("place"),
        integer("places"),
        integer("round"),
        integer("cells"),
        text("why"),
        text("why_sv"),
    ],
    order: "request",
};
