//! Connector pages of codeless connectors. Connecting creates a data connector.

use hyper::Method;
use serde_json::Value;

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, store};
use crate::http::Response;

pub(super) const DATA_CONNECTOR_DEFINITIONS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "dataConnectorDefinitions",
    api_versions: api_versions::DEFINITIONS,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: document::delete },
    ],
};

/// The only kind.
const KIND: &str = "Customizable";

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    query::respond(context, store::list(context))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    if sent.get("kind").and_then(Value::as_str).is_none_or(|kind| !kind.eq_ignore_ascii_case(KIND)) {
        return Err(ArmError::missing_property("kind", ""));
    }
    let properties = sent.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    if !properties.get("connectorUiConfig").is_some_and(Value::is_object) {
        return Err(ArmError::missing_property("connectorUiConfig", "properties"));
    }
    let before = document::before(context);
    write::check_etag(context, "data connector definition", before.as_ref(), &sent)?;
    let new = NewDocument {
        segment: "dataConnectorDefinitions",
        shown_type: "dataConnectorDefinitions",
        kind: Some(KIND),
        properties,
        has_system_data: true,
    };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}
