//! A form between what was typed and what is kept.
//!
//! Promises: what is kept, shown to be mended and sent back unchanged, is the same; what cannot be read is told at its field and stays
//! as it was typed.

use jiff::civil::Date;

use super::table;
use crate::present::visit::value;
use crate::request::Form;
use crate::request::form::{Fault, Format, RequesterKind};
use schemas::language::Text;

/// Names and values, as a browser sends them.
pub(super) type Pairs = [(String, String)];

const NO_DAY: Text = Text::fixed("skriv en dag som finns, som ÅÅÅÅ-MM-DD", "write a day that there is, as YYYY-MM-DD");

/// What was typed as a form, and what of it cannot be read.
pub(super) fn form(pairs: &Pairs) -> (Form, Vec<Fault>) {
    let line = |name: &str| value(pairs, name).unwrap_or_default().trim().to_owned();
    let text = |name: &str| one_break(value(pairs, name).unwrap_or_default()).trim_end().to_owned();
    let lines = |name: &str| -> Vec<String> {
        let text = one_break(value(pairs, name).unwrap_or_default());
        text.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let (typed, word) = (line("ends_on"), line("requester"));
    let ends_on = typed.parse::<Date>().ok();
    let is_lost = ends_on.is_none() && !typed.is_empty();
    let faults = is_lost.then(|| Fault { field: "ends_on".to_owned(), sentence: NO_DAY });
    let is_chosen = |name: &str, word: &str| pairs.iter().any(|(known, value)| known == name && value == word);
    let form = Form {
        requester: RequesterKind::ALL.into_iter().find(|kind| kind.word() == word),
        principal: line("principal"),
        representative: line("representative"),
        investigator: line("investigator"),
        recipients: lines("recipients"),
        processors: lines("processors"),
        title: line("title"),
        purpose: text("purpose"),
        units: text("units"),
        legal_ground: text("legal_ground"),
        summary: text("summary"),
        ends_on,
        ethics_decision: text("ethics_decision"),
        ethics_not_needed: text("ethics_not_needed"),
        linkage: text("linkage"),
        formats: Format::ALL.into_iter().filter(|format| is_chosen("formats", format.word())).collect(),
        help: text("help"),
        terms_accepted: is_chosen("terms_accepted", "yes"),
        tables: table::read(pairs),
        amends: None,
    };
    (form, faults.into_iter().collect())
}

/// A form as a browser would send it.
pub(super) fn pairs(form: &Form) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = [
        ("requester", form.requester.map(RequesterKind::word).unwrap_or_default()),
        ("principal", &form.principal),
        ("representative", &form.representative),
        ("investigator", &form.investigator),
        ("recipients", &form.recipients.join("\n")),
        ("processors", &form.processors.join("\n")),
        ("title", &form.title),
        ("purpose", &form.purpose),
        ("units", &form.units),
        ("legal_ground", &form.legal_ground),
        ("summary", &form.summary),
        ("ends_on", &form.ends_on.map(|day| day.to_string()).unwrap_or_default()),
        ("ethics_decision", &form.ethics_decision),
        ("ethics_not_needed", &form.ethics_not_needed),
        ("linkage", &form.linkage),
        ("help", &form.help),
        ("terms_accepted", if form.terms_accepted { "yes" } else { "" }),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    pairs.extend(form.formats.iter().map(|format| ("formats".to_owned(), format.word().to_owned())));
    pairs.extend(table::pairs(&form.tables));
    pairs
}

/// A browser sends a line break as two characters.
pub(super) fn one_break(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::form::tests::whole;

    #[test]
    fn what_is_kept_and_sent_back_unchanged_is_the_same() {
        for kept in [Form::default(), whole()] {
            assert_eq!(form(&pairs(&kept)), (kept, Vec::new()));
        }
        let many = Form { recipients: vec!["a".to_owned(), "b, c".to_owned()], formats: Format::ALL.into(), ..whole() };
        let sent: Vec<_> = pairs(&many).into_iter().map(|(name, text)| (name, text.replace('\n', "\r\n"))).collect();
        assert_eq!(form(&sent).0, many, "as a browser breaks lines");
    }

    #[test]
    fn a_day_that_is_none_is_told_at_its_field() {
        let (form, faults) = form(&[("ends_on".to_owned(), "31/12 2027".to_owned())]);
        assert_eq!((form, faults.len(), faults[0].field.as_str()), (Form::default(), 1, "ends_on"));
    }
}
