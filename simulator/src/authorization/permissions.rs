//! `GET {scope}/providers/Microsoft.Authorization/permissions`.

use hyper::Method;
use serde_json::json;

use crate::arm::route::{ApiVersions, On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, authorization};
use crate::http::Response;

pub(super) const PERMISSIONS: ResourceType = ResourceType {
    namespace: "Microsoft.Authorization",
    name: "permissions",
    api_versions: ApiVersions::all(&["2015-07-01", "2018-01-01-preview", "2018-07-01", "2022-04-01"]),
    scope: Scope::Any,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::None, handler: list }],
};

/// One entry for each role. A caller without roles gets an empty list, not an error.
fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let roles = authorization::roles(context.world, &context.caller.oid, &context.target.scope);
    let entries: Vec<_> = roles
        .map(|role| {
            json!({
                "actions": role.actions,
                "notActions": role.not_actions,
                "dataActions": [],
                "notDataActions": [],
            })
        })
        .collect();
    Ok(Response::ok(&json!({"value": entries, "nextLink": null})))
}
