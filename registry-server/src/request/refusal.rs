//! Why a step is not taken, in words.

use jiff::civil::Date;
use schemas::language::{Language, Text};

use super::Standing;

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else asked.
    NotTheirs,
    /// The role does not ask for data.
    NotResearcher,
    /// The role does not decide.
    NotApprover,
    /// They asked themselves.
    OwnRequest,
    /// They have agreed already.
    ApprovedBefore,
    /// It says why, or it is not done.
    NoComment,
    /// What is said of it is too long, or would not show as it is written.
    BadComment,
    /// A refusal stands in the diary.
    NoDiary,
    /// The diary number is too long, or would not show as it is written.
    BadDiary,
    /// No files were made of it.
    NotMade,
    /// Not from where it stands.
    NotFrom(Standing),
    /// The request that it amends stands where nothing can be amended.
    NotAmended(Standing),
    /// Another request has taken its place, by number.
    Replaced(u32),
    /// Whoever asks has handed in as many as they may.
    Quota {
        /// How many that is.
        quota: u32,
        /// The first day on which another can be handed in; nothing where there is none.
        from: Option<Date>,
    },
}

impl Refusal {
    /// What is wrong, and what can be done.
    #[must_use]
    pub fn sentence(self) -> Text {
        match self {
            Self::NotTheirs => {
                Text::fixed("Bara den som begär kan göra det.", "Only whoever made the request can do that.")
            }
            Self::NotResearcher => {
                Text::fixed("Bara den som har rollen forskare begär uttag.", "Only a researcher asks for extracts.")
            }
            Self::NotApprover => {
                Text::fixed("Bara en godkännare beslutar om en begäran.", "Only an approver decides on a request.")
            }
            Self::OwnRequest => Text::fixed(
                "Ingen beslutar om sin egen begäran; det gör två andra godkännare.",
                "Nobody decides on their own request; two other approvers do.",
            ),
            Self::ApprovedBefore => Text::fixed(
                "Den här godkännaren har redan godkänt; den andra måste vara någon annan.",
                "This approver has agreed already; the second must be somebody else.",
            ),
            Self::NoComment => Text::fixed(
                "Skriv varför, så att den som begär kan rätta eller överklaga.",
                "Say why, so that whoever asked can mend it or appeal.",
            ),
            Self::BadComment => Text::fixed(
                "Skriv kommentaren med högst 4000 tecken, utan styrtecken och utan tecken som vänder skriftens riktning.",
                "Write the comment in 4000 characters at most, without control characters and marks that turn the direction of writing.",
            ),
            Self::NoDiary => Text::fixed(
                "Skriv avslagets diarienummer i dess eget fält; det behövs för att överklaga.",
                "Write the diary number of the refusal in its own field; an appeal needs it.",
            ),
            Self::BadDiary => Text::fixed(
                "Skriv diarienumret på en rad med högst 100 tecken, utan styrtecken och utan tecken som vänder skriftens riktning.",
                "Write the diary number in one line of 100 characters at most, without control characters and marks that turn the direction of writing.",
            ),
            Self::NotMade => Text::fixed(
                "Inga tabeller är byggda; bygg dem med `extract build`.",
                "No tables were built of it; build them with `extract build`.",
            ),
            Self::NotFrom(standing) => not_from(standing),
            Self::NotAmended(standing) => not_amended(standing),
            Self::Replaced(other) => replaced(other),
            Self::Quota { quota, from } => full(quota, from),
        }
    }
}

/// Somebody has handed in as many as they may.
fn full(quota: u32, from: Option<Date>) -> Text {
    let (sv, en) = from.map_or_else(Default::default, |day| {
        (format!(" Nästa kan lämnas in {day}."), format!(" The next can be handed in on {day}."))
    });
    Text::made(
        format!("På tolv månader lämnar var och en in högst {quota} begäranden, och så många är inlämnade.{sv}"),
        format!("Everybody hands in {quota} requests at most in twelve months, and that many are handed in.{en}"),
    )
}

fn not_from(standing: Standing) -> Text {
    let name = standing.name();
    let (sv, en) = (name.pick(Language::Sv), name.pick(Language::En));
    Text::made(
        format!("Begäran är {sv}; därifrån kan det inte göras."),
        format!("The request is {en}; that cannot be done from there."),
    )
}

fn not_amended(standing: Standing) -> Text {
    let name = standing.name();
    let (sv, en) = (name.pick(Language::Sv), name.pick(Language::En));
    Text::made(
        format!("Begäran som skulle ändras är {sv} och kan inte ändras längre; skriv en ny begäran i stället."),
        format!("The request to be amended is {en} and cannot be amended any more; write a new request instead."),
    )
}

fn replaced(other: u32) -> Text {
    Text::made(
        format!(
            "Begäran {other}, som ändrar den här, är godkänd och har trätt i dess ställe; den här kan varken byggas, lämnas ut eller ändras."
        ),
        format!(
            "Request {other}, which amends this one, is approved and has taken its place; this one can be neither built nor released nor amended."
        ),
    )
}
