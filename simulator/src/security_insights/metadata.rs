//! Metadata: which content item came from which solution.

use hyper::Method;
use serde_json::Value;

use super::document::{self, Content};
use super::{NAMESPACE, api_versions, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, body, store};
use crate::http::Response;

pub(super) const METADATA: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "metadata",
    api_versions: api_versions::ALL,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, run: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, run: document::delete },
    ],
};

fn list(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    query::respond(operation, store::list(operation))
}

fn put(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let sent = body::object(operation.request)?;
    let properties = sent.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    for name in ["parentId", "kind"] {
        if properties.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(ArmError::missing_property(name, "properties"));
        }
    }
    let before = document::before(operation);
    write::check_etag_if_sent(operation, "metadata", before.as_ref(), &sent)?;
    let content =
        Content { segment: "metadata", shown_type: "metadata", kind: None, properties, has_system_data: true };
    let (status, document) = document::save(operation, content)?;
    Ok(Response::json(status, &document))
}
