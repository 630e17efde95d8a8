//! Uninstalls a solution: deletes its connector pages, metadata, registration and content templates.
//!
//! Active items and connections stay. The registration is deleted after the pages, so that the next run finds what an
//! interrupted run has left.

use std::time::Duration;

use super::InstallationRecord;
use super::inventory::Inventory;
use crate::azure::{Backoff, Error, Request};
use crate::content_hub::api::collection::{
    API_VERSION, CONNECTORS_API_VERSION, DEFINITIONS, INSTALLED_PACKAGES, METADATA, TEMPLATES,
};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE as CONNECTORS;

/// How long Azure may still list what it has deleted.
const PROPAGATION: Duration = Duration::from_secs(120);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Why a solution may not be uninstalled completely. The next observation finds what is left.
#[derive(Debug)]
pub enum UninstallError {
    /// A request failed.
    Azure(Error),
    /// Azure still lists what it has deleted.
    StillListed,
}

impl From<Error> for UninstallError {
    fn from(error: Error) -> Self {
        // Every request of an uninstallation is a write, or follows one.
        Self::Azure(error.after_a_write())
    }
}

/// Uninstalls the solution.
///
/// # Errors
/// [`UninstallError`].
pub async fn uninstall(
    hub: &ContentHub<'_>,
    content_id: &str,
    inventory: &Inventory,
    record: Option<&InstallationRecord>,
) -> Result<(), UninstallError> {
    let result = async {
        delete_all(hub, content_id, inventory, record).await?;
        hub.session.written(hub.workspace.resource_id());
        wait_until_gone(hub, content_id).await
    }
    .await;
    hub.session.written(hub.workspace.resource_id());
    result
}

async fn delete_all(
    hub: &ContentHub<'_>,
    content_id: &str,
    inventory: &Inventory,
    record: Option<&InstallationRecord>,
) -> Result<(), UninstallError> {
    for page in inventory.pages(record) {
        delete(hub, CONNECTORS, page.name(), CONNECTORS_API_VERSION).await?;
    }
    for name in inventory.definitions(record) {
        delete(hub, DEFINITIONS, &name, API_VERSION).await?;
    }
    for metadata in inventory.deletable_metadata() {
        delete(hub, METADATA, &metadata.name, API_VERSION).await?;
    }
    // Even if the list does not contain it: the list may lag behind, and deleting nothing is not an error.
    delete(hub, INSTALLED_PACKAGES, content_id, API_VERSION).await?;
    for other in inventory.registrations.iter().filter(|other| !other.name.eq_ignore_ascii_case(content_id)) {
        delete(hub, INSTALLED_PACKAGES, &other.name, API_VERSION).await?;
    }
    Ok(())
}

/// Azure deletes the templates with the registration. Templates that are left are deleted one by one. Azure's lists lag
/// behind.
async fn wait_until_gone(hub: &ContentHub<'_>, content_id: &str) -> Result<(), UninstallError> {
    let deadline = hub.deadline.at_most(PROPAGATION);
    let mut backoff = Backoff::growing(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let (installed, templates) = tokio::try_join!(hub.installed(), hub.templates(content_id))?;
        let is_registered = installed.iter().any(|package| package.has_content_id(content_id));
        if !is_registered && templates.own.is_empty() {
            return Ok(());
        }
        if !is_registered {
            for template in &templates.own {
                delete(hub, TEMPLATES, &template.name, API_VERSION).await?;
            }
        }
        if let Err(interrupted) = backoff.wait(&deadline).await {
            return Err(if hub.deadline.is_over() { interrupted.into() } else { UninstallError::StillListed });
        }
    }
}

async fn delete(hub: &ContentHub<'_>, collection: &str, name: &str, api_version: &str) -> Result<(), Error> {
    let request = Request::delete(hub.workspace.sentinel_resource(collection, name), api_version);
    hub.session.arm().get_optional(&request, hub.deadline).await.map(drop)
}
