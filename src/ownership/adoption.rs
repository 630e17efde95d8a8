//! Decides whether a create adopts an existing object.

use serde_json::Value;

use crate::framework::{Diagnostic, Knowable};

use super::diagnostics;
use super::facts::Owner;
use super::object::UniqueObject;

/// What the plan of a creation reports about an existing object.
#[derive(Clone, Debug, PartialEq)]
pub enum Adoption {
    /// Nothing: the object does not exist, a resource in the state manages it, or the decision is not known yet.
    None,
    /// The warning that the create adopts the object.
    Adopts(Diagnostic),
    /// The warning that the apply will reject the create.
    Rejected(Diagnostic),
}

impl UniqueObject {
    /// Decides whether the plan of a creation adopts an existing object that no resource in the state manages. `found`
    /// is a sentence about the existing object, and `change` a sentence about the changes of the adoption.
    #[must_use]
    pub fn adoption(
        &self,
        owner: Owner,
        adopt: Knowable<bool>,
        found: &str,
        change: impl FnOnce() -> String,
    ) -> Adoption {
        match (owner, adopt) {
            (Owner::None, Knowable::Known(false)) => Adoption::Rejected(diagnostics::will_be_rejected(self, found)),
            (Owner::None, Knowable::Known(true)) => Adoption::Adopts(self.adopted(found, &change())),
            (Owner::None, Knowable::Unknown) | (Owner::ThisResource | Owner::InState | Owner::AnotherResource, _) => {
                Adoption::None
            }
        }
    }

    /// The error for an existing object that must not be adopted.
    #[must_use]
    pub fn exists(&self, found: &str) -> Diagnostic {
        diagnostics::exists(self, found)
    }

    /// The warning that a create adopts the existing object. `change` is a sentence about the changes.
    #[must_use]
    pub fn adopted(&self, found: &str, change: &str) -> Diagnostic {
        diagnostics::adopted(self, found, change)
    }
}

/// A sentence about the settings that an adoption changes, given the name, the old value and the new value of each setting.
/// `None` if no value changes.
#[must_use]
pub fn changed_settings(settings: &[(&str, Value, Value)]) -> Option<String> {
    let changed = settings.iter().filter(|(_, old, new)| old != new);
    let changes: Vec<String> =
        changed.map(|(name, old, new)| format!("`{name}` ({} -> {})", brief(old), brief(new))).collect();
    (!changes.is_empty()).then(|| format!("The apply changes these settings: {}.", changes.join(", ")))
}

/// A value that is not longer than a line.
fn brief(value: &Value) -> String {
    const LIMIT: usize = 60;
    let text = value.to_string();
    if text.chars().count() <= LIMIT { text } else { text.chars().take(LIMIT).chain("…".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_changed_setting_is_named_with_its_old_and_its_new_value() {
        let settings = [
            ("same", json!(1), json!(1)),
            ("enabled", json!(false), json!(true)),
            ("filter", json!(["High"]), json!(null)),
        ];

        assert_eq!(
            changed_settings(&settings).as_deref(),
            Some("The apply changes these settings: `enabled` (false -> true), `filter` ([\"High\"] -> null).")
        );
        assert_eq!(changed_settings(&settings[..1]), None);
    }

    #[test]
    fn a_long_value_is_cut() {
        let sentence = changed_settings(&[("description", json!("x".repeat(1000)), json!(null))]).expect("a change");

        assert!(sentence.len() < 150 && sentence.contains("x… -> null"), "{sentence}");
    }
}
