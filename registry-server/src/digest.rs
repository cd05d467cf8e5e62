//! What the register holds of a sender, as digests and as lines, so that the sender can tell whether it is what it sent.
//!
//! Promises: made from the stored rows anew each time; a page of rows is in memory, however many there are; a sender learns of its own
//! records only.
//! Must not know: HTTP, SQL.

use schemas::digest::{Bucket, Digester, Line};
use schemas::id::SenderCode;
use tokio::sync::mpsc;

use crate::store::{Store, StoreError};

/// The digests of everything that a sender has here.
///
/// # Errors
/// When the store fails.
pub async fn buckets(store: &dyn Store, sender: &SenderCode) -> Result<Vec<Bucket>, StoreError> {
    let mut digester = Digester::default();
    each(store, sender, |line| digester.add(line)).await?;
    Ok(digester.finish())
}

/// The lines of some buckets, in the order of their keys, each with a line feed.
///
/// # Errors
/// When the store fails.
pub async fn lines(store: &dyn Store, sender: &SenderCode, buckets: &[u8]) -> Result<String, StoreError> {
    let mut text = String::new();
    each(store, sender, |line| {
        if buckets.contains(&line.bucket()) {
            text.push_str(&line.text());
        }
    })
    .await?;
    Ok(text)
}

async fn each(store: &dyn Store, sender: &SenderCode, mut take: impl FnMut(&Line)) -> Result<(), StoreError> {
    let (pages, mut coming) = mpsc::channel::<Vec<Line>>(2);
    let read = async {
        while let Some(page) = coming.recv().await {
            page.iter().for_each(&mut take);
        }
    };
    let (sent, ()) = tokio::join!(store.active(sender, pages), read);
    sent
}

#[cfg(test)]
mod tests;
