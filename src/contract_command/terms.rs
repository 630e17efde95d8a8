//! A contract as a configuration writes it: only what differs from the default.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::tenant_connector::contract::Contract;

/// The arguments of `contract = { … }`. None of them: the default contract.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Terms {
    pub(super) kind: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) data_types: Option<BTreeSet<String>>,
    pub(super) properties: Option<Map<String, Value>>,
}

impl Terms {
    /// The terms without those that say what is the default anyway.
    pub(super) fn normalized(mut self) -> Self {
        let contract = self.contract();
        let kind = self.kind.take();
        if self.contract() != contract {
            self.kind = kind;
        }
        let provider = self.provider.take();
        if self.contract() != contract {
            self.provider = provider;
        }
        let api_version = self.api_version.take();
        if self.contract() != contract {
            self.api_version = api_version;
        }
        let data_types = self.data_types.take();
        if self.contract() != contract {
            self.data_types = data_types;
        }
        self.properties = self.properties.filter(|properties| !properties.is_empty());
        self
    }

    /// Whether nothing needs to be set.
    pub(super) fn is_default(&self) -> bool {
        self.contract() == Contract::default()
    }

    /// The contract in force with these terms.
    pub(super) fn contract(&self) -> Contract {
        Contract::new(self.kind.as_deref(), self.provider.as_deref(), self.api_version.as_deref())
            .with_data_types(self.data_types.as_ref())
            .with_properties(self.properties.clone().unwrap_or_default())
    }

    /// The terms as JSON, for machines.
    pub(super) fn to_json(&self) -> Value {
        let mut fields = Map::new();
        for (name, text) in [("kind", &self.kind), ("provider", &self.provider), ("api_version", &self.api_version)] {
            if let Some(text) = text {
                fields.insert(name.to_owned(), text.as_str().into());
            }
        }
        if let Some(data_types) = &self.data_types {
            fields.insert("data_types".to_owned(), data_types.iter().cloned().collect());
        }
        if let Some(properties) = &self.properties {
            fields.insert("properties".to_owned(), Value::Object(properties.clone()));
        }
        Value::Object(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Option<BTreeSet<String>> {
        Some(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn what_is_the_default_is_not_written() {
        let spelled = Terms {
            kind: text("MicrosoftThreatProtection"),
            provider: text("MicrosoftDefenderForCloud"),
            api_version: text("2025-10-01-preview"),
            data_types: set(&["alerts"]),
            properties: Some(Map::new()),
        };

        assert!(spelled.is_default());
        assert_eq!(spelled.normalized(), Terms::default());
    }

    #[test]
    fn what_differs_is_written() {
        let terms = Terms { provider: text("mdc"), data_types: set(&["alerts", "x"]), ..Terms::default() };
        let own =
            Terms { kind: text("Own"), data_types: set(&[]), api_version: text("2026-07-01"), ..Terms::default() };

        assert_eq!(terms.clone().normalized(), terms);
        assert_eq!(own.clone().normalized(), own);
        assert!(!terms.is_default() && !own.is_default());
    }
}
