//! Deleted workspaces that can be recovered. Deletions in the simulator are final, so only a test can add them to the
//! world.

use hyper::Method;

use super::{API_VERSIONS, NAMESPACE};
use crate::arm::route::{On, Permission, ResourceType, Route, Scope};
use crate::arm::{ArmError, Context, page, store};
use crate::http::Response;

pub(super) const DELETED_WORKSPACES: ResourceType = ResourceType {
    namespace: NAMESPACE,
    name: "deletedWorkspaces",
    api_versions: API_VERSIONS,
    scope: Scope::ResourceGroup,
    routes: &[Route { on: On::Collection, method: Method::GET, permission: Permission::ByMethod, handler: list }],
};

fn list(context: &mut Context<'_>) -> Result<Response, ArmError> {
    page::whole(context, store::list(context))
}
