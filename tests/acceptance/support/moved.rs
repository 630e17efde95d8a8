//! Resources of azurerm and azapi in a state, and the assertion that a `moved` block changes nothing but the state.

use serde_json::{Value, json};

use super::{Scene, assert_says};

/// A resource of another provider in a state.
pub(crate) fn resource(scene: &Scene, source: &str, type_name: &str, name: &str, instances: &[Value]) -> Value {
    json!({
        "mode": "managed", "type": type_name, "name": name, "provider": scene.provider_in_state(source),
        "instances": instances,
    })
}

/// An instance as azapi 1 writes it, with the body as text.
pub(crate) fn instance_of_azapi_1(azure_type: &str, workspace: &str, id: &str, name: &str, body: &Value) -> Value {
    json!({
        "schema_version": 0,
        "attributes": {
            "body": body.to_string(), "id": id, "identity": [], "ignore_casing": false, "ignore_missing_property": true,
            "location": null, "locks": null, "name": name, "output": "{}", "parent_id": workspace,
            "response_export_values": null, "schema_validation_enabled": true, "tags": null, "timeouts": null,
            "type": azure_type,
        },
        "sensitive_attributes": [],
    })
}

/// The block that moves one resource to another.
pub(crate) fn moved(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n")
}

/// The plan and the apply move the resource and change nothing else, in the state or in Azure.
pub(crate) fn assert_moves_only(scene: &Scene) {
    scene.assert_settled();
    let applied = scene.apply();

    assert_says(&applied, &["has moved to"]);
    scene.azure.assert_only_read();
    scene.assert_settled();
}
