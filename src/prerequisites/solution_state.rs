//! The solution "Microsoft Defender for Cloud" on a workspace: GET `…/contentProductPackages/{content ID}`.

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::api::collection::{API_VERSION, CATALOG, INSTALLED_PACKAGES};
use crate::content_hub::api::package::Package;
use crate::sentinel::WorkspaceId;
use crate::session::{Keep, Lookup, keep_failure};

/// The content ID of the solution.
pub const CONTENT_ID: &str = "azuresentinel.azure-sentinel-solution-microsoftdefenderforcloud";

/// Looks up whether the solution is installed. The catalog entry, read by name, decides.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SolutionOn {
    workspace: WorkspaceId,
}

impl SolutionOn {
    /// On this workspace.
    pub fn workspace(workspace: &WorkspaceId) -> Self {
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

impl SolutionState {
    fn of(entry: Option<Package>) -> Self {
        match entry.filter(|package| package.has_content_id(CONTENT_ID)) {
            Some(package) => {
                Self { is_in_catalog: true, installed: package.installed_version, available: package.version }
            }
            None => Self::default(),
        }
    }
}

impl Lookup for SolutionOn {
    /// Or why Azure did not say it.
    type Answer = Result<SolutionState, Error>;
    /// For the plans of a run.
    const KEEP: Keep = Keep::ForTheRun;

    async fn ask(&self, client: &Client, deadline: &Deadline) -> Result<Self::Answer, Error> {
        let request = Request::get(self.workspace.sentinel_resource(CATALOG, CONTENT_ID), API_VERSION);
        keep_failure(client.get_optional(&request, &deadline.expecting_roles()).await.map(|response| {
            let entry = response.and_then(|response| CatalogEntry::from_document(response.body));
            SolutionState::of(entry.map(|entry| entry.package))
        }))
    }

    /// An installation of this or another run may change it.
    fn depends_on(&self, id: &ResourceId) -> bool {
        let is_package = || id.is_type(&format!("Microsoft.SecurityInsights/{INSTALLED_PACKAGES}"));
        id == self.workspace.resource_id()
            || is_package() && WorkspaceId::containing(id).is_some_and(|workspace| workspace == self.workspace)
    }
}
