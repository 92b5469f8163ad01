//! How often somebody may try to sign in: per network and per number, on each replica. What a code stands is counted in the
//! database, for all of them.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::store::Network;

/// With how many keys those that are forgotten by now are removed.
const MANY: usize = 10_000;

/// How often somebody may try, a minute and at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInLimits {
    /// From one network: the address without its last part.
    pub per_network: u32,
    /// For one number.
    pub per_number: u32,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self { per_network: 30, per_number: 6 }
    }
}

/// Counts tries.
pub struct Attempts {
    networks: DefaultKeyedRateLimiter<Option<Network>>,
    numbers: DefaultKeyedRateLimiter<[u8; 32]>,
}

impl Attempts {
    /// Counts within `limits`.
    pub fn new(limits: SignInLimits) -> Self {
        let quota = |per_minute| Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        let SignInLimits { per_network, per_number } = limits;
        Self { networks: RateLimiter::keyed(quota(per_network)), numbers: RateLimiter::keyed(quota(per_number)) }
    }

    /// Counts a try from a network, for a number if it names one.
    ///
    /// # Errors
    /// How long to wait when there were too many.
    pub fn may_try(&self, network: Option<Network>, number: Option<&str>) -> Result<(), Duration> {
        let now = DefaultClock::default().now();
        if self.networks.len() + self.numbers.len() > MANY {
            self.networks.retain_recent();
            self.numbers.retain_recent();
        }
        // Those of whom nothing is known count as one.
        self.networks.check_key(&network).map_err(|until| until.wait_time_from(now))?;
        let Some(number) = number else { return Ok(()) };
        // Whatever somebody types takes as much room.
        let number: [u8; 32] = Sha256::digest(number.trim().as_bytes()).into();
        self.numbers.check_key(&number).map_err(|until| until.wait_time_from(now))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    #[test]
    fn a_number_and_a_network_are_counted_apart() {
        // One more of a network every ten seconds: far longer than this takes.
        let limits = SignInLimits { per_network: 6, per_number: 2 };
        let SignInLimits { per_network, per_number } = limits;
        let attempts = Attempts::new(limits);
        let [one, other, third] = [[192, 0, 2, 1], [198, 51, 100, 1], [203, 0, 113, 1]]
            .map(|octets| Some(Network::from(IpAddr::from(Ipv4Addr::from(octets)))));
        for _ in 0..per_number {
            assert_eq!(attempts.may_try(one, Some("ZP-1")), Ok(()));
        }
        let wait = attempts.may_try(one, Some(" ZP-1 "));
        assert!(wait.is_err_and(|wait| wait > Duration::ZERO && wait <= Duration::from_mins(1)), "{wait:?}");
        // Another network does not help with the number, another number does with the network.
        assert!(attempts.may_try(other, Some("ZP-1")).is_err());
        for number in 0..per_network - per_number - 1 {
            assert_eq!(attempts.may_try(one, Some(&number.to_string())), Ok(()));
        }
        assert!(attempts.may_try(one, None).is_err());
        assert_eq!(attempts.may_try(third, None), Ok(()));
    }
}
