//! Report `usage`: started, ended and ongoing treatments over time, as the senders count them month by month.
//!
//! Promises: counts of everybody, also of those whose treatments are not in the register; ongoing is that of a period's last month; a
//! month without counts of a sender that counted before is named, never taken for zero.

/// Counts by sex and age, as far as they are split.
pub(super) mod split;
#[cfg(test)]
mod tests;
/// Months and senders.
mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use schemas::codelist::{CodeLists, ProgrammeKind};
use schemas::record::Ownership;

use super::figure::Figure;
use super::months::{Whereabouts, first_day, whereabouts};
use super::region_rows::region_rows;
use super::residents::Residents;
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::crossing::Crossing;
use crate::aggregate::dimension::Dimension;
use crate::aggregate::period::{Part, Period};
use crate::aggregate::plan::{Attribution, Plan};
use crate::aggregate::structure::{Place, Structure};
use crate::aggregate::{ALL, UNKNOWN};
use crate::fact;
use crate::indicator::rate::rate;
use crate::report::parameters::Parameters;
use split::{Counts, Group, Split, Told};
use time::Time;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "usage",
    version: 1,
    meaning: Text::fixed(
        "Hur många behandlingar som påbörjades, avslutades och pågick, enligt avsändarnas egna månadsantal: även de som inte finns i \
         registret räknas.",
        "How many treatments started, ended and were ongoing, by the senders' own monthly counts: those that are not in the register \
         count too.",
    ),
    needs: &[fact::Part::Activity],
    on_screen: &["n_started", "n_ended", "n_ongoing", "rate_per_1000"],
    build,
};

/// A row's labels: the period, then the dimensions.
type Labels = Vec<Arc<str>>;

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let asked = parameters.plan(notes::day(data));
    let period = if asked.period.is_all() { Period::Calendar(Part::Month) } else { asked.period };
    let plan = Plan { period, attribution: Attribution::Start, ..asked };
    let usage = Usage::new(data, &plan);
    let mut rows = usage.rows();
    rows.entry(vec![Arc::from(ALL); plan.by.len() + 1]).or_default();
    let printed: BTreeSet<Labels> = rows.keys().cloned().collect();
    for labels in region_rows((&plan.by, &plan.only), data.lists, &printed) {
        rows.entry(labels).or_default();
    }
    let mut residents = Residents::new(data).following(plan.structure);
    let mut figures = Vec::with_capacity(rows.len());
    for (labels, counts) in &rows {
        let months = usage.time.months_of(&labels[0]);
        let years = residents.group(&plan, &labels[1..]);
        let years = years.and_then(|group| residents.person_years(group, &months));
        let rate = years.and_then(|years| rate(counts.started, years));
        let mut row: Vec<Figure> = labels.iter().map(Figure::from).collect();
        row.extend([counts.started, counts.ended, counts.ongoing].map(Figure::Count));
        row.extend([years.into(), rate.as_ref().map(|rate| rate.per_1000).into()]);
        row.extend([rate.as_ref().map(|rate| rate.low).into(), rate.map(|rate| rate.high).into()]);
        figures.push(row);
    }
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    let own = ["n_started", "n_ended", "n_ongoing", "person_years", "rate_per_1000", "rate_lo", "rate_hi"];
    columns.extend(own.map(str::to_owned));
    let mut notes = usage.notes();
    notes.extend(residents.notes());
    Ok(Table { columns, keys, rows: figures, notes })
}

/// The counts of one sender, month, unit and programme.
struct Spot<'a> {
    sender: &'a str,
    month: Date,
    place: Place<'a>,
    programme: &'a str,
    told: Told<'a>,
}

/// Everything that was counted in the selection.
struct Usage<'a> {
    plan: &'a Plan,
    lists: &'a CodeLists,
    spots: Vec<Spot<'a>>,
    time: Time<'a>,
    /// Months of which the selection holds a part only.
    divided: BTreeSet<Date>,
}

impl<'a> Usage<'a> {
    fn new(data: &'a ReportData, plan: &'a Plan) -> Self {
        let structure = Structure::new(&data.facts, data.lists, plan);
        let support = |code: &str| data.lists.programme(code).is_some_and(|one| one.kind == ProgrammeKind::Support);
        let mut told: BTreeMap<(&str, Date, &str, &str), Told<'a>> = BTreeMap::new();
        for fact in data.facts.activities.iter().filter(|fact| !support(&fact.programme)) {
            if let Some(month) = first_day(&fact.month) {
                told.entry((&fact.sender, month, &fact.unit, &fact.programme)).or_default().add(fact);
            }
        }
        told.retain(|_, told| !told.is_nothing());
        let counted: BTreeSet<(&str, Date)> = told.keys().map(|(sender, month, ..)| (*sender, *month)).collect();
        let (mut spots, mut divided) = (Vec::new(), BTreeSet::new());
        for ((sender, month, unit, programme), told) in told {
            match whereabouts(plan, Some(month)) {
                Whereabouts::In(_) => {
                    let (place, programme) = (structure.unit_place(sender, unit), structure.programme_now(programme));
                    spots.push(Spot { sender, month, place, programme, told });
                }
                Whereabouts::Divided => drop(divided.insert(month)),
                Whereabouts::Total | Whereabouts::Outside => (),
            }
        }
        let mut usage = Self { plan, lists: data.lists, spots: Vec::new(), time: Time::new(plan, counted), divided };
        // Sex and age are told within a spot.
        spots.retain(|spot| {
            let of_spot = |dimension| !matches!(dimension, Dimension::Sex | Dimension::AgeGroup);
            let mut narrowed = plan.only.narrowed().filter(|(dimension, _)| of_spot(*dimension));
            narrowed.all(|(dimension, _)| plan.only.takes_label(dimension, usage.label(dimension, spot, (None, None))))
        });
        usage.spots = spots;
        usage
    }

    /// The rows, for every combination of labels and its totals. Each way to split by sex and age has its own counts: what is told in
    /// all is no sum of what is told in parts.
    fn rows(&self) -> BTreeMap<Labels, Counts> {
        let asked = |dimension| self.plan.by.contains(&dimension);
        let mut rows = BTreeMap::new();
        for (sex, age) in [(false, false), (true, false), (false, true), (true, true)] {
            if (sex && !asked(Dimension::Sex)) || (age && !asked(Dimension::AgeGroup)) {
                continue;
            }
            let is_split = |labels: &Labels, dimension| {
                let place = self.plan.by.iter().position(|one| *one == dimension);
                place.is_some_and(|place| &*labels[place + 1] != ALL)
            };
            let kept = |dimension| self.plan.only.of(dimension).is_some();
            let told = Split { sex: sex || kept(Dimension::Sex), age: age || kept(Dimension::AgeGroup) };
            let own = self.counts_by(told).into_iter().filter(|(labels, _)| {
                is_split(labels, Dimension::Sex) == sex && is_split(labels, Dimension::AgeGroup) == age
            });
            rows.extend(own);
        }
        rows
    }

    fn counts_by(&self, split: Split) -> BTreeMap<Labels, Counts> {
        let mut flows: Crossing<Counts> = Crossing::new();
        // What is ongoing adds up over places, not over time: it is that of one month, of each period and of the selection.
        let (mut at_end_of_period, mut at_end): (Crossing<u64>, Crossing<u64>) = (Crossing::new(), Crossing::new());
        for spot in &self.spots {
            let Spot { sender, month, told, .. } = spot;
            let Some(ordinal) = self.plan.period_of(*month) else { continue };
            let period = self.plan.period.label(ordinal);
            let stands = [Some(ordinal), None].map(|ordinal| self.time.stands_for(sender, *month, ordinal));
            for (group, counts) in told.by(split).into_iter().filter(|(group, _)| self.keeps(*group)) {
                let dimensions = self.plan.by.iter().map(|dimension| self.label(*dimension, spot, group));
                let labels: Vec<Option<&str>> = std::iter::once(Some(period.as_str())).chain(dimensions).collect();
                flows.add(&labels, |row| row.add(Counts { ongoing: 0, ..counts }));
                let ongoing = |row: &mut u64| *row += counts.ongoing;
                if stands[0] {
                    at_end_of_period.add(&labels, ongoing);
                }
                if stands[1] {
                    at_end.add(&labels, ongoing);
                }
            }
        }
        let mut rows: BTreeMap<Labels, Counts> =
            flows.rows().map(|(labels, counts)| (labels.clone(), *counts)).collect();
        let of_period = at_end_of_period.rows().filter(|(labels, _)| &*labels[0] != ALL);
        for (labels, ongoing) in of_period.chain(at_end.rows().filter(|(labels, _)| &*labels[0] == ALL)) {
            rows.entry(labels.clone()).or_default().ongoing = *ongoing;
        }
        rows
    }

    /// Whether the plan keeps a group, by sex and age.
    fn keeps(&self, (sex, age): Group<'_>) -> bool {
        let only = &self.plan.only;
        only.takes_label(Dimension::Sex, sex) && only.takes_label(Dimension::AgeGroup, age)
    }

    /// The label of a spot's group; nothing where counts do not tell it.
    fn label(&self, dimension: Dimension, spot: &Spot<'a>, (sex, age): Group<'a>) -> Option<&'a str> {
        match dimension {
            Dimension::Region => Some(spot.place.region.unwrap_or(UNKNOWN)),
            Dimension::Unit => Some(spot.place.unit),
            Dimension::Programme => Some(spot.programme),
            Dimension::Condition => {
                Some(self.lists.programme(spot.programme).map_or(UNKNOWN, |programme| programme.condition.as_str()))
            }
            Dimension::CareLevel => Some(spot.place.care_level.unwrap_or(UNKNOWN)),
            Dimension::Ownership => Some(match spot.place.ownership {
                Some(Ownership::Public) => "public",
                Some(Ownership::Private) => "private",
                None => UNKNOWN,
            }),
            Dimension::Sex => sex,
            Dimension::AgeGroup => age,
            Dimension::ProgrammeVersion | Dimension::DiagnosisGroup | Dimension::Severity | Dimension::EndReason => {
                None
            }
        }
    }

    /// Regions of which the selection holds no count, where it holds some of others.
    fn without_counts(&self) -> Option<Text> {
        let counted: BTreeSet<&str> = self.spots.iter().filter_map(|spot| spot.place.region).collect();
        let kept = |code: &str| self.plan.only.takes_label(Dimension::Region, Some(code));
        let without =
            self.lists.regions().filter(|region| !counted.contains(region.code.as_str()) && kept(&region.code));
        let names = without.map(|region| region.name.as_str()).collect::<Vec<_>>().join(", ");
        (!counted.is_empty() && !names.is_empty()).then(|| {
            Text::made(
                format!("Regioner utan månadsantal i urvalet: {names}."),
                format!("Regions without monthly counts in the selection: {names}."),
            )
        })
    }

    fn notes(&self) -> Vec<Text> {
        let mut notes = self.time.notes();
        notes.push(Text::fixed(
            "Räknas efter start- och slutmånad till den enhet som påbörjade behandlingen, oavsett vald kohort. Pågående gäller den sista \
             dagen i periodens sista månad med antal; antal per 1000 gäller påbörjade.",
            "Counted by month of start and end for the unit that started the treatment, whatever cohort was asked for. Ongoing is on the \
             last day of the period's last month with counts; the rate is that of started treatments.",
        ));
        notes.extend(self.without_counts());
        let untold = |dimension: &&Dimension| {
            matches!(
                dimension,
                Dimension::ProgrammeVersion | Dimension::DiagnosisGroup | Dimension::Severity | Dimension::EndReason
            )
        };
        let finer: Vec<&str> = self.plan.by.iter().filter(untold).map(|dimension| dimension.name()).collect();
        if !finer.is_empty() {
            let finer = finer.join(", ");
            notes.push(Text::made(
                format!("Månadsantal finns inte per {finer}; alla står under ALL."),
                format!("Monthly counts are not told by {finer}; all stand under ALL."),
            ));
        }
        if !self.divided.is_empty() {
            let months =
                self.divided.iter().map(|month| month.strftime("%Y-%m").to_string()).collect::<Vec<_>>().join(", ");
            notes.push(Text::made(
                format!("Urvalet delar dessa månader, som därför inte ingår; välj hela månader: {months}."),
                format!("The selection divides these months, which are left out; choose whole months: {months}."),
            ));
        }
        notes
    }
}
