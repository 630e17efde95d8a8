//! Uninstalls a solution: deletes its connector pages, metadata, registration and content templates.
//!
//! Active items and connections are kept. The registration is deleted after the pages, so that a run after an
//! interruption finds the remaining content.

use std::time::Duration;

use super::InstallationRecord;
use super::inventory::Inventory;
use crate::azure::{Backoff, Error, Request};
use crate::content_hub::api::collection::{
    API_VERSION, CONNECTORS_API_VERSION, DEFINITIONS, INSTALLED_PACKAGES, METADATA, TEMPLATES,
};
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE as CONNECTORS;

/// How long Azure may still list deleted objects.
const PROPAGATION: Duration = Duration::from_secs(120);
const INITIAL_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// The result of an uninstallation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Uninstalled {
    /// Two consecutive reads found no content of the solution.
    Gone,
    /// Azure still lists deleted objects.
    StillListed,
}

/// Uninstalls the solution: reads its content and deletes it, until two consecutive reads find no content. One read is
/// not enough, because Azure's lists lag behind, and a list may be empty by mistake.
///
/// # Errors
/// A request failed. The next uninstallation continues with the remaining content.
pub async fn uninstall(
    hub: &ContentHub<'_>,
    content_id: &str,
    record: Option<&InstallationRecord>,
) -> Result<Uninstalled, Error> {
    let result = delete_until_gone(hub, content_id, record).await;
    hub.session.invalidate(hub.workspace.resource_id());
    // After an error, the workspace may have changed, because an earlier request may have been a write.
    result.map_err(Error::after_a_write)
}

async fn delete_until_gone(
    hub: &ContentHub<'_>,
    content_id: &str,
    record: Option<&InstallationRecord>,
) -> Result<Uninstalled, Error> {
    let mut backoff = Backoff::growing(INITIAL_PAUSE, MAX_PAUSE);
    let mut limit = None;
    let mut found_nothing = false;
    loop {
        let inventory = Inventory::read(hub, content_id, record).await?;
        if inventory.is_empty(record) {
            if found_nothing {
                return Ok(Uninstalled::Gone);
            }
            found_nothing = true;
            continue;
        }
        found_nothing = false;
        delete_all(hub, &inventory, record).await?;
        hub.session.invalidate(hub.workspace.resource_id());
        let limit = limit.get_or_insert_with(|| hub.deadline.at_most(PROPAGATION));
        if let Err(interrupted) = backoff.wait(limit).await {
            return if hub.deadline.is_over() { Err(interrupted) } else { Ok(Uninstalled::StillListed) };
        }
    }
}

async fn delete_all(
    hub: &ContentHub<'_>,
    inventory: &Inventory,
    record: Option<&InstallationRecord>,
) -> Result<(), Error> {
    for page in inventory.pages(record) {
        delete(hub, CONNECTORS, page.name(), CONNECTORS_API_VERSION).await?;
    }
    for name in inventory.definitions(record) {
        delete(hub, DEFINITIONS, &name, API_VERSION).await?;
    }
    for metadata in inventory.deletable_metadata() {
        delete(hub, METADATA, &metadata.name, API_VERSION).await?;
    }
    for package in &inventory.registrations {
        delete(hub, INSTALLED_PACKAGES, &package.name, API_VERSION).await?;
    }
    // Azure deletes the templates with the registration. Any remaining templates are deleted one by one.
    if inventory.registrations.is_empty() {
        for template in &inventory.observation.templates.own {
            delete(hub, TEMPLATES, &template.name, API_VERSION).await?;
        }
    }
    Ok(())
}

async fn delete(hub: &ContentHub<'_>, collection: &str, name: &str, api_version: &str) -> Result<(), Error> {
    let request = Request::delete(hub.workspace.sentinel_resource(collection, name), api_version);
    hub.session.arm().get_optional(&request, hub.deadline).await.map(drop)
}
