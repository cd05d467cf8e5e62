//! Puts decided episodes into a cycle's transaction, in the order of their keys, and counts every one of them under its term.

use schemas::batch::Kind;
use schemas::canonical::{self, PayloadHash};
use schemas::rule::Rule;

use super::decide::{Action, Decided, Facts, decide};
use super::{Counts, CycleError, Gathered};
use crate::episode::{Episode, Episodes, HeldAnswer, Joined};
use crate::extract::Scope;
use crate::map::LocalWords;
use crate::outbox::{Hold, Queueing, Term};
use crate::setup::Setup;

/// Fills a transaction. Returns the payload hash and the counts.
pub(super) async fn fill(
    setup: &Setup,
    scopes: &[Scope],
    (gathered, mut episodes): (&Gathered, Episodes),
    queueing: &mut Queueing<'_>,
) -> Result<(String, Counts), CycleError> {
    let increment: Vec<bool> = scopes.iter().map(|scope| *scope != Scope::Everything).collect();
    for (source, _) in increment.iter().enumerate().filter(|(_, increment)| !**increment) {
        queueing.forget_held(source, None).await?;
    }
    let (hash, counts) = (PayloadHash::default(), Counts::new());
    let mut filling = Filling { setup, queueing, increment, hash, counts };
    filling.units(gathered).await?;
    let private = setup.config.agent.region.is_private();
    let facts = Facts { keys: &setup.keys, units: private.then_some(&gathered.units) };
    while let Some(Joined { episodes, held_answers }) = episodes.next().await? {
        // Before anything of these treatments is held anew.
        let treatments = episodes.iter().map(|episode| (episode.source, &episode.key));
        filling.forget(treatments.chain(held_answers.iter().map(|answer| (answer.source, &answer.key)))).await?;
        filling.episodes(episodes, &facts).await?;
        filling.held_answers(held_answers).await?;
    }
    let Filling { queueing, hash, counts, .. } = filling;
    for ((term, rule), n) in &counts {
        queueing.count(*term, rule, *n);
    }
    Ok((hash.finish(), counts))
}

struct Filling<'a, 'q> {
    setup: &'a Setup,
    queueing: &'a mut Queueing<'q>,
    /// Which of the sources were read in part.
    increment: Vec<bool>,
    hash: PayloadHash,
    counts: Counts,
}

impl Filling<'_, '_> {
    fn count(&mut self, term: Term, rule: Option<Rule>) {
        *self.counts.entry((term, rule.map_or(String::new(), |rule| rule.id().into()))).or_default() += 1;
    }

    /// Notes a row that stays: scope, source, key and local id; rule and field; its words.
    async fn hold(
        &mut self,
        (scope, source, key, local_id): (&'static str, usize, &str, &str),
        (rule, field): (Rule, &str),
        words: &LocalWords,
    ) -> Result<(), CycleError> {
        let (word, unit) = (words.word(field), words.unit());
        self.queueing.hold(&Hold { scope, source, key, local_id, rule: rule.id(), field, word, unit }).await?;
        Ok(())
    }

    /// Descriptions travel before the treatments that they describe, and only when they changed.
    async fn units(&mut self, gathered: &Gathered) -> Result<(), CycleError> {
        let mut units: Vec<_> = gathered.units.iter().collect();
        units.sort_by_key(|(id, _)| id.as_str());
        let keys: Vec<&str> = units.iter().map(|(id, _)| id.as_str()).collect();
        let known = self.queueing.known(&keys).await?;
        for (id, unit) in units {
            let content = canonical::bytes(unit);
            let fingerprint = self.setup.keys.content_fingerprint(&content);
            if known.get(id.as_str()).is_none_or(|known| known.fingerprint != fingerprint) {
                self.queueing.queue(Kind::Unit, id.as_str(), &content, &fingerprint).await?;
            }
        }
        self.queueing.forget_held_units().await?;
        for (source, local_id, finding) in &gathered.unit_findings {
            self.count(Term::Warning, Some(finding.rule));
            let held = ("unit", *source, local_id.as_str(), local_id.as_str());
            self.hold(held, (finding.rule, finding.field), &LocalWords::default()).await?;
        }
        Ok(())
    }

    async fn episodes(&mut self, episodes: Vec<Episode>, facts: &Facts<'_>) -> Result<(), CycleError> {
        let wire: Vec<String> = episodes.iter().map(|episode| self.wire_key(&episode.key)).collect();
        let known = self.queueing.known(&wire.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let mut stay = Vec::new();
        for (episode, key) in episodes.into_iter().zip(&wire) {
            let before = known.get(key);
            let decided = decide(episode, before, facts);
            let goes = matches!(decided.action, Action::Queue { .. } | Action::Unchanged);
            if !goes && before.is_some_and(|known| known.rejected) {
                stay.push(key.as_str());
            }
            self.apply(key, decided).await?;
        }
        if !stay.is_empty() {
            self.queueing.drop_rejected(&stay).await?;
        }
        Ok(())
    }

    async fn apply(&mut self, wire_key: &str, decided: Decided) -> Result<(), CycleError> {
        let Decided { source, key, local_id, action, warnings, words } = decided;
        self.count(Term::Found, None);
        for (rule, _) in warnings {
            self.count(Term::Warning, Some(rule));
        }
        match action {
            Action::Queue { kind, content, fingerprint, rule } => {
                self.hash.add(wire_key, &content);
                self.queueing.queue(kind, wire_key, &content, &fingerprint).await?;
                self.count(if kind == Kind::Retraction { Term::Retracted } else { Term::Queued }, rule);
            }
            Action::Unchanged => self.count(Term::Unchanged, None),
            Action::Exclude(rule) => self.count(Term::Excluded, Some(rule)),
            Action::ObjectorSent => {
                self.count(Term::ObjectorSent, Some(Rule::Objection));
                // Later cycles may not read it again, and must not fall silent about it.
                self.hold(("treatment", source, &key, &local_id), (Rule::Objection, "person_id"), &words).await?;
            }
            Action::Hold(findings) => {
                self.count(Term::Held, findings.first().map(|(rule, _)| *rule));
                for (rule, field) in findings {
                    self.hold(("treatment", source, &key, &local_id), (rule, &field), &words).await?;
                }
            }
        }
        Ok(())
    }

    async fn held_answers(&mut self, held: Vec<HeldAnswer>) -> Result<(), CycleError> {
        for answer in held {
            for (rule, field) in crate::episode::findings(&answer.findings) {
                self.count(Term::AnswerHeld, Some(rule));
                let held = ("answer", answer.source, answer.key.as_str(), answer.local_id.as_str());
                self.hold(held, (rule, &field), &answer.words).await?;
            }
        }
        Ok(())
    }

    /// Forgets what was told of rows that were read again, where the rest of their source was not.
    async fn forget(&mut self, rows: impl Iterator<Item = (usize, &String)>) -> Result<(), CycleError> {
        let mut keys = vec![Vec::new(); self.increment.len()];
        for (source, key) in rows.filter(|(source, _)| self.increment[*source]) {
            keys[source].push(key.clone());
        }
        for (source, keys) in keys.iter().enumerate().filter(|(_, keys)| !keys.is_empty()) {
            self.queueing.forget_held(source, Some(keys)).await?;
        }
        Ok(())
    }

    fn wire_key(&self, key: &str) -> String {
        format!("rec1.{}.{key}", self.setup.config.agent.region)
    }
}
