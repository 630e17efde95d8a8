//! The solution `SecurityInsights(workspace)`, the older way to add Microsoft Sentinel to a workspace. It is not a
//! Content Hub solution.

use crate::azure::resource_id::ResourceId;
use crate::azure::{Deadline, Request};
use crate::sentinel::WorkspaceId;
use crate::session::Session;

const API_VERSION: &str = "2015-11-01-preview";

/// The ID of the solution of a workspace.
fn id(workspace: &WorkspaceId) -> Option<ResourceId> {
    let group = workspace.resource_id().parent()?;
    let name = format!("SecurityInsights({})", workspace.name());
    Some(group.extension("Microsoft.OperationsManagement", "solutions", &name))
}

/// Returns the name of the solution; `None` if it does not exist or cannot be read.
pub async fn find(session: &Session, workspace: &WorkspaceId, deadline: &Deadline) -> Option<String> {
    let id = id(workspace)?;
    let found = session.arm().get_optional(&Request::get(&id, API_VERSION), deadline).await;
    found.ok().flatten().map(|_| id.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_is_in_the_resource_group_of_the_workspace() {
        let group = "/subscriptions/3b1f0c62-5d8e-4a97-b6c4-0e9d7f2a1c58/resourceGroups/rg";
        let workspace = format!("{group}/providers/Microsoft.OperationalInsights/workspaces/law");

        let id = id(&WorkspaceId::parse(&workspace).expect("a workspace")).expect("an ID");

        assert_eq!(
            id.as_str(),
            format!("{group}/providers/Microsoft.OperationsManagement/solutions/SecurityInsights(law)")
        );
    }
}
