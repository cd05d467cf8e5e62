//! The nights of a month, and what the agents' runs come to in each.

use std::collections::BTreeMap;

use agent::cycle::Extent;
use agent::push::Delivered;
use jiff::civil::{Date, DateTime, date};
use jiff::{Timestamp, ToSpan as _};

use super::moment::Moment;
use super::region::Region;
use super::register::{Database, Register};

/// Days of the nights on which agents run, but for the month's last.
const NIGHTS: [i8; 3] = [5, 12, 19];
/// Months in which the run of the last night leaves something to do on the day after.
const LEFT_OVER: [usize; 3] = [2, 8, 10];

/// The year so far.
pub(super) struct Year {
    pub(super) register: Register,
    pub(super) regions: [Region; 2],
    /// A copy of the register's database.
    pub(super) copy: Option<Database>,
    /// What has happened, and how often.
    pub(super) met: BTreeMap<&'static str, usize>,
    moment: Moment,
    /// When agents ran last.
    last: Timestamp,
}

/// One night, before its run; months and nights count from 0.
pub(super) struct Night {
    pub(super) month: usize,
    pub(super) number: usize,
    /// When agents ran last.
    pub(super) last: Timestamp,
    /// When rows were touched since then.
    pub(super) touched: Timestamp,
    /// The newest day that may stand in them.
    pub(super) day: Date,
}

impl Year {
    pub(super) fn new(moment: Moment, register: Register, regions: [Region; 2]) -> Self {
        let (last, met) = (moment.now(), BTreeMap::new());
        Self { register, regions, copy: None, met, moment, last }
    }

    pub(super) fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    /// A month with its nights.
    pub(super) async fn pass(&mut self, month: usize) {
        for region in &mut self.regions {
            region.month = month;
            region.busy.clear();
        }
        for number in 0..4 {
            let at = night_of(month, number);
            self.moment.set(at);
            let now = self.moment.now();
            let touched = now.checked_sub(10.hours()).unwrap();
            let night = Night { month, number, last: self.last, touched, day: at.date().yesterday().unwrap() };
            self.usual(&night).await;
            self.rare(&night);
            self.asked(&night).await;
            self.faults(&night).await;
            for region in &self.regions {
                region.write().await;
            }
            self.run(&night).await;
            self.last = now;
            if number < 3 && !is_disturbed(&night) {
                self.must_agree(&format!("behind night {} of month {}", number + 1, month + 1)).await;
            }
        }
        if LEFT_OVER.contains(&month) {
            self.day_after(month).await;
        }
    }

    /// The agents' runs of a night.
    async fn run(&mut self, night: &Night) {
        let Night { month, number, .. } = *night;
        match (month, number) {
            // The second region's host is away.
            (3, 1 | 2) => {
                self.regions[0].must_run(Extent::Planned).await;
                self.meet("weeks without a run");
            }
            // The register is away.
            (4, 1) => {
                for region in &self.regions {
                    let outcome = region.agent.run(Extent::Planned).await.unwrap();
                    assert!(matches!(outcome.delivered, Delivered::Later(_)), "{:?}", outcome.delivered);
                }
                self.register.start().await;
            }
            (2 | 10, 3) => self.too_much_vanishes(month / 10).await,
            (8, 3) => {
                let held = self.register.held().await;
                self.regions[0].must_run(Extent::Planned).await;
                self.regions[1].tables.empty().await;
                self.regions[1].must_run(Extent::Planned).await;
                let mine = |line: &&String| line.starts_with("12 ");
                let now = self.register.held().await;
                assert!(held.iter().filter(mine).eq(now.iter().filter(mine)), "an empty source took something back");
                self.regions[1].write().await;
                self.meet("empty sources");
            }
            // What vanished since the copy is taken back before the copy is put back.
            (5 | 7, 1) => {
                for region in &self.regions {
                    region.must_run(Extent::Full).await;
                }
            }
            // Something was put back from a copy.
            (5 | 7, 2) => {
                for _ in 0..3 {
                    for region in &self.regions {
                        region.must_run(Extent::Planned).await;
                    }
                }
            }
            _ => {
                for region in &self.regions {
                    region.must_run(Extent::Planned).await;
                }
            }
        }
        if number == 3 && !LEFT_OVER.contains(&month) {
            for region in &self.regions {
                region.must_account_for(region.source.sums()).await;
            }
        }
    }

    /// More rows than one in a hundred vanish: nothing goes until somebody decides, and what was kept comes back.
    async fn too_much_vanishes(&mut self, place: usize) {
        let region = &mut self.regions[place];
        let gone = region.delete(8);
        region.write().await;
        let held = self.register.held().await;
        for region in &self.regions {
            region.must_run(Extent::Planned).await;
        }
        let now = self.register.held().await;
        let region = &mut self.regions[place];
        for (id, _) in &gone {
            let key = region.source.secrets.record(region.source.sender, id);
            assert!(held.iter().any(|line| line.contains(&key)) && now.iter().any(|line| line.contains(&key)), "{id}");
        }
        let back = &gone[..3];
        let waiting = region.agent.decide(|id| back.iter().any(|(kept, _)| kept == id)).await;
        assert_eq!(waiting, gone.len() + 1, "those and the month's deleted row");
        region.source.treatments.extend(back.iter().cloned());
        region.write().await;
        self.meet("decisions by hand");
    }

    /// Another run on the day after.
    async fn day_after(&mut self, month: usize) {
        self.moment.set(night_of(month, 3).checked_add(8.hours()).unwrap());
        for region in &self.regions {
            region.must_run(Extent::Full).await;
            // What was gone together with everything else waits for somebody though the others are back.
            let waiting = region.agent.decide(|_| false).await;
            assert_eq!(waiting, usize::from(month == 8 && region.source.sender == "12"));
            if waiting > 0 {
                region.must_run(Extent::Full).await;
            }
            region.must_account_for(region.source.sums()).await;
        }
        self.last = self.moment.now();
    }
}

/// Whether what a night's run finds is not everything that happened.
fn is_disturbed(night: &Night) -> bool {
    matches!((night.month, night.number), (3, 1 | 2) | (4, 1))
}

/// The nights: in March and October those in which the clocks change, in February and December the last of the month.
fn night_of(month: usize, night: usize) -> DateTime {
    let day = match (month, night) {
        (1, 3) => 29,
        (2 | 11, 3) => 31,
        (_, 3) => 27,
        _ => NIGHTS[night],
    };
    date(2024, i8::try_from(month + 1).expect("a month"), day).at(2, 15, 0, 0)
}
