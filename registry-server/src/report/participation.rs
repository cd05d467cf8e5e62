//! Report `participation`: who delivers, since when, and whether it comes when it said it would.
//!
//! Promises: every county has a row, also one that was never enrolled, and so has every private caregiver that was; the column `region`
//! is the sender, not where its units lie. Connected is who delivers and may deliver on. A sender is held to the schedule that its own agent tells.

/// Whether a sender comes when it said it would.
pub(crate) mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use schemas::rule::today;

use super::figure::Figure;
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::ALL;
use crate::aggregate::population::{Inhabitants, Who};
use crate::fact::{Facts, Part, SenderFact};
use crate::report::parameters::Parameters;
use crate::store::SenderStatus;
use standing::{Standing, standing};

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "participation",
    version: 1,
    meaning: Text::fixed(
        "Vilka regioner och privata vårdgivare som lämnar uppgifter, sedan när, från hur många enheter, och hur stor del av befolkningen \
         som bor i anslutna regioner.",
        "Which regions and private caregivers deliver, since when, from how many units, and what share of the population lives in \
         connected regions.",
    ),
    needs: &[Part::Senders],
    on_screen: &[
        "status",
        "first_accepted",
        "last_accepted",
        "last_seen",
        "units_connected",
        "units_described",
        "accepted",
        "inhabitants",
        "population_covered",
    ],
    build,
};

const COLUMNS: [&str; 13] = [
    "period",
    "region",
    "status",
    "enrolment",
    "enrolled",
    "first_accepted",
    "last_accepted",
    "last_seen",
    "units_connected",
    "units_described",
    "accepted",
    "inhabitants",
    "population_covered",
];

/// What a sender has in the register.
#[derive(Debug, Default)]
struct Holding<'a> {
    connected: BTreeSet<&'a str>,
    described: BTreeSet<&'a str>,
    accepted: u64,
}

fn build(data: &ReportData, _: &Parameters) -> Result<Table, ParameterError> {
    let holdings = holdings(&data.facts);
    let senders: BTreeMap<&str, &SenderFact> = data.facts.senders.iter().map(|fact| (&*fact.sender, fact)).collect();
    let inhabitants = Inhabitants::new(data.lists, &data.facts.populations);
    let year = notes::day(data).year();
    let mut stand_ins = BTreeSet::new();
    let mut people = |region: &str| {
        let found = inhabitants.person_years(Some(region), &vec![(year, 12)], Who::default())?;
        stand_ins.extend(found.stand_ins.into_iter().map(|(_, taken)| taken));
        Some(found.years)
    };
    let codes: BTreeSet<&str> =
        data.lists.regions().map(|region| region.code.as_str()).chain(senders.keys().copied()).collect();
    let nobody = Holding::default();
    let (mut rows, mut total, mut living) = (Vec::new(), Holding::default(), Living::default());
    for code in codes {
        let (sender, holding) = (senders.get(code).copied(), holdings.get(code).unwrap_or(&nobody));
        let status = sender.map_or(Standing::Never, |sender| standing(sender, data.as_of));
        let people = people(code);
        let is_connected =
            status != Standing::Never && sender.is_some_and(|sender| &*sender.status == SenderStatus::Active.word());
        living.add(people, if is_connected { people } else { None });
        total.connected.extend(&holding.connected);
        total.described.extend(&holding.described);
        total.accepted += holding.accepted;
        let mut row = vec![Figure::text(ALL), Figure::text(code), Figure::text(status.word())];
        row.extend(dates(sender));
        row.extend(holding.figures());
        row.extend([Figure::from(people), Figure::Undefined]);
        rows.push(row);
    }
    let mut row = vec![Figure::text(ALL), Figure::text(ALL)];
    row.extend([const { Figure::Undefined }; 6]);
    row.extend(total.figures());
    row.extend([Figure::from(Some(living.all)), Figure::from(living.covered())]);
    rows.push(row);
    let columns = COLUMNS.map(str::to_owned).to_vec();
    Ok(Table { columns, keys: 2, rows, notes: words(year, &stand_ins) })
}

fn holdings(facts: &Facts) -> BTreeMap<&str, Holding<'_>> {
    let mut holdings: BTreeMap<&str, Holding> = BTreeMap::new();
    for treatment in &facts.treatments {
        let holding = holdings.entry(&treatment.sender).or_default();
        holding.connected.insert(&treatment.unit_start);
        holding.accepted += 1;
    }
    for unit in &facts.units {
        holdings.entry(&unit.sender).or_default().described.insert(&unit.unit);
    }
    holdings
}

impl Holding<'_> {
    fn figures(&self) -> [Figure; 3] {
        [self.connected.len() as u64, self.described.len() as u64, self.accepted].map(Figure::Count)
    }
}

/// Inhabitants of all regions and of the connected ones.
#[derive(Debug, Default)]
struct Living {
    all: f64,
    connected: f64,
}

impl Living {
    fn add(&mut self, people: Option<f64>, connected: Option<f64>) {
        self.all += people.unwrap_or_default();
        self.connected += connected.unwrap_or_default();
    }

    fn covered(&self) -> Option<f64> {
        (self.all > 0.0).then(|| self.connected / self.all)
    }
}

/// Whether it may deliver, and the days of its enrolment, first and last acceptance and newest batch.
fn dates(sender: Option<&SenderFact>) -> [Figure; 5] {
    let Some(sender) = sender else { return [const { Figure::Undefined }; 5] };
    let day = |time: Option<&String>| {
        let time = time.and_then(|time| time.parse::<Timestamp>().ok());
        time.map_or(Figure::Undefined, |time| Figure::Text(Arc::from(today(time).to_string())))
    };
    [
        Figure::from(&sender.status),
        day(Some(&sender.enrolled_at)),
        day(sender.first_accepted_at.as_ref()),
        day(sender.last_accepted_at.as_ref()),
        day(sender.last_seen_at.as_ref()),
    ]
}

fn words(year: i16, stand_ins: &BTreeSet<i16>) -> Vec<Text> {
    let mut notes = vec![
        Text::fixed(
            "Läge: aldrig = inget har godkänts; i tid = kom enligt agentens egen tidsplan, med ett dygns marginal; sen = en planerad \
             körning eller två har uteblivit; tyst = minst tre har uteblivit, sedan minst sju dygn; paus = planerad tystnad. En \
             agent som inte har berättat sin tidsplan väntas varje dygn.",
            "Status: never = nothing has been accepted; on time = came by its agent's own schedule, give or take a day; late = one \
             planned run or two did not come; silent = three or more did not, for seven days or longer; paused = a planned silence. An \
             agent that has not told its schedule is waited for daily.",
        ),
        Text::fixed(
            "Raden gäller avsändaren; dess enheter kan ligga i andra län. Urval och gruppering används inte.",
            "A row is a sender, whose units may lie in other counties. Selection and grouping are not used.",
        ),
    ];
    let taken: Vec<String> = stand_ins.iter().map(i16::to_string).collect();
    if !taken.is_empty() {
        let taken = taken.join(", ");
        notes.push(Text::made(
            format!("Invånare för {year} togs från närmaste år: {taken}."),
            format!("Inhabitants of {year} were taken from the nearest year: {taken}."),
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::invented::{figures_of, report, told, treatment, unit};

    fn sender(code: &str, last: Option<&str>) -> SenderFact {
        SenderFact {
            sender: Arc::from(code),
            status: Arc::from("active"),
            enrolled_at: "2025-10-01T08:00:00Z".to_owned(),
            first_accepted_at: last.map(|_| "2025-10-02T22:30:00Z".to_owned()),
            last_accepted_at: last.map(str::to_owned),
            last_seen_at: last.map(str::to_owned),
            paused_until: None,
            schedule: Some("15 2 * * *".to_owned()),
            timezone: Some("Europe/Stockholm".to_owned()),
        }
    }

    fn facts() -> Facts {
        Facts {
            treatments: vec![treatment(1, "12", "A"), treatment(2, "12", "A"), treatment(3, "P07", "B")],
            units: vec![unit("12", "A", None), unit("12", "C", None)],
            senders: vec![
                sender("12", Some("2025-12-31T12:00:00Z")),
                sender("14", None),
                sender("P07", Some("2025-12-01T12:00:00Z")),
            ],
            ..Facts::default()
        }
    }

    fn made() -> crate::report::Report {
        report(facts(), "participation", &[])
    }

    #[test]
    fn the_worked_example_has_a_row_for_each_county_and_caregiver() {
        let made = made();
        assert_eq!(made.rows.len(), 21 + 1 + 1);
        let row = figures_of(&made, &["ALL", "12"]);
        let of = |column: &str| row[column].clone();
        assert_eq!(
            ["status", "enrolled", "first_accepted"].map(of),
            ["on_time", "2025-10-01", "2025-10-03"].map(Figure::text)
        );
        assert_eq!(["units_connected", "units_described", "accepted"].map(of), [1, 2, 2].map(Figure::Count));
        assert_eq!(figures_of(&made, &["ALL", "P07"])["status"], Figure::text("silent"));
        assert_eq!(figures_of(&made, &["ALL", "14"])["status"], Figure::text("never"), "enrolled, but nothing came");
        assert_eq!(figures_of(&made, &["ALL", "01"])["enrolment"], Figure::Undefined);
    }

    #[test]
    fn the_country_s_row_holds_the_sums_and_the_share_of_the_connected_regions_inhabitants() {
        let made = made();
        let (total, one) = (figures_of(&made, &["ALL", "ALL"]), figures_of(&made, &["ALL", "12"]));
        assert_eq!(["units_connected", "accepted"].map(|column| total[column].clone()), [2, 3].map(Figure::Count));
        let (Figure::Number(all), Figure::Number(one)) = (&total["inhabitants"], &one["inhabitants"]) else { panic!() };
        assert_eq!(total["population_covered"], Figure::Number(one / all));
        let mut revoked = facts();
        revoked.senders[0].status = Arc::from("revoked");
        let revoked = report(revoked, "participation", &[]);
        assert_eq!(
            figures_of(&revoked, &["ALL", "ALL"])["population_covered"],
            Figure::Number(0.0),
            "it delivers no more"
        );
        assert!(told(&made).contains("Inhabitants of 2026 were taken from the nearest year: 2021."), "{}", told(&made));
    }
}
