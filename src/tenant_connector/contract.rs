//! The wire contract: what Azure must hold for the tenant-wide stream to be on. Data, and the only file to change when
//! more becomes known.
//!
//! Microsoft has not published what the portal's Connect button sends. What is known, and how surely:
//!
//! | statement | certainty |
//! |---|---|
//! | `dataConnectors/MicrosoftDefenderForCloudTenantBased` of kind `GenericUI`/`StaticUI` is a page, not the connection | certain: the solution's own template puts it there |
//! | alerts arrive through the Defender XDR pipeline (connectivity criterion `MtpAlerts`, feature flag `MdcAlertsByMtp`) | certain: the page's definition says so |
//! | the XDR pipeline is the connector of kind `MicrosoftThreatProtection`: data type `alerts`, narrowed by `filteredProviders.alerts`, preview api-versions only | certain: published schema |
//! | Defender for Cloud is one of the providers in that filter | likely: Defender for Cloud Apps has the same criterion and is one |
//! | its name there is `microsoftDefenderForCloud` | a guess from the two documented names; in no published schema |
//! | instead, a connector of a kind of its own | possible: undocumented kinds exist |
//!
//! Hence the default below, the dedicated form, and `contract = { … }` on the resource.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::defender_xdr::{DEFENDER_FOR_CLOUD, DataType, Part};
use crate::sentinel::data_connector::{ALERTS, kind};

/// Api-version of both forms.
pub use crate::defender_xdr::API_VERSION;

/// Name of Defender for Cloud among `filteredProviders.alerts`.
pub const PROVIDER: &str = DEFENDER_FOR_CLOUD;

/// The kind that a dedicated connector would most likely have: the name of the connector page.
pub const DEDICATED_KIND: &str = kind::TENANT_CONNECTOR_PAGE;

/// Whether a kind is probably that of a dedicated connector. Others have seen such kinds, which no schema has, so they are
/// recognized when connectors are read. Only an override writes one.
///
/// The name of the product alone, or of its tenant-based connector: `MicrosoftDefenderForCloudTenant`, `…TenantBased`. What
/// continues in another way may be another product, such as `MicrosoftDefenderForCloudApps`.
#[must_use]
pub fn is_dedicated_kind(kind: &str) -> bool {
    let start = kind.get(..PRODUCT.len()).filter(|start| start.eq_ignore_ascii_case(PRODUCT));
    let rest = start.map(|start| &kind[start.len()..]);
    rest.is_some_and(|rest| rest.is_empty() || rest.to_ascii_lowercase().starts_with("tenant"))
}

/// Whether a text can be a kind, a provider or a step of a data type: letters and digits, with a letter first.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

const PRODUCT: &str = "MicrosoftDefenderForCloud";

/// What Azure must hold for the stream to be on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contract {
    /// Kind of the data connector.
    pub kind: String,
    /// Api-version of every call.
    pub api_version: String,
    /// The data types that must be on, as paths below `dataTypes`. None of them: a dedicated connector is on while it
    /// exists.
    pub data_types: BTreeSet<String>,
    /// Other properties that a dedicated connector must have.
    pub properties: Map<String, Value>,
    /// How the stream lives in a connector of that kind.
    pub form: Form,
}

/// How the stream lives in a data connector.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// In the workspace's Defender XDR connector, which other products use too. If `alerts` is one of the data types, its
    /// filter names this provider.
    Shared {
        /// Defender for Cloud's name in the filter.
        provider: String,
    },
    /// In a connector that serves nothing else.
    Dedicated,
}

impl Contract {
    /// The contract in force: the default, with what an override says in its place. Only the shared form has a provider;
    /// in the other it is ignored (validation refuses it).
    #[must_use]
    pub fn new(kind: Option<&str>, provider: Option<&str>, api_version: Option<&str>) -> Self {
        // Known words are sent as Azure spells them.
        let known = |given: &str, own: &'static str| given.eq_ignore_ascii_case(own).then_some(own);
        let kind = kind.unwrap_or(kind::MICROSOFT_THREAT_PROTECTION);
        let kind =
            known(kind, kind::MICROSOFT_THREAT_PROTECTION).or_else(|| known(kind, DEDICATED_KIND)).unwrap_or(kind);
        let form = if kind == kind::MICROSOFT_THREAT_PROTECTION {
            let provider = provider.unwrap_or(PROVIDER);
            Form::Shared { provider: known(provider, PROVIDER).unwrap_or(provider).to_owned() }
        } else {
            Form::Dedicated
        };
        Self {
            kind: kind.to_owned(),
            api_version: api_version.unwrap_or(API_VERSION).to_owned(),
            data_types: BTreeSet::from([ALERTS.to_owned()]),
            properties: Map::new(),
            form,
        }
    }

    /// The same with these data types instead of `alerts`, if an override names some.
    #[must_use]
    pub fn with_data_types(mut self, data_types: Option<&BTreeSet<String>>) -> Self {
        if let Some(data_types) = data_types {
            let known =
                |name: &String| if name.eq_ignore_ascii_case(ALERTS) { ALERTS.to_owned() } else { name.clone() };
            self.data_types = data_types.iter().map(known).collect();
        }
        self
    }

    /// The same with these properties. The shared form has none of its own: they could be another owner's.
    #[must_use]
    pub fn with_properties(mut self, properties: Map<String, Value>) -> Self {
        self.properties = properties;
        self
    }

    /// Whether the filter of the shared connector matters.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        matches!(self.form, Form::Shared { .. }) && self.data_types.contains(ALERTS)
    }

    /// What the stream uses of a data connector.
    #[must_use]
    pub fn part(&self) -> Part {
        match &self.form {
            Form::Shared { provider } => {
                let others = self.data_types.iter().filter(|name| *name != ALERTS);
                let providers = if self.has_filter() { vec![provider.clone()] } else { Vec::new() };
                Part::new(others.map(|name| DataType::named(name)).collect(), providers)
            }
            Form::Dedicated => {
                let data_types = self.data_types.iter().map(|name| DataType::named(name)).collect();
                Part::dedicated(&self.kind, data_types, self.properties.clone())
            }
        }
    }

    /// Whether an import looks for it. An import has no argument for another contract.
    #[must_use]
    pub fn is_importable(&self) -> bool {
        let is_known = *self == Self::default() || is_dedicated_kind(&self.kind);
        is_known && *self == Self::new(Some(&self.kind), None, None)
    }

    /// The contract in words, for messages: every choice that an override could change.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = format!("kind \"{}\"", self.kind);
        let states: Vec<String> = self.data_types.iter().map(|name| format!("`dataTypes.{name}`")).collect();
        if !states.is_empty() {
            text += &format!(" with {} Enabled", states.join(" and "));
        }
        if let (Form::Shared { provider }, true) = (&self.form, self.has_filter()) {
            text += &format!(" and \"{provider}\" in `filteredProviders.{ALERTS}`");
        }
        if !self.properties.is_empty() {
            let names: Vec<String> = self.properties.keys().map(|name| format!("`{name}`")).collect();
            text += &format!(", the properties {}", names.join(", "));
        }
        text + &format!(", api-version {}", self.api_version)
    }
}

impl Default for Contract {
    fn default() -> Self {
        Self::new(None, None, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_a_part_of_the_defender_xdr_connector() {
        assert_eq!(
            Contract::default().describe(),
            "kind \"MicrosoftThreatProtection\" with `dataTypes.alerts` Enabled and \"microsoftDefenderForCloud\" in \
             `filteredProviders.alerts`, api-version 2025-10-01-preview"
        );
    }

    #[test]
    fn another_kind_is_a_dedicated_connector() {
        let contract = Contract::new(Some(DEDICATED_KIND), None, Some("2026-01-01-preview"));

        assert_eq!(contract.form, Form::Dedicated);
        assert_eq!(contract.api_version, "2026-01-01-preview");
    }

    #[test]
    fn kinds_of_dedicated_connectors_are_recognized_and_can_be_imported() {
        for kind in [DEDICATED_KIND, "microsoftdefenderforcloudTENANT", "MicrosoftDefenderForCloud"] {
            assert!(is_dedicated_kind(kind) && Contract::new(Some(kind), None, None).is_importable());
        }
        for other in [
            "MicrosoftDefenderForCloudApps",
            "MicrosoftDefenderForCloudAppsTenant",
            "MicrosoftDefenderForIdentity",
            "Ü",
        ] {
            assert!(!is_dedicated_kind(other) && !Contract::new(Some(other), None, None).is_importable(), "{other}");
        }
        assert!(!Contract::new(Some(DEDICATED_KIND), None, Some("2026-08-01-preview")).is_importable());
    }

    #[test]
    fn other_data_types_of_the_shared_connector_need_no_filter() {
        let only = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let both = Contract::default().with_data_types(Some(&only(&["Alerts", "cloudAlerts"])));
        let other = Contract::default().with_data_types(Some(&only(&["cloudAlerts"])));

        assert_eq!(
            both.describe(),
            "kind \"MicrosoftThreatProtection\" with `dataTypes.alerts` and `dataTypes.cloudAlerts` Enabled and \
             \"microsoftDefenderForCloud\" in `filteredProviders.alerts`, api-version 2025-10-01-preview"
        );
        assert!(both.has_filter() && !other.has_filter());
        assert!(!both.is_importable() && !other.is_importable());
    }

    #[test]
    fn spelling_out_the_default_is_the_default() {
        let alerts = BTreeSet::from(["alerts".to_owned()]);
        let spelled = Contract::new(Some(kind::MICROSOFT_THREAT_PROTECTION), Some(PROVIDER), Some(API_VERSION))
            .with_data_types(Some(&alerts));

        assert_eq!(spelled, Contract::default());
    }
}
