//! What the portal may write when an administrator selects **Connect**. The acceptance tests use it too.

use serde_json::{Value, json};

/// The kind of a connector of its own.
pub(crate) const OWN_KIND: &str = "MicrosoftDefenderForCloudTenantBased";

/// The provider's default contract.
pub(crate) fn default() -> Value {
    json!([{}])
}

/// The Defender XDR connector, with another name of Defender for Cloud in the filter.
pub(crate) fn other_provider() -> Value {
    json!([{"properties": {
        "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["azureDefender"]},
    }}])
}

/// A connector of a kind of its own.
pub(crate) fn own_kind() -> Value {
    json!([{"kind": OWN_KIND, "properties": {"dataTypes": {"alerts": {"state": "Enabled"}}}}])
}

/// Both connectors.
pub(crate) fn two_documents() -> Value {
    json!([{}, {"kind": OWN_KIND, "properties": {"dataTypes": {"alerts": {"state": "Enabled"}}}}])
}

/// The portal stores the connection somewhere else.
pub(crate) fn nothing() -> Value {
    json!([])
}
