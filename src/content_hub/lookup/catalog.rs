//! The list of all catalog entries, `GET …/contentProductPackages`.

use std::sync::Arc;
use std::time::Duration;

use crate::azure::{Client, Deadline, Error, Request};
use crate::content_hub::api::collection::{API_VERSION, CATALOG};
use crate::content_hub::api::package::Package;
use crate::sentinel::WorkspaceId;
use crate::session::{CachePolicy, Lookup};

/// The look-up of all packages in the catalog of a workspace, without `installed_version`.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Catalog {
    workspace: WorkspaceId,
}

impl Catalog {
    /// The catalog of this workspace.
    pub(super) fn of(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone() }
    }
}

impl Lookup for Catalog {
    type Response = Arc<Vec<Package>>;
    /// Only Microsoft changes the catalog, so no write of this provider invalidates the list.
    const CACHE: CachePolicy = CachePolicy::For(Duration::from_secs(5 * 60));

    async fn fetch(&self, client: &Client, deadline: &Deadline) -> Result<Arc<Vec<Package>>, Error> {
        let request = Request::get(self.workspace.sentinel(CATALOG), API_VERSION);
        let documents = client.list(&request, deadline).await?;
        Ok(Arc::new(documents.iter().filter_map(Package::from_document).collect()))
    }
}
