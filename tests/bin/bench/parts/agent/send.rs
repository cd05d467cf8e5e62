//! From the outbox to the register, and the receipt back.

use agent::guard;
use agent::outbox::{Outbox, Sealed};
use agent::push::{Client, Decision, decide};
use anyhow::{anyhow, bail};
use schemas::receipt::Expected;

use super::{CLOSE, COMPRESS, LOOK, OUTBOX, Run, SEAL, SEND};

impl Run<'_> {
    /// Sends everything that is queued, one batch after the other.
    pub(super) async fn send(&mut self, outbox: &mut Outbox, client: &Client) -> anyhow::Result<Vec<Sealed>> {
        let (sender, mut batches) = (&self.setup.config.agent.region, Vec::<Sealed>::new());
        loop {
            let behind = batches.last().map_or(0, |batch| batch.id);
            let Some(batch) = self.stages.wait(SEAL, outbox.next_behind(sender, behind)).await? else { break };
            self.stages.apart(OUTBOX, COMPRESS, || zstd::bulk::compress(&batch.plain, 1))?;
            let looked = self.stages.run(LOOK, || guard::batch(&batch.plain));
            looked.map_err(|leak| anyhow!("a batch was refused for its field {}", leak.field))?;
            let answer = self.stages.wait(SEND, client.put_batch(&batch)).await?;
            let environment = self.setup.config.agent.environment.word();
            let expected = Expected { sender, environment, batch: &batch.digest, records: batch.records };
            let verify = || decide(&answer, |receipt| client.verify(receipt, &expected));
            let Decision::Close(receipt, verdicts) = self.stages.run(CLOSE, verify) else {
                bail!("the register answered a batch with {}", answer.status)
            };
            let close = outbox.close(batch.id, (&receipt, &answer.body), &verdicts, self.now);
            self.stages.wait(CLOSE, close).await?;
            batches.push(batch);
        }
        Ok(batches)
    }
}
