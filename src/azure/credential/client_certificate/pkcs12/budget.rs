//! How much of the machine one bundle may take. A crafted one could keep the provider busy for hours.

use std::num::NonZeroU32;

use super::Pkcs12Error;

/// Hashes for all keys of a bundle together. Programs use up to a million for each of three keys. Takes some seconds.
const MAX_HASHES: u64 = 20_000_000;

/// Private keys and parts. Programs write one key and two parts.
const MAX_ITEMS: usize = 16;

/// Bags inside bags. Programs write none.
pub(super) const MAX_DEPTH: usize = 8;

/// What is left for a bundle.
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
    /// The number of iterations, if a key of `blocks` hashes may still be derived with it.
    pub(super) fn iterations(&mut self, iterations: u32, blocks: usize) -> Result<NonZeroU32, Pkcs12Error> {
        let allowed =
            u64::from(iterations).checked_mul(blocks as u64).and_then(|hashes| self.hashes.checked_sub(hashes));
        match (NonZeroU32::new(iterations), allowed) {
            (Some(iterations), Some(left)) => {
                self.hashes = left;
                Ok(iterations)
            }
            _ if self.hashes == MAX_HASHES || iterations == 0 => {
                Err(Pkcs12Error::Unsupported(format!("a password hash with {iterations} iterations")))
            }
            _ => Err(Pkcs12Error::Excessive("password hashes with more than 20 million iterations in all")),
        }
    }
}

/// Checks the number of private keys or of parts.
pub(super) fn check_number(number: usize, what: &'static str) -> Result<(), Pkcs12Error> {
    if number > MAX_ITEMS { Err(Pkcs12Error::Excessive(what)) } else { Ok(()) }
}
