//! Installed packages: the registration of a solution in a workspace.
//!
//! A PUT registers, no more, unless the world says otherwise: cards and templates come from the deployment of the
//! product's template.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value};

use super::document::{self, Content};
use super::{NAMESPACE, api_versions, catalogue, onboarding_states, query, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, body, store};
use crate::http::Response;
use crate::world::settings::Uninstalled;
use crate::{clock, resource_manager};

pub(super) const CONTENT_PACKAGES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "contentPackages",
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, run: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, run: delete },
    ],
};

/// The service requires `contentSchemaVersion` from this api-version on, whatever the schema says.
const SCHEMA_VERSION_REQUIRED_SINCE: &str = "2024-09-01";

/// What the service takes from the catalogue where the request leaves it out.
const FROM_CATALOGUE: &[&str] = &[
    "publisherDisplayName",
    "description",
    "source",
    "author",
    "support",
    "dependencies",
    "providers",
    "categories",
    "firstPublishDate",
    "lastPublishDate",
    "icon",
];

fn list(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let collection = format!("{}/", operation.target.id.to_lowercase());
    let uninstalled = operation.world.settings.uninstalled.keys().filter(|id| id.starts_with(&collection));
    let still_seen = uninstalled.filter_map(|id| still_seen(operation, id)).cloned();
    let all = still_seen.chain(store::list(operation)).collect();
    query::respond(operation, all)
}

fn get(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let found = operation.world.documents.get(&operation.target.id);
    let found = found.or_else(|| still_seen(operation, &operation.target.id));
    found.map(Response::ok).ok_or_else(|| store::not_found(operation.target))
}

/// The package of that id, if it is uninstalled and reads do not know it yet.
fn still_seen<'a>(operation: &'a Operation<'_>, id: &str) -> Option<&'a Value> {
    let uninstalled = operation.world.settings.uninstalled.get(&id.to_lowercase())?;
    let until = clock::parse(&uninstalled.visible_until)?;
    (operation.world.now() < until && !operation.world.documents.contains(id)).then_some(&uninstalled.document)
}

fn put(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let sent = body::object(operation.request)?;
    let before = document::before(operation);
    write::check_etag_if_sent(operation, "content package", before.as_ref(), &sent)?;
    let properties = properties(operation, sent.get("properties"))?;
    check_owner(operation, &properties)?;
    let content = Content {
        segment: "contentPackages",
        shown_type: "contentpackages",
        kind: None,
        properties,
        has_system_data: true,
    };
    let (status, document) = document::save(operation, content)?;
    operation.world.settings.uninstalled.remove(&operation.target.id.to_lowercase());
    if operation.world.settings.behaviours.registration_brings_content {
        bring_content(operation, &document)?;
    }
    Ok(Response::json(status, &document))
}

/// Where the world says that registering does more than register: the content of the same version.
fn bring_content(operation: &mut Operation<'_>, package: &Value) -> Result<(), ArmError> {
    let content_id = package["properties"]["contentId"].as_str().unwrap_or_default();
    let product = catalogue::product(operation, content_id);
    let product = product.filter(|product| product["version"] == package["properties"]["version"]);
    let Some(template) = product.map(|product| catalogue::packaged_content(operation, product)) else { return Ok(()) };
    resource_manager::bring_content(operation, &template)
}

/// The package and its content templates go; cards and what users made from templates stay.
fn delete(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let Some(package) = operation.world.documents.remove(&operation.target.id) else {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    };
    let now = operation.world.now();
    let settings = &mut operation.world.settings;
    let until = now + time::Duration::seconds(settings.behaviours.uninstalled_visible_for_seconds);
    let uninstalled = Uninstalled { visible_until: clock::iso(until), document: package.clone() };
    if settings.behaviours.uninstalled_visible_for_seconds > 0 {
        settings.uninstalled.insert(operation.target.id.to_lowercase(), uninstalled);
    }
    if !settings.behaviours.uninstall_removes_templates {
        return Ok(Response::empty(StatusCode::OK));
    }
    let collection = format!("{}/providers/{NAMESPACE}/contentTemplates", operation.target.scope);
    let content_id = &package["properties"]["contentId"];
    let templates = operation.world.documents.children(&collection);
    let of_package = templates.filter(|template| template["properties"]["packageId"] == *content_id);
    let ids: Vec<String> = of_package.filter_map(|template| template["id"].as_str()).map(str::to_owned).collect();
    for id in ids {
        operation.world.documents.remove(&id);
    }
    Ok(Response::empty(StatusCode::OK))
}

fn properties(operation: &Operation<'_>, sent: Option<&Value>) -> Result<Map<String, Value>, ArmError> {
    let Some(Value::Object(sent)) = sent else {
        return Err(ArmError::missing_property("properties", ""));
    };
    let needs_schema_version = api_versions::is_since(operation.api_version, SCHEMA_VERSION_REQUIRED_SINCE);
    let required = ["contentId", "contentKind", "contentProductId", "displayName", "version"];
    let schema_version = needs_schema_version.then_some("contentSchemaVersion");
    for name in required.into_iter().chain(schema_version) {
        if sent.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(ArmError::missing_property(name, "properties"));
        }
    }
    if !matches!(sent["contentKind"].as_str(), Some("Solution" | "Standalone")) {
        return Err(ArmError::bad_request(format!(
            "Error converting value {} to type 'PackageKind'.",
            sent["contentKind"]
        )));
    }
    let mut properties = sent.clone();
    properties.shift_remove("packagedContent");
    properties.insert("installedVersion".to_owned(), sent["version"].clone());
    if let Some(product) = catalogue::product(operation, sent["contentId"].as_str().unwrap_or_default()) {
        for name in FROM_CATALOGUE.iter().filter(|name| !product[**name].is_null()) {
            properties.entry(*name).or_insert_with(|| product[*name].clone());
        }
    }
    Ok(properties)
}

/// One resource a content id.
fn check_owner(operation: &Operation<'_>, properties: &Map<String, Value>) -> Result<(), ArmError> {
    let content_id = properties["contentId"].as_str().unwrap_or_default();
    let owner = catalogue::installed(operation, content_id).and_then(|package| package["id"].as_str());
    if owner.is_none_or(|owner| owner.eq_ignore_ascii_case(&operation.target.id)) {
        return Ok(());
    }
    Err(ArmError::new(
        StatusCode::BAD_REQUEST,
        "BadRequestException",
        format!("contentId {content_id} is already associated with another package"),
    ))
}
