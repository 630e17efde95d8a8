//! The deployments that install solutions: their names, IDs and results.

use uuid::Uuid;

use crate::azure::Error;
use crate::azure::resource_id::ResourceId;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::{self, PastDeployment};
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

/// The ID of a deployment in the resource group of `workspace`.
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

/// The running deployments of this solution by this provider, in this run or an earlier one.
///
/// # Errors
/// A request failed.
pub async fn running_deployments(hub: &ContentHub<'_>, content_id: &str) -> Result<Vec<ResourceId>, Error> {
    Ok(deployments(hub, content_id, "Running").await?.into_iter().map(|running| running.id).collect())
}

/// Whether the latest deployment of this solution by this provider failed or was canceled.
///
/// # Errors
/// A request failed.
pub async fn has_latest_failed(hub: &ContentHub<'_>, content_id: &str) -> Result<bool, Error> {
    let latest = async |state| -> Result<Option<String>, Error> {
        Ok(deployments(hub, content_id, state).await?.into_iter().map(|deployment| deployment.changed_at).max())
    };
    let failed = latest("Failed").await?.max(latest("Canceled").await?);
    Ok(failed.is_some() && failed > latest("Succeeded").await?)
}

async fn deployments(hub: &ContentHub<'_>, content_id: &str, state: &str) -> Result<Vec<PastDeployment>, Error> {
    let mut found = deployment::history(hub.session.arm(), &resource_group(hub.workspace), state, hub.deadline).await?;
    found.retain(|deployment| {
        deployment::is_name_of(content_id, deployment.id.name())
            && deployment.parameter("workspace").is_some_and(|name| name.eq_ignore_ascii_case(hub.workspace.name()))
    });
    Ok(found)
}

/// The distinctive part of a content ID. Most content IDs begin with the same long text.
fn short_name(content_id: &str) -> &str {
    match content_id.rsplit_once("azure-sentinel-solution-") {
        Some((_, rest)) if !rest.is_empty() => rest,
        _ => content_id,
    }
}
