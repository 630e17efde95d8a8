//! The list of the catalog: GET `…/contentProductPackages`.

use std::sync::Arc;
use std::time::Duration;

use super::catalogue::{API_VERSION, CATALOGUE};
use crate::azure::{Client, Deadline, Error, Request};
use crate::content_hub::api::package::Package;
use crate::sentinel::WorkspaceId;
use crate::session::{Keep, Lookup};

/// Lists all packages that the catalog of a workspace offers, without `installed_version`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Listing {
    workspace: WorkspaceId,
}

impl Listing {
    /// The catalog of this workspace.
    pub(crate) fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for Listing {
    type Answer = Arc<Vec<Package>>;
    /// Microsoft changes the catalog, and no write of this provider does.
    const KEEP: Keep = Keep::For(Duration::from_secs(5 * 60));

    async fn ask(&self, client: &Client, deadline: &Deadline) -> Result<Arc<Vec<Package>>, Error> {
        let request = Request::get(self.workspace.sentinel(CATALOGUE), API_VERSION);
        let documents = client.list(&request, deadline).await?;
        Ok(Arc::new(documents.iter().filter_map(Package::from_document).collect()))
    }
}
