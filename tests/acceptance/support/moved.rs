//! Resources of azurerm and azapi in a state, and the assertion that a `moved` block changes only the state.

use serde_json::{Map, Value, json};

use super::{Scene, assert_says};

/// A resource of another provider in a state.
pub(crate) fn resource(scene: &Scene, source: &str, type_name: &str, name: &str, instances: &[Value]) -> Value {
    json!({
        "mode": "managed", "type": type_name, "name": name, "provider": scene.provider_in_state(source),
        "instances": instances,
    })
}

/// An instance as azurerm writes it, with this `for_each` key.
pub(crate) fn instance_of_azurerm(key: &str, attributes: &Value) -> Value {
    json!({"index_key": key, "schema_version": 0, "attributes": attributes, "sensitive_attributes": []})
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

/// An instance as azapi 2 writes it. The body is a dynamic value, so the state contains its type.
pub(crate) fn instance_of_azapi_2(azure_type: &str, workspace: &str, name: &str, body: &Value) -> Value {
    let path = azure_type.split('@').next().unwrap_or_default();
    json!({
        "schema_version": 2,
        "attributes": {
            "body": {"type": type_of(body), "value": body},
            "create_headers": null, "create_query_parameters": null, "delete_headers": null,
            "delete_query_parameters": null, "id": format!("{workspace}/providers/{path}/{name}"),
            "identity": [], "ignore_casing": false, "ignore_missing_property": true, "ignore_null_property": false,
            "location": null, "locks": null, "name": name, "output": {"type": ["object", {}], "value": {}},
            "parent_id": workspace, "read_headers": null, "read_query_parameters": null,
            "replace_triggers_external_values": null, "replace_triggers_refs": null, "response_export_values": null,
            "retry": null, "schema_validation_enabled": true, "sensitive_body": null, "sensitive_body_version": null,
            "tags": null, "timeouts": null, "type": azure_type, "update_headers": null,
            "update_query_parameters": null,
        },
        "sensitive_attributes": [[{"type": "get_attr", "value": "sensitive_body"}]],
    })
}

/// The type of a value, in the JSON encoding of states.
fn type_of(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: Map<String, Value> =
                members.iter().map(|(name, value)| (name.clone(), type_of(value))).collect();
            json!(["object", members])
        }
        Value::Array(elements) => json!(["tuple", elements.iter().map(type_of).collect::<Vec<_>>()]),
        Value::Bool(_) => json!("bool"),
        Value::Number(_) => json!("number"),
        Value::String(_) | Value::Null => json!("string"),
    }
}

/// The same resource in the module `sentinel`.
pub(crate) fn in_module(mut resource: Value) -> Value {
    resource["module"] = json!("module.sentinel");
    resource
}

/// Writes the module `sentinel` with a resource `each`, and its keys and arguments. A `moved` block in the module moves
/// `{from}.each` to it.
pub(crate) fn configure_module(scene: &Scene, type_name: &str, instances: &[(&str, Vec<(&str, String)>)], from: &str) {
    let object = |arguments: &[(&str, String)]| {
        let pairs: Vec<String> = arguments.iter().map(|(name, value)| format!("{name} = \"{value}\"")).collect();
        format!("{{ {} }}", pairs.join(", "))
    };
    let names: Vec<&str> =
        instances.first().map(|(_, arguments)| arguments.iter().map(|(name, _)| *name).collect()).unwrap_or_default();
    let arguments: String = names.iter().map(|name| format!("  {name} = each.value.{name}\n")).collect();
    let text = format!(
        "terraform {{\n  required_providers {{\n    sentinel = {{\n      source = \"sentinel/sentinel\"\n    }}\n  }}\n}}\n\n\
         variable \"instances\" {{\n  type = map(map(string))\n}}\n\n\
         resource \"{type_name}\" \"each\" {{\n  for_each = var.instances\n{arguments}}}\n\n{}",
        moved(&format!("{from}.each"), &format!("{type_name}.each"))
    );
    scene.file("sentinel/main.tf", &text);
    let values: String =
        instances.iter().map(|(key, arguments)| format!("    \"{key}\" = {}\n", object(arguments))).collect();
    scene
        .configure(&format!("module \"sentinel\" {{\n  source = \"./sentinel\"\n  instances = {{\n{values}  }}\n}}\n"));
    scene.succeed(&["get", "-no-color"]);
}

/// A `moved` block.
pub(crate) fn moved(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n")
}

/// Moves an instance of `{type_name}.old` to `to`, and asserts that only the state changes. `configuration` returns the
/// configuration of `to` with a given `for_each` argument.
pub(crate) fn assert_moves(
    scene: &Scene,
    (source, type_name): (&str, &str),
    instance: Value,
    to: &str,
    configuration: impl Fn(&str) -> String,
) {
    let key = instance["index_key"].as_str();
    let for_each = key.map_or_else(String::new, |key| format!("  for_each = toset([\"{key}\"])\n"));
    scene.configure(&format!("{}\n{}", configuration(&for_each), moved(&format!("{type_name}.old"), to)));
    scene.write_state(&[resource(scene, source, type_name, "old", &[instance])]);

    assert_moves_only(scene);
}

/// Asserts that the plan and the apply move the resource, and change nothing else in the state or in Azure.
pub(crate) fn assert_moves_only(scene: &Scene) {
    scene.assert_no_changes();
    let applied = scene.apply();

    assert_says(&applied, &["has moved to"]);
    scene.azure.assert_only_read();
    scene.assert_no_changes();
}
