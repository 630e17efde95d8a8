//! Which resource of a run reports a fact that concerns several resources.
//!
//! A plan request carries no address, and the CLI may send it again. The first resource that finds a fact reports it each
//! time it is planned, and all others never do: one report, and the same response to the same request.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::framework::Config;

/// The reporters of the facts that were found.
#[derive(Debug, Default)]
pub(super) struct Reporters(Mutex<HashMap<String, u64>>);

impl Reporters {
    /// Whether the resource with this configuration is the one that reports the fact.
    pub(super) fn is_reporter(&self, fact: String, config: &Config) -> bool {
        let own = checksum(config);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(fact).or_insert(own) == own
    }
}

/// Identifies a resource: requests about the same one have the same configuration.
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

    #[test]
    fn the_first_resource_reports_a_fact_each_time_it_is_planned() {
        let config = |name: &str| Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned());
        let reporters = Reporters::default();

        let reported = ["a", "b", "a", "b"].map(|name| reporters.is_reporter("fact".to_owned(), &config(name)));

        assert_eq!(reported, [true, false, true, false]);
        assert!(reporters.is_reporter("another fact".to_owned(), &config("b")));
    }
}
