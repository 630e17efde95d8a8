//! `GET /tenants`: the tenants in which the caller can authenticate.

use hyper::Method;
use serde_json::json;

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, page};
use crate::http::Response;

pub(super) const TENANTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "tenants",
    api_versions: API_VERSIONS,
    scope: Scope::Own,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::None, handler: list }],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    let settings = &context.world.settings;
    let application = settings.applications.iter().find(|application| application.client_id == context.caller.appid);
    let known = |id: &str| {
        application.is_some_and(|application| {
            application.tenant_id.eq_ignore_ascii_case(id)
                || application.other_tenants.iter().any(|other| other.eq_ignore_ascii_case(id))
        })
    };
    let tenants = settings.tenants.iter().filter(|tenant| known(&tenant.tenant_id)).map(|tenant| {
        json!({
            "id": format!("/tenants/{}", tenant.tenant_id),
            "tenantId": tenant.tenant_id,
            "countryCode": "DE",
            "displayName": tenant.display_name,
            "domains": [tenant.default_domain],
            "defaultDomain": tenant.default_domain,
            "tenantCategory": "Home",
            "tenantType": "AAD",
        })
    });
    page::whole(context, tenants)
}
