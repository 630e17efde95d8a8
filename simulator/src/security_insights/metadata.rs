//! Metadata: which content item came from which solution.

use hyper::Method;
use serde_json::Value;

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, store};
use crate::http::Response;

pub(super) const METADATA: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "metadata",
    api_versions: api_versions::ALL,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: document::delete },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    query::respond(context, store::list(context))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    let properties = sent.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    for name in ["parentId", "kind"] {
        if properties.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(ArmError::missing_property(name, "properties"));
        }
    }
    let before = document::before(context);
    write::check_etag(context, "metadata", before.as_ref(), &sent)?;
    let new =
        NewDocument { segment: "metadata", shown_type: "metadata", kind: None, properties, has_system_data: true };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}
