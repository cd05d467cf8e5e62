//! A register in a map: the newest version stands, a batch that comes again is answered as before.

use std::collections::BTreeMap;

use schemas::receipt::{LineFinding, Receipt, ReceiptBody, SCHEMA, Verdict, ranges};

use super::*;

/// When receipts are made.
pub(super) const AT: &str = "2024-06-01T10:05:00Z";

/// What becomes of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    Arrives,
    Lost,
}

#[derive(Default)]
pub(super) struct Register {
    /// The newest version of each record, and its content; none for one that was taken back.
    records: BTreeMap<String, ((u32, u64), Option<String>)>,
    answers: BTreeMap<String, Vec<Verdict>>,
    /// Every version that ever came, with its line.
    versions: BTreeMap<(String, u32, u64), String>,
}

impl Register {
    /// Takes a batch. Of its treatments those whose place, counted from 1, is divided by the number are rejected; 0 rejects none.
    pub(super) fn take(&mut self, sealed: &Sealed, rejects: u8) -> (Receipt, Vec<Verdict>) {
        let (manifest, _) = arrived(sealed);
        let plain = std::str::from_utf8(&sealed.plain).unwrap();
        let lines: Vec<&str> = plain.lines().skip(1).collect();
        assert_eq!(usize::try_from(manifest.records).unwrap(), lines.len());
        let known = self.answers.get(sealed.digest.as_str()).cloned();
        let verdicts = known.unwrap_or_else(|| {
            let place = |place: usize| rejects > 0 && (place + 1).is_multiple_of(usize::from(rejects));
            lines.iter().enumerate().map(|(at, line)| self.record(line, place(at))).collect()
        });
        self.answers.insert(sealed.digest.to_string(), verdicts.clone());
        let rejected = (1..).zip(&verdicts).filter(|(_, verdict)| **verdict == Verdict::Rejected);
        let finding = |(line, _)| LineFinding { line, rule: "score-range".into(), field: "score".into() };
        let body = ReceiptBody {
            schema: SCHEMA.into(),
            sender: sender(),
            environment: "test".into(),
            batch: sealed.digest.clone(),
            received_at: AT.into(),
            verdicts: ranges(&verdicts),
            findings: rejected.map(finding).collect(),
            leaf: None,
            checkpoint: None,
        };
        (Receipt { body, key_id: String::new(), signature: String::new() }, verdicts)
    }

    fn record(&mut self, line: &str, rejects: bool) -> Verdict {
        let envelope: Envelope = serde_json::from_str(line).unwrap();
        let (key, version) = (envelope.key.to_string(), (envelope.version.generation, envelope.version.counter));
        let other = self.versions.insert((key.clone(), version.0, version.1), line.to_owned());
        assert!(other.is_none_or(|other| other == line), "a version came twice with another content: {line}");
        if envelope.kind == Kind::Run {
            return Verdict::Accepted;
        }
        let holds = self.records.get(&key).is_some_and(|(newest, _)| *newest == version);
        if rejects && !holds && envelope.kind == Kind::Treatment {
            return Verdict::Rejected;
        }
        let content = (envelope.kind == Kind::Treatment).then(|| envelope.content.get().to_owned());
        match self.records.get(&key) {
            Some((newest, _)) if *newest > version => Verdict::Stale,
            Some((newest, _)) if *newest == version => Verdict::Unchanged,
            before => {
                let verdict = if before.is_some() { Verdict::Replaced } else { Verdict::Accepted };
                self.records.insert(key, (version, content));
                verdict
            }
        }
    }

    /// Forgets a person's records for good.
    pub(super) fn erase(&mut self, pseudonym: &str) {
        self.records.retain(|_, (_, content)| content.as_ref().is_none_or(|content| !content.contains(pseudonym)));
    }

    /// What is active, by key.
    pub(super) fn active(&self) -> BTreeMap<String, String> {
        self.records.iter().filter_map(|(key, (_, content))| Some((key.clone(), content.clone()?))).collect()
    }

    /// Of each record whether it is active.
    pub(super) fn said(&self) -> BTreeMap<String, bool> {
        self.records.iter().map(|(key, (_, content))| (key.clone(), content.is_some())).collect()
    }
}
