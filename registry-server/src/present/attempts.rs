//! How often an address may try to sign in, whoever it says it is.
//!
//! Promises: memory is bounded; an IPv6 address counts with its whole network of 64 bits, which is what one customer is given.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// So many attempts ...
const MOST: u32 = 30;
/// ... in so long.
const SPAN: Duration = Duration::from_mins(15);
/// Addresses that are remembered.
const KEPT: usize = 10_000;

/// What was tried from where: since when, and how often.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<HashMap<IpAddr, (Duration, u32)>>);

impl Attempts {
    /// Counts an attempt; tells whether it may be made.
    pub(super) fn take(&self, address: Option<IpAddr>, now: Duration) -> bool {
        let Some(address) = address.map(network) else { return true };
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.len() >= KEPT {
            tried.retain(|_, (since, _)| now.saturating_sub(*since) < SPAN);
        }
        if tried.len() >= KEPT && !tried.contains_key(&address) {
            return false;
        }
        let (since, times) = tried.entry(address).or_insert((now, 0));
        if now.saturating_sub(*since) >= SPAN {
            (*since, *times) = (now, 0);
        }
        *times = times.saturating_add(1);
        *times <= MOST
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_network_have_so_many_attempts_in_a_quarter_of_an_hour() {
        let attempts = Attempts::default();
        let at = |second| Duration::from_secs(second);
        let address = |text: &str| Some(text.parse().unwrap());
        for _ in 0..MOST {
            assert!(attempts.take(address("2001:db8::1"), at(0)));
        }
        assert!(!attempts.take(address("2001:db8::2"), at(899)));
        assert!(attempts.take(address("2001:db8:0:1::1"), at(899)) && attempts.take(address("192.0.2.1"), at(899)));
        assert!(attempts.take(address("2001:db8::2"), at(900)));
    }
}
