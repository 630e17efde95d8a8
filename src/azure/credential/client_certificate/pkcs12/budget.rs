//! Limits for the work of reading one bundle. Without them, a crafted bundle could keep the provider busy for hours.

use std::num::NonZeroU32;

use super::Pkcs12Error;

/// The maximum number of hashes for all keys of a bundle together. Programs use up to a million for each of three keys.
/// Even on a slow machine, this takes less time than a renewal of an access token may.
const MAX_HASHES: u64 = 5_000_000;

/// The maximum number of private keys, and of parts. Programs write one key and two parts.
const MAX_ITEMS: usize = 16;

/// The maximum depth of nested bags. Programs write no nested bags.
pub(super) const MAX_DEPTH: usize = 8;

/// The remaining work for a bundle.
#[derive(Debug)]
pub(in crate::azure::credential::client_certificate) struct Budget {
    hashes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { hashes: MAX_HASHES }
    }
}

impl Budget {
    /// Checks and subtracts the work of deriving a key of `blocks` hashes with this number of iterations.
    pub(super) fn iterations(&mut self, iterations: u32, blocks: usize) -> Result<NonZeroU32, Pkcs12Error> {
        let allowed =
            u64::from(iterations).checked_mul(blocks as u64).and_then(|hashes| self.hashes.checked_sub(hashes));
        match (NonZeroU32::new(iterations), allowed) {
            (Some(iterations), Some(left)) => {
                self.hashes = left;
                Ok(iterations)
            }
            (None, _) => Err(Pkcs12Error::Malformed),
            (_, None) => Err(Pkcs12Error::Excessive("password hashes with more than 5 million iterations")),
        }
    }
}

/// Checks the number of private keys.
pub(in crate::azure::credential::client_certificate) fn check_keys(number: usize) -> Result<(), Pkcs12Error> {
    check_number(number, "more than 16 private keys")
}

/// Checks a number of parts.
pub(super) fn check_number(number: usize, what: &'static str) -> Result<(), Pkcs12Error> {
    if number > MAX_ITEMS { Err(Pkcs12Error::Excessive(what)) } else { Ok(()) }
}
