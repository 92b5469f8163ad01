//! How often somebody may ask, by token and by address, on each replica.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::super::refusal::Refused;
use crate::graphql::error::Code;

/// After how many requests those who have long been away are forgotten.
const TIDY: u32 = 16_384;

/// Counts requests.
#[derive(Debug)]
pub(in crate::http) struct Rates {
    tokens: Option<DefaultKeyedRateLimiter<String>>,
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    counted: AtomicU32,
}

impl Rates {
    pub(super) fn new(per_token: u32, per_address: u32) -> Self {
        let quota = |per_minute| NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self {
            tokens: quota(per_token).map(RateLimiter::keyed),
            addresses: quota(per_address).map(RateLimiter::keyed),
            counted: AtomicU32::new(0),
        }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// When there were too many.
    pub(in crate::http) fn from(&self, address: IpAddr) -> Result<(), Refused> {
        let Some(addresses) = &self.addresses else { return Ok(()) };
        if self.counted.fetch_add(1, Ordering::Relaxed) % TIDY == TIDY - 1 {
            addresses.retain_recent();
            self.tokens.iter().for_each(RateLimiter::retain_recent);
        }
        let until = addresses.check_key(&network(address));
        until.map_err(|until| too_often(until.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts a request of somebody, by the pseudonym that their token gives them.
    ///
    /// # Errors
    /// When there were too many.
    pub(in crate::http) fn of(&self, pseudonym: &str) -> Result<(), Refused> {
        let Some(tokens) = &self.tokens else { return Ok(()) };
        let until = tokens.check_key(&pseudonym.to_owned());
        until.map_err(|until| too_often(until.wait_time_from(DefaultClock::default().now())))
    }
}

/// Of IPv6 one household has a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn too_often(wait: Duration) -> Refused {
    let seconds = wait.as_secs() + 1;
    let message = format!("Too many requests. Try again in {seconds} seconds.");
    Refused::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, message)
        .with_header(RETRY_AFTER, HeaderValue::from(seconds))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_alone() {
        let rates = Rates::new(2, 3);
        for _ in 0..2 {
            assert!(rates.of("one").is_ok());
        }
        assert_eq!(rates.of("one").map_err(|refused| refused.code()), Err(Code::RateLimited));
        assert!(rates.of("other").is_ok());
        let address = |text: &str| -> IpAddr { text.parse().unwrap() };
        for _ in 0..3 {
            assert!(rates.from(address("192.0.2.1")).is_ok());
        }
        assert!(rates.from(address("192.0.2.1")).is_err());
        assert!(rates.from(address("::ffff:192.0.2.1")).is_err(), "the same written otherwise");
        assert!(rates.from(address("192.0.2.2")).is_ok());
        for _ in 0..3 {
            assert!(rates.from(address("2001:db8::1")).is_ok());
        }
        assert!(rates.from(address("2001:db8::2")).is_err(), "of the same household");
        assert!(rates.from(address("2001:db8:0:1::2")).is_ok());
    }

    #[test]
    fn none_is_no_limit() {
        let rates = Rates::new(0, 0);
        assert!((0..100).all(|_| rates.of("one").is_ok() && rates.from([192, 0, 2, 1].into()).is_ok()));
    }
}
