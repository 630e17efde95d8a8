//! The memo that keeps plans repeatable if they depend on other plans of the run.
//!
//! A plan request does not contain the address of the resource, and Terraform may send it again. Other plans that ran
//! in between must not change the response. So the memo stores the first value for each key and resource. The
//! configuration identifies the resource.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::framework::Config;

/// The stored values, by key and checksum of the configuration.
#[derive(Debug, Default)]
pub(super) struct PlanMemo(Mutex<HashMap<(String, u64), bool>>);

impl PlanMemo {
    /// Returns the stored value, or computes and stores it.
    pub(super) fn get(&self, key: String, config: &Config, compute: impl FnOnce() -> bool) -> bool {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *values.entry((key, checksum(config))).or_insert_with(compute)
    }
}

/// Identifies a resource by its configuration, which is the same in all requests for the resource.
fn checksum(config: &Config) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", config.value()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{Attribute, Schema};

    const NAME: Attribute<String> = Attribute::required("name").description("x");

    fn config(name: &str) -> Config {
        Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned())
    }

    #[test]
    fn returns_the_first_value_for_each_key_and_resource() {
        let memo = PlanMemo::default();

        let values = [("a", false), ("b", true), ("a", true), ("b", false)]
            .map(|(name, value)| memo.get("key".to_owned(), &config(name), || value));

        assert_eq!(values, [false, true, false, true]);
        assert!(memo.get("another key".to_owned(), &config("a"), || true));
    }
}
