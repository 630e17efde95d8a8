//! What a planned resource was told first about the other plans of its run.
//!
//! A plan request carries no address, and the CLI may send it again. What other plans have done meanwhile must not change the
//! response. So each resource, recognized by its configuration, keeps its first answer to each question.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::framework::Config;

/// The answers, by question and resource.
#[derive(Debug, Default)]
pub(super) struct FirstAnswers(Mutex<HashMap<(String, u64), bool>>);

impl FirstAnswers {
    pub(super) fn get(&self, question: String, config: &Config, answer: impl FnOnce() -> bool) -> bool {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry((question, checksum(config))).or_insert_with(answer)
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

    fn config(name: &str) -> Config {
        Config::empty(&Schema::new("").attribute(&NAME)).with(&NAME, name.to_owned())
    }

    #[test]
    fn a_resource_keeps_its_first_answer_to_a_question() {
        let answers = FirstAnswers::default();

        let given = [("a", false), ("b", true), ("a", true), ("b", false)]
            .map(|(name, answer)| answers.get("question".to_owned(), &config(name), || answer));

        assert_eq!(given, [false, true, false, true]);
        assert!(answers.get("another question".to_owned(), &config("a"), || true));
    }
}
