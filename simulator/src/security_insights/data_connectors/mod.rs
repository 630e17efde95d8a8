//! Data connectors: connections, and the cards that only show a page in the portal.

mod kinds;
mod shape;

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use self::kinds::Kind;
use super::document::{self, Content};
use super::{NAMESPACE, api_versions, onboarding_states, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, body, page, store};
use crate::http::Response;

pub(super) const DATA_CONNECTORS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "dataConnectors",
    api_versions: api_versions::ALL,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, run: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, run: document::delete },
    ],
};

/// Kinds that connect nothing: pages of the portal. A solution has changed one into the other.
const PAGES: &[&str] = &["GenericUI", "StaticUI"];

/// An api-version lists only the kinds that it knows.
fn list(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let documents = operation.world.documents.children(&operation.target.id);
    let known = documents.filter(|document| kind_of(operation, document["kind"].as_str().unwrap_or_default()).is_ok());
    Ok(page::whole(known.map(|document| shown(operation, document))))
}

fn get(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let document = store::get(operation)?;
    kind_of(operation, document["kind"].as_str().unwrap_or_default())?;
    Ok(Response::ok(&shown(operation, &document)))
}

fn put(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let sent = body::object(operation.request)?;
    let kind = match sent.get("kind") {
        Some(Value::String(kind)) => kind_of(operation, kind)?,
        _ => return Err(ArmError::missing_property("kind", "")),
    };
    let before = document::before(operation);
    // Deployments of solutions know no etags: they put a page over the one of an older version.
    let is_page = |kind: &str| PAGES.contains(&kind);
    if is_page(kind.name) && before.as_ref().and_then(|before| before["kind"].as_str()).is_none_or(is_page) {
        write::check_etag_if_sent(operation, "data connector", before.as_ref(), &sent)?;
    } else {
        write::check_etag(operation, "data connector", before.as_ref(), &sent)?;
    }
    let changed = |other: &&str| *other != kind.name && !(is_page(kind.name) && is_page(other));
    if let Some(other) = before.as_ref().and_then(|before| before["kind"].as_str()).filter(changed) {
        let message =
            format!("Data connector '{}' is of kind '{other}', which cannot be changed.", operation.target.name());
        return Err(ArmError::bad_request(message));
    }
    let properties = shape::properties(operation, &kind, sent.get("properties"))?;
    check_single(operation, kind.name, &properties)?;

    let content = Content {
        segment: "dataConnectors",
        shown_type: "dataConnectors",
        kind: Some(kind.name),
        properties,
        has_system_data: false,
    };
    let (status, document) = document::save(operation, content)?;
    Ok(Response::json(status, &shown(operation, &document)))
}

/// The kind of that name, if the api-version has it.
fn kind_of(operation: &Operation<'_>, name: &str) -> Result<Kind, ArmError> {
    let unpublished = &operation.world.settings.behaviours.unpublished_connector_kinds;
    kinds::find(name, operation.api_version, unpublished).ok_or_else(|| {
        ArmError::bad_request(format!(
            "Connector kind '{name}' is not supported in api-version: '{}'",
            operation.api_version
        ))
    })
}

/// A workspace gets one connector of most first-party kinds, and one `AzureSecurityCenter` for a subscription. Where a
/// world has several all the same, each of them can still be changed.
fn check_single(operation: &Operation<'_>, kind: &str, properties: &Map<String, Value>) -> Result<(), ArmError> {
    let single = operation.world.settings.behaviours.one_connector_per_kind.iter().any(|one| one == kind);
    let subscription = properties.get("subscriptionId").filter(|_| kind == "AzureSecurityCenter");
    if !single && subscription.is_none() {
        return Ok(());
    }
    let own = operation.target.id.to_lowercase();
    let exists = operation.world.documents.get(&own).is_some_and(|document| document["kind"] == kind);
    if exists && subscription.is_none() {
        return Ok(());
    }
    let rival = operation.world.documents.children(operation.target.parent()).find(|document| {
        let same = subscription.is_none_or(|subscription| {
            let other = document["properties"]["subscriptionId"].as_str().unwrap_or_default();
            subscription.as_str().is_some_and(|subscription| subscription.eq_ignore_ascii_case(other))
        });
        document["kind"] == kind && same && document["id"].as_str().is_some_and(|id| id.to_lowercase() != own)
    });
    let Some(rival) = rival else { return Ok(()) };
    let of = subscription.map(|subscription| format!(" for subscription {subscription}")).unwrap_or_default();
    let message = format!(
        "A data connector of kind '{kind}'{of} already exists in this workspace: {}. Data was not saved.",
        rival["name"]
    );
    Err(ArmError::new(StatusCode::CONFLICT, "Conflict", message))
}

/// A stored document as this api-version and this world answer it.
fn shown(operation: &Operation<'_>, document: &Value) -> Value {
    let mut shown = document.clone();
    if !kinds::has_filtered_providers(operation.api_version)
        && let Some(properties) = shown["properties"].as_object_mut()
    {
        properties.shift_remove("filteredProviders");
    }
    if operation.world.settings.behaviours.lower_case_states
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
