//! What a request states: who asks, what for, and for which tables.
//!
//! Promises: a draft may lack anything, what is handed in lacks nothing; everything that is wrong is told at once, field by field, and no
//! sentence repeats what was written. Source of the fields: the national template of the registers' research requests.

/// What is chosen from a short list.
mod choice;
/// Texts that show as they are written.
mod written;

use jiff::civil::Date;
use schemas::language::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use choice::{APPEAL, Format, RequesterKind};
use written::is_line;
pub(super) use written::{is_diary, is_text};

/// Longest summary for the public, words.
const WORDS: usize = 200;
/// Tables of one request.
const TABLES: usize = 20;

/// What is written down. Field by field what the register's template asks; empty where nothing was written yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Form {
    /// What the requester is.
    pub requester: Option<RequesterKind>,
    /// Who answers for the research: the research principal.
    pub principal: String,
    /// Who may sign for the principal.
    pub representative: String,
    /// Who leads the work.
    pub investigator: String,
    /// Who receives the tables.
    pub recipients: Vec<String>,
    /// Who else handles them, under an agreement.
    pub processors: Vec<String>,
    /// What the project is called.
    pub title: String,
    /// The question that the tables are to answer.
    pub purpose: String,
    /// Which units a care provider improves by it.
    pub units: String,
    /// What the request of an authority rests on.
    pub legal_ground: String,
    /// What the public is told of the project.
    pub summary: String,
    /// The last day of the project.
    pub ends_on: Option<Date>,
    /// Number of the ethics decision.
    pub ethics_decision: String,
    /// Why no ethics decision is needed.
    pub ethics_not_needed: String,
    /// Other registers that the tables are read beside.
    pub linkage: String,
    /// What the tables are wanted as.
    pub formats: Vec<Format>,
    /// What help is wanted.
    pub help: String,
    /// Whether the register's terms are accepted.
    pub terms_accepted: bool,
    /// The tables.
    pub tables: Vec<Table>,
    /// The number of the request that it amends; the register's own, whatever a file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amends: Option<u32>,
}

/// A table of the fixed vocabulary: what it is split by, and what it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Table {
    /// The dimensions that it is split by, each as `name` or `name:level`; none for the whole country.
    pub split_by: Vec<String>,
    /// What is counted; persons where nothing is written.
    pub measure: String,
    /// The instrument whose scores it is about; empty where it is about none.
    pub instrument: String,
    /// Which two scores; before and after where none is named.
    pub comparison: Option<String>,
}

/// Something that keeps a form from being handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, as it is written in a file.
    pub field: String,
    /// What to write.
    pub sentence: Text,
}

impl Fault {
    /// A request that amends another asks for something else than that.
    #[must_use]
    pub fn no_difference() -> Self {
        Self { field: "tables".to_owned(), sentence: NO_DIFFERENCE }
    }
}

/// Fields of more than one line.
const TEXTS: [&str; 8] =
    ["purpose", "units", "legal_ground", "summary", "ethics_decision", "ethics_not_needed", "linkage", "help"];

impl Form {
    /// What of it is not even written down, field by field: what is too long, or would not show as it is written.
    #[must_use]
    pub fn unwritable(&self) -> Vec<Fault> {
        let mut faults = Faults(Vec::new());
        let Ok(Value::Object(fields)) = serde_json::to_value(self) else { return faults.0 };
        for (field, value) in &fields {
            let sentence = if TEXTS.contains(&field.as_str()) { NOT_A_TEXT } else { NOT_A_LINE };
            let is_shown = |text: &str| if TEXTS.contains(&field.as_str()) { is_text(text) } else { is_line(text) };
            faults.need(field, every_text(value, &is_shown), sentence);
        }
        faults.need("tables", self.tables.len() <= TABLES, NUMBER_OF_TABLES);
        faults.0
    }

    /// Everything that keeps it from being handed in on a day, in the order of the fields; nothing when it is whole. Whether the register
    /// gives a table is told by whoever knows its reports.
    #[must_use]
    pub fn faults(&self, today: Date, given: impl Fn(&Table) -> Result<(), Text>) -> Vec<Fault> {
        let mut faults = Faults(Vec::new());
        faults.need("requester", self.requester.is_some(), REQUESTER);
        // Whoever has not said what they are is asked for everything that anybody may be.
        let kind = self.requester.unwrap_or(RequesterKind::Researcher);
        let needs = |field: &str| kind.needs(field);
        for (field, text) in [
            ("principal", &self.principal),
            ("representative", &self.representative),
            ("investigator", &self.investigator),
        ] {
            faults.need(field, !needs(field) || !text.trim().is_empty(), MISSING);
            faults.need(field, is_line(text), NOT_A_LINE);
        }
        faults.need("recipients", !needs("recipients") || !self.recipients.is_empty(), RECIPIENTS);
        for (field, texts) in [("recipients", &self.recipients), ("processors", &self.processors)] {
            for text in texts {
                faults.line(field, text);
            }
        }
        faults.need("title", !needs("title") || !self.title.trim().is_empty(), MISSING);
        faults.need("title", is_line(&self.title), NOT_A_LINE);
        for (field, text) in [
            ("purpose", &self.purpose),
            ("units", &self.units),
            ("legal_ground", &self.legal_ground),
            ("summary", &self.summary),
        ] {
            faults.text(field, text);
            faults.need(field, !needs(field) || !text.trim().is_empty(), MISSING);
        }
        faults.need("summary", self.summary.split_whitespace().count() <= WORDS, SUMMARY);
        let ends = self.ends_on.map_or(!needs("ends_on"), |day| day > today);
        faults.need("ends_on", ends, ENDS_ON);
        self.rest(&mut faults, kind, given);
        faults.0
    }

    /// Of ethics, delivery and tables.
    fn rest(&self, faults: &mut Faults, kind: RequesterKind, given: impl Fn(&Table) -> Result<(), Text>) {
        let has_decision = !self.ethics_decision.trim().is_empty();
        let has_reason = !self.ethics_not_needed.trim().is_empty();
        let is_answered = !kind.needs("ethics_decision") || has_decision != has_reason;
        faults.need("ethics_decision", is_answered, ETHICS);
        for (field, text) in [
            ("ethics_decision", &self.ethics_decision),
            ("ethics_not_needed", &self.ethics_not_needed),
            ("linkage", &self.linkage),
            ("help", &self.help),
        ] {
            faults.text(field, text);
        }
        faults.need("formats", !self.formats.is_empty(), FORMATS);
        faults.need("terms_accepted", self.terms_accepted || !kind.needs("terms_accepted"), TERMS);
        faults.need("tables", (1..=TABLES).contains(&self.tables.len()), NUMBER_OF_TABLES);
        for (number, table) in (1..).zip(&self.tables) {
            if let Err(sentence) = given(table) {
                faults.0.push(Fault { field: format!("tables {number}"), sentence });
            }
        }
    }
}

const REQUESTER: Text = Text::fixed(
    "säg vad den som begär är: researcher (forskning, också vid en myndighet), care_provider, authority (annat än forskning), media eller other",
    "say what the requester is: researcher (research, also at an authority), care_provider, authority (not research), media or other",
);
const MISSING: Text = Text::fixed("skriv något här", "write something here");
const RECIPIENTS: Text = Text::fixed("namnge minst en mottagare", "name at least one recipient");
const SUMMARY: Text = Text::fixed("skriv högst 200 ord", "write 200 words at most");
const ENDS_ON: Text = Text::fixed(
    "skriv projektets sista dag, som ÅÅÅÅ-MM-DD, efter i dag",
    "write the last day of the project, as YYYY-MM-DD, after today",
);
const ETHICS: Text = Text::fixed(
    "skriv antingen etikbeslutets nummer eller varför inget behövs, inte båda",
    "write either the number of the ethics decision or why none is needed, not both",
);
const FORMATS: Text =
    Text::fixed("namnge minst ett av csv, parquet, xlsx, html", "name at least one of csv, parquet, xlsx, html");
const TERMS: Text = Text::fixed("villkoren måste godtas", "the terms must be accepted");
const NUMBER_OF_TABLES: Text = Text::fixed("begär 1 till 20 tabeller", "ask for 1 to 20 tables");
const NO_DIFFERENCE: Text = Text::fixed(
    "inget skiljer sig från begäran som ska ändras; ändra ett fält eller en tabell",
    "nothing differs from the request that is to be amended; change a field or a table",
);
const NOT_A_LINE: Text = Text::fixed(
    "skriv en rad om högst 200 tecken, utan styrtecken",
    "write one line of 200 characters at most, without control characters",
);
const NOT_A_TEXT: Text = Text::fixed(
    "skriv högst 4000 tecken, utan andra styrtecken än radbrytning",
    "write 4000 characters at most, without control characters but line breaks",
);

/// Whether every text in a value is as it should be.
fn every_text(value: &Value, is_shown: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_shown(text),
        Value::Array(values) => values.iter().all(|value| every_text(value, is_shown)),
        Value::Object(fields) => fields.values().all(|value| every_text(value, is_shown)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn need(&mut self, field: &str, holds: bool, sentence: Text) {
        if !holds {
            self.0.push(Fault { field: field.to_owned(), sentence });
        }
    }

    fn line(&mut self, field: &str, text: &str) {
        self.need(field, !text.trim().is_empty(), MISSING);
        self.need(field, is_line(text), NOT_A_LINE);
    }

    fn text(&mut self, field: &str, text: &str) {
        self.need(field, is_text(text), NOT_A_TEXT);
    }
}

#[cfg(test)]
pub(crate) mod tests;
