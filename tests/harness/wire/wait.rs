//! How long a sender kept away each time it was told to come back later.
//!
//! Promises: what was refused and comes again can only have been sent after the refusal was heard, so that its time is certain; of other
//! requests one may have been on its way already, because an agent has two batches under way at most.

use std::time::Duration;

use super::Exchange;

/// Requests that may come after a refusal without being sent after it.
const ON_ITS_WAY: usize = 1;

/// One answer that asked to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Its HTTP status.
    pub status: u16,
    /// Its `Retry-After`.
    pub asked: Duration,
    /// From the answer until the same was asked again; nothing when it never was.
    pub kept: Option<Duration>,
    /// Requests of any kind that came before the time was over.
    pub meanwhile: usize,
}

impl Wait {
    /// Whether the sender stayed away for as long as it was asked to.
    #[must_use]
    pub fn is_obeyed(&self) -> bool {
        self.meanwhile <= ON_ITS_WAY && self.kept.is_none_or(|kept| kept >= self.asked)
    }
}

/// The waits of one sender, out of everything that it said, in the order of the answers.
#[must_use]
pub fn waits(exchanges: &[Exchange]) -> Vec<Wait> {
    exchanges.iter().filter_map(|refused| wait(refused, exchanges)).collect()
}

fn wait(refused: &Exchange, exchanges: &[Exchange]) -> Option<Wait> {
    let asked = Duration::from_secs(refused.reply.header("retry-after")?.parse().ok()?);
    let named = |said: &Exchange| (said.request.method().to_owned(), said.request.path().to_owned());
    let after = || exchanges.iter().filter(|said| said.asked_at > refused.answered_at);
    let since = |said: &Exchange| said.asked_at.duration_since(refused.answered_at);
    Some(Wait {
        status: refused.reply.status()?,
        asked,
        kept: after().filter(|said| named(said) == named(refused)).map(since).min(),
        meanwhile: after().filter(|said| since(said) < asked).count(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::wire::{Message, Reached};

    /// What was asked for, the answer's status, and when either came, in seconds.
    type Said = (&'static str, u16, [u64; 2]);

    /// A register that asks for five seconds whenever it refuses.
    fn exchanges(said: &[Said]) -> Vec<Exchange> {
        #[expect(clippy::disallowed_methods, reason = "an instant can be had from the clock only")]
        let begin = Instant::now();
        let message = |head: String| Message { head, body: Vec::new() };
        let exchange = |(path, status, [asked, answered]): &Said| Exchange {
            request: message(format!("PUT {path} HTTP/1.1\r\n\r\n")),
            reply: message(match status {
                200 => "HTTP/1.1 200 OK\r\n\r\n".to_owned(),
                _ => format!("HTTP/1.1 {status} No\r\nRetry-After: 5\r\n\r\n"),
            }),
            reply_reached: Reached::Agent,
            asked_at: begin + Duration::from_secs(*asked),
            answered_at: begin + Duration::from_secs(*answered),
        };
        said.iter().map(exchange).collect()
    }

    /// Seconds kept, requests meanwhile, and whether that is obedience.
    fn found(said: &[Said]) -> Vec<(Option<u64>, usize, bool)> {
        let waits = waits(&exchanges(said));
        waits.iter().map(|wait| (wait.kept.map(|kept| kept.as_secs()), wait.meanwhile, wait.is_obeyed())).collect()
    }

    #[test]
    fn a_wait_is_kept_when_the_same_comes_again_in_time_and_at_most_one_other_request_before() {
        assert_eq!(found(&[("a", 503, [0, 1]), ("a", 200, [6, 7])]), [(Some(5), 0, true)]);
        assert_eq!(found(&[("a", 429, [0, 1]), ("a", 200, [5, 6])]), [(Some(4), 1, false)], "a second too early");
        assert_eq!(found(&[("a", 429, [0, 2]), ("b", 200, [1, 3])]), [(None, 0, true)], "under way before it");
        assert_eq!(found(&[("a", 429, [0, 1]), ("b", 200, [2, 3]), ("a", 200, [8, 9])]), [(Some(7), 1, true)]);
        assert_eq!(found(&[("a", 429, [0, 1]), ("b", 200, [2, 3]), ("c", 200, [4, 5])]), [(None, 2, false)]);
    }
}
