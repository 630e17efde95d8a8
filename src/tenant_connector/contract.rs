//! The contract: the data connector that Azure must contain if the tenant-wide alerts are connected. If Microsoft
//! publishes more about the request, only this file changes.
//!
//! Microsoft has not published the request that the portal's Connect button sends. What is known about it:
//!
//! | statement | certainty |
//! |---|---|
//! | `dataConnectors/MicrosoftDefenderForCloudTenantBased` of kind `GenericUI`/`StaticUI` is a page, not the connection | certain: the solution's own template puts it there |
//! | alerts arrive through the Defender XDR pipeline (connectivity criterion `MtpAlerts`, feature flag `MdcAlertsByMtp`) | certain: the page's definition says so |
//! | the XDR pipeline is the connector of kind `MicrosoftThreatProtection`: data type `alerts`, filtered by `filteredProviders.alerts`, preview API versions only | certain: published schema |
//! | the filter can contain Defender for Cloud | likely: Defender for Cloud Apps has the same criterion and is one of the documented products |
//! | its name in the filter is `microsoftDefenderForCloud` | a guess from the two documented names; in no published schema |
//! | Azure uses a dedicated connector of another kind instead | possible: undocumented kinds exist |
//!
//! The default contract follows the likely case. The dedicated form and `contract = { … }` on the resource cover the
//! others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::defender_xdr::{DEFENDER_FOR_CLOUD, DataType, Part};
use crate::sentinel::data_connector::{ALERTS, kind};

/// The API version of both forms.
pub use crate::defender_xdr::API_VERSION;

/// The name of Defender for Cloud in `filteredProviders.alerts`.
pub const PROVIDER: &str = DEFENDER_FOR_CLOUD;

/// The most likely kind of a dedicated connector: the name of the connector page.
pub const DEDICATED_KIND: &str = kind::TENANT_CONNECTOR_PAGE;

/// Whether a kind is probably the kind of a dedicated connector. No schema contains such kinds, but users have reported
/// them. Reads recognize them, and only an override writes them.
///
/// A dedicated kind is the name of the product, or of its tenant-based connector: `MicrosoftDefenderForCloudTenant`,
/// `…TenantBased`. Any other suffix may name another product, such as `MicrosoftDefenderForCloudApps`.
#[must_use]
pub fn is_dedicated_kind(kind: &str) -> bool {
    let start = kind.get(..PRODUCT.len()).filter(|start| start.eq_ignore_ascii_case(PRODUCT));
    let rest = start.map(|start| &kind[start.len()..]);
    rest.is_some_and(|rest| rest.is_empty() || rest.to_ascii_lowercase().starts_with("tenant"))
}

/// Whether a text can be a kind, a provider or one segment of a data type: letters and digits, with a letter first.
#[must_use]
pub fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

const PRODUCT: &str = "MicrosoftDefenderForCloud";

/// The data connector that Azure must contain if the alerts are connected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contract {
    /// The kind of the data connector.
    pub kind: String,
    /// The API version of all requests.
    pub api_version: String,
    /// The data types that must be enabled, as paths below `dataTypes`. A dedicated connector without data types is
    /// connected as long as it exists.
    pub data_types: BTreeSet<String>,
    /// Other properties that a dedicated connector must have.
    pub properties: Map<String, Value>,
    /// Whether the connector is shared.
    pub form: Form,
}

/// Whether other products use the data connector too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Form {
    /// The workspace's Defender XDR connector, which other products use too. If `alerts` is one of the data types, the
    /// product filter contains the provider.
    Shared {
        /// The name of Defender for Cloud in the product filter.
        provider: String,
    },
    /// A connector that only these alerts use.
    Dedicated,
}

impl Contract {
    /// The default contract with these overrides. A dedicated connector ignores `provider`, which validation rejects.
    #[must_use]
    pub fn new(kind: Option<&str>, provider: Option<&str>, api_version: Option<&str>) -> Self {
        // The provider sends known words in Azure's spelling.
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

    /// Replaces the data type `alerts` with these data types, if an override sets them.
    #[must_use]
    pub fn with_data_types(mut self, data_types: Option<&BTreeSet<String>>) -> Self {
        if let Some(data_types) = data_types {
            let known =
                |name: &String| if name.eq_ignore_ascii_case(ALERTS) { ALERTS.to_owned() } else { name.clone() };
            self.data_types = data_types.iter().map(known).collect();
        }
        self
    }

    /// Sets the other properties. The shared form has none, because they could belong to another owner.
    #[must_use]
    pub fn with_properties(mut self, properties: Map<String, Value>) -> Self {
        self.properties = properties;
        self
    }

    /// Whether the contract includes the product filter of the shared connector.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        matches!(self.form, Form::Shared { .. }) && self.data_types.contains(ALERTS)
    }

    /// The part of the data connector that the contract describes.
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

    /// Whether an import can find a connector with this contract. An import cannot set `contract`.
    #[must_use]
    pub fn is_importable(&self) -> bool {
        let is_known = *self == Self::default() || is_dedicated_kind(&self.kind);
        is_known && *self == Self::new(Some(&self.kind), None, None)
    }

    /// Describes the contract for messages, with every setting that an override can change.
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
    fn default_uses_the_defender_xdr_connector() {
        assert_eq!(
            Contract::default().describe(),
            "kind \"MicrosoftThreatProtection\" with `dataTypes.alerts` Enabled and \"microsoftDefenderForCloud\" in \
             `filteredProviders.alerts`, api-version 2025-10-01-preview"
        );
    }

    #[test]
    fn other_kinds_are_dedicated() {
        let contract = Contract::new(Some(DEDICATED_KIND), None, Some("2026-01-01-preview"));

        assert_eq!(contract.form, Form::Dedicated);
        assert_eq!(contract.api_version, "2026-01-01-preview");
    }

    #[test]
    fn recognizes_and_imports_dedicated_kinds() {
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
    fn only_the_data_type_alerts_has_a_filter() {
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
    fn explicit_defaults_equal_the_default() {
        let alerts = BTreeSet::from(["alerts".to_owned()]);
        let spelled = Contract::new(Some(kind::MICROSOFT_THREAT_PROTECTION), Some(PROVIDER), Some(API_VERSION))
            .with_data_types(Some(&alerts));

        assert_eq!(spelled, Contract::default());
    }
}
