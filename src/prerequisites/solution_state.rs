//! The solution "Microsoft Defender for Cloud" on a workspace: GET `…/contentProductPackages/{content ID}`.

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error};
use crate::content_hub;
use crate::sentinel::WorkspaceId;
use crate::session::{CachePolicy, Lookup, cache_failure};

/// The content ID of the solution.
pub const CONTENT_ID: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";

/// Looks up whether the solution is installed. The catalog entry, read by name, decides.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SolutionLookup {
    workspace: WorkspaceId,
}

impl SolutionLookup {
    /// On this workspace.
    pub fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

/// The versions of the solution.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SolutionState {
    /// The catalog contains the solution.
    pub is_in_catalog: bool,
    /// The installed version; `None` if it is not installed.
    pub installed: Option<String>,
    /// The version in the catalog.
    pub available: Option<String>,
}

impl Lookup for SolutionLookup {
    /// Or why Azure did not say it.
    type Response = Result<SolutionState, Error>;
    /// For the plans of a run.
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

    /// An installation of this or another run may change it.
    fn depends_on(&self, id: &ResourceId) -> bool {
        content_hub::changes_packages(id, &self.workspace)
    }
}
