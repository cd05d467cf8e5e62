//! Reading a request's body into memory, no more of it than the limit, and for no longer than its pace allows.

use axum::body::Body;
use http_body_util::BodyExt as _;

use super::{BodyError, Pace};

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// When it is too large or too slow, stops or breaks off.
pub async fn collect(body: Body, limit: u64, pace: Pace) -> Result<Vec<u8>, BodyError> {
    let whole = tokio::time::timeout(pace.total, frames(body, limit, pace)).await;
    whole.unwrap_or(Err(BodyError::TooSlow(pace.total.as_secs())))
}

async fn frames(mut body: Body, limit: u64, pace: Pace) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    loop {
        let frame = tokio::time::timeout(pace.idle, body.frame()).await;
        let frame = frame.map_err(|_| BodyError::Stalled)?;
        let Some(frame) = frame else { return Ok(bytes) };
        let Ok(data) = frame.map_err(|_| BodyError::Cut)?.into_data() else { continue };
        if (bytes.len() + data.len()) as u64 > limit {
            return Err(BodyError::above(limit));
        }
        bytes.extend_from_slice(&data);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Bytes;
    use futures_util::stream;

    use super::*;

    const LONG: Duration = Duration::from_hours(1);
    const SHORT: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_body_up_to_the_limit_is_read_and_one_above_it_is_refused() {
        let pace = Pace { idle: LONG, total: LONG };
        assert_eq!(collect(Body::from("abcd"), 4, pace).await.unwrap(), b"abcd");
        assert_eq!(collect(Body::from("abcde"), 4, pace).await, Err(BodyError::above(4)));
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up_and_so_is_one_that_trickles() {
        let nothing = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(collect(nothing, 4, Pace { idle: SHORT, total: LONG }).await, Err(BodyError::Stalled));
        // Frame after frame without a pause: only the whole time can end it.
        let frames = stream::unfold((), |()| async {
            tokio::task::yield_now().await;
            Some((Ok::<_, std::io::Error>(Bytes::new()), ()))
        });
        let trickle = collect(Body::from_stream(frames), 4, Pace { idle: LONG, total: SHORT }).await;
        assert_eq!(trickle, Err(BodyError::TooSlow(0)));
    }
}
