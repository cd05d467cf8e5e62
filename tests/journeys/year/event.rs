//! What happens to rows, persons, copies and the register before a night's run.
//!
//! Promises: what only a reading of everything can find happens before the month's last night; everything else is found on the next one.

use agent::cycle::{CycleError, Extent};
use end_to_end::folder::copy;
use jiff::ToSpan as _;

use super::month::{Night, Year};
use super::region::Region;
use super::source::State;

/// Treatments that are there on the first day: of fewer than a hundred none may vanish without a person's decision.
const FIRST: usize = 150;

impl Year {
    /// What happens in every month.
    pub(super) async fn usual(&mut self, night: &Night) {
        if night.month == 0 {
            for region in self.regions.iter_mut().filter(|_| night.number == 0) {
                for _ in 0..FIRST {
                    region.add((night.day, night.touched), State::Completed);
                }
            }
            return;
        }
        for (place, region) in self.regions.iter_mut().enumerate() {
            match night.number {
                0 => region.first_week(night),
                1 => region.second_week(night),
                2 => region.third_week(night),
                _ => {
                    region.last_week(night);
                    region.object((night.month + place) % 3, night.touched).await;
                }
            }
        }
        let met: &[&str] = match night.number {
            0 => &["new rows", "follow-ups", "marked rows"],
            1 => &["rows committed late", "reopened treatments", "handovers inside a region"],
            2 => &["treatments that ended again"],
            _ => &["rows committed too late", "silent edits", "deleted rows", "objections"],
        };
        for what in met {
            self.meet(what);
        }
    }

    /// What happens to rows once or twice a year.
    pub(super) fn rare(&mut self, night: &Night) {
        let touched = night.touched;
        let [first, second] = &mut self.regions;
        let what = match (night.month, night.number) {
            (2 | 7, 0) => {
                first.turn(State::Completed, State::Protected, touched);
                "persons protected after having been sent"
            }
            (3, 0) => {
                second.turn(State::Completed, State::NoUnit, touched);
                "treatments held after having been sent"
            }
            (6, 0) => {
                second.turn(State::NoUnit, State::Completed, touched);
                "treatments mended"
            }
            (9, 1) => {
                second.renumber(touched);
                "persons with a new number"
            }
            (10, 0) => {
                // Whoever stood there stays out.
                first.source.list.clear();
                "lists emptied"
            }
            _ => return,
        };
        self.meet(what);
    }

    /// What persons ask for besides.
    pub(super) async fn asked(&mut self, night: &Night) {
        let [first, second] = &mut self.regions;
        let what = match (night.month, night.number) {
            (6, 1) => {
                let number = second.told.remove(0);
                second.agent.lift(&number).await;
                second.source.left.remove(&number);
                "objections lifted"
            }
            (6, 2) => {
                // The person is treated on in the other region, and then says no in the first one only.
                let id = first.turn(State::Completed, State::Discontinued, night.touched);
                let person = first.at(&id).person.clone();
                first.agent.withdraw(&person.number).await;
                first.source.left.insert(person.number.clone());
                second.add_of(person, (night.day, night.touched), State::Completed);
                "handovers across regions"
            }
            _ => return,
        };
        self.meet(what);
    }

    /// What goes wrong.
    pub(super) async fn faults(&mut self, night: &Night) {
        let [first, second] = &mut self.regions;
        let list_copy = first.agent.folder.join("objections.copy");
        let state_copy = first.agent.folder.join("state.copy");
        let what = match (night.month, night.number) {
            (1 | 9, 0) => {
                let region = if night.month == 1 { first } else { second };
                region.agent.capture.swallow_next("PUT");
                "replies lost"
            }
            (4, 1) => {
                self.register.stop().await;
                "weeks without the register"
            }
            (5, 1) => {
                self.copy = Some(self.register.copy().await);
                for region in &mut self.regions {
                    region.object(2, night.touched).await;
                    region.delete(1);
                }
                "copies of the register"
            }
            (5, 2) => {
                self.register.put_back(&self.copy.take().expect("it was taken a week ago")).await;
                "registers put back"
            }
            (7, 1) => {
                copy(&first.agent.state(), &state_copy).unwrap();
                first.object(2, night.touched).await;
                first.delete(1);
                first.agent.back_up_objections(&list_copy).await;
                "copies of a state directory"
            }
            (7, 2) => {
                copy(&state_copy, &first.agent.state()).unwrap();
                let refused = first.agent.run(Extent::Planned).await;
                assert!(matches!(refused, Err(CycleError::Objections(_))), "{refused:?}");
                assert_eq!(first.agent.restore_objections(&list_copy).await, 1);
                "state directories put back"
            }
            _ => return,
        };
        self.meet(what);
    }
}

impl Region {
    fn first_week(&mut self, night: &Night) {
        let row = (night.day, night.touched);
        for state in [State::Ongoing, [State::TestPatient, State::Protected][night.month % 2]] {
            self.add(row, state);
        }
        for _ in 0..4 {
            self.add(row, State::Completed);
            self.follow_up(row);
        }
    }

    fn second_week(&mut self, night: &Night) {
        // A row of the days before the last run, which was committed after it.
        self.add((night.day, night.last.checked_sub(20.hours()).unwrap()), State::Completed);
        self.turn(State::Completed, State::Ongoing, night.touched);
        self.hand_over(night.touched);
    }

    fn third_week(&mut self, night: &Night) {
        self.add((night.day, night.touched), State::Discontinued);
        if night.month >= 2 {
            self.turn(State::Ongoing, State::Completed, night.touched);
        }
    }

    fn last_week(&mut self, night: &Night) {
        self.add((night.day, night.last.checked_sub(480.hours()).unwrap()), State::Completed);
        for _ in 0..3 {
            self.edit_silently();
        }
        self.delete(1);
    }
}
