//! Catalogue templates: the single pieces of content that products bring. Only the piece itself has its ARM body.

use hyper::Method;
use serde_json::{Map, Value, json};

use super::{NAMESPACE, api_versions, catalogue, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, store};
use crate::http::Answer;

pub(super) const CONTENT_PRODUCT_TEMPLATES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "contentProductTemplates",
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
    ],
};

fn list(operation: &mut Operation<'_>) -> Result<Answer, ArmError> {
    onboarding_states::require(operation)?;
    let documents = operation.world.settings.catalogue.templates.iter().map(|template| {
        let mut properties: Map<String, Value> = template.as_object().cloned().unwrap_or_default();
        properties.shift_remove("packagedContent");
        document(operation, template, &Value::Object(properties))
    });
    query::answer(operation, documents.collect())
}

fn get(operation: &mut Operation<'_>) -> Result<Answer, ArmError> {
    onboarding_states::require(operation)?;
    let template =
        catalogue::template(operation, operation.target.name()).ok_or_else(|| store::not_found(operation.target))?;
    Ok(Answer::ok(&document(operation, template, template)))
}

fn document(operation: &Operation<'_>, template: &Value, properties: &Value) -> Value {
    let name = template["contentId"].as_str().unwrap_or_default();
    let workspace = operation.world.documents.get(&operation.target.scope);
    let workspace = workspace.and_then(|workspace| workspace["id"].as_str()).unwrap_or(&operation.target.scope);
    json!({
        "id": format!("{workspace}/providers/Microsoft.SecurityInsights/contentProductTemplates/{name}"),
        "name": name,
        "type": "Microsoft.SecurityInsights/contentproducttemplates",
        "etag": "\"0300bf09-0000-0000-0000-5c37296e0000\"",
        "properties": properties,
    })
}
