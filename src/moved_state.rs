//! Saved states of azurerm and azapi, which `moved` blocks convert.

use serde_json::{Map, Value, json};

use crate::azure::resource_id::ResourceId;
use crate::framework::{Diagnostics, MoveSource, StateMove};
use crate::sentinel::WorkspaceId;

/// How a state of another type becomes one of ours.
type Convert = fn(&MoveSource) -> Result<Option<Value>, Diagnostics>;

/// The moves of a resource, on any registry: from azurerm's type for the same object, and from azapi's type, which
/// manages an object of any Azure type.
#[must_use]
pub fn moves(azurerm_type: &'static str, from_azurerm: Convert, from_azapi: Convert) -> Vec<StateMove> {
    vec![
        StateMove { provider: "hashicorp/azurerm", type_name: azurerm_type, convert: from_azurerm },
        StateMove { provider: "azure/azapi", type_name: "azapi_resource", convert: from_azapi },
    ]
}

/// [`object_in`] a state of azurerm, whose attribute `workspace` has the ID of the workspace as the configuration
/// writes it. An old state may lack the attribute.
#[must_use]
pub fn azurerm_object(state: &Value, resource_type: &str, workspace: &str) -> Option<(WorkspaceId, ResourceId)> {
    let (containing, id) = object_in(state, resource_type)?;
    let own = text(state, workspace).and_then(|id| WorkspaceId::parse(id).ok());
    Some((own.unwrap_or(containing), id))
}

/// The ID of the object in a saved state, and its workspace. `None` if the object has another type than
/// `resource_type`, or is not in a workspace.
#[must_use]
pub fn object_in(state: &Value, resource_type: &str) -> Option<(WorkspaceId, ResourceId)> {
    let id = ResourceId::parse(text(state, "id")?).ok().filter(|id| id.is_type(resource_type))?;
    Some((WorkspaceId::containing(&id)?, id))
}

/// The text of an attribute. `None` if it is null, empty or not text.
#[must_use]
pub fn text<'a>(state: &'a Value, attribute: &str) -> Option<&'a str> {
    state.get(attribute).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The body of an `azapi_resource`. It is JSON text in azapi before 2.0, and in states of later versions a value with
/// its type.
#[must_use]
pub fn azapi_body(state: &Value) -> Value {
    let body = state.get("body").unwrap_or(&Value::Null);
    let is_dynamic = body.get("type").is_some() && body.get("value").is_some();
    let body = if is_dynamic { &body["value"] } else { body };
    let parsed = body.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parsed.unwrap_or_else(|| body.clone())
}

/// The block `timeouts`: the same in azurerm, in azapi and here. Null if the state has none.
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
    fn timeouts_that_are_not_set_are_none() {
        let unset = json!({"timeouts": {"create": null, "delete": null, "read": null, "update": null}});
        let hour = json!({"timeouts": {"create": "1h", "delete": null}});

        assert_eq!(timeouts(&unset), Value::Null);
        assert_eq!(timeouts(&json!({"timeouts": null})), Value::Null);
        assert_eq!(timeouts(&hour), json!({"create": "1h", "read": null, "update": null, "delete": null}));
    }
}
