//! Data connectors: connections, and connector pages, which only show a page in the portal.

pub(crate) mod portal;
mod shape;

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::document::{self, NewDocument};
use super::schema::Kind;
use super::{NAMESPACE, api_versions, onboarding_states, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::http::Response;

pub(super) const DATA_CONNECTORS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "dataConnectors",
    api_versions: api_versions::CONNECTORS_AND_RULES,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

/// The kinds of connector pages. Newer versions of solutions replace one kind with the other.
const PAGES: &[&str] = &["GenericUI", "StaticUI"];

/// Lists the data connectors whose kind the api-version has.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let documents = context.world.documents.children(&context.target.id);
    let known = documents.filter(|document| kind_of(context, document["kind"].as_str().unwrap_or_default()).is_ok());
    page::whole(context, known.map(|document| shown(context, document)))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let document = store::get(context)?;
    kind_of(context, document["kind"].as_str().unwrap_or_default())?;
    Ok(Response::ok(&shown(context, &document)))
}

/// Deletes a data connector. As for GET, an api-version that does not have its kind returns 400.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    if let Some(document) = context.world.documents.get(&context.target.id) {
        kind_of(context, document["kind"].as_str().unwrap_or_default())?;
    }
    document::delete(context)
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    let kind = match sent.get("kind") {
        Some(Value::String(kind)) => kind_of(context, kind)?,
        _ => return Err(ArmError::missing_property("kind", "")),
    };
    let before = document::before(context);
    // Deployments of solutions replace the connector page of an older version. This never requires an etag.
    let is_page = |kind: &str| PAGES.contains(&kind);
    if is_page(kind.name) && before.as_ref().and_then(|before| before["kind"].as_str()).is_none_or(is_page) {
        write::check_etag(context, "data connector", before.as_ref(), &sent)?;
    } else {
        write::check_etag_or_require(context, "data connector", before.as_ref(), &sent)?;
    }
    let changed = |other: &&str| *other != kind.name && !(is_page(kind.name) && is_page(other));
    if let Some(other) = before.as_ref().and_then(|before| before["kind"].as_str()).filter(changed) {
        let message =
            format!("Data connector '{}' is of kind '{other}', which cannot be changed.", context.target.name());
        return Err(ArmError::bad_request(message));
    }
    let properties = shape::properties(context, kind, sent.get("properties"))?;
    check_single(context, kind.name, &properties)?;

    let new = NewDocument {
        segment: "dataConnectors",
        shown_type: "dataConnectors",
        kind: Some(kind.name),
        properties,
        has_system_data: false,
    };
    let (status, document) = document::save(context, new)?;
    Ok(Response::json(status, &shown(context, &document)))
}

/// The kind with this name, if the api-version has it.
fn kind_of(context: &Context<'_>, name: &str) -> Result<Kind, ArmError> {
    let unpublished = &context.world.settings.behaviors.unpublished_connector_kinds;
    Kind::find("dataConnectors", name, context.api_version, unpublished).ok_or_else(|| {
        ArmError::bad_request(format!(
            "Connector kind '{name}' is not supported in api-version: '{}'",
            context.api_version
        ))
    })
}

/// Returns 409 for a second connector of a kind that a workspace can have only once, and for a second
/// `AzureSecurityCenter` connector of a subscription. If a world already has several connectors of such a kind, each
/// can still be changed.
fn check_single(context: &Context<'_>, kind: &str, properties: &Map<String, Value>) -> Result<(), ArmError> {
    let single = context.world.settings.behaviors.one_connector_per_kind.iter().any(|one| one == kind);
    let subscription = properties.get("subscriptionId").filter(|_| kind == "AzureSecurityCenter");
    if !single && subscription.is_none() {
        return Ok(());
    }
    let own = context.target.id.to_lowercase();
    let exists = context.world.documents.get(&own).is_some_and(|document| document["kind"] == kind);
    if exists && subscription.is_none() {
        return Ok(());
    }
    let existing = context.world.documents.children(context.target.parent()).find(|document| {
        let same = subscription.is_none_or(|subscription| {
            let other = document["properties"]["subscriptionId"].as_str().unwrap_or_default();
            subscription.as_str().is_some_and(|subscription| subscription.eq_ignore_ascii_case(other))
        });
        document["kind"] == kind && same && document["id"].as_str().is_some_and(|id| id.to_lowercase() != own)
    });
    let Some(existing) = existing else { return Ok(()) };
    let of = subscription.map(|subscription| format!(" for subscription {subscription}")).unwrap_or_default();
    let message = format!(
        "A data connector of kind '{kind}'{of} already exists in this workspace: {}. Data was not saved.",
        existing["name"]
    );
    Err(ArmError::new(StatusCode::CONFLICT, "Conflict", message))
}

/// A stored document in the format of the api-version and the world's behaviors.
fn shown(context: &Context<'_>, document: &Value) -> Value {
    let mut shown = document.clone();
    if let Some(page) = shown.pointer_mut("/properties/connectorUiConfig") {
        shape::fill_criteria(page);
    }
    if !shape::has_filtered_providers(context.api_version)
        && let Some(properties) = shown["properties"].as_object_mut()
    {
        properties.shift_remove("filteredProviders");
    }
    if context.world.settings.behaviors.lower_case_states
        && let Some(types) = shown.pointer_mut("/properties/dataTypes").and_then(Value::as_object_mut)
    {
        for (_, data_type) in types {
            if let Some(state) = data_type["state"].as_str().map(str::to_lowercase) {
                data_type["state"] = json!(state);
            }
        }
    }
    shown
}
