//! Catalog templates: the content items of products. Only GET of one template returns its ARM template.

use hyper::Method;
use serde_json::Value;

use super::{NAMESPACE, api_versions, catalog, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, store};
use crate::http::Response;

const COLLECTION: &str = "contentProductTemplates";

pub(super) const CONTENT_PRODUCT_TEMPLATES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: COLLECTION,
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let documents = context.world.settings.catalog.templates.iter().map(|template| {
        let mut properties = template.as_object().cloned().unwrap_or_default();
        properties.shift_remove("packagedContent");
        catalog::document(context, COLLECTION, &properties)
    });
    query::respond(context, documents.collect())
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let template = catalog::template(context, context.target.name()).and_then(Value::as_object);
    let template = template.ok_or_else(|| store::not_found(context.target))?;
    Ok(Response::ok(&catalog::document(context, COLLECTION, template)))
}
