//! The objects of a Sentinel collection in a workspace, for example its data connectors.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::WorkspaceId;
use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::session::{CachePolicy, Lookup};

/// The look-up of all objects of a collection.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Collection {
    workspace: WorkspaceId,
    resource_type: &'static str,
    api_version: String,
}

impl Collection {
    /// The collection of this type in `workspace`, for example `contentPackages`.
    #[must_use]
    pub fn new(workspace: &WorkspaceId, resource_type: &'static str, api_version: &str) -> Self {
        Self { workspace: workspace.clone(), resource_type, api_version: api_version.to_owned() }
    }
}

impl Lookup for Collection {
    type Response = Arc<Vec<Value>>;
    /// Other processes rarely change a collection during a run.
    const CACHE: CachePolicy = CachePolicy::For(Duration::from_secs(5 * 60));

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Arc<Vec<Value>>, Error> {
        let request = Request::get(self.workspace.sentinel(self.resource_type), &self.api_version);
        client.list(&request, deadline).await.map(Arc::new)
    }

    /// A write to an object of the collection changes the list, and so may a write to an unknown part of the workspace.
    fn depends_on(&self, id: &ResourceId) -> bool {
        let is_object = || id.is_type(&format!("Microsoft.SecurityInsights/{}", self.resource_type));
        id == self.workspace.resource_id()
            || is_object() && WorkspaceId::containing(id).is_some_and(|workspace| workspace == self.workspace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(name: &str) -> WorkspaceId {
        let id = format!(
            "/subscriptions/4b1e6c1a-0f7e-4f7e-9d6c-3a5b8f0e1d2c/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/{name}"
        );
        WorkspaceId::parse(&id).expect("a workspace")
    }

    #[test]
    fn write_to_the_workspace_or_an_object_invalidates_the_list() {
        let connectors = Collection::new(&workspace("law"), "dataConnectors", "v");

        assert!(connectors.depends_on(workspace("LAW").resource_id()));
        assert!(connectors.depends_on(&workspace("law").sentinel_resource("DataConnectors", "c")));
        assert!(!connectors.depends_on(&workspace("law").sentinel_resource("contentPackages", "c")));
        assert!(!connectors.depends_on(&workspace("other").sentinel_resource("dataConnectors", "c")));
        assert!(!connectors.depends_on(workspace("other").resource_id()));
    }
}
