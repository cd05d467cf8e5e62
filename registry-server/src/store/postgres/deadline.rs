//! An end to waiting for a server that took the connection and then says nothing, as behind a broken line.

use std::time::Duration;

use crate::store::StoreError;

/// Longer than any delivery takes, shorter than an agent waits.
pub(super) const DELIVERY: Duration = Duration::from_mins(1);
/// Until a server that is there has let the program in.
pub(super) const CONNECT: Duration = Duration::from_secs(10);

/// What the work gives, or that the server said nothing for so long. Work that is cut off leaves nothing behind: its transaction was
/// not committed, or the answer to its commit was lost, which a repeated delivery finds out.
pub(super) async fn within<T, E: From<StoreError>>(
    time: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let silent = |_| Err(StoreError::Unreachable("no answer within the time".to_owned()).into());
    tokio::time::timeout(time, work).await.unwrap_or_else(silent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_silent_server_is_waited_for_only_so_long() {
        let silent = within(Duration::ZERO, std::future::pending::<Result<(), StoreError>>()).await;
        assert!(matches!(silent, Err(StoreError::Unreachable(_))));
        assert_eq!(within(CONNECT, std::future::ready(Ok::<_, StoreError>(7))).await, Ok(7));
    }
}
