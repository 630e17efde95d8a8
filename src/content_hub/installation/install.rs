//! Installs a solution: registers it, deploys its template, and verifies both.

use std::collections::BTreeMap;

use tracing::Instrument;

use super::deployments::{new_deployment_name, provided_parameters, resource_group};
use super::registration;
use super::verification::{Expected, Incomplete, Installed, TemplateContent, verify};
use crate::azure::resource_id::ResourceId;
use crate::azure::{Error, Request, ServiceError};
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::api::collection::{API_VERSION, INSTALLED_PACKAGES};
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::deployment::{self, Deployment, DeploymentError, DeploymentErrorKind, parameters, secrets};
use crate::sentinel::Location;

/// A request to install a solution.
#[derive(Debug)]
pub struct InstallRequest<'a> {
    /// The complete catalog entry.
    pub entry: &'a CatalogEntry,
    /// The registrations with the solution's content ID, including those with another name.
    pub registrations: &'a [Package],
    /// The configured parameters of the template.
    pub parameters: &'a BTreeMap<String, String>,
}

/// The error of an installation.
#[derive(Debug)]
pub enum InstallError {
    /// The catalog entry contains no template. Nothing was changed.
    NoContent,
    /// The parameters do not fit the template. Nothing was changed.
    Parameters(Vec<parameters::Problem>),
    /// A request before the first write failed. Nothing was changed.
    Preparing(Error),
    /// An orphaned registration that owns the content ID could not be removed.
    RemovingOrphan {
        /// The name of the registration.
        name: String,
        /// The error.
        error: Error,
    },
    /// The registration failed, or the response to it was lost.
    Registering(Error),
    /// The deployment failed.
    Deploying {
        /// The ID of the deployment.
        deployment: ResourceId,
        /// The error.
        failure: Box<DeploymentError>,
    },
    /// The identity lacks the permission to deploy. The provider removed the registration again, so nothing is left.
    NotAllowedToDeploy {
        /// The ID of the deployment.
        deployment: ResourceId,
        /// The error.
        failure: Box<DeploymentError>,
    },
    /// Azure reported success, but content is missing.
    Incomplete(Incomplete),
}

impl InstallError {
    /// Whether the workspace may contain a part of the installation.
    #[must_use]
    pub fn has_started(&self) -> bool {
        match self {
            Self::NoContent | Self::Parameters(_) | Self::Preparing(_) | Self::NotAllowedToDeploy { .. } => false,
            Self::Deploying { .. } | Self::Incomplete(_) => true,
            Self::RemovingOrphan { error, .. } | Self::Registering(error) => error.outcome_unknown(),
        }
    }
}

/// Installs a solution. Calls `on_start` with the name of the deployment before the first write, so that the caller can
/// save a state.
///
/// # Errors
/// [`InstallError`].
pub async fn install(
    hub: &ContentHub<'_>,
    request: &InstallRequest<'_>,
    on_start: impl FnOnce(&str),
) -> Result<Installed, InstallError> {
    let (session, workspace, deadline) = (hub.session, hub.workspace, hub.deadline);
    let package = &request.entry.package;
    let content = request.entry.content.clone().ok_or(InstallError::NoContent)?;
    let location = session.look_up(&Location::of(workspace), deadline).await.map_err(InstallError::Preparing)?;
    let provided = provided_parameters(workspace.name(), &location);
    let parameters =
        parameters::fill(content.parameters(), &provided, request.parameters).map_err(InstallError::Parameters)?;
    let secrets = secrets::of_parameters(content.parameters(), &provided, request.parameters);
    let template_content = TemplateContent::of(&content);
    let deployment = Deployment {
        group: resource_group(workspace),
        name: new_deployment_name(package),
        template: content.into_template(),
        parameters,
        secrets,
    };

    on_start(&deployment.name);
    session.invalidate(workspace.resource_id());
    let result = async {
        register(hub, package, request.registrations).await?;
        let span = tracing::info_span!("install", workspace = workspace.name(), content_id = package.content_id);
        let failure = match deployment::run(session.arm(), &deployment, deadline).instrument(span).await {
            Ok(operations) => return Ok(operations),
            Err(failure) => Box::new(failure),
        };
        let deployment = deployment.id();
        let is_first_write = request.registrations.is_empty() && is_missing_role(&failure);
        Err(if is_first_write && unregister(hub, package).await {
            InstallError::NotAllowedToDeploy { deployment, failure }
        } else {
            InstallError::Deploying { deployment, failure }
        })
    }
    .await;
    session.invalidate(workspace.resource_id());
    verify(hub, package, &Expected::new(template_content, &result?)).await.map_err(InstallError::Incomplete)
}

/// Whether Azure rejected the deployment because of a missing role.
fn is_missing_role(failure: &DeploymentError) -> bool {
    let DeploymentErrorKind::Rejected(error) = &failure.kind else { return false };
    !error.outcome_unknown() && error.service().is_some_and(ServiceError::is_missing_role)
}

/// Removes the registration that this installation created. Returns whether the removal succeeded.
async fn unregister(hub: &ContentHub<'_>, package: &Package) -> bool {
    let id = hub.workspace.sentinel_resource(INSTALLED_PACKAGES, &package.content_id);
    let removed = hub.session.arm().get_optional(&Request::delete(id, API_VERSION), hub.deadline).await;
    if let Err(error) = &removed {
        tracing::warn!(%error, "the registration cannot be removed again");
    }
    removed.is_ok()
}

/// Removes orphaned registrations that own the content ID, and registers the package.
async fn register(hub: &ContentHub<'_>, package: &Package, registrations: &[Package]) -> Result<(), InstallError> {
    remove_orphans(hub, package, registrations).await?;
    let id = hub.workspace.sentinel_resource(INSTALLED_PACKAGES, &package.content_id);
    let request = Request::put(id, API_VERSION, registration::body(package));
    match hub.send(&request).await {
        Ok(_) => Ok(()),
        Err(error) if registration::is_owned_by_another(&error) => {
            // The list that was read earlier did not contain the owner. Read it again, and retry once.
            let mut owners = hub.installed().await.map_err(InstallError::Registering)?;
            owners.retain(|own| own.has_content_id(&package.content_id));
            remove_orphans(hub, package, &owners).await?;
            hub.send(&request).await.map(drop).map_err(InstallError::Registering)
        }
        Err(error) => Err(InstallError::Registering(error)),
    }
}

async fn remove_orphans(
    hub: &ContentHub<'_>,
    package: &Package,
    registrations: &[Package],
) -> Result<(), InstallError> {
    for orphan in registrations.iter().filter(|other| !other.name.eq_ignore_ascii_case(&package.content_id)) {
        tracing::info!(registration = orphan.name, "removing an orphaned registration that owns the content ID");
        let request = Request::delete(hub.workspace.sentinel_resource(INSTALLED_PACKAGES, &orphan.name), API_VERSION);
        let removed = hub.session.arm().get_optional(&request, hub.deadline).await;
        removed.map_err(|error| InstallError::RemovingOrphan { name: orphan.name.clone(), error })?;
    }
    Ok(())
}
