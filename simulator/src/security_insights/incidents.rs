//! Incidents, which `alerts` creates. They are read-only.

use hyper::Method;

use super::document;
use super::{NAMESPACE, api_versions, onboarding_states, query};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, store};
use crate::http::Response;

pub(super) const INCIDENTS: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "incidents",
    api_versions: api_versions::INCIDENTS,
    scope: Scope::Workspace,
    routes: &[
        Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list },
        Route { on: On::Instance, method: Method::GET, permission: Permission::ByMethod, handler: document::get },
    ],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    onboarding_states::require(context)?;
    query::respond(context, store::list(context))
}
