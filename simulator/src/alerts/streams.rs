//! Which workspaces an alert reaches, and through which connectors.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Raised, Severity};
use crate::world::World;

/// The name of Defender for Cloud in the `filteredProviders` of a Defender XDR connector.
const PROVIDER: &str = "microsoftDefenderForCloud";

/// A route by which an alert reaches a workspace. Each stream adds its own row for the same alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// All alerts of the tenant, through Defender XDR.
    Tenant,
    /// The alerts of one subscription.
    Subscription,
}

/// How an alert reaches a workspace.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    /// Lower-case ARM ID.
    pub(super) workspace: String,
    pub(super) streams: Vec<Stream>,
    /// Whether Defender XDR synchronizes its incident with the workspace.
    pub(super) has_xdr_incident: bool,
}

/// The workspaces that the alert reaches. A workspace without Sentinel has no connectors.
pub(super) fn arrivals(world: &World, raised: &Raised<'_>) -> Vec<Arrival> {
    const COLLECTION: &str = "/providers/microsoft.securityinsights/dataconnectors/";
    let is_in_xdr = is_in_xdr(world, raised);
    let mut arrivals: BTreeMap<&str, Arrival> = BTreeMap::new();
    for (id, connector) in world.documents.iter() {
        let Some((workspace, _)) = id.split_once(COLLECTION) else { continue };
        let arrival = arrivals.entry(workspace).or_default();
        let stream = if is_in_xdr && is_tenant_wide(connector, &raised.tenant) {
            Some(Stream::Tenant)
        } else if is_of_subscription(connector, &raised.alert.subscription_id) {
            Some(Stream::Subscription)
        } else {
            None
        };
        arrival.streams.extend(stream.filter(|stream| !arrival.streams.contains(stream)));
        arrival.has_xdr_incident |= is_in_xdr && has_xdr_incidents(connector, &raised.tenant);
    }
    let named = arrivals.into_iter().map(|(workspace, arrival)| Arrival { workspace: workspace.to_owned(), ..arrival });
    named.filter(|arrival| !arrival.streams.is_empty() || arrival.has_xdr_incident).collect()
}

/// Whether Defender XDR ingests the alert. It ignores informational alerts, and all alerts if the tenant's alert
/// service setting is disabled.
fn is_in_xdr(world: &World, raised: &Raised<'_>) -> bool {
    let setting = &world.settings.alert_service;
    let is_enabled = setting
        .iter()
        .find(|(tenant, _)| tenant.eq_ignore_ascii_case(&raised.tenant))
        .is_none_or(|(_, enabled)| *enabled);
    is_enabled && raised.alert.severity != Severity::Informational
}

/// Whether the connector streams all Defender for Cloud alerts of the tenant. This is a Defender XDR connector whose
/// product filter includes Defender for Cloud, or a dedicated connector of an unpublished kind.
fn is_tenant_wide(connector: &Value, tenant: &str) -> bool {
    let properties = &connector["properties"];
    if !is_of_tenant(properties, tenant) || !is_enabled(properties, "alerts") {
        return false;
    }
    match connector["kind"].as_str() {
        Some("MicrosoftThreatProtection") => {
            let filter = properties["filteredProviders"]["alerts"].as_array();
            filter.is_none_or(|providers| providers.iter().any(|provider| equals_ignoring_case(provider, PROVIDER)))
        }
        Some(kind) => kind == "MicrosoftDefenderForCloud" || kind.starts_with("MicrosoftDefenderForCloudTenant"),
        None => false,
    }
}

fn is_of_subscription(connector: &Value, subscription: &str) -> bool {
    let properties = &connector["properties"];
    connector["kind"] == "AzureSecurityCenter"
        && equals_ignoring_case(&properties["subscriptionId"], subscription)
        && is_enabled(properties, "alerts")
}

fn has_xdr_incidents(connector: &Value, tenant: &str) -> bool {
    let properties = &connector["properties"];
    connector["kind"] == "MicrosoftThreatProtection"
        && is_of_tenant(properties, tenant)
        && is_enabled(properties, "incidents")
}

fn is_of_tenant(properties: &Value, tenant: &str) -> bool {
    equals_ignoring_case(&properties["tenantId"], tenant)
}

fn is_enabled(properties: &Value, data_type: &str) -> bool {
    equals_ignoring_case(&properties["dataTypes"][data_type]["state"], "Enabled")
}

fn equals_ignoring_case(found: &Value, wanted: &str) -> bool {
    found.as_str().is_some_and(|found| found.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn xdr(alerts: &str, filter: &Value) -> Value {
        let mut properties =
            json!({"tenantId": "T", "dataTypes": {"incidents": {"state": "Disabled"}, "alerts": {"state": alerts}}});
        if !filter.is_null() {
            properties["filteredProviders"] = json!({"alerts": filter});
        }
        json!({"kind": "MicrosoftThreatProtection", "properties": properties})
    }

    #[test]
    fn missing_filter_streams_all_alerts_and_empty_filter_none() {
        for (state, filter, streams) in [
            ("Enabled", json!(null), true),
            ("enabled", json!(["other", "MicrosoftDefenderForCloud"]), true),
            ("Enabled", json!([]), false),
            ("Enabled", json!(["microsoftDefenderForIdentity"]), false),
            ("Disabled", json!(null), false),
        ] {
            assert_eq!(is_tenant_wide(&xdr(state, &filter), "t"), streams, "{state} {filter}");
        }
        assert!(!is_tenant_wide(&xdr("Enabled", &json!(null)), "another"));
    }

    #[test]
    fn connector_page_does_not_stream_alerts() {
        let page = json!({"kind": "GenericUI", "name": "MicrosoftDefenderForCloudTenantBased", "properties": {}});
        assert!(!is_tenant_wide(&page, "t"));
        let page = json!({"kind": "StaticUI", "name": "AzureSecurityCenter", "properties": {}});
        assert!(!is_of_subscription(&page, "s"));
    }
}
