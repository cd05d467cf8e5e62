//! From the working file to what is queued.

use agent::cycle::{Action, Decided, Facts, decide};
use agent::episode::{EpisodeError, Gathering, Joined};
use agent::release::LeftOut;
use schemas::canonical::PayloadHash;

use super::{DECIDE, HASH, JOIN, OUTBOX, Run};

impl Run<'_> {
    /// Takes everything that was gathered to where the outbox begins.
    pub(super) async fn episodes(&mut self, gathering: Gathering) -> anyhow::Result<()> {
        let joined = self.stages.wait_apart(OUTBOX, JOIN, join(gathering)).await?;
        let left_out = LeftOut::default();
        let facts = Facts { keys: &self.setup.keys, units: None, left_out: &left_out };
        let mut hash = PayloadHash::default();
        for Joined { episodes, .. } in joined {
            let keys: Vec<String> = episodes.iter().map(|episode| episode.read.key.clone()).collect();
            let decide = || episodes.into_iter().map(|episode| decide(episode, None, &facts)).collect::<Vec<_>>();
            let decided = self.stages.apart(OUTBOX, DECIDE, decide);
            self.stages.apart(OUTBOX, HASH, || keys.iter().zip(&decided).for_each(|one| add(one, &mut hash)));
        }
        Ok(())
    }
}

async fn join(gathering: Gathering) -> Result<Vec<Joined>, EpisodeError> {
    let (mut episodes, mut all) = (gathering.finish(), Vec::new());
    while let Some(joined) = episodes.next().await? {
        all.push(joined);
    }
    Ok(all)
}

fn add((key, decided): (&String, &Decided), hash: &mut PayloadHash) {
    if let Action::Queue { content, .. } = &decided.action {
        hash.add(key, content);
    }
}
