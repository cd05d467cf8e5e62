//! Whether the periods of the cohort of started treatments are mature: it holds ended treatments only, and drop-outs end first.
//!
//! Promises: a period is named while the senders' monthly counts show more than one in twenty of its started treatments ongoing; of those
//! who are ongoing the ones that started last are thought to be, because treatments take about as long as each other.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemas::codelist::ProgrammeKind;

use crate::aggregate::plan::Plan;
use crate::report::months::{Whereabouts, first_day, whereabouts};
use crate::report::usage::split::{Counts, Split, Told};
use crate::report::{ReportData, Text};

/// The share of ongoing treatments above which a period is not mature.
const MOST_ONGOING: f64 = 0.05;

/// Started treatments of some months, and how many of them are ongoing.
#[derive(Debug, Clone, Copy, Default)]
struct Cohort {
    started: u64,
    ongoing: u64,
}

/// A sentence that names the periods that are not mature, or says that nobody counts; nothing where all are mature.
pub(super) fn maturity(data: &ReportData, plan: &Plan) -> Option<Text> {
    let mut periods: BTreeMap<String, Cohort> = BTreeMap::new();
    for ((_, month), cohort) in by_sender_and_month(data) {
        if let Whereabouts::In(label) = whereabouts(plan, Some(month)) {
            let sum = periods.entry(label).or_default();
            sum.started += cohort.started;
            sum.ongoing += cohort.ongoing;
        }
    }
    if periods.is_empty() {
        return Some(Text::fixed(
            "Om perioderna är mogna är okänt: urvalet innehåller inga månadsantal, som visar om mer än 5 % av de påbörjade ännu pågår.",
            "Whether the periods are mature is not known: the selection holds no monthly counts, which show whether more than 5 % of those \
             who started are ongoing.",
        ));
    }
    periods.retain(|_, cohort| cohort.ongoing as f64 > MOST_ONGOING * cohort.started as f64);
    if periods.is_empty() {
        return None;
    }
    let share = |cohort: &Cohort| cohort.ongoing as f64 / cohort.started as f64 * 100.0;
    let named = |comma: &str| {
        let one = |(label, cohort): (&String, &Cohort)| {
            format!("{label} ({} %)", format!("{:.1}", share(cohort)).replace('.', comma))
        };
        periods.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    Some(Text::made(
        format!(
            "Ej mogna perioder: av de behandlingar som påbörjades i perioden, räknade till den enhet som påbörjade dem, pågår ännu mer än \
             5 % enligt månadsantalen, och de som avbryts slutar först: {}.",
            named(",")
        ),
        format!(
            "Not mature: of the treatments that started in these periods, counted for the unit that started them, more than 5 % are \
             ongoing by the monthly counts, and those who drop out end first: {}.",
            named(".")
        ),
    ))
}

/// Of each sender and month the treatments that started in it, and those of them that are ongoing when the sender counted last.
fn by_sender_and_month<'a>(data: &'a ReportData) -> BTreeMap<(&'a str, Date), Cohort> {
    let support = |code: &str| data.lists.programme(code).is_some_and(|one| one.kind == ProgrammeKind::Support);
    let mut told: BTreeMap<(&str, Date, &str, &str), Told<'a>> = BTreeMap::new();
    for fact in data.facts.activities.iter().filter(|fact| !support(&fact.programme)) {
        if let Some(month) = first_day(&fact.month) {
            told.entry((&fact.sender, month, &fact.unit, &fact.programme)).or_default().add(fact);
        }
    }
    let mut months: BTreeMap<(&str, Date), Counts> = BTreeMap::new();
    for ((sender, month, ..), told) in &told {
        for counts in told.by(Split::NOT).into_values() {
            months.entry((sender, *month)).or_default().add(counts);
        }
    }
    let mut cohorts = BTreeMap::new();
    let mut rest: Option<(&str, u64)> = None;
    // The newest month of each sender first: its ongoing treatments are handed out from there on.
    for ((sender, month), Counts { started, ongoing, .. }) in months.into_iter().rev() {
        let left = rest.filter(|(of, _)| *of == sender).map_or(ongoing, |(_, left)| left);
        let here = left.min(started);
        rest = Some((sender, left - here));
        cohorts.insert((sender, month), Cohort { started, ongoing: here });
    }
    cohorts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::fact::{ActivityFact, Facts};
    use crate::report::tests::invented::{report, told};

    fn count(month: &str, started: u64, ongoing: u64) -> ActivityFact {
        let text = |text: &str| -> Arc<str> { Arc::from(text) };
        ActivityFact {
            sender: text("12"),
            month: text(month),
            unit: text("A"),
            programme: text("depressionshjalpen"),
            sex: None,
            age_group: None,
            started,
            ended: 0,
            ongoing,
        }
    }

    fn notes(ongoing: u64, choice: &[(&str, &str)]) -> String {
        let activities = vec![count("2024-01", 100, 100), count("2024-02", 20, 110), count("2024-03", 10, ongoing)];
        told(&report(Facts { activities, ..Facts::default() }, "groups", choice))
    }

    #[test]
    fn a_period_is_not_mature_while_more_than_one_in_twenty_of_its_started_treatments_is_ongoing() {
        let months = [("cohort", "started"), ("period", "month")];
        let found = notes(12, &months);
        assert!(found.contains("drop out end first: 2024-02 (10.0 %); 2024-03 (100.0 %)."), "{found}");
        let found = notes(35, &months);
        assert!(!found.contains("2024-01 ("), "exactly 5 % is mature: {found}");
        let found = notes(36, &months);
        assert!(found.contains("2024-01 (6.0 %)"), "{found}");
        assert!(!notes(0, &months).contains("Not mature"));
        assert!(!notes(12, &[("cohort", "ended"), ("period", "month")]).contains("Not mature"));
    }

    #[test]
    fn a_longer_period_matures_with_the_treatments_that_started_in_it() {
        let year = [("cohort", "started"), ("period", "year")];
        assert!(notes(12, &year).contains("2024 (9.2 %)"), "{}", notes(12, &year));
        assert!(!notes(6, &year).contains("Not mature"));
        let until = [("cohort", "started"), ("to", "2024-01-31")];
        assert!(!notes(12, &until).contains("Not mature"), "only the periods of the selection");
        assert!(notes(12, &[("cohort", "started")]).contains("ALL (9.2 %)"));
    }
}
