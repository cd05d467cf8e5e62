//! Why the tables of a request were not built, in both languages.
//!
//! Promises: of what people can mend the sentence says how; of what only the register can mend it says where the cause stands, since what
//! a program says of its own faults is English. Nothing of it is a value of a person.

use schemas::language::{Language, Text};

use super::build::BuildError;
use super::deliver::Undelivered;

/// The reason in a sentence.
pub(crate) fn told(why: &Undelivered) -> Text {
    let sv = match why {
        Undelivered::Table(place) => {
            format!("tabell {place} är inte registrerad längre: lämna begäran åter, så att den kan ändras")
        }
        Undelivered::Nothing(why) => format!("ingen av begärans tabeller kan lämnas ut: {}", why.pick(Language::Sv)),
        Undelivered::Package(_) => "filerna kunde inte skrivas; orsaken står i serverns logg".to_owned(),
        Undelivered::Build(why) => unbuilt(why).to_owned(),
    };
    Text::made(sv, why.to_string())
}

fn unbuilt(why: &BuildError) -> &'static str {
    match why {
        BuildError::Store(_) => "databasen svarade inte; orsaken står i serverns logg",
        BuildError::Unfit(_) => {
            "underlaget kan inte delas upp på de registrerade koderna; orsaken står i serverns logg"
        }
        BuildError::Unreadable(_) => {
            "det som lämnats ut ur underlaget tidigare kan inte läsas; orsaken står i serverns logg"
        }
        BuildError::Codes => "koderna som sparades med underlaget kan inte läsas",
        BuildError::Statement => "uppgiften om hur fullständigt underlaget är kan inte tas fram eller läsas",
        BuildError::Unaskable(_) => "underlaget kan inte delas upp så som begäran anger; orsaken står i serverns logg",
        BuildError::Later => {
            "tabeller har redan lämnats ut ur ett senare underlag: begär ur det nyaste, eller en tabell som det här har gett förut"
        }
        BuildError::Lists => "kodlistorna eller gränsvärdena har ändrats sedan underlaget frystes: frys ett nytt",
        BuildError::Stopped => "bygget bröts av då registret stängdes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_tables_were_not_built_is_said_in_the_reader_s_own_language() {
        let few = Text::fixed("för få personer", "too few persons");
        let reasons = [
            Undelivered::Table(2),
            Undelivered::Nothing(few),
            Undelivered::Build(BuildError::Codes),
            Undelivered::Build(BuildError::Statement),
            Undelivered::Build(BuildError::Later),
            Undelivered::Build(BuildError::Lists),
        ];
        for why in &reasons {
            let told = told(why);
            assert_ne!(told.pick(Language::Sv), told.pick(Language::En));
            assert_eq!(told.pick(Language::En), why.to_string());
        }
        let sv = "ingen av begärans tabeller kan lämnas ut: för få personer";
        assert_eq!(told(&reasons[1]).pick(Language::Sv), sv);
        assert_eq!(told(&reasons[1]).pick(Language::En), "no table of the request may leave: too few persons");
    }
}
