//! `/deliveries` for a unit's reader: that its own treatments come, when, how complete they are, and whether what brings them is alive.
//!
//! Promises: counts of the unit's own treatments only; of its region no number but the time of the newest delivery, which a unit with three
//! patients a month needs to tell silence from having had nobody.

use std::collections::BTreeMap;

use askama::Template;
use jiff::ToSpan as _;
use jiff::civil::Date;
use schemas::id::HsaId;
use schemas::language::{Language, Text};
use schemas::rule::today;

use super::count;
use super::course::standing_word;
use crate::authenticate::Role;
use crate::fact::SenderFact;
use crate::moment::minute_of;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::door;
use crate::present::fault::Fault;
use crate::present::shell::{Shell, minute};
use crate::present::tables::{self, Table};
use crate::store::watch::unit::UnitArrivals;

static TITLE: Text = Text::fixed("Enhetens leveranser", "The unit's deliveries");
/// Months that are shown, the present one among them.
const MONTHS: usize = 12;
/// What all of them together are called.
const SUM: (&str, &str) = ("Σ tolv månader", "Σ twelve months");

#[derive(Template)]
#[template(path = "deliveries/unit.html")]
struct Page {
    shell: Shell,
    as_of: String,
    senders: Vec<Sender>,
    /// Whether one of them does not come as planned.
    is_late: bool,
    units: Vec<Unit>,
    /// A month, and how many came in it by unit; the newest first.
    months: Vec<(String, Vec<String>)>,
    /// How many came in all of them.
    total: Vec<String>,
    fields: Table,
}

/// Who brings what the unit reports.
struct Sender {
    name: String,
    standing: &'static str,
    is_wrong: bool,
    seen: String,
}

/// A unit of the reader.
struct Unit {
    id: String,
    newest: Option<String>,
    /// Treatments that are here.
    here: String,
}

/// The page.
///
/// # Errors
/// When the store fails; [`Fault::NotAllowed`] for whoever reads for no unit.
pub(in crate::present) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&made(ask).await?)
}

/// What it shows as a file.
///
/// # Errors
/// As for the page.
pub(in crate::present) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    tables::file("deliveries", &made(ask).await?.tables(ask.visit.language), ask.visit.language)
}

async fn made(ask: &Ask<'_>) -> Result<Page, Fault> {
    let Role::Unit(units) = &ask.somebody()?.user.role else { return Err(Fault::NotAllowed) };
    let (registry, language) = (&ask.desk.registry, ask.visit.language);
    let now = registry.environment.now();
    let came = ask.desk.workshop.arrivals(units, ask.state().await?).await?;
    let arrivals = &came.all;
    let facts = registry.store.sender_facts().await?;
    let is_theirs = |fact: &&SenderFact| arrivals.iter().any(|one| one.sender.as_str() == &*fact.sender);
    let senders: Vec<Sender> = facts
        .iter()
        .filter(is_theirs)
        .map(|fact| {
            let (standing, is_wrong) = standing_word(fact, now, language);
            let seen = minute_of(fact.last_seen_at.as_deref());
            Sender { name: name(ask, &fact.sender), standing, is_wrong, seen }
        })
        .collect();
    let months = months(today(now));
    let counted: Vec<BTreeMap<Date, u64>> = units.iter().map(|unit| by_month(of(arrivals, unit))).collect();
    let of_month = |month: &Date| -> Vec<String> {
        counted.iter().map(|unit| count(language, unit.get(month).copied().unwrap_or_default())).collect()
    };
    let (fields, of) = door::completeness(ask, units).await?;
    let total = counted.iter().map(|unit| months.iter().filter_map(|month| unit.get(month)).sum());
    Ok(Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        as_of: minute(came.as_of.min(of)),
        is_late: senders.iter().any(|sender| sender.is_wrong),
        senders,
        units: units.iter().map(|unit| told(arrivals, unit, language)).collect(),
        total: total.map(|n| count(language, n)).collect(),
        months: months.iter().map(|month| (label(*month), of_month(month))).collect(),
        fields,
    })
}

impl Page {
    /// What stands on it, table by table.
    fn tables(self, language: Language) -> Vec<Table> {
        let sender = |one: Sender| (one.name, vec![one.standing.to_owned(), one.seen]);
        let heads = language.pick(["Läge", "Senaste leverans"], ["Standing", "Last delivery"]);
        let come = language.pick("Kommer leveranserna?", "Do deliveries come?");
        let come = Table::new(come, &heads, self.senders.into_iter().map(sender).collect());
        let ids: Vec<String> = self.units.iter().map(|unit| unit.id.clone()).collect();
        let unit = |one: Unit| (one.id, vec![one.newest.unwrap_or_default(), one.here]);
        let heads =
            language.pick(["Senaste nya behandlingen kom", "Finns här"], ["The newest treatment came", "Are here"]);
        let title = language.pick("Enhetens behandlingar", "The unit's treatments");
        let here = Table::new(title, &heads, self.units.into_iter().map(unit).collect());
        let mut months = self.months;
        months.push((language.pick(SUM.0, SUM.1).to_owned(), self.total));
        let title = language.pick("Behandlingar per månad", "Treatments by month").to_owned();
        vec![come, here, Table { title, columns: ids, rows: months }, self.fields]
    }
}

/// The name of a sender's region, and its code.
fn name(ask: &Ask<'_>, code: &str) -> String {
    let region = ask.desk.registry.lists.region(code);
    region.map_or_else(|| code.to_owned(), |region| format!("{} ({code})", region.name))
}

/// What came of one unit, from whomever.
fn of<'a>(arrivals: &'a [UnitArrivals], unit: &'a HsaId) -> impl Iterator<Item = &'a UnitArrivals> {
    arrivals.iter().filter(move |one| one.unit == *unit)
}

fn told(arrivals: &[UnitArrivals], unit: &HsaId, language: Language) -> Unit {
    let here = of(arrivals, unit).map(|one| one.untold + one.hours.values().sum::<u64>()).sum();
    let newest = of(arrivals, unit).filter_map(|one| one.newest).max();
    Unit { id: unit.to_string(), newest: newest.map(minute), here: count(language, here) }
}

/// How many came in each month of Sweden, by its first day.
fn by_month<'a>(arrivals: impl Iterator<Item = &'a UnitArrivals>) -> BTreeMap<Date, u64> {
    let mut months = BTreeMap::new();
    for (hour, count) in arrivals.flat_map(|one| &one.hours) {
        *months.entry(today(*hour).first_of_month()).or_default() += count;
    }
    months
}

/// The first days of the months that are shown, the present one first.
fn months(today: Date) -> Vec<Date> {
    let first = today.first_of_month();
    (0_i64..).take(MONTHS).map(|back| first.checked_sub(back.months()).unwrap_or(first)).collect()
}

fn label(month: Date) -> String {
    month.strftime("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_in_the_last_hour_of_a_month_in_sweden_counts_in_it() {
        let one = UnitArrivals {
            sender: "12".parse().unwrap(),
            unit: "SE9990120000-E002".parse().unwrap(),
            hours: [("2026-09-30T21:00:00Z", 1), ("2026-09-30T22:00:00Z", 2), ("2026-10-31T23:00:00Z", 4)]
                .map(|(hour, n)| (hour.parse().unwrap(), n))
                .into(),
            untold: 0,
            newest: None,
        };
        let counted: Vec<_> = by_month([&one].into_iter()).into_iter().map(|(month, n)| (label(month), n)).collect();
        assert_eq!(counted, [("2026-09", 1), ("2026-10", 2), ("2026-11", 4)].map(|(month, n)| (month.to_owned(), n)));
        let shown: Vec<String> = months("2026-03-31".parse().unwrap()).into_iter().map(label).collect();
        assert_eq!((shown.len(), &*shown[0], &*shown[1], &*shown[11]), (12, "2026-03", "2026-02", "2025-04"));
    }
}
