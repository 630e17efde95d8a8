//! Catalogue products: what Content Hub offers. The list is short of two things that only the product itself has.

use hyper::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{NAMESPACE, api_versions, catalogue, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Operation, store};
use crate::http::Answer;

pub(super) const CONTENT_PRODUCT_PACKAGES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "contentProductPackages",
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, run: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, run: get },
    ],
};

/// Without `installedVersion` and `packagedContent`, whatever is installed. Expanding them is not documented, and
/// the service has answered it with a gateway error.
fn list(operation: &mut Operation<'_>) -> Result<Answer, ArmError> {
    onboarding_states::require(operation)?;
    if operation.call.query("$expand").is_some() {
        return Err(ArmError::new(
            StatusCode::BAD_GATEWAY,
            "BadGateway",
            "The server encountered an unexpected error.",
        ));
    }
    let products = operation.world.settings.catalogue.packages.iter();
    let documents = products.map(|product| document(operation, product, &properties(product))).collect();
    query::answer(operation, documents)
}

fn get(operation: &mut Operation<'_>) -> Result<Answer, ArmError> {
    onboarding_states::require(operation)?;
    let product =
        catalogue::product(operation, operation.target.name()).ok_or_else(|| store::not_found(operation.target))?;
    let mut properties = properties(product);
    let content_id = product["contentId"].as_str().unwrap_or_default();
    if let Some(installed) = catalogue::installed(operation, content_id) {
        properties.insert("installedVersion".to_owned(), installed["properties"]["version"].clone());
        properties.insert("metadataResourceId".to_owned(), installed["id"].clone());
    }
    properties.insert("packagedContent".to_owned(), catalogue::packaged_content(operation, product));
    Ok(Answer::ok(&document(operation, product, &properties)))
}

fn properties(product: &Value) -> Map<String, Value> {
    let mut properties: Map<String, Value> = product.as_object().cloned().unwrap_or_default();
    properties.shift_remove("packagedContent");
    properties
}

fn document(operation: &Operation<'_>, product: &Value, properties: &Map<String, Value>) -> Value {
    let name = product["contentId"].as_str().unwrap_or_default();
    let workspace = operation.world.documents.get(&operation.target.scope);
    let workspace = workspace.and_then(|workspace| workspace["id"].as_str()).unwrap_or(&operation.target.scope);
    json!({
        "id": format!("{workspace}/providers/Microsoft.SecurityInsights/contentProductPackages/{name}"),
        "name": name,
        "type": "Microsoft.SecurityInsights/contentproductpackages",
        "etag": "\"0300bf09-0000-0000-0000-5c37296e0000\"",
        "properties": properties,
    })
}
