//! Installed packages: the registrations of solutions in a workspace.
//!
//! A PUT only registers the package, unless the world's behaviors change this. The deployment of the product's template
//! creates the connector pages and content templates.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::document::{self, NewDocument};
use super::{NAMESPACE, api_versions, catalog, onboarding_states, query, schema, write};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, expansion, store};
use crate::clock;
use crate::http::Response;
use crate::world::settings::Uninstalled;

pub(super) const CONTENT_PACKAGES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "contentPackages",
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

/// Since this api-version Azure requires `contentSchemaVersion`, although the schema says it is optional.
const SCHEMA_VERSION_REQUIRED_SINCE: &str = "2024-09-01";

/// Properties that Azure takes from the catalog if the request does not have them.
const FROM_CATALOG: &[&str] = &[
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

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let collection = format!("{}/", context.target.id.to_lowercase());
    let uninstalled = context.world.settings.uninstalled.keys().filter(|id| id.starts_with(&collection));
    let still_visible = uninstalled.filter_map(|id| still_visible(context, id)).cloned();
    let all = still_visible.chain(store::list(context)).collect();
    query::respond(context, all)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let found = context.world.documents.get(&context.target.id);
    let found = found.or_else(|| still_visible(context, &context.target.id));
    found.map(Response::ok).ok_or_else(|| store::not_found(context.target))
}

/// The package with this ID, if it is uninstalled but reads still return it.
fn still_visible<'a>(context: &'a Context<'_>, id: &str) -> Option<&'a Value> {
    let uninstalled = context.world.settings.uninstalled.get(&id.to_lowercase())?;
    let until = clock::parse(&uninstalled.visible_until)?;
    (context.world.now() < until && !context.world.documents.contains(id)).then_some(&uninstalled.document)
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let sent = body::object(context.request)?;
    let before = document::before(context);
    write::check_etag(context, "content package", before.as_ref(), &sent)?;
    let properties = properties(context, sent.get("properties"))?;
    check_content_id(context, &properties)?;
    let new = NewDocument {
        segment: "contentPackages",
        shown_type: "contentpackages",
        kind: None,
        properties,
        has_system_data: true,
    };
    let (status, document) = document::save(context, new)?;
    context.world.settings.uninstalled.remove(&context.target.id.to_lowercase());
    if context.world.settings.behaviors.registration_brings_content {
        deploy_content(context, &document)?;
    }
    Ok(Response::json(status, &document))
}

/// Deploys the package's template immediately, if the catalog has this version. Skips resources that cannot be written,
/// because the response cannot report them.
fn deploy_content(context: &mut Context<'_>, package: &Value) -> Result<(), ArmError> {
    let content_id = package["properties"]["contentId"].as_str().unwrap_or_default();
    let product = catalog::product(context, content_id);
    let product = product.filter(|product| product["version"] == package["properties"]["version"]);
    let Some(template) = product.map(|product| catalog::packaged_content(context, product)) else { return Ok(()) };
    let workspace = context.world.documents.get(&context.target.scope).cloned().unwrap_or_default();
    let parameters = Map::from_iter([
        ("workspace".to_owned(), json!({"value": workspace["name"]})),
        ("workspace-location".to_owned(), json!({"value": workspace["location"]})),
    ]);
    let Some((group, _)) = context.target.scope.split_once("/providers/") else { return Ok(()) };
    let expanded = expansion::expand(context.world, group, "content", &template, &parameters)?;
    for resource in expanded.resources.iter().filter(|resource| !resource.resource_type.ends_with("/contentPackages")) {
        let correlation_id = &context.request.correlation_id;
        let request = expansion::put_request(&resource.id, &resource.api_version, &resource.body, correlation_id);
        if let Err(error) = context.arm.dispatch(&request, context.world, context.caller) {
            tracing::debug!(id = resource.id, ?error, "content left out");
        }
    }
    Ok(())
}

/// Deletes the package and its content templates. Connector pages and resources that users created from templates
/// remain.
fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let Some(package) = context.world.documents.remove(&context.target.id) else {
        return Ok(Response::empty(StatusCode::NO_CONTENT));
    };
    let now = context.world.now();
    let settings = &mut context.world.settings;
    let until = now + time::Duration::seconds(settings.behaviors.uninstalled_visible_for_seconds);
    let uninstalled = Uninstalled { visible_until: clock::iso(until), document: package.clone() };
    if settings.behaviors.uninstalled_visible_for_seconds > 0 {
        settings.uninstalled.insert(context.target.id.to_lowercase(), uninstalled);
    }
    if !settings.behaviors.uninstall_removes_templates {
        return Ok(Response::empty(StatusCode::OK));
    }
    let collection = format!("{}/providers/{NAMESPACE}/contentTemplates", context.target.scope);
    let content_id = &package["properties"]["contentId"];
    let templates = context.world.documents.children(&collection);
    let of_package = templates.filter(|template| template["properties"]["packageId"] == *content_id);
    let ids: Vec<String> = of_package.filter_map(|template| template["id"].as_str()).map(str::to_owned).collect();
    for id in ids {
        context.world.documents.remove(&id);
    }
    Ok(Response::empty(StatusCode::OK))
}

fn properties(context: &Context<'_>, sent: Option<&Value>) -> Result<Map<String, Value>, ArmError> {
    let mut properties = schema::read(schema::of("contentPackages"), sent, false)?;
    schema::require_texts(&properties, &["contentId", "contentKind", "contentProductId", "displayName", "version"])?;
    if api_versions::is_since(context.api_version, SCHEMA_VERSION_REQUIRED_SINCE) {
        schema::require_texts(&properties, &["contentSchemaVersion"])?;
    }
    properties.insert("installedVersion".to_owned(), properties["version"].clone());
    if let Some(product) = catalog::product(context, properties["contentId"].as_str().unwrap_or_default()) {
        for name in FROM_CATALOG.iter().filter(|name| !product[**name].is_null()) {
            properties.entry(*name).or_insert_with(|| product[*name].clone());
        }
    }
    Ok(properties)
}

/// Returns 400 if another package has the content ID, or if the content ID is not the package's name.
fn check_content_id(context: &Context<'_>, properties: &Map<String, Value>) -> Result<(), ArmError> {
    let content_id = properties["contentId"].as_str().unwrap_or_default();
    let owner = catalog::installed(context, content_id).and_then(|package| package["id"].as_str());
    if owner.is_some_and(|owner| !owner.eq_ignore_ascii_case(&context.target.id)) {
        return Err(ArmError::new(
            StatusCode::BAD_REQUEST,
            "BadRequestException",
            format!("contentId {content_id} is already associated with another package"),
        ));
    }
    if content_id.eq_ignore_ascii_case(context.target.name()) {
        return Ok(());
    }
    Err(ArmError::bad_request(format!(
        "The content id '{content_id}' does not match the package id '{}'.",
        context.target.name()
    )))
}
