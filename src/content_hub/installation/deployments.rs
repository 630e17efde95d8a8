//! The deployments that install solutions: their names and IDs, and which of them are running.

use uuid::Uuid;

use crate::azure::Error;
use crate::azure::resource_id::ResourceId;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::{self, Running};
use crate::sentinel::WorkspaceId;

/// The template parameters that the provider sets itself. The configuration cannot set them.
#[must_use]
pub fn provided_parameters<'a>(workspace: &'a str, location: &'a str) -> [(&'a str, &'a str); 2] {
    [("workspace", workspace), ("workspace-location", location)]
}

/// The resource group that solutions of `workspace` are deployed to.
#[must_use]
pub fn resource_group(workspace: &WorkspaceId) -> ResourceId {
    workspace.resource_id().parent().expect("invariant: a workspace is in a resource group")
}

/// The ID of a deployment for `workspace`.
#[must_use]
pub fn deployment_id(workspace: &WorkspaceId, name: &str) -> ResourceId {
    resource_group(workspace).extension("Microsoft.Resources", "deployments", name)
}

/// A new, unique name for a deployment of a package.
#[must_use]
pub fn new_deployment_name(package: &Package) -> String {
    let unique = Uuid::new_v4().simple().to_string();
    let version = package.version.as_deref().unwrap_or("0");
    deployment::name_for(&package.content_id, short_name(&package.content_id), version, &unique[..8])
}

/// The running deployments of this solution, of this run or any other.
///
/// # Errors
/// A request failed.
pub async fn running_deployments(hub: &ContentHub<'_>, content_id: &str) -> Result<Vec<ResourceId>, Error> {
    let all = deployment::running(hub.session.arm(), &resource_group(hub.workspace), hub.deadline).await?;
    let is_of_solution = |running: &Running| {
        deployment::is_name_of(content_id, running.id.name())
            && running.parameter("workspace").is_some_and(|name| name.eq_ignore_ascii_case(hub.workspace.name()))
    };
    Ok(all.into_iter().filter(is_of_solution).map(|running| running.id).collect())
}

/// The distinctive part of a content ID: most of them begin with the same long text.
fn short_name(content_id: &str) -> &str {
    match content_id.rsplit_once("azure-sentinel-solution-") {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => content_id,
    }
}
