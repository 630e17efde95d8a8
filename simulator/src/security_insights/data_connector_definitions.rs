//! Connector pages of codeless connectors. Connecting creates a data connector.

use hyper::Method;
use serde_json::Value;

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, onboarding_states, query, schema, write};
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
    match sent.get("kind").and_then(Value::as_str) {
        Some(kind) if kind.eq_ignore_ascii_case(KIND) => {}
        Some(other) => {
            return Err(ArmError::bad_request(format!("Data connector definition kind '{other}' is not supported")));
        }
        None => return Err(ArmError::missing_property("kind", "")),
    }
    let schema = &schema::of("dataConnectorDefinitions")[KIND]["properties"];
    let properties = schema::read(schema, sent.get("properties"), true)?;
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
