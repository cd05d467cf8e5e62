//! Reading a request's body into memory, no more of it than the limit.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;

use super::BodyError;

/// Reads a body of at most `limit` bytes; gives up when no byte comes for `idle`.
///
/// # Errors
/// When it is too large, stops or breaks off.
pub async fn collect(mut body: Body, limit: u64, idle: Duration) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    loop {
        let frame = tokio::time::timeout(idle, body.frame()).await;
        let frame = frame.map_err(|_| BodyError::Stalled)?;
        let Some(frame) = frame else { return Ok(bytes) };
        let Ok(data) = frame.map_err(|_| BodyError::Cut)?.into_data() else { continue };
        if (bytes.len() + data.len()) as u64 > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&data);
    }
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
