//! The new set at the register: begun at first contact, and put in the old one's place once it is whole.

use schemas::contact::Me;
use schemas::id::{KeyId, StateId};
use schemas::key_reset::{KeyReset, Step};

use crate::outbox::{Outbox, OutboxError, ResetNote};
use crate::push::{Client, Delivered, PushError};
use crate::vanished;
use schemas::language::Language;

/// Tells the register that the set that comes from this state directory is one under new keys; answers the directory's generation.
///
/// # Errors
/// When the register does not answer or does not take the key, or the state fails.
pub async fn begin(
    client: &Client,
    outbox: &mut Outbox,
    (state_id, note): (StateId, ResetNote),
) -> Result<u32, PushError> {
    let step = KeyReset { state_id, kid: note.kid.clone(), step: Step::Begin };
    let answer = client.key_reset(&step).await?;
    let standing = note.standing.or(Some(answer.standing));
    // One that counts already was put there by a request whose answer was never heard.
    let note = (!answer.counts).then_some(ResetNote { standing, ..note });
    outbox.set_reset_note(note.as_ref()).await?;
    Ok(answer.generation)
}

/// Notes how many treatments the set to be replaced has now, because whoever leaves meanwhile leaves that set too; so goes on also with a
/// reset of which this state directory knows nothing, because the one that began it was lost.
///
/// # Errors
/// When the state fails.
pub async fn remember(outbox: &mut Outbox, (me, kid): (&Me, &KeyId)) -> Result<(), OutboxError> {
    let Some(standing) = me.replaces.filter(|_| me.keys.contains(kid)) else { return Ok(()) };
    let unknown = ResetNote { kid: kid.clone(), standing: None, takes_fewer: false, after: 0 };
    let note = outbox.reset_note().await?.unwrap_or(unknown);
    outbox.set_reset_note(Some(&ResetNote { standing: Some(standing), ..note })).await
}

/// Puts the new set in the old one's place when everything was read and delivered, and no more is missing than may be.
///
/// # Errors
/// When the state fails. A register that does not answer is asked by the next cycle.
pub async fn stage(client: &Client, outbox: &mut Outbox, delivered: &Delivered) -> Result<(), OutboxError> {
    let (Some(note), Delivered::Everything) = (outbox.reset_note().await?, delivered) else { return Ok(()) };
    let Some((state_id, _)) = outbox.generation().await? else { return Ok(()) };
    if missing(&note, outbox).await?.is_none_or(|missing| missing > 0 && !note.takes_fewer) {
        return Ok(());
    }
    let step = KeyReset { state_id, kid: note.kid.clone(), step: Step::Replace };
    match client.key_reset(&step).await {
        Ok(answer) if answer.counts => {
            tracing::info!(treatments = answer.standing, "the set under {} has taken the old one's place", note.kid);
            outbox.set_reset_note(None).await
        }
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!("the register has not put the new set in the old one's place yet: {error}");
            Ok(())
        }
    }
}

/// How many treatments the new set lacks beyond what may be missing; nothing while it is not known yet.
async fn missing(note: &ResetNote, outbox: &mut Outbox) -> Result<Option<u64>, OutboxError> {
    let Some(standing) = note.standing else { return Ok(None) };
    let Some(delivered) = outbox.delivered_since(note).await? else { return Ok(None) };
    let needed = standing - vanished::most_missing(standing);
    Ok(Some(needed.saturating_sub(delivered)))
}

/// Lets the new set take the old one's place though treatments are missing; answers whether a reset is under way.
///
/// # Errors
/// When the state fails.
pub async fn take_fewer(outbox: &mut Outbox) -> Result<bool, OutboxError> {
    let Some(note) = outbox.reset_note().await? else { return Ok(false) };
    outbox.set_reset_note(Some(&ResetNote { takes_fewer: true, ..note })).await?;
    Ok(true)
}

/// What is to be told of a reset that is under way.
///
/// # Errors
/// When the state fails.
pub async fn waits(outbox: &mut Outbox, language: Language) -> Result<Option<String>, OutboxError> {
    let Some(note) = outbox.reset_note().await? else { return Ok(None) };
    let kid = &note.kid;
    let lacks = missing(&note, outbox).await?.filter(|missing| *missing > 0 && !note.takes_fewer);
    Ok(Some(match lacks {
        Some(missing) => language.pick(
            format!(
                "det som skickats under nyckeln {kid} har {missing} behandlingar för lite för att ersätta det gamla hos registret; se efter om \
                 källan är hel, eller kör `registry-agent key reset --take-fewer`"
            ),
            format!(
                "what was sent under the key {kid} has {missing} treatments too few to replace the old set at the register; see whether the \
                 source is whole, or run `registry-agent key reset --take-fewer`"
            ),
        ),
        None => language.pick(
            format!("det som skickas under nyckeln {kid} räknas inte förrän allt är framme; kör `registry-agent once`"),
            format!("what is sent under the key {kid} does not count before all of it has arrived; run `registry-agent once`"),
        ),
    }))
}
