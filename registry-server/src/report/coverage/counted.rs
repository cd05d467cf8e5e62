//! Everything that coverage counts, by its labels: what is in the register, and what the senders say of their sources.
//!
//! Promises: a treatment counts once in its row and once in every total; of months that the selection divides only treatments count.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use schemas::codelist::{CodeLists, ProgrammeKind};

use super::Labels;
use super::outside::{Cell, Told, levels};
use super::own::Own;
use crate::aggregate::ALL;
use crate::aggregate::crossing::Crossing;
use crate::aggregate::plan::Plan;
use crate::aggregate::structure::Structure;
use crate::fact::Facts;
use crate::report::months::{Whereabouts, first_day, whereabouts};
use crate::report::spot::{Depth, Spot};

/// What stands in a row but for the outside count.
#[derive(Debug, Default, Clone)]
pub(super) struct Sums {
    /// Active treatments.
    pub(super) accepted: u64,
    /// Those of months of which the selection holds a part only.
    pub(super) divided: u64,
    /// Those from senders that have not told a reading of everything.
    pub(super) untold: u64,
    /// What the senders say.
    pub(super) own: Option<Own>,
}

/// Regions and months of which the outside sources do not tell everything, though they tell something of the region.
pub(super) type Lacking = BTreeSet<(String, Date)>;

/// The counts.
pub(super) struct Counted<'a> {
    /// By their labels.
    pub(super) sums: Crossing<Sums>,
    /// Months of which the selection holds a part only.
    pub(super) divided: BTreeSet<Date>,
    plan: &'a Plan,
    lists: &'a CodeLists,
    structure: Structure<'a>,
    /// Where and in which months the register has treatments, as far down as can be.
    known: BTreeSet<Cell<'a>>,
}

impl<'a> Counted<'a> {
    /// Counts.
    pub(super) fn new(facts: &'a Facts, lists: &'a CodeLists, plan: &'a Plan) -> Self {
        let mut counted = Self {
            sums: Crossing::default(),
            divided: BTreeSet::new(),
            plan,
            lists,
            structure: Structure::new(facts, lists, plan),
            known: BTreeSet::new(),
        };
        counted.treatments(facts);
        counted.runs(facts);
        counted
    }

    fn labels<'b>(&self, period: Option<&'b str>, spot: &Spot<'b>) -> Vec<Option<&'b str>>
    where
        'a: 'b,
    {
        let dimensions = self.plan.by.iter().map(|dimension| spot.label(*dimension, self.lists));
        std::iter::once(period).chain(dimensions).collect()
    }

    fn treatments(&mut self, facts: &'a Facts) {
        let told: BTreeSet<&str> = facts.runs.iter().map(|run| &*run.sender).collect();
        let mut cells: HashMap<(Spot<'a>, Date, i32), (u64, u64)> = HashMap::new();
        let one_by_one = facts.treatments.iter().map(|treatment| {
            let place = self.structure.place(treatment);
            (&treatment.sender, place, &treatment.programme, (treatment.ended_on, 1))
        });
        let counted = facts.ended.iter().map(|ended| {
            let place = self.structure.unit_place(&ended.sender, &ended.unit);
            (&ended.sender, place, &ended.programme, (ended.month, ended.treatments))
        });
        for (sender, place, programme, (day, n)) in one_by_one.chain(counted) {
            let Some(period) = self.plan.period_of(day) else { continue };
            let spot = Spot::of(&place, Some(self.structure.programme_now(programme)));
            let cell = cells.entry((spot, day.first_of_month(), period)).or_default();
            cell.0 += n;
            cell.1 += if told.contains(&**sender) { 0 } else { n };
        }
        for ((spot, month, period), (n, untold)) in cells {
            let divided = whereabouts(self.plan, Some(month)) == Whereabouts::Divided;
            let label = self.plan.period.label(period);
            if !divided {
                // What is told outside is told of everything, kept or not.
                self.known.insert((spot, month));
            }
            if !self.keeps(&spot) {
                continue;
            }
            let labels = self.labels(Some(&label), &spot);
            self.sums.add(&labels, |sums| {
                sums.accepted += n;
                sums.untold += untold;
                sums.divided += if divided { n } else { 0 };
            });
            if divided {
                self.divided.insert(month);
            }
        }
    }

    fn runs(&mut self, facts: &'a Facts) {
        for fact in &facts.runs {
            let run = &fact.run;
            let support = |code| self.lists.programme(code).is_some_and(|p| p.kind == ProgrammeKind::Support);
            let Some(own) = Own::of(run).filter(|_| !support(&run.programme)) else { continue };
            let place = self.structure.unit_place(&fact.sender, &run.unit);
            let spot = Spot::of(&place, Some(self.structure.programme_now(&run.programme)));
            if !self.keeps(&spot) {
                continue;
            }
            let label = match whereabouts(self.plan, first_day(&run.month)) {
                Whereabouts::In(label) => Some(label),
                Whereabouts::Total => None,
                Whereabouts::Divided | Whereabouts::Outside => continue,
            };
            let labels = self.labels(label.as_deref(), &spot);
            self.sums.add(&labels, |sums| sums.own.get_or_insert_default().join(&own));
        }
    }

    /// What is told from outside of each row, and where something is lacking.
    pub(super) fn outside(&self, facts: &'a Facts) -> (BTreeMap<Labels, Told<'a>>, Lacking) {
        let (mut rows, mut lacking) = (BTreeMap::new(), Lacking::new());
        for (depth, level) in levels(&facts.denominators, &self.structure, &self.known) {
            let regions: BTreeSet<&str> =
                level.iter().filter(|(_, told)| told.is_told()).map(|((spot, _), _)| spot.region).collect();
            let mut crossing: Crossing<Told<'a>> = Crossing::default();
            for ((spot, month), told) in level.iter().filter(|((spot, _), _)| self.keeps(spot)) {
                let Whereabouts::In(label) = whereabouts(self.plan, Some(*month)) else { continue };
                crossing.add(&self.labels(Some(&label), spot), |row| row.join(told));
                if depth == Depth::ALL[0] && !told.is_whole() && regions.contains(spot.region) {
                    lacking.insert((spot.region.to_owned(), *month));
                }
            }
            let of_this_depth = |labels: &Labels| self.depth(labels) == depth;
            rows.extend(crossing.rows().filter(|(l, _)| of_this_depth(l)).map(|(l, told)| (l.clone(), told.clone())));
        }
        (rows, lacking)
    }

    /// Whether the plan keeps what is counted at a spot.
    fn keeps(&self, spot: &Spot<'_>) -> bool {
        self.plan.only.takes(|dimension| spot.label(dimension, self.lists))
    }

    /// How far down a row is split, or narrowed.
    fn depth(&self, labels: &[Arc<str>]) -> Depth {
        let split = self.plan.by.iter().zip(&labels[1..]).filter(|(_, label)| &***label != ALL);
        let narrowed = self.plan.only.narrowed().map(|(dimension, _)| dimension);
        Depth::of(split.map(|(dimension, _)| *dimension).chain(narrowed))
    }
}
