//! The solution "Microsoft Defender for Cloud" in a workspace: GET `…/contentProductPackages/{content ID}`.

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error};
use crate::content_hub;
use crate::sentinel::WorkspaceId;
use crate::session::{CachePolicy, Lookup, cache_failure};

/// The content ID of the solution.
pub const CONTENT_ID: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";

/// Looks up whether the solution is installed, in its catalog entry.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SolutionLookup {
    workspace: WorkspaceId,
}

impl SolutionLookup {
    /// Looks up the solution in this workspace.
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

/// The versions of the solution.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SolutionState {
    /// Whether the catalog contains the solution.
    pub is_in_catalog: bool,
    /// The installed version. `None` if the solution is not installed.
    pub installed: Option<String>,
    /// The version in the catalog.
    pub available: Option<String>,
}

impl Lookup for SolutionLookup {
    /// The state of the solution, or the error of the request.
    type Response = Result<SolutionState, Error>;
    /// The plans of a run share the result.
    const CACHE: CachePolicy = CachePolicy::ForTheRun;

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Self::Response, Error> {
        let deadline = deadline.without_role_grace_period();
        let package = content_hub::package_by_name(client, &self.workspace, CONTENT_ID, &deadline).await;
        cache_failure(package.map(|package| match package {
            Some(package) => {
                SolutionState { is_in_catalog: true, installed: package.installed_version, available: package.version }
            }
            None => SolutionState::default(),
        }))
    }

    /// Installing or uninstalling a solution changes content packages, and may change this state.
    fn depends_on(&self, id: &ResourceId) -> bool {
        content_hub::changes_packages(id, &self.workspace)
    }
}
