//! Documents that the portal may write when an administrator selects **Connect**. The acceptance tests use them too.

use serde_json::{Value, json};

/// The kind of a dedicated connector.
pub(crate) const DEDICATED_KIND: &str = "MicrosoftDefenderForCloudTenantBased";

/// The provider's default contract.
pub(crate) fn default() -> Value {
    json!([{}])
}

/// The Defender XDR connector, with another product name in the filter.
pub(crate) fn other_provider() -> Value {
    json!([{"properties": {
        "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": "Enabled"}},
        "filteredProviders": {"alerts": ["azureDefender"]},
    }}])
}

/// A dedicated connector.
pub(crate) fn dedicated_kind() -> Value {
    json!([{"kind": DEDICATED_KIND, "properties": {"dataTypes": {"alerts": {"state": "Enabled"}}}}])
}

/// Both connectors.
pub(crate) fn two_documents() -> Value {
    json!([{}, {"kind": DEDICATED_KIND, "properties": {"dataTypes": {"alerts": {"state": "Enabled"}}}}])
}

/// No document, because the portal stores the connection elsewhere.
pub(crate) fn nothing() -> Value {
    json!([])
}
