//! Catalog packages: the products that Content Hub offers. Only GET of one package returns its installed version and
//! its ARM template.

use hyper::{Method, StatusCode};

use super::{NAMESPACE, api_versions, catalog, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, store};
use crate::http::Response;

const COLLECTION: &str = "contentProductPackages";

pub(super) const CONTENT_PRODUCT_PACKAGES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: COLLECTION,
    api_versions: api_versions::CONTENT,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
    ],
};

/// Lists the packages without `installedVersion` and `packagedContent`, even if they are installed. `$expand` is not
/// documented, and Azure has responded to it with a gateway error.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    if context.request.parameter("$expand").is_some() {
        return Err(ArmError::new(
            StatusCode::BAD_GATEWAY,
            "BadGateway",
            "The server encountered an unexpected error.",
        ));
    }
    let products = context.world.settings.catalog.packages.iter();
    let documents = products.map(|product| catalog::document(context, COLLECTION, &catalog::shown(product))).collect();
    query::respond(context, documents)
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    let product = catalog::product(context, context.target.name()).ok_or_else(|| store::not_found(context.target))?;
    let mut properties = catalog::shown(product);
    let content_id = product["contentId"].as_str().unwrap_or_default();
    if let Some(installed) = catalog::installed(context, content_id) {
        properties.insert("installedVersion".to_owned(), installed["properties"]["version"].clone());
        properties.insert("metadataResourceId".to_owned(), installed["id"].clone());
    }
    properties.insert("packagedContent".to_owned(), catalog::packaged_content(context, product));
    Ok(Response::ok(&catalog::document(context, COLLECTION, &properties)))
}
