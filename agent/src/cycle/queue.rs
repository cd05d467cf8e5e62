//! Puts decided episodes into a cycle's transaction, in the order of their keys, and counts every one of them under its term.

use std::borrow::Cow;
use std::collections::HashMap;

use schemas::batch::Kind;
use schemas::canonical::{self, PayloadHash};
use schemas::rule::Rule;

use super::decide::{Action, Decided, Facts, decide};
use super::read::ReadSources;
use super::{Counts, CycleError, Gathered, Ordered, counts, hold};
use crate::activity::Tally;
use crate::episode::{Episode, HeldAnswer, Joined, Read, State, Stray};
use crate::extract::Scope;
use crate::guard;
use crate::map::{Cell, LocalWords};
use crate::outbox::{Came, FoundRow, Hold, Known, Queueing, Term};
use crate::release::{LeftOut, Words};
use crate::setup::Setup;
use crate::vanished::VANISHED;

/// Fills a transaction. Returns the payload hash and the counts.
pub(super) async fn fill(
    setup: &Setup,
    read: &ReadSources,
    mut episodes: Ordered,
    queueing: &mut Queueing<'_>,
) -> Result<(String, Counts), CycleError> {
    let gathered = &read.gathered;
    let increment: Vec<bool> = read.scopes.iter().map(|(scope, _)| *scope != Scope::Everything).collect();
    for (source, _) in increment.iter().enumerate().filter(|(_, increment)| !**increment) {
        queueing.forget_what_stayed(source, None).await?;
    }
    let (hash, counts) = (PayloadHash::default(), Counts::new());
    let words = hold::words(setup);
    let tally = gathered.counts.tally().filter(|_| !episodes.lacks);
    let (cells, left_out) = (HashMap::new(), &read.left_out);
    let mut filling = Filling { setup, queueing, increment, hash, counts, cells, left_out, tally, words };
    filling.units(gathered).await?;
    let private = setup.config.agent.region.is_private();
    let facts = Facts { keys: &setup.keys, units: private.then_some(&gathered.units), left_out: &read.left_out };
    while let Some(Joined { episodes, held_answers, strays }) = episodes.next().await? {
        // Before anything of these treatments is held anew.
        let treatments = episodes.iter().map(|episode| (episode.read.source, episode.read.key.as_str()));
        let alone = strays.iter().map(|stray| (stray.source, stray.key.as_str()));
        let hidden: Vec<(usize, String)> = filling.hidden(&episodes);
        let hidden = hidden.iter().map(|(source, key)| (*source, key.as_str()));
        filling.forget(treatments.chain(alone).chain(hidden)).await?;
        gathered.counts.add(&mut filling.tally, &episodes);
        let named = filling.episodes(episodes, &facts).await?;
        filling.held_answers(held_answers, &named).await?;
        filling.strays(strays).await?;
    }
    filling.monthly_counts(read).await?;
    let Filling { queueing, hash, counts, words, .. } = filling;
    hold::look(setup, queueing, (words, &counts)).await?;
    for ((term, rule), n) in &counts {
        queueing.count(*term, rule, *n);
    }
    Ok((hash.finish(), counts))
}

/// The keys of treatments of which nothing may be kept that names them, each with the one that stands for it.
type Hidden = HashMap<String, String>;

struct Filling<'a, 'q> {
    setup: &'a Setup,
    queueing: &'a mut Queueing<'q>,
    /// Which of the sources were read in part.
    increment: Vec<bool>,
    hash: PayloadHash,
    counts: Counts,
    cells: HashMap<Cell, i64>,
    left_out: &'a LeftOut,
    /// Monthly counts, where this reading tells all of them.
    tally: Option<Tally>,
    /// What is queued, in words, where it matters.
    words: Option<Words>,
}

impl Filling<'_, '_> {
    fn speaks_of(&mut self, (kind, key): (Kind, &str), content: &[u8]) {
        if let Some(words) = &mut self.words {
            words.add(kind, key, content);
        }
    }

    fn count(&mut self, term: Term, rule: &str) {
        *self.counts.entry((term, rule.to_owned())).or_default() += 1;
    }

    /// The number of a cell. Its unit leaves the region with the accounting, also that of a row that stays.
    async fn cell(&mut self, cell: &Cell) -> Result<i64, CycleError> {
        if let Some(known) = self.cells.get(cell) {
            return Ok(*known);
        }
        let mut shown = cell.clone();
        if guard::looks(&shown.unit).is_some() {
            shown.unit = Cell::unknown().unit;
        }
        let id = self.queueing.cell(&shown).await?;
        self.cells.insert(cell.clone(), id);
        Ok(id)
    }

    /// Notes a treatment that stays, with rule and field, and how many answers with it.
    async fn hold(
        &mut self,
        read: &Read,
        cell: i64,
        (rule, field): (Rule, &str),
        words: &LocalWords,
    ) -> Result<(), CycleError> {
        let (word, unit) = (words.word(field), words.unit());
        let Read { source, key, local_id, answers, .. } = read;
        let hold = Hold {
            scope: "treatment",
            source: *source,
            key,
            local_id,
            rule: rule.id(),
            field,
            word,
            unit,
            cell: Some(cell),
            item: 0,
            answers: *answers,
        };
        Ok(self.queueing.hold(&hold).await?)
    }

    /// Descriptions travel before the treatments that they describe, and only when they changed.
    async fn units(&mut self, gathered: &Gathered) -> Result<(), CycleError> {
        let mut units: Vec<_> = gathered.units.iter().collect();
        units.sort_by_key(|(id, _)| id.as_str());
        let keys: Vec<&str> = units.iter().map(|(id, _)| id.as_str()).collect();
        let known = self.queueing.known(&keys).await?;
        for (id, unit) in units {
            let content = self.left_out.strip(Kind::Unit, canonical::bytes(unit));
            let fingerprint = self.setup.keys.content_fingerprint(&content);
            if known.get(id.as_str()).is_none_or(|known| known.fingerprint != fingerprint) {
                self.queueing.queue(Kind::Unit, id.as_str(), &content, &fingerprint).await?;
                self.speaks_of((Kind::Unit, id.as_str()), &content);
            }
        }
        self.queueing.forget_held_units().await?;
        for (source, local_id, finding) in &gathered.unit_findings {
            self.count(Term::Warning, finding.rule.id());
            let hold = Hold {
                scope: "unit",
                source: *source,
                key: local_id,
                local_id,
                rule: finding.rule.id(),
                field: finding.field,
                word: "",
                unit: "",
                cell: None,
                item: 0,
                answers: 0,
            };
            self.queueing.hold(&hold).await?;
        }
        Ok(())
    }

    /// Monthly counts that changed; they are no part of the payload.
    async fn monthly_counts(&mut self, read: &ReadSources) -> Result<(), CycleError> {
        for finding in &read.gathered.counts.findings {
            self.count(Term::Warning, finding.rule.id());
        }
        let Some(tally) = self.tally.take() else { return Ok(()) };
        let told = self.queueing.counts_told().await?;
        for count in counts::to_send(self.setup, tally, told, (self.left_out, read.today)) {
            self.queueing.queue(Kind::Activity, &count.key, &count.content, &count.fingerprint).await?;
            self.speaks_of((Kind::Activity, &count.key), &count.content);
        }
        Ok(())
    }

    /// Decides on treatments and puts them in. Answers under which keys those stand of which nothing may be kept that names them.
    async fn episodes(&mut self, mut episodes: Vec<Episode>, facts: &Facts<'_>) -> Result<Hidden, CycleError> {
        let wire: Vec<String> = episodes.iter().map(|episode| self.wire_key(&episode.read.key)).collect();
        let known = self.queueing.known(&wire.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let hidden = self.hide(&mut episodes, &known).await?;
        let mut stay = Vec::new();
        for (episode, key) in episodes.into_iter().zip(&wire) {
            let before = known.get(key);
            let decided = decide(episode, before, facts);
            let goes = matches!(decided.action, Action::Queue { .. } | Action::Unchanged);
            if !goes && before.is_some_and(|known| known.rejected) {
                stay.push(key.as_str());
            }
            self.apply((key, before), decided).await?;
        }
        if !stay.is_empty() {
            self.queueing.drop_rejected(&stay).await?;
        }
        Ok(hidden)
    }

    /// Who objects is counted and not named, neither by an id nor by a key that is no record's of somebody else. What was known under that
    /// key goes, and is taken back where the register may have it.
    async fn hide(&mut self, episodes: &mut [Episode], known: &HashMap<String, Known>) -> Result<Hidden, CycleError> {
        let (mut hidden, mut gone, mut theirs) = (Hidden::new(), Vec::new(), Vec::new());
        for Episode { read, state, .. } in episodes.iter_mut().filter(|episode| episode.read.objects) {
            read.local_id.clear();
            let wire_key = self.wire_key(&read.key);
            let known = known.get(&wire_key);
            let is_theirs = matches!(state, State::Excluded(Rule::Objection));
            let mut shown = read.key.clone();
            if is_theirs || known.is_none_or(|known| known.kind == Kind::Retraction.word()) {
                gone.push(read.key.clone());
                shown = self.setup.keys.objectors_row(&read.key);
            }
            theirs.extend(known.filter(|_| is_theirs).map(|_| wire_key));
            hidden.insert(std::mem::replace(&mut read.key, shown.clone()), shown);
        }
        if !gone.is_empty() {
            self.queueing.forget_found(self.setup.config.agent.region.as_str(), &gone).await?;
        }
        if !theirs.is_empty() {
            self.queueing.note_elsewhere(&theirs).await?;
        }
        Ok(hidden)
    }

    /// Under which keys some of these may stand from an earlier reading.
    fn hidden(&self, episodes: &[Episode]) -> Vec<(usize, String)> {
        let objecting = episodes.iter().filter(|episode| episode.read.objects);
        objecting.map(|Episode { read, .. }| (read.source, self.setup.keys.objectors_row(&read.key))).collect()
    }

    async fn apply(&mut self, (wire_key, before): (&str, Option<&Known>), decided: Decided) -> Result<(), CycleError> {
        let stays = if before.is_some() { Came::StaysNow } else { Came::Stays };
        let Decided { read, action, warnings, words } = decided;
        let shown = if read.objects { Cow::Owned(self.wire_key(&read.key)) } else { Cow::Borrowed(wire_key) };
        for (rule, _) in warnings {
            self.count(Term::Warning, rule.id());
        }
        let cell = self.cell(&read.cell).await?;
        let came = match action {
            Action::Gone => return Ok(()),
            Action::Queue { kind: Kind::Retraction, content, fingerprint, because } => {
                self.hash.add(wire_key, &content);
                self.speaks_of((Kind::Retraction, wire_key), &content);
                self.queueing.queue(Kind::Retraction, wire_key, &content, &fingerprint).await?;
                self.count(Term::Retracted, because);
                if because == VANISHED {
                    return Ok(());
                }
                self.exclude(&read, cell, because).await?;
                stays
            }
            Action::Queue { content, fingerprint, .. } => {
                self.hash.add(wire_key, &content);
                self.speaks_of((Kind::Treatment, wire_key), &content);
                self.queueing.queue_treatment(wire_key, &content, &fingerprint, (cell, read.answers)).await?;
                self.count(Term::Queued, "");
                Came::Queued
            }
            Action::Unchanged => {
                self.count(Term::Unchanged, "");
                Came::Unchanged
            }
            Action::Exclude(rule) => {
                self.count(Term::Excluded, rule.id());
                self.exclude(&read, cell, rule.id()).await?;
                stays
            }
            Action::Hold(findings) => {
                self.count(Term::Held, findings.first().map_or("", |(rule, _)| rule.id()));
                for (rule, field) in findings {
                    self.hold(&read, cell, (rule, &field), &words).await?;
                }
                stays
            }
        };
        self.count(Term::Found, "");
        self.found(&shown, &read, (cell, came)).await
    }

    async fn exclude(&mut self, read: &Read, cell: i64, rule: &'static str) -> Result<(), CycleError> {
        let Read { source, key, answers, bad_answers, .. } = read;
        Ok(self.queueing.exclude((*source, key), rule, (cell, answers + bad_answers)).await?)
    }

    async fn found(&mut self, key: &str, read: &Read, (cell, came): (i64, Came)) -> Result<(), CycleError> {
        let Read { source, local_id, person, answers, bad_answers, .. } = read;
        let row = FoundRow {
            key,
            local_id,
            person: person.as_ref(),
            cell,
            answers: answers + bad_answers,
            standing: *answers,
            came,
        };
        Ok(self.queueing.found(*source, &row).await?)
    }

    async fn held_answers(&mut self, answers: Vec<HeldAnswer>, hidden: &Hidden) -> Result<(), CycleError> {
        for answer in answers {
            let cell = self.cell(&answer.cell).await?;
            let HeldAnswer { source, key, local_id, item, words, .. } = &answer;
            let (key, local_id) = match hidden.get(key) {
                Some(shown) => (shown, ""),
                None => (key, local_id.as_str()),
            };
            for (rule, field) in crate::episode::findings(&answer.findings) {
                self.count(Term::AnswerHeld, rule.id());
                let hold = Hold {
                    scope: "answer",
                    source: *source,
                    key,
                    local_id,
                    rule: rule.id(),
                    field: &field,
                    word: words.word(&field),
                    unit: words.unit(),
                    cell: Some(cell),
                    item: *item,
                    answers: 0,
                };
                self.queueing.hold(&hold).await?;
            }
        }
        Ok(())
    }

    async fn strays(&mut self, strays: Vec<Stray>) -> Result<(), CycleError> {
        let unknown = Cell::unknown();
        for Stray { source, key, local_id, answers } in strays {
            let (cell, key) = (self.cell(&unknown).await?, self.wire_key(&key));
            let (person, came) = (None, Came::Answers);
            let row = FoundRow { key: &key, local_id: &local_id, person, cell, answers, standing: 0, came };
            self.queueing.found(source, &row).await?;
        }
        Ok(())
    }

    /// Forgets what was told of rows that were read again, where the rest of their source was not.
    async fn forget(&mut self, rows: impl Iterator<Item = (usize, &str)>) -> Result<(), CycleError> {
        let mut keys = vec![Vec::new(); self.increment.len()];
        for (source, key) in rows.filter(|(source, _)| self.increment[*source]) {
            keys[source].push(key);
        }
        for (source, keys) in keys.iter().enumerate().filter(|(_, keys)| !keys.is_empty()) {
            self.queueing.forget_what_stayed(source, Some(keys)).await?;
        }
        Ok(())
    }

    fn wire_key(&self, key: &str) -> String {
        format!("rec1.{}.{key}", self.setup.config.agent.region)
    }
}
