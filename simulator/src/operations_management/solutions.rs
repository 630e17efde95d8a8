//! Solutions. A name consists of the names of the solution and the workspace: `SecurityInsights(law-soc)`.

use hyper::{Method, StatusCode};
use serde_json::json;

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, body, page, store};
use crate::http::Response;

const TYPE: &str = "Microsoft.OperationsManagement/solutions";

pub(super) const SOLUTIONS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "solutions",
    api_versions: API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: get },
        Route { on: On::Instance, method: Method::PUT, permission: Permission::ByMethod, handler: put },
        Route { on: On::Instance, method: Method::DELETE, permission: Permission::ByMethod, handler: delete },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    page::whole(context, store::list(context))
}

fn get(context: &mut Context<'_>) -> Result<Response, ArmError> {
    Ok(Response::ok(&store::get(context)?))
}

fn put(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let sent = body::object(context.request)?;
    let properties = sent.get("properties").cloned().unwrap_or_default();
    let Some(workspace) = properties["workspaceResourceId"].as_str() else {
        return Err(ArmError::missing_property("workspaceResourceId", "properties"));
    };
    let id = store::canonical_id(context, TYPE);
    let document = json!({
        "id": id,
        "name": context.target.name(),
        "type": TYPE,
        "location": sent.get("location"),
        "plan": sent.get("plan"),
        "properties": {"workspaceResourceId": workspace, "provisioningState": "Succeeded"},
    });
    let existed = context.world.documents.contains(&context.target.id);
    context.world.documents.put(&context.target.id, document.clone());
    Ok(Response::json(if existed { StatusCode::OK } else { StatusCode::CREATED }, &document))
}

fn delete(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let existed = context.world.documents.remove(&context.target.id).is_some();
    Ok(Response::empty(if existed { StatusCode::OK } else { StatusCode::NO_CONTENT }))
}
