//! One data connector of the list: the attributes that do not depend on its kind.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::framework::{Attribute, nested_object};
use crate::sentinel::data_connector::{Document, subscription_in};

nested_object! {
    /// A data connector of any known or unknown kind.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ListedConnector {
        pub name: String = Attribute::computed("name")
            .description("The name of the data connector, usually a GUID."),
        pub kind: String = Attribute::computed("kind")
            .description("The kind as Azure writes it, for example `MicrosoftThreatProtection`."),
        pub is_page: bool = Attribute::computed("is_page")
            .description(
                "Whether this is only a connector page (kind `GenericUI` or `StaticUI`), which a solution installs. \
                 Connector pages do not stream data.",
            ),
        pub connected: Option<bool> = Attribute::computed("connected")
            .description(
                "Whether at least one data type of the connector is enabled. `false` for a connector page. Null if \
                 Azure does not report the state for this kind.",
            ),
        pub data_types: BTreeMap<String, String> = Attribute::computed("data_types")
            .description(
                "The state of each data type, `Enabled` or `Disabled`. A nested data type has a dot in its name, for \
                 example `advancedHunting.DeviceEvents`.",
            ),
        pub alert_providers: Option<Vec<String>> = Attribute::computed("alert_providers")
            .description(
                "The products in the filter `filteredProviders.alerts`. Null if the connector has no filter. If the \
                 data type `alerts` is enabled without a filter, the connector streams the alerts of all products.",
            ),
        pub subscription_id: Option<String> = Attribute::computed("subscription_id")
            .description("The ID of the monitored subscription. Null if the connector has none."),
        pub tenant_id: Option<String> = Attribute::computed("tenant_id")
            .description("The ID of the tenant that the data comes from. Null if the connector has none."),
        pub id: Option<String> = Attribute::computed("id").description("The ID of the data connector."),
    }
}

impl ListedConnector {
    /// Describes a document.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let text = |path: &[&str]| document.get(path).and_then(Value::as_str).map(str::to_owned);
        let filter = document.get(&["properties", "filteredProviders", "alerts"]).and_then(Value::as_array);
        let texts = |values: &Vec<Value>| values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let (is_page, data_types) = (document.is_connector_page(), data_types(document));
        Self {
            name: document.name().to_owned(),
            kind: document.kind().to_owned(),
            is_page,
            connected: if is_page { Some(false) } else { is_connected(document, &data_types) },
            data_types,
            alert_providers: filter.map(texts),
            subscription_id: subscription_in(document).map(str::to_owned),
            tenant_id: text(&["properties", "tenantId"]),
            id: document.id().map(str::to_owned),
        }
    }
}

/// Whether the connector is connected. Connectors that poll an API have the property `isActive` instead of data types.
fn is_connected(document: &Document, data_types: &BTreeMap<String, String>) -> Option<bool> {
    if data_types.is_empty() {
        return document.get(&["properties", "isActive"]).and_then(Value::as_bool);
    }
    Some(data_types.values().any(|state| state == ENABLED))
}

const ENABLED: &str = "Enabled";

/// The states below `properties.dataTypes`, at any depth. Azure does not use a consistent case.
fn data_types(document: &Document) -> BTreeMap<String, String> {
    let mut states = BTreeMap::new();
    if let Some(types) = document.get(&["properties", "dataTypes"]).and_then(Value::as_object) {
        add(&mut states, "", types);
    }
    states
}

fn add(states: &mut BTreeMap<String, String>, prefix: &str, types: &Map<String, Value>) {
    for (name, value) in types {
        let Some(fields) = value.as_object() else { continue };
        match fields.get("state").and_then(Value::as_str) {
            Some(state) => {
                let known = [ENABLED, "Disabled"].into_iter().find(|known| known.eq_ignore_ascii_case(state));
                states.insert(format!("{prefix}{name}"), known.unwrap_or(state).to_owned());
            }
            None => add(states, &format!("{prefix}{name}."), fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(kind: &str, properties: Value) -> ListedConnector {
        ListedConnector::of(&Document::new("n", kind, properties))
    }

    #[test]
    fn connector_page_is_never_connected() {
        let page = listed("staticui", json!({"dataTypes": {"alerts": {"state": "Enabled"}}}));

        assert!(page.is_page);
        assert_eq!(page.connected, Some(false));
    }

    #[test]
    fn lists_nested_states_in_a_consistent_case() {
        let properties = json!({
            "tenantId": "t",
            "dataTypes": {
                "incidents": {"state": "disabled"},
                "advancedHunting": {"DeviceEvents": {"state": "ENABLED"}},
                "novelty": {"state": "Paused"},
            },
            "filteredProviders": {"alerts": ["microsoftDefenderForIdentity"]},
        });

        let connector = listed("MicrosoftThreatProtection", properties);

        let states: Vec<(&str, &str)> =
            connector.data_types.iter().map(|(name, state)| (name.as_str(), state.as_str())).collect();
        let expected = [("advancedHunting.DeviceEvents", "Enabled"), ("incidents", "Disabled"), ("novelty", "Paused")];
        assert_eq!(states, expected);
        assert_eq!(connector.connected, Some(true));
        assert_eq!(connector.alert_providers, Some(vec!["microsoftDefenderForIdentity".to_owned()]));
        assert_eq!(connector.tenant_id.as_deref(), Some("t"));
    }

    #[test]
    fn unknown_kind_is_connected_only_according_to_its_state() {
        assert_eq!(listed("KindOfTheFuture", json!({"something": 1})).connected, None);
        assert_eq!(listed("RestApiPoller", json!({"isActive": true})).connected, Some(true));
        assert_eq!(
            listed("KindOfTheFuture", json!({"dataTypes": {"x": {"state": "Disabled"}}})).connected,
            Some(false)
        );
    }
}
