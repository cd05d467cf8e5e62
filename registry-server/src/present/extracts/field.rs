//! What a request states, field by field: what each is called, what helps to fill it in, and how it is filled in.
//!
//! Promises: the names are those of the form's file; the page that asks and the page that shows have the same fields in the same order.

use schemas::language::Text;

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line.
    Line,
    /// Some lines, each a value of its own.
    Lines,
    /// A text.
    Text,
    /// A day.
    Day,
    /// One of a list.
    One,
    /// Some of a list.
    Some,
    /// A word of agreement.
    Yes,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in the file.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) label: Text,
    /// What helps to fill it in.
    pub(super) hint: Text,
    /// How it is filled in.
    pub(super) kind: Kind,
}

const fn field(name: &'static str, kind: Kind, label: Text, hint: Text) -> Field {
    Field { name, label, hint, kind }
}

/// The fields by what they are about; the tables stand between the second and the third.
pub(super) static GROUPS: [(Text, &[Field]); 3] = [
    (Text::fixed("Vem som begär", "Who asks"), &WHO),
    (Text::fixed("Vad uppgifterna ska användas till", "What the figures are for"), &WHAT_FOR),
    (Text::fixed("Leverans och villkor", "Delivery and terms"), &DELIVERY),
];

static WHO: [Field; 6] = [
    field(
        "requester",
        Kind::One,
        Text::fixed("Den som begär är", "The requester is"),
        Text::fixed(
            "Välj efter vad uppgifterna ska användas till: forskning vid ett universitet är forskning, fast universitetet är en myndighet.",
            "Choose by what the figures are for: research at a university is research, though the university is an authority.",
        ),
    ),
    field(
        "principal",
        Kind::Line,
        Text::fixed("Forskningshuvudman eller motsvarande", "Research principal, or the like"),
        Text::fixed("Organisationen som svarar för arbetet.", "The organisation that answers for the work."),
    ),
    field(
        "representative",
        Kind::Line,
        Text::fixed("Behörig företrädare", "Authorised representative"),
        Text::fixed("Den som får skriva under för huvudmannen.", "Whoever may sign for the principal."),
    ),
    field(
        "investigator",
        Kind::Line,
        Text::fixed("Ansvarig forskare", "Principal investigator"),
        Text::fixed("Den som leder arbetet.", "Whoever leads the work."),
    ),
    field(
        "recipients",
        Kind::Lines,
        Text::fixed("Mottagare", "Recipients"),
        Text::fixed("De som tar emot tabellerna, en per rad.", "Those who receive the tables, one a line."),
    ),
    field(
        "processors",
        Kind::Lines,
        Text::fixed("Andra som hanterar tabellerna", "Others who handle the tables"),
        Text::fixed("Enligt avtal, en per rad. Får lämnas tomt.", "Under an agreement, one a line. May be left empty."),
    ),
];

static WHAT_FOR: [Field; 9] = [
    field(
        "title",
        Kind::Line,
        Text::fixed("Projektets rubrik", "Title of the project"),
        Text::fixed("En rad, högst 200 tecken.", "One line, 200 characters at most."),
    ),
    field(
        "purpose",
        Kind::Text,
        Text::fixed("Syfte", "Purpose"),
        Text::fixed(
            "Frågan som tabellerna ska besvara. En ny fråga kräver en ny begäran.",
            "The question that the tables are to answer. A new question needs a new request.",
        ),
    ),
    field(
        "units",
        Kind::Text,
        Text::fixed("Enheter", "Units"),
        Text::fixed(
            "Vårdgivare: vilka enheter det gäller. Andra lämnar tomt.",
            "A care provider: which units it is about. Others leave it empty.",
        ),
    ),
    field(
        "legal_ground",
        Kind::Text,
        Text::fixed("Lagrum", "Legal ground"),
        Text::fixed(
            "Annan myndighet, inte forskning: vad begäran stöder sig på. Andra lämnar tomt.",
            "Other authority, not research: what the request rests on. Others leave it empty.",
        ),
    ),
    field(
        "summary",
        Kind::Text,
        Text::fixed("Sammanfattning för allmänheten", "Summary for the public"),
        Text::fixed("Högst 200 ord.", "200 words at most."),
    ),
    field(
        "ends_on",
        Kind::Day,
        Text::fixed("Projektets sista dag", "Last day of the project"),
        Text::fixed("ÅÅÅÅ-MM-DD.", "YYYY-MM-DD."),
    ),
    field(
        "ethics_decision",
        Kind::Text,
        Text::fixed("Etikbeslutets nummer", "Number of the ethics decision"),
        Text::fixed("Fyll i det här eller nästa fält, inte båda.", "Fill in this field or the next, not both."),
    ),
    field(
        "ethics_not_needed",
        Kind::Text,
        Text::fixed("Varför inget etikbeslut behövs", "Why no ethics decision is needed"),
        Text::fixed("Om inget beslut finns.", "Where there is no decision."),
    ),
    field(
        "linkage",
        Kind::Text,
        Text::fixed("Andra register", "Other registers"),
        Text::fixed(
            "Register som tabellerna läses bredvid. Får lämnas tomt.",
            "Registers that the tables are read beside. May be left empty.",
        ),
    ),
];

static DELIVERY: [Field; 3] = [
    field(
        "formats",
        Kind::Some,
        Text::fixed("Filformat", "File formats"),
        Text::fixed("Välj minst ett.", "Choose at least one."),
    ),
    field(
        "help",
        Kind::Text,
        Text::fixed("Hjälp som önskas", "Help that is wanted"),
        Text::fixed(
            "Till exempel av en statistiker. Får lämnas tomt.",
            "From a statistician, for example. May be left empty.",
        ),
    ),
    field(
        "terms_accepted",
        Kind::Yes,
        Text::fixed("Jag godtar registrets villkor", "I accept the register's terms"),
        Text::fixed(
            "Ingen försöker finna personer i tabellerna, registret namnges, och resultaten återförs.",
            "Nobody tries to find persons in the tables, the register is named, and the results come back.",
        ),
    ),
];

/// A field by its name.
pub(super) fn by_name(name: &str) -> Option<&'static Field> {
    GROUPS.iter().flat_map(|(_, fields)| fields.iter()).find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Form;

    #[test]
    fn every_field_of_the_form_is_asked_for() {
        let form = serde_json::to_value(Form::default()).unwrap();
        let missing = form.as_object().unwrap().keys().filter(|name| by_name(name).is_none());
        assert_eq!(missing.collect::<Vec<_>>(), ["tables"], "those have a part of their own");
        assert_eq!(GROUPS.iter().map(|(_, fields)| fields.len()).sum::<usize>(), form.as_object().unwrap().len() - 1);
    }
}
