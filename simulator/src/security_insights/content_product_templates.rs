//! Catalogue templates: the single pieces of content that products bring. Only the piece itself has its ARM body.

use hyper::Method;
use serde_json::Value;

use super::{NAMESPACE, api_versions, catalogue, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, store};
use crate::http::Response;

const COLLECTION: &str = "contentProductTemplates";

pub(super) const CONTENT_PRODUCT_TEMPLATES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: COLLECTION,
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
    ],
};

fn list(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let documents = operation.world.settings.catalogue.templates.iter().map(|template| {
        let mut properties = template.as_object().cloned().unwrap_or_default();
        properties.shift_remove("packagedContent");
        catalogue::document(operation, COLLECTION, &properties)
    });
    query::respond(operation, documents.collect())
}

fn get(operation: &mut Operation<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(operation)?;
    let template = catalogue::template(operation, operation.target.name()).and_then(Value::as_object);
    let template = template.ok_or_else(|| store::not_found(operation.target))?;
    Ok(Response::ok(&catalogue::document(operation, COLLECTION, template)))
}
