//! What each column is called in a heading, in both languages, and the unit of its figures.
//!
//! Promises: every column of every report has a heading (a test says so); the five columns of a share follow from the share's name.
//! To add a column: one line in `COLUMNS`, or in `SHARES` for a share.

use schemas::language::Language;

use super::Text;

/// What ends the name of a column of published figures beside the exact ones of the column named before it.
pub const PUBLISHED: &str = "_published";

/// What a column's figures are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A label.
    None,
    /// How many.
    Count,
    /// A share from 0 to 1, shown per cent.
    Share,
    /// The instrument's own points.
    Points,
    /// Whole or part days.
    Days,
    /// Inhabitants times years.
    PersonYears,
    /// Treatments per 1000 inhabitants and year.
    PerThousand,
    /// Standard deviations.
    Deviations,
    /// Per cent, as a number from 0 to 100 or of change.
    PerCent,
}

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What it is.
    pub text: Text,
    /// What it is measured in.
    pub unit: Unit,
}

impl Unit {
    /// The unit as it stands in a heading; nothing for a label and a count.
    #[must_use]
    pub fn text(self) -> Option<Text> {
        let (sv, en) = match self {
            Self::None | Self::Count => return None,
            Self::Share | Self::PerCent => ("%", "%"),
            Self::Points => ("poäng", "points"),
            Self::Days => ("dagar", "days"),
            Self::PersonYears => ("personår", "person-years"),
            Self::PerThousand => ("per 1000 inv.", "per 1000 inh."),
            Self::Deviations => ("SD", "SD"),
        };
        Some(Text::fixed(sv, en))
    }
}

/// Column, unit, Swedish, English.
type Column = (&'static str, Unit, &'static str, &'static str);

/// Every column but the shares.
const COLUMNS: &[Column] = &[
    ("period", Unit::None, "Period", "Period"),
    ("whose", Unit::None, "Vems", "Whose"),
    ("region", Unit::None, "Region", "Region"),
    ("other", Unit::None, "Annan region", "Other region"),
    ("unit", Unit::None, "Enhet", "Unit"),
    ("programme", Unit::None, "Program", "Programme"),
    ("programme_version", Unit::None, "Version", "Version"),
    ("condition", Unit::None, "Tillstånd", "Condition"),
    ("diagnosis_group", Unit::None, "Diagnosgrupp", "Diagnosis group"),
    ("severity", Unit::None, "Svårighetsgrad", "Severity"),
    ("sex", Unit::None, "Kön", "Sex"),
    ("age_group", Unit::None, "Ålder", "Age"),
    ("care_level", Unit::None, "Vårdnivå", "Care level"),
    ("ownership", Unit::None, "Driftsform", "Ownership"),
    ("end_reason", Unit::None, "Avslutsorsak", "End reason"),
    ("instrument", Unit::None, "Instrument", "Instrument"),
    ("comparison", Unit::None, "Jämförelse", "Comparison"),
    ("timepoint", Unit::None, "Tidpunkt", "Timepoint"),
    ("pair", Unit::None, "Par", "Pair"),
    ("level", Unit::None, "Nivå", "Level"),
    ("measure", Unit::None, "Mått", "Measure"),
    ("column", Unit::None, "Kolumn", "Column"),
    ("then", Unit::None, "Då", "Then"),
    ("now", Unit::None, "Nu", "Now"),
    ("point", Unit::None, "Punkt", "Point"),
    ("flag", Unit::None, "Läge", "Flag"),
    ("n", Unit::Count, "Behandlingar", "Treatments"),
    ("n_started", Unit::Count, "Behandlingar", "Treatments"),
    ("n_compared", Unit::Count, "Jämförda", "Compared"),
    ("n_duplicates", Unit::Count, "Möjliga dubbletter", "Possible duplicates"),
    ("n_ended", Unit::Count, "Avslutade", "Ended"),
    ("n_ongoing", Unit::Count, "Pågående", "Ongoing"),
    ("n_persons", Unit::Count, "Personer", "Persons"),
    ("n_completed", Unit::Count, "Fullföljda", "Completed"),
    ("n_discontinued", Unit::Count, "Avbrutna", "Discontinued"),
    ("n_pre", Unit::Count, "Med första", "With first"),
    ("n_post", Unit::Count, "Med andra", "With second"),
    ("n_paired", Unit::Count, "Med båda", "With both"),
    ("paired_of_pre", Unit::Share, "Båda av första", "Both of first"),
    ("paired_of_started", Unit::Share, "Båda av alla", "Both of all"),
    ("paired_of_completed", Unit::Share, "Båda av fullföljda", "Both of completed"),
    ("mean_first", Unit::Points, "Första, medel", "First, mean"),
    ("sd_first", Unit::Points, "Första, SD", "First, SD"),
    ("mean_second", Unit::Points, "Andra, medel", "Second, mean"),
    ("sd_second", Unit::Points, "Andra, SD", "Second, SD"),
    ("mean_change", Unit::Points, "Ändring, medel", "Change, mean"),
    ("sd_change", Unit::Points, "Ändring, SD", "Change, SD"),
    ("ci_lo", Unit::Points, "Ändring, nedre 95\u{a0}%", "Change, lower 95\u{a0}%"),
    ("ci_hi", Unit::Points, "Ändring, övre 95\u{a0}%", "Change, upper 95\u{a0}%"),
    ("d_pre", Unit::Deviations, "d (före)", "d (before)"),
    ("d_pooled", Unit::Deviations, "d (poolad)", "d (pooled)"),
    ("d_z", Unit::Deviations, "d (ändring)", "d (change)"),
    ("hedges_g", Unit::Deviations, "Hedges g", "Hedges g"),
    ("hedges_g_exact", Unit::Deviations, "Hedges g, exakt", "Hedges g, exact"),
    ("mean_score", Unit::Points, "Medel", "Mean"),
    ("sd_score", Unit::Points, "Standardavvikelse", "Standard deviation"),
    ("score_lo", Unit::Points, "Medel, nedre 95\u{a0}%", "Mean, lower 95\u{a0}%"),
    ("score_hi", Unit::Points, "Medel, övre 95\u{a0}%", "Mean, upper 95\u{a0}%"),
    ("person_years", Unit::PersonYears, "Invånare", "Inhabitants"),
    ("rate_per_1000", Unit::PerThousand, "Behandlingar", "Treatments"),
    ("rate_lo", Unit::PerThousand, "Nedre 95\u{a0}%", "Lower 95\u{a0}%"),
    ("rate_hi", Unit::PerThousand, "Övre 95\u{a0}%", "Upper 95\u{a0}%"),
    ("eligible", Unit::Count, "Avslutade enligt källan", "Ended by the source"),
    ("accepted", Unit::Count, "I registret", "In the register"),
    ("source", Unit::None, "Källa", "Source"),
    ("status", Unit::None, "Läge", "Status"),
    ("enrolment", Unit::None, "Tillstånd att lämna", "May deliver"),
    ("enrolled", Unit::None, "Ansluten", "Enrolled"),
    ("first_accepted", Unit::None, "Första godkända", "First accepted"),
    ("last_accepted", Unit::None, "Senaste godkända", "Last accepted"),
    ("last_seen", Unit::None, "Senast hörd", "Last seen"),
    ("units_connected", Unit::Count, "Enheter med behandlingar", "Units with treatments"),
    ("units_described", Unit::Count, "Beskrivna enheter", "Units described"),
    ("inhabitants", Unit::Count, "Invånare", "Inhabitants"),
    ("population_covered", Unit::Share, "Bor i anslutna regioner", "Live in connected regions"),
    ("units", Unit::Count, "Enheter", "Units"),
    ("first_month", Unit::None, "Första månad", "First month"),
    ("last_month", Unit::None, "Senaste månad", "Last month"),
    ("versions", Unit::None, "Versioner", "Versions"),
    ("aliases", Unit::None, "Andra namn", "Other names"),
    ("supplier", Unit::None, "Leverantör", "Supplier"),
    ("kind", Unit::None, "Slag", "Kind"),
    ("item", Unit::None, "Fält eller regel", "Field or rule"),
    ("answers_held", Unit::Count, "Svar kvarhållna", "Answers held"),
    ("answers_rejected", Unit::Count, "Svar avvisade", "Answers rejected"),
    ("found", Unit::Count, "Funna i källan", "Found in the source"),
    ("own_eligible", Unit::Count, "Avslutade enligt avsändaren", "Ended by the sender"),
    ("held", Unit::Count, "Kvarhållna", "Held"),
    ("rejected", Unit::Count, "Avvisade", "Rejected"),
    ("pending", Unit::Count, "I kö", "Queued"),
    ("opted_out", Unit::Count, "Motsatt sig", "Opted out"),
    ("protected", Unit::Count, "Skyddad identitet", "Protected identity"),
    ("test", Unit::Count, "Testpatienter", "Test patients"),
    ("ages", Unit::None, "Åldrar", "Ages"),
    ("year_first", Unit::None, "Första året", "First year"),
    ("n_first", Unit::Count, "Första året, antal", "First year, number"),
    ("person_years_first", Unit::PersonYears, "Första året, invånare", "First year, inhabitants"),
    ("rate_first", Unit::PerThousand, "Första året", "First year"),
    ("rate_lo_first", Unit::PerThousand, "Första året, nedre 95\u{a0}%", "First year, lower 95\u{a0}%"),
    ("rate_hi_first", Unit::PerThousand, "Första året, övre 95\u{a0}%", "First year, upper 95\u{a0}%"),
    ("year_middle", Unit::None, "Andra året", "Second year"),
    ("n_middle", Unit::Count, "Andra året, antal", "Second year, number"),
    ("person_years_middle", Unit::PersonYears, "Andra året, invånare", "Second year, inhabitants"),
    ("rate_middle", Unit::PerThousand, "Andra året", "Second year"),
    ("rate_lo_middle", Unit::PerThousand, "Andra året, nedre 95\u{a0}%", "Second year, lower 95\u{a0}%"),
    ("rate_hi_middle", Unit::PerThousand, "Andra året, övre 95\u{a0}%", "Second year, upper 95\u{a0}%"),
    ("year_last", Unit::None, "Sista året", "Last year"),
    ("n_last", Unit::Count, "Sista året, antal", "Last year, number"),
    ("person_years_last", Unit::PersonYears, "Sista året, invånare", "Last year, inhabitants"),
    ("rate_last", Unit::PerThousand, "Sista året", "Last year"),
    ("rate_lo_last", Unit::PerThousand, "Sista året, nedre 95\u{a0}%", "Last year, lower 95\u{a0}%"),
    ("rate_hi_last", Unit::PerThousand, "Sista året, övre 95\u{a0}%", "Last year, upper 95\u{a0}%"),
    ("change_n", Unit::PerCent, "Ändring av antalet", "Change of the number"),
    ("change_rate", Unit::PerCent, "Ändring per 1000", "Change per 1000"),
    ("previous_period", Unit::None, "Jämfört med", "Compared with"),
    ("change_previous", Unit::PerCent, "Ändring", "Change"),
    ("base_period", Unit::None, "Basperiod", "Base period"),
    ("compared_period", Unit::None, "Jämförd period", "Compared period"),
    ("change_base", Unit::PerCent, "Ändring från basperioden", "Change from the base period"),
    ("mark", Unit::None, "Märke", "Mark"),
    ("breaks", Unit::None, "Seriebrott", "Breaks"),
    ("sex_missing", Unit::Count, "Utan kön", "Without sex"),
    ("ownership_missing", Unit::Count, "Utan driftsform", "Without ownership"),
    ("n_waited", Unit::Count, "Med väntetid", "With a wait"),
    ("n_negative", Unit::Count, "Start före remiss", "Started before referral"),
    ("wait_median", Unit::Days, "Väntan, median", "Wait, median"),
    ("wait_p90", Unit::Days, "Väntan, nionde decil", "Wait, ninth decile"),
    ("n_both", Unit::Count, "Med före och efter", "With before and after"),
    ("sick_before_mean", Unit::PerCent, "Sjukskrivning före, medel", "Sick leave before, mean"),
    ("sick_after_mean", Unit::PerCent, "Sjukskrivning efter, medel", "Sick leave after, mean"),
    ("sick_change_mean", Unit::PerCent, "Sjukskrivning, ändring", "Sick leave, change"),
    ("n_points", Unit::Count, "I spridningen", "In the spread"),
    ("n_few", Unit::Count, "För små", "Too small"),
    ("p10", Unit::None, "Percentil 10", "Percentile 10"),
    ("p20", Unit::None, "Percentil 20", "Percentile 20"),
    ("p30", Unit::None, "Percentil 30", "Percentile 30"),
    ("p40", Unit::None, "Percentil 40", "Percentile 40"),
    ("p50", Unit::None, "Median", "Median"),
    ("p60", Unit::None, "Percentil 60", "Percentile 60"),
    ("p70", Unit::None, "Percentil 70", "Percentile 70"),
    ("p80", Unit::None, "Percentil 80", "Percentile 80"),
    ("p90", Unit::None, "Percentil 90", "Percentile 90"),
    ("value", Unit::None, "Värde", "Value"),
    ("target", Unit::None, "Målvärde", "Target"),
    ("lo95", Unit::None, "Nedre 95\u{a0}%", "Lower 95\u{a0}%"),
    ("hi95", Unit::None, "Övre 95\u{a0}%", "Upper 95\u{a0}%"),
    ("lo998", Unit::None, "Nedre 99,8\u{a0}%", "Lower 99.8\u{a0}%"),
    ("hi998", Unit::None, "Övre 99,8\u{a0}%", "Upper 99.8\u{a0}%"),
    ("exact_lo95", Unit::None, "Exakt nedre 95\u{a0}%", "Exact lower 95\u{a0}%"),
    ("exact_hi95", Unit::None, "Exakt övre 95\u{a0}%", "Exact upper 95\u{a0}%"),
    ("exact_lo998", Unit::None, "Exakt nedre 99,8\u{a0}%", "Exact lower 99.8\u{a0}%"),
    ("exact_hi998", Unit::None, "Exakt övre 99,8\u{a0}%", "Exact upper 99.8\u{a0}%"),
];

/// Report, and columns that mean something of their own there.
const OWN: &[(&str, &[Column])] = &[(
    "usage",
    &[("n_started", Unit::Count, "Påbörjade", "Started"), ("rate_per_1000", Unit::PerThousand, "Påbörjade", "Started")],
)];

/// Share, Swedish, English.
const SHARES: &[(&str, &str, &str)] = &[
    ("coverage", "Täckningsgrad", "Coverage"),
    ("valid", "Giltiga", "Valid"),
    ("other", "Annat", "Other"),
    ("default", "Ifyllda av agenten", "Filled in by the agent"),
    ("invalid", "Felaktiga", "Invalid"),
    ("missing", "Saknas", "Missing"),
    ("transfer", "Överföringsgrad", "Transfer rate"),
    ("women", "Kvinnor", "Women"),
    ("men", "Män", "Men"),
    ("public", "Offentlig drift", "Public care"),
    ("private", "Privat drift", "Private care"),
    ("referral_missing", "Utan remissdatum", "Without referral"),
    ("within_30", "Inom 30 dagar", "Within 30 days"),
    ("within_90", "Inom 90 dagar", "Within 90 days"),
    ("within_42", "Inom 42 dagar", "Within 42 days"),
    ("within_126", "Inom 126 dagar", "Within 126 days"),
    ("sick_missing", "Utan uppgift", "Not told"),
    ("sick_less", "Mindre sjukskrivna", "Less sick leave"),
    ("sick_same", "Lika sjukskrivna", "As much sick leave"),
    ("sick_more", "Mer sjukskrivna", "More sick leave"),
    ("sick_none_before", "Ej sjukskrivna före", "No sick leave before"),
    ("sick_none_after", "Ej sjukskrivna efter", "No sick leave after"),
    ("sick_back_to_zero", "Helt friskskrivna", "Back at work in full"),
    ("completed", "Fullföljda", "Completed"),
    ("referral_known", "Med remissdatum", "With a referral date"),
    ("assessment_known", "Med bedömningsdatum", "With an assessment date"),
    ("after", "Skattade sig efter", "Answered after"),
    ("followed", "Följdes upp", "Followed up"),
    ("answered", "Svarade", "Answered"),
    ("answered_completed", "Svarade av fullföljda", "Answered of completed"),
    ("response", "Respons", "Response"),
    ("response_raw", "Halverade", "Halved"),
    ("remission", "Remission", "Remission"),
    ("remission_sick", "Remission, från över gränsen", "Remission, from above the limit"),
    ("rel_improved", "Tillförlitligt bättre", "Reliably improved"),
    ("rel_deteriorated", "Tillförlitligt sämre", "Reliably deteriorated"),
    ("case_pre", "Fall före", "Case before"),
    ("case_post", "Fall efter", "Case after"),
    ("recovery", "Återhämtade", "Recovered"),
    ("rel_recovery", "Tillförlitligt återhämtade", "Reliably recovered"),
    ("jt_improved", "Bättre (J-T)", "Improved (J-T)"),
    ("jt_deteriorated", "Sämre (J-T)", "Deteriorated (J-T)"),
];

/// The heading of a column in a report; nothing for one that nobody named here.
#[must_use]
pub fn heading_in(report: &str, column: &str) -> Option<Heading> {
    let own = OWN.iter().find(|(name, _)| *name == report);
    own.and_then(|(_, columns)| of_list(columns, column)).or_else(|| heading(column))
}

/// The heading that a column has in every report that does not give it one of its own.
#[must_use]
pub fn heading(column: &str) -> Option<Heading> {
    of_list(COLUMNS, column).or_else(|| of_share(column)).or_else(|| of_published(column))
}

fn of_published(column: &str) -> Option<Heading> {
    let Heading { text, unit } = heading(column.strip_suffix(PUBLISHED)?)?;
    let [sv, en] = [Language::Sv, Language::En].map(|language| text.pick(language));
    Some(Heading { text: Text::made(format!("{sv}, publicerat"), format!("{en}, published")), unit })
}

fn of_list(columns: &[Column], column: &str) -> Option<Heading> {
    let (_, unit, sv, en) = columns.iter().find(|(name, ..)| *name == column)?;
    Some(Heading { text: Text::fixed(sv, en), unit: *unit })
}

fn of_share(column: &str) -> Option<Heading> {
    let (share, part) = column.rsplit_once('_')?;
    let (_, sv, en) = SHARES.iter().find(|(name, ..)| *name == share)?;
    let (sv_part, en_part, unit) = match part {
        "n" => (", antal", ", number", Unit::Count),
        "d" => (", av", ", of", Unit::Count),
        "p" => ("", "", Unit::Share),
        "lo" => (", nedre 95\u{a0}%", ", lower 95\u{a0}%", Unit::Share),
        "hi" => (", övre 95\u{a0}%", ", upper 95\u{a0}%", Unit::Share),
        _ => return None,
    };
    Some(Heading { text: Text::made(format!("{sv}{sv_part}"), format!("{en}{en_part}")), unit })
}
