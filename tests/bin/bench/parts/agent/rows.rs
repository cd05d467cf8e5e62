//! From rows of the source to rows without identities, in the working file.
//!
//! Promises: each row goes through the stages by itself, as in a cycle: first through all of them, then again without the last, and so
//! on, so that what a further stage adds is its own time.

use std::hint::black_box;

use agent::episode::Gathering;
use agent::extract::Scope;
use agent::map::{Cell, Context, Course, LocalWords, Words, map_answer, map_treatment};
use agent::pseudonymise::{Fate, Objectors, Pseudonymised, Pseudonymiser};
use agent::source::{Page, Source, SourceError, SourceRow};
use futures_util::TryStreamExt as _;

use super::{GATHER, KEY_ANSWERS, MAP, OUTBOX, PSEUDONYMISE, RULES, Run};

/// Pages that are looked at together: long enough to be measured, short enough that what disturbs meets all stages alike.
const TOGETHER: usize = 8;

/// Everything of a source.
pub(super) struct Pages {
    pub(super) treatments: Vec<Page>,
    pub(super) answers: Vec<Page>,
}

/// Reads a whole source.
pub(super) async fn read(source: &mut Source) -> Result<Pages, SourceError> {
    let rows = Scope::Everything.rows();
    let treatments = source.treatments(rows).try_collect().await?;
    let answers = source.measurements(rows).try_collect().await?;
    Ok(Pages { treatments, answers })
}

fn rows(pages: &[Page]) -> impl Iterator<Item = SourceRow<'_>> {
    pages.iter().flat_map(Page::rows)
}

impl<'a> Run<'a> {
    /// Takes treatments to the working file.
    pub(super) fn treatments(
        &mut self,
        pages: &[Page],
        objectors: &'a Objectors,
        gathering: &mut Gathering,
    ) -> anyhow::Result<()> {
        let (context, mut words) = self.mapping();
        let mut map = |row: SourceRow<'_>| map_treatment(&row, &mut words, &context);
        let mut real = self.pseudonymiser(objectors, &context);
        let mut again = self.pseudonymiser(objectors, &context);
        let none = LocalWords::default();
        for some in pages.chunks(TOGETHER) {
            let mut add = |row| {
                let keyed = real.treatment(map(row));
                gathering.add_treatment(&keyed, (&cell(&keyed), course(&keyed)), &none)
            };
            self.stages.apart(OUTBOX, GATHER, || rows(some).try_for_each(&mut add))?;
            let mut key = |row| drop(black_box(again.treatment(map(row))));
            self.stages.apart(GATHER, PSEUDONYMISE, || rows(some).for_each(&mut key));
            self.stages.apart(PSEUDONYMISE, MAP, || rows(some).for_each(|row| drop(black_box(map(row)))));
            let keyed: Vec<Pseudonymised> = rows(some).map(|row| again.treatment(map(row))).collect();
            self.stages.apart(PSEUDONYMISE, RULES, || keyed.iter().for_each(|row| check(row, &context)));
        }
        Ok(())
    }

    /// Takes answers to the working file.
    pub(super) fn answers(
        &mut self,
        pages: &[Page],
        objectors: &'a Objectors,
        gathering: &mut Gathering,
    ) -> anyhow::Result<()> {
        let (context, mut words) = self.mapping();
        let mut real = self.pseudonymiser(objectors, &context);
        let mut again = self.pseudonymiser(objectors, &context);
        let none = LocalWords::default();
        for some in pages.chunks(TOGETHER) {
            let mut add =
                |row: SourceRow<'_>| gathering.add_answer(&real.answer(map_answer(&row, &mut words, &context)), &none);
            self.stages.apart(OUTBOX, GATHER, || rows(some).try_for_each(&mut add))?;
            let key = |row: SourceRow<'_>| drop(black_box(again.answer(map_answer(&row, &mut words, &context))));
            self.stages.apart(GATHER, KEY_ANSWERS, || rows(some).for_each(key));
            let map = |row: SourceRow<'_>| drop(black_box(map_answer(&row, &mut words, &context)));
            self.stages.apart(KEY_ANSWERS, MAP, || rows(some).for_each(map));
        }
        Ok(())
    }

    fn mapping(&self) -> (Context<'a>, Words<'a>) {
        let setup = self.setup;
        (setup.mapping(&setup.places[0], self.now), Words::new(&setup.lists, &setup.config.map))
    }

    fn pseudonymiser<'c>(&self, objectors: &'c Objectors, context: &'c Context<'_>) -> Pseudonymiser<'c>
    where
        'a: 'c,
    {
        let system = (0, self.setup.places[0].config.system.as_str());
        Pseudonymiser::new(&self.setup.keys, system, objectors, context.rules())
    }
}

fn check(row: &Pseudonymised, context: &Context<'_>) {
    if let Fate::Ready(treatment, _) = &row.fate {
        drop(black_box(schemas::rule::check_treatment(treatment, &context.rules())));
    }
}

fn course(row: &Pseudonymised) -> Course {
    match &row.fate {
        Fate::Ready(treatment, _) => Course::of(treatment),
        _ => Course::default(),
    }
}

fn cell(row: &Pseudonymised) -> Cell {
    match &row.fate {
        Fate::Ready(treatment, _) => Cell::of(treatment),
        _ => Cell::unknown(),
    }
}
