//! Converts saved states of azurerm and azapi, for `moved` blocks.

use serde_json::{Map, Value, json};

use crate::azure::resource_id::ResourceId;
use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::sentinel::WorkspaceId;

/// Converts a saved state to a state of this provider. Returns `None` if the saved state is of another object.
type Convert = fn(&MoveSource) -> Result<Option<Value>, Diagnostics>;

/// The moves to a resource: from the type of azurerm for the same object, and from `azapi_resource`. The registry of
/// the source provider does not matter.
#[must_use]
pub fn moves(azurerm_type: &'static str, from_azurerm: Convert, from_azapi: Convert) -> Vec<StateMove> {
    vec![
        StateMove { provider: "hashicorp/azurerm", type_name: azurerm_type, convert: from_azurerm },
        StateMove { provider: "azure/azapi", type_name: "azapi_resource", convert: from_azapi },
    ]
}

/// Like [`object_in`], for a state of azurerm. The attribute `workspace` contains the workspace ID in its configured
/// spelling. An old state may lack the attribute.
#[must_use]
pub fn azurerm_object(state: &Value, resource_type: &str, workspace: &str) -> Option<(WorkspaceId, ResourceId)> {
    let (containing, id) = object_in(state, resource_type)?;
    let own = text(state, workspace).and_then(|id| WorkspaceId::parse(id).ok());
    Some((own.unwrap_or(containing), id))
}

/// The ID and the workspace of the object in a saved state. `None` if the object has another type than `resource_type`,
/// or is not in a workspace.
#[must_use]
pub fn object_in(state: &Value, resource_type: &str) -> Option<(WorkspaceId, ResourceId)> {
    let id = ResourceId::parse(text(state, "id")?).ok().filter(|id| id.is_type(resource_type))?;
    Some((WorkspaceId::containing(&id)?, id))
}

/// The string in an attribute. `None` if the attribute is null, empty or not a string.
#[must_use]
pub fn text<'a>(state: &'a Value, attribute: &str) -> Option<&'a str> {
    state.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The body of an `azapi_resource`. It is a JSON string before azapi 2.0, and an object or a value with its type in
/// later versions.
#[must_use]
pub fn azapi_body(state: &Value) -> Value {
    let body = state.get("body").unwrap_or(&Value::Null);
    let is_dynamic = body.get("type").is_some() && body.get("value").is_some();
    let body = if is_dynamic { &body["value"] } else { body };
    let parsed = body.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parsed.unwrap_or_else(|| body.clone())
}

/// The `timeouts` block, which azurerm, azapi and this provider share. Null if no timeout is set.
#[must_use]
pub fn timeouts(state: &Value) -> Value {
    let Some(block) = state.get("timeouts").and_then(Value::as_object) else { return Value::Null };
    let operations = ["create", "read", "update", "delete"];
    let timeout = |name: &str| (name.to_owned(), block.get(name).cloned().unwrap_or_default());
    let timeouts: Map<String, Value> = operations.into_iter().map(timeout).collect();
    if timeouts.values().all(Value::is_null) { Value::Null } else { json!(timeouts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourcegroups/rg/providers/microsoft.operationalinsights/workspaces/law/\
                         providers/microsoft.securityinsights/onboardingstates/default";
    const TYPE: &str = "Microsoft.SecurityInsights/onboardingStates";

    #[test]
    fn finds_an_object_by_id_in_any_case() {
        let (workspace, id) = object_in(&json!({"id": STATE}), TYPE).expect("an onboarding state");

        assert_eq!((workspace.name(), id.name()), ("law", "default"));
    }

    #[test]
    fn rejects_another_type_and_a_missing_id() {
        assert_eq!(object_in(&json!({"id": STATE}), "Microsoft.SecurityInsights/alertRules"), None);
        assert_eq!(
            object_in(
                &json!({"id": "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/providers/Microsoft.SecurityInsights/onboardingStates/default"}),
                TYPE
            ),
            None
        );
        assert_eq!(object_in(&json!({"id": null}), TYPE), None);
    }

    #[test]
    fn reads_the_body_of_every_azapi_schema_version() {
        let body = json!({"kind": "x", "properties": {"customerManagedKey": true}});
        for saved in [
            json!(body.to_string()),
            json!({"type": "string", "value": body.to_string()}),
            json!({"type": ["object", {"kind": "string", "properties": ["object", {}]}], "value": body}),
            body.clone(),
        ] {
            assert_eq!(azapi_body(&json!({ "body": saved })), body);
        }
        assert_eq!(azapi_body(&json!({"body": null})), Value::Null);
    }

    #[test]
    fn converts_timeouts_and_omits_unset_ones() {
        let unset = json!({"timeouts": {"create": null, "delete": null, "read": null, "update": null}});
        let hour = json!({"timeouts": {"create": "1h", "delete": null}});

        assert_eq!(timeouts(&unset), Value::Null);
        assert_eq!(timeouts(&json!({"timeouts": null})), Value::Null);
        assert_eq!(timeouts(&hour), json!({"create": "1h", "read": null, "update": null, "delete": null}));
    }
}
