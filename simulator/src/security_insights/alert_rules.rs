//! Alert rules: incident creation rules for alerts of other Microsoft products, and detection rules, which the
//! simulator never runs.

use hyper::Method;
use serde_json::{Map, Value, json};

use super::document::{self, NewDocument};
use super::schema::{self, Kind};
use super::{NAMESPACE, api_versions, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, store};
use crate::clock;
use crate::http::Response;

pub(super) const ALERT_RULES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "alertRules",
    api_versions: api_versions::CONNECTORS_AND_RULES,
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
    let Some(Value::String(name)) = sent.get("kind") else { return Err(ArmError::missing_property("kind", "")) };
    let kind = Kind::find("alertRules", name, context.api_version, &[]).ok_or_else(|| {
        ArmError::bad_request(format!(
            "Alert rule kind '{name}' is not supported in api-version: '{}'",
            context.api_version
        ))
    })?;
    let before = document::before(context);
    write::check_etag_or_require(context, "rule", before.as_ref(), &sent)?;
    if let Some(other) = before.as_ref().and_then(|before| before["kind"].as_str()).filter(|other| *other != kind.name)
    {
        let message = format!("Rule '{}' is of kind '{other}', which cannot be changed.", context.target.name());
        return Err(ArmError::bad_request(message));
    }
    let properties = properties(context, kind, sent.get("properties"))?;
    let new = NewDocument {
        segment: "alertRules",
        shown_type: "alertRules",
        kind: Some(kind.name),
        properties,
        has_system_data: false,
    };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &document))
}

/// All properties of the kind. Properties that the request does not have are null.
fn properties(context: &Context<'_>, kind: Kind, sent: Option<&Value>) -> Result<Map<String, Value>, ArmError> {
    let sent = schema::read(kind.properties(), sent, false)?;
    if sent.get("displayName").and_then(Value::as_str).is_some_and(str::is_empty) {
        return Err(ArmError::missing_property("displayName", "properties"));
    }
    let members = kind.properties().as_object().into_iter().flatten().map(|(name, _)| name.trim_end_matches('!'));
    let mut properties: Map<String, Value> =
        members.map(|name| (name.to_owned(), sent.get(name).cloned().unwrap_or_default())).collect();
    properties.insert("lastModifiedUtc".to_owned(), json!(clock::iso(context.world.now())));
    Ok(properties)
}
