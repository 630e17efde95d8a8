//! Looks up a package by its content ID, for modules outside of `content_hub`.

use crate::azure::resource_id::ResourceId;
use crate::azure::{Client, Deadline, Error, Request};
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::api::collection::{API_VERSION, CATALOG, INSTALLED_PACKAGES};
use crate::content_hub::api::package::Package;
use crate::sentinel::WorkspaceId;

/// Reads the package with this content ID from the catalog: `GET …/contentProductPackages/{content ID}`. Returns `None`
/// if the catalog entry has another name. The package has the available version and the installed version.
///
/// # Errors
/// The request failed.
pub async fn package_by_name(
    client: &Client,
    workspace: &WorkspaceId,
    content_id: &str,
    deadline: &Deadline,
) -> Result<Option<Package>, Error> {
    let request = Request::get(workspace.sentinel_resource(CATALOG, content_id), API_VERSION);
    let response = client.get_optional(&request, deadline).await?;
    let entry = response.and_then(|response| CatalogEntry::from_document(response.body));
    Ok(entry.map(|entry| entry.package).filter(|package| package.has_content_id(content_id)))
}

/// Whether a write to this object can change the installed solutions of the workspace.
#[must_use]
pub fn changes_packages(written: &ResourceId, workspace: &WorkspaceId) -> bool {
    let is_package = || written.is_type(&format!("Microsoft.SecurityInsights/{INSTALLED_PACKAGES}"));
    written == workspace.resource_id()
        || is_package() && WorkspaceId::containing(written).is_some_and(|containing| containing == *workspace)
}
