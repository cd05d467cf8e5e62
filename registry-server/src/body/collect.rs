//! Reading a request's body into memory, no more of it than the limit.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;

use super::BodyError;

/// Reads a body of at most `limit` bytes; gives up when no byte comes for `idle`.
///
/// What is too large is read to its end without being kept, up to as much again, so that the answer reaches a client that only listens
/// after it has sent everything.
///
/// # Errors
/// When it is too large, stops or breaks off.
pub async fn collect(mut body: Body, limit: u64, idle: Duration) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    let mut read = 0_u64;
    while read <= limit.saturating_mul(2) {
        let frame = tokio::time::timeout(idle, body.frame()).await;
        let frame = frame.map_err(|_| BodyError::Stalled)?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| BodyError::Cut)?;
        let Ok(data) = frame.into_data() else { continue };
        read += data.len() as u64;
        if read <= limit {
            bytes.extend_from_slice(&data);
        } else {
            bytes = Vec::new();
        }
    }
    if read > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// The refusal of a body above the limit, in bytes.
fn too_large(limit: u64) -> BodyError {
    BodyError::TooLarge(format!("the body has more than {limit} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read_and_one_above_it_is_refused() {
        let idle = Duration::from_secs(5);
        assert_eq!(collect(Body::from("abcd"), 4, idle).await.unwrap(), b"abcd");
        assert_eq!(collect(Body::from("abcde"), 4, idle).await, Err(too_large(4)));
    }
}
