//! The list of rules: one entry each, in the order in which a row meets them.
//!
//! Promises: one entry is all that names a rule; ids are unique and stay (the committed rule list says so).

use super::{About, Description, Effect};

macro_rules! rules {
    ($($name:ident, $id:literal, $about:ident, $effect:ident, $sv:literal, $en:literal, $why:literal;)*) => {
        /// A rule by name; see its description for id, effect and texts.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $why] $name,)*
        }

        /// Every rule.
        pub const ALL: &[Rule] = &[$(Rule::$name,)*];

        impl Rule {
            /// Id, effect, texts and rationale.
            #[must_use]
            pub fn describe(self) -> Description {
                match self {
                    $(Self::$name => Description {
                        id: $id, about: About::$about, effect: Effect::$effect, sv: $sv, en: $en, rationale: $why,
                    },)*
                }
            }
        }
    };
}

rules! {
    RowShape, "row-shape", Record, Hold,
        "Raden i filen har fler eller färre fält än rubrikraden, eller ett citattecken som inte avslutas; exportera filen igen med citattecken om värden som innehåller skiljetecken eller citattecken.",
        "The line of the file has more or fewer fields than its header, or a quotation mark that is never closed; export the file again with quotation marks around values that hold separators or quotation marks.",
        "With one field too many every later value would stand under another column.";
    TextUndecodable, "text-undecodable", Record, Hold,
        "Raden innehåller tecken som inte kan läsas i filens teckenkodning; exportera filen igen i UTF-8 eller ange rätt encoding i [source].",
        "The row holds characters that cannot be read in the file's encoding; export the file again in UTF-8, or name the right encoding in [source].",
        "A guessed letter can make a programme, a unit or a person another one.";
    TreatmentIdMissing, "treatment-id-missing", Treatment, Hold,
        "Behandlingens id saknas; fyll i det i källan.", "The treatment has no id; fill it in in the source.",
        "Without a stable id a correction cannot find its treatment.";
    TreatmentIdShared, "treatment-id-shared", Treatment, Hold,
        "Två personer har samma behandlings-id; rätta det i källan.", "Two persons share one treatment id; correct it in the source.",
        "Scores of two persons must never be joined.";
    IdentityMissing, "identity-missing", Treatment, Hold,
        "Personens identitet saknas; fyll i den i källan.", "The person's identity is missing; fill it in in the source.",
        "A treatment without a person cannot be withdrawn.";
    IdentityInvalid, "identity-invalid", Treatment, Hold,
        "Identitetsnumret är inte giltigt (form, datum eller kontrollsiffra); rätta det i källan.",
        "The identity number is not valid (form, date or check digit); correct it in the source.",
        "A mistyped number would make one person two, or two persons one.";
    IdentityLostZeros, "identity-lost-zeros", Treatment, Hold,
        "Identitetsnumret har 7, 8 eller 9 siffror; inledande nollor har gått förlorade, exportera kolumnen som text.",
        "The identity number has 7, 8 or 9 digits; leading zeros were lost, export the column as text.",
        "Spreadsheets drop leading zeros; guessing them back can hit another person.";
    IdentitySpreadsheet, "identity-spreadsheet", Treatment, Hold,
        "Ett kalkylblad har skrivit om identitetsnumret (till exempel 1,91212E+11 eller ,0 på slutet); exportera kolumnen som text.",
        "A spreadsheet has rewritten the identity number (such as 1.91212E+11, or .0 at the end); export the column as text.",
        "A rounded number has lost digits, and what else the spreadsheet altered in the column cannot be seen.";
    IdentityTest, "identity-test", Treatment, Hold,
        "Identitetsnumret är ett testnummer; märk raden som testpatient eller tillåt testnummer i en pilot.",
        "The identity number is a test number; mark the row as a test patient, or allow test identities in a pilot.",
        "Test patients must never stand in a national register.";
    IdentityReserve, "identity-reserve-without-system", Treatment, Hold,
        "Numret är ett reservnummer; ange vilket system det kommer från i kolumnen person_id_system.",
        "The number is a reserve number; give person_id_system, the system that it comes from.",
        "A reserve number is unique only together with the system that gave it out.";
    IdentitySystem, "identity-system-unknown", Treatment, Hold,
        "person_id_system är varken pnr eller local:NAMN; rätta kolumnen.",
        "person_id_system is neither pnr nor local:NAME; correct the column.",
        "The system decides how the number is read.";
    IdentityBirthYear, "identity-birth-year", Treatment, Hold,
        "Födelseåret stämmer inte med identitetsnumret; rätta det som är fel.",
        "The birth year disagrees with the identity number; correct the one that is wrong.",
        "The disagreement shows that the row speaks of two persons.";
    SenderUnknown, "sender-unknown", Treatment, Hold,
        "Avsändarens länskod finns inte i kodlistan; rätta [agent] region.",
        "The sender's county code is not in the code list; correct [agent] region.",
        "Without a known county a treatment would be counted nowhere.";
    UnitMissing, "unit-missing", Treatment, Hold,
        "Enhetens HSA-id saknas; fyll i det i källan.", "The unit's HSA-id is missing; fill it in in the source.",
        "The unit's county decides where a treatment is counted.";
    UnitForm, "unit-form", Treatment, Hold,
        "Enheten är inte ett HSA-id (SE, tio siffror, bindestreck, id); översätt den i [map.unit].",
        "The unit is not an HSA-id (SE, ten digits, hyphen, id); map it in [map.unit].",
        "Only HSA-ids are the same in every system.";
    UnitUndescribed, "unit-undescribed", Treatment, Hold,
        "Enheten saknas i frågan units; lägg till den med sitt län, det krävs av privata vårdgivare.",
        "The unit is missing from the units query; add it with its county, which a private caregiver must give.",
        "A private caregiver may work in several counties, so the county cannot be assumed.";
    ProgrammeMissing, "programme-missing", Treatment, Hold,
        "Programmets namn saknas; fyll i det i källan.", "The programme's name is missing; fill it in in the source.",
        "Every figure is given per programme.";
    ProgrammeUnknown, "programme-unknown", Treatment, Hold,
        "Programmet finns inte i kodlistan; översätt det i [map.programme].",
        "The programme is not in the code list; map it in [map.programme].",
        "A guessed programme would stand in the wrong figure.";
    ProgrammeNotInUse, "programme-not-in-use", Treatment, Hold,
        "Programmet var inte i bruk när behandlingen började (valid_from, valid_to i kodlistan) och har ingen efterträdare; rätta programmet eller startdatumet.",
        "The programme was not in use when the treatment started (valid_from, valid_to of the code list) and has no successor; correct the programme or the start.",
        "A record is judged at its own date; a programme outside its time is mistyped or renamed.";
    ProgrammeSupport, "programme-support", Treatment, Exclude,
        "Stödprogram redovisas inte i registret; inget behöver göras.",
        "Support programmes do not belong in the register; nothing needs to be done.",
        "Only treatment programmes are meant to have a treatment effect.";
    StatusMissing, "status-missing", Treatment, Hold,
        "Behandlingens status saknas; fyll i den i källan.", "The treatment's status is missing; fill it in in the source.",
        "Only ended treatments are sent.";
    StatusUnknown, "status-unknown", Treatment, Hold,
        "Behandlingens status är okänd; översätt den i [map.status].", "The treatment's status is unknown; map it in [map.status].",
        "Only ended treatments are sent.";
    StatusOngoing, "status-ongoing", Treatment, Exclude,
        "Behandlingen pågår; den skickas när den är avslutad.", "The treatment is ongoing; it is sent when it has ended.",
        "Outcomes are followed per ended treatment.";
    TestPatient, "test-patient", Treatment, Exclude,
        "Raden gäller en testpatient och skickas inte.", "The row is a test patient and is not sent.", "Test patients are no patients.";
    ProtectedIdentity, "protected-identity", Treatment, Exclude,
        "Personen har skyddade personuppgifter och skickas inte.",
        "The person has protected identity and is not sent.",
        "Persons with protected identity are left out of the register.";
    Objection, "objection", Treatment, Exclude,
        "Personen vill inte finnas i registret; inget om personen skickas.",
        "The person objects to being in the register; nothing about the person is sent.",
        "Patientdatalagen chapter 7: an objection stops every later registration.";
    ObjectionUnreadable, "objection-unreadable", Treatment, Hold,
        "Personen vill inte finnas i registret, men identitetsnumret går inte att läsa; rätta det, annars skickas personens andra behandlingar.",
        "The person objects, but the identity number cannot be read; correct it, or the person's other treatments are sent.",
        "An objection that cannot be tied to a person protects nobody.";
    FlagUnreadable, "flag-unreadable", Treatment, Hold,
        "Markeringen är varken ja eller nej; skriv ja, nej eller ingenting i källan.",
        "The mark is neither yes nor no; write yes, no or nothing in the source.",
        "An unreadable mark of a test patient or protected identity must stop the row.";
    DateMissing, "date-missing", Treatment, Hold,
        "Start- eller slutdatum saknas; fyll i det i källan.", "The start or end date is missing; fill it in in the source.",
        "Start and end decide which period a treatment is counted in.";
    DateInvalid, "date-invalid", Treatment, Hold,
        "Datumet finns inte eller har inte formen ÅÅÅÅ-MM-DD; rätta det i källan.",
        "The date does not exist or does not have the form YYYY-MM-DD; correct it in the source.",
        "Start and end decide which period a treatment is counted in.";
    DatesReversed, "dates-reversed", Treatment, Hold,
        "Behandlingen slutar innan den börjar; rätta datumen i källan.", "The treatment ends before it starts; correct the dates in the source.",
        "One of the dates must be wrong.";
    DateFuture, "date-future", Treatment, Hold,
        "Datumet ligger i framtiden; rätta det i källan.", "The date is in the future; correct it in the source.",
        "A treatment cannot have started or ended later than today.";
    DateEarly, "date-early", Treatment, Hold,
        "Datumet ligger före år 2000; rätta det i källan.", "The date is before 2000; correct it in the source.",
        "Internet-delivered treatment did not exist; such dates come from empty fields.";
    EndReasonUnknown, "end-reason-unknown", Treatment, Warn,
        "Avslutsorsaken finns inte i kodlistan; översätt den i [map.end_reason].",
        "The end reason is not in the code list; map it in [map.end_reason].",
        "The treatment counts without its reason.";
    OptionalDate, "optional-date", Treatment, Warn,
        "Ett valfritt datum är oläsligt eller orimligt och utelämnas; rätta det i källan.",
        "An optional date is unreadable or implausible and is left out; correct it in the source.",
        "The treatment counts without it.";
    OptionalNumber, "optional-number", Treatment, Warn,
        "Ett valfritt tal är oläsligt eller orimligt och utelämnas; rätta det i källan.",
        "An optional number is unreadable or implausible and is left out; correct it in the source.",
        "The treatment counts without it.";
    SexUnknown, "sex-unknown", Treatment, Warn,
        "Könet är okänt och tas från identitetsnumret när det går; översätt värdet i [map.sex].",
        "The sex is unknown and is taken from the identity number where possible; map the value in [map.sex].",
        "The treatment counts without it.";
    DiagnosisForm, "diagnosis-form", Treatment, Warn,
        "Diagnosen har inte formen av en ICD-10-SE-kod och utelämnas; rätta den i källan.",
        "The diagnosis does not have the form of an ICD-10-SE code and is left out; correct it in the source.",
        "Free text must not travel.";
    UnitEndForm, "unit-end-form", Treatment, Warn,
        "Mottagande enhet är inte ett HSA-id och utelämnas; översätt den i [map.unit].",
        "The receiving unit is not an HSA-id and is left out; map it in [map.unit].",
        "The treatment counts at the unit that started it.";
    LeakGuard, "leak-guard", Record, Hold,
        "Posten skickas inte: ett fält som ska lämna regionen innehåller något som ser ut som ett identitetsnummer, en e-postadress eller ett telefonnummer, eller är inte godkänt att skickas; ta bort uppgiften i källan.",
        "The record is not sent: a field that would leave the region holds what looks like an identity number, an e-mail address or a phone number, or is not approved to leave; remove it in the source.",
        "What identifies a person must not leave by a field that was meant for something else.";
    AnswerTreatmentMissing, "answer-without-treatment", Answer, Hold,
        "Svaret hör till ingen behandling i källan; rätta svarets treatment_id eller ta med behandlingen i frågan treatments.",
        "The answer belongs to no treatment in the source; correct its treatment_id or include the treatment in the treatments query.",
        "An answer counts only with its treatment.";
    InstrumentUnknown, "instrument-unknown", Answer, Hold,
        "Formuläret finns inte i kodlistan; översätt det i [map.instrument].", "The instrument is not in the code list; map it in [map.instrument].",
        "A guessed instrument would stand in the wrong figure.";
    InstrumentNotInUse, "instrument-not-in-use", Answer, Hold,
        "Formuläret var inte i bruk när svaret gavs (valid_from, valid_to i kodlistan); översätt det till rätt formulär eller rätta svarsdatumet.",
        "The instrument was not in use when the answer was given (valid_from, valid_to of the code list); map it to the right one or correct the date.",
        "An instrument whose scoring changes gets a new code, so a score must not pass from one to the other unseen.";
    TimepointUnknown, "timepoint-unknown", Answer, Hold,
        "Mättillfället är okänt; översätt det i [map.timepoint].", "The timepoint is unknown; map it in [map.timepoint].",
        "First and last scores are found by their timepoint.";
    AnswerDateMissing, "answer-date-missing", Answer, Hold,
        "Svarsdatum saknas; fyll i det i källan.", "The date of the answer is missing; fill it in in the source.",
        "The order of answers decides first and last.";
    AnswerDateInvalid, "answer-date-invalid", Answer, Hold,
        "Svarsdatumet finns inte, ligger i framtiden eller före år 2000; rätta det i källan.",
        "The date of the answer does not exist, is in the future or before 2000; correct it in the source.",
        "The order of answers decides first and last.";
    ScoreMissing, "score-missing", Answer, Hold,
        "Poäng saknas; fyll i den i källan.", "The score is missing; fill it in in the source.",
        "An answer without a score measures nothing.";
    ScoreNotNumber, "score-not-number", Answer, Hold,
        "Poängen är inte ett tal; rätta den i källan.", "The score is not a number; correct it in the source.",
        "Text in a score is never guessed at.";
    ScoreRange, "score-range", Answer, Hold,
        "Poängen ligger utanför formulärets skala; rätta den i källan.", "The score is outside the instrument's range; correct it in the source.",
        "A score outside the scale is of another instrument or mistyped.";
    ScoreFraction, "score-fraction", Answer, Hold,
        "Formuläret har bara hela poäng; rätta poängen i källan.", "The instrument has whole points only; correct the score in the source.",
        "A fraction shows a mean or another scoring.";
    ItemsInvalid, "items-invalid", Answer, Hold,
        "Delsvaren är inte en lista med rätt antal värden inom skalan; rätta dem i källan.",
        "The items are not a list of the right number of values within range; correct them in the source.",
        "Items that cannot be read cannot confirm the score.";
    ItemsDisagree, "items-disagree", Answer, Hold,
        "Delsvaren ger en annan poäng än den angivna; rätta det som är fel.",
        "The items give another score than the one stated; correct the one that is wrong.",
        "One of the two must be wrong.";
    RecordShape, "record-shape", Record, Reject,
        "Posten följer inte schemat; uppgradera agenten.", "The record does not follow the schema; upgrade the agent.",
        "What cannot be read cannot be stored.";
    RecordSender, "record-sender", Record, Reject,
        "Postens nyckel hör till en annan avsändare; kontrollera [agent] region och nyckelfilen.",
        "The record's key belongs to another sender; check [agent] region and the key file.",
        "A sender can write only its own records.";
    AnswersRepeated, "answers-repeated", Record, Reject,
        "Behandlingen har två poäng för samma formulär och mättillfälle; uppgradera agenten.",
        "The treatment has two scores for one instrument and timepoint; upgrade the agent.",
        "The agent chooses between duplicates; a second score would count twice.";
    CountyUnknown, "county-unknown", Record, Reject,
        "Enhetens länskod saknas eller finns inte; rätta county i frågan units.",
        "The unit's county code is missing or does not exist; correct county in the units query.", "The county decides where a treatment is counted.";
    CareLevelUnknown, "care-level-unknown", Record, Reject,
        "Vårdnivån finns inte i kodlistan; översätt den i [map.care_level].",
        "The care level is not in the code list; map it in [map.care_level].",
        "Care levels are compared nationally.";
    OwnershipUnknown, "ownership-unknown", Record, Warn,
        "Driftformen är varken offentlig eller privat; översätt den i [map.ownership].",
        "The ownership is neither public nor private; map it in [map.ownership].",
        "The unit counts without it.";
    MonthForm, "month-form", Record, Reject,
        "Månaden har inte formen ÅÅÅÅ-MM; rätta den i källan.",
        "The month does not have the form YYYY-MM; correct it in the source.", "Counts belong to a month.";
    CountGroup, "count-group", Record, Reject,
        "Könet eller åldersgruppen i frågan activity finns inte i kodlistan; översätt könet i [map.sex] och skriv åldersgruppen som i kodlistan age-bands.",
        "The sex or the age group of the activity query is in no code list; map the sex in [map.sex], and write the age group as in the code list age-bands.",
        "A count of an unknown group would stand beside the others without adding to them.";
    CountNotWhole, "count-not-whole", Record, Reject,
        "Antalet i frågan activity är inte ett helt tal från 0; rätta det i källan.",
        "A count of the activity query is not a whole number from 0; correct it in the source.",
        "A guessed count would be somebody's denominator.";
    AccountingSum, "accounting-sum", Record, Warn,
        "Summan av termerna är inte antalet funna; `registry-agent status` nämner behandlingarna bakom skillnaden.",
        "The terms do not add up to the number found; `registry-agent status` names the treatments behind the difference.",
        "Everything in the source is accounted for; a line that is not is kept and shown with its difference.";
    PersonWithdrawn, "person-withdrawn", Record, Reject,
        "Personen har lämnat registret, som inte tar emot mer om den; kör `registry-agent objections lift` om personen själv vill vara med igen.",
        "The person has left the register, which takes nothing more of it; run `registry-agent objections lift` if the person wants to be in it again.",
        "An objection holds at the register too, also when a region has lost its own list of those who object.";
}

impl Rule {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.describe().id
    }

    /// What breaking it leads to.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.describe().effect
    }

    /// The rule with this id.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_kebab_case_and_found_again() {
        for rule in ALL {
            assert_eq!(Rule::by_id(rule.id()), Some(*rule), "{}", rule.id());
            assert!(rule.id().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id());
        }
    }

    #[test]
    fn every_rule_says_in_both_languages_what_is_wrong() {
        for rule in ALL.iter().map(|rule| rule.describe()) {
            for text in [rule.sv, rule.en, rule.rationale] {
                assert!(text.ends_with('.') && text.len() > 12, "{}", rule.id);
            }
        }
    }
}
