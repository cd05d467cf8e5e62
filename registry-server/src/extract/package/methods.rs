//! A text for the methods section of a paper, in Swedish and in English.
//!
//! Promises: it names the register, the data set, what was counted and how persons were protected, and nothing that the tables do not tell.

use std::fmt::Write as _;

use schemas::language::Language;

use super::csv::marks;
use super::manifest::{About, Definition};
use crate::disclose::{FEW, FEW_WITH_OUTCOMES};
use crate::extract::sheet::Sheet;
use crate::extract::whole::Stated;

/// The text.
pub(super) fn text((sheets, about): (&[Sheet], &About), language: Language) -> String {
    let (id, name, made_at) = &about.cut;
    let day = made_at.to_string();
    let day = day.get(..10).unwrap_or(&day);
    let (thresholds, left_out) = (&about.lists.1, about.left_out.words().pick(language).to_owned());
    let mut text = match language {
        Language::Sv => format!(
            "Uppgifterna kommer från det nationella registret för internetförmedlad psykologisk behandling, det frysta underlaget {id} \
             ({name}) av den {day}. Varje person räknas en gång hos sin region eller vårdgivare, med sin första avslutade behandling i \
             underlaget. Personer vars kön, ålder eller region inte är känd, eller som har en kod som för få personer i hela underlaget \
             har, ingår i ingen tabell ({left_out}). Tabellerna byggdes av registret ur en fast vokabulär. Tal som rör färre \
             än {FEW} personer ({FEW_WITH_OUTCOMES} för utfall, enheter och diagnoser) är dolda, liksom tal som de skulle kunna räknas ut \
             ur; övriga är avrundade slumpmässigt, med nyckel och utan systematiskt fel, till en multipel av 5. Summor är avrundade för \
             sig. Andelar är beräknade på de avrundade talen. Gränser för utfall: {thresholds}.\n"
        ),
        Language::En => format!(
            "Data come from the national register of internet-delivered psychological treatment, the frozen data set {id} ({name}) of \
             {day}. Each person counts once with their region or caregiver, by their first ended treatment in the data set. Persons whose \
             sex, age or region is not known, or who have a code that too few persons of the whole data set have, are in no table \
             ({left_out}). The tables were built by the register from a fixed vocabulary. Figures of fewer than {FEW} persons \
             ({FEW_WITH_OUTCOMES} for outcomes, units and diagnoses) are hidden, and so are figures from which such could be worked out; \
             all others are rounded at random, by a key and without bias, to a multiple of 5. Totals are rounded on their own. Shares are \
             of the rounded figures. Limits of outcomes: {thresholds}.\n"
        ),
    };
    text.push('\n');
    for sheet in sheets {
        let _ = writeln!(text, "{}: {}.", sheet.name(), sheet.title.pick(language));
    }
    for Definition { name, title, meaning, formula } in &about.definitions {
        let _ = writeln!(text, "\n{} ({name}): {} ({formula})", title.pick(language), meaning.pick(language));
    }
    for Stated { statement, lines } in about.whole.iter().filter(|stated| !stated.lines.is_empty()) {
        let told = lines.iter().map(|(_, name, said)| format!("{} {}", name.pick(language), said.text(language)));
        let (title, meaning) = (statement.title.pick(language), statement.meaning.pick(language));
        let _ = writeln!(text, "\n{title}: {meaning} {}.", told.collect::<Vec<_>>().join(", "));
    }
    let _ = writeln!(text, "\n{}: {}.", language.pick("Tecken", "Marks"), marks(language));
    let _ = writeln!(text, "\n{}", about.citation(language));
    text
}
