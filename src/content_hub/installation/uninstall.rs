//! Uninstalling a solution: its connector pages, its metadata, its registration and its templates go. What users made
//! from its templates stays, and so do connections.
//!
//! The registration goes after the pages: as long as it is there, a run that was broken off finds the rest again.

use std::time::Duration;

use super::{Observation, Record};
use crate::azure::{Backoff, Error, Request};
use crate::content_hub::api::installed_content::Metadata;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::catalogue::{
    API_VERSION, CONNECTORS_API_VERSION, ContentHub, DEFINITIONS, INSTALLED, METADATA, TEMPLATES,
};
use crate::sentinel::data_connector::Document;
use crate::sentinel::data_connector::kind::RESOURCE_TYPE as CONNECTORS;

/// How long Azure may go on to list what it has deleted.
const PROPAGATION: Duration = Duration::from_secs(120);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What an uninstallation finds.
#[derive(Debug)]
pub struct Inventory {
    /// What is there.
    pub observation: Observation,
    /// The workspace's data connectors, pages and connections.
    pub connectors: Vec<Document>,
    /// All registrations with the content id.
    pub registrations: Vec<Package>,
    /// Metadata of what came from the solution.
    pub metadata: Vec<Metadata>,
    /// Metadata of what came from others.
    pub others: Vec<Metadata>,
}

impl Inventory {
    /// Looks.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn of(hub: &ContentHub<'_>, content_id: &str, record: Option<&Record>) -> Result<Self, Error> {
        let (observation, installed, metadata) =
            tokio::try_join!(Observation::at(hub, content_id, record), hub.installed(), hub.metadata())?;
        let registrations = installed.into_iter().filter(|package| package.has_content_id(content_id)).collect();
        let (metadata, others) = metadata.into_iter().partition(|metadata| metadata.is_of(content_id));
        let connectors = observation.connectors.documents();
        Ok(Self { observation, connectors, registrations, metadata, others })
    }

    /// The solution's connector pages, those included whose names only its metadata tells.
    fn pages(&self, record: Option<&Record>) -> Vec<Document> {
        let mut names = self.observation.expected_pages(record);
        names.extend(self.metadata.iter().filter_map(Metadata::connector));
        self.observation.connectors.pages_named(&names)
    }

    /// The same for the pages of codeless connectors.
    fn definitions(&self, record: Option<&Record>) -> Vec<String> {
        let mut names = self.observation.definitions(record);
        for name in self.metadata.iter().filter_map(Metadata::definition) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// Whether another solution has brought the page of this name as well, and after this one. `page_of` is the page that
    /// metadata is about.
    fn is_anothers(&self, name: &str, page_of: impl Fn(&Metadata) -> Option<String>) -> bool {
        let is_about = |metadata: &Metadata| page_of(metadata).is_some_and(|page| page.eq_ignore_ascii_case(name));
        self.others.iter().any(is_about) && !self.metadata.iter().any(is_about)
    }

    /// What users made from the solution's templates, for people.
    #[must_use]
    pub fn active_items(&self) -> Vec<&str> {
        let active = self.metadata.iter().filter(|metadata| metadata.is_about_active_item(&self.connectors));
        active.map(Metadata::item).collect()
    }
}

/// Why a solution is not known to be gone. What is left is found again by the next observation.
#[derive(Debug)]
pub enum UninstallError {
    /// A call failed.
    Azure(Error),
    /// Azure goes on to list what it said that it has deleted.
    StillListed,
}

impl From<Error> for UninstallError {
    fn from(error: Error) -> Self {
        // whichever call it was, it followed one that deleted something, or was one
        Self::Azure(error.after_a_write())
    }
}

/// Takes the solution away.
///
/// # Errors
/// [`UninstallError`].
pub async fn uninstall(
    hub: &ContentHub<'_>,
    content_id: &str,
    inventory: &Inventory,
    record: Option<&Record>,
) -> Result<(), UninstallError> {
    let outcome = remove(hub, content_id, inventory, record).await;
    hub.session.written(hub.workspace.resource_id());
    outcome
}

async fn remove(
    hub: &ContentHub<'_>,
    content_id: &str,
    inventory: &Inventory,
    record: Option<&Record>,
) -> Result<(), UninstallError> {
    let pages = inventory.pages(record);
    for page in pages.iter().filter(|page| !inventory.is_anothers(page.name(), Metadata::connector)) {
        delete(hub, CONNECTORS, page.name(), CONNECTORS_API_VERSION).await?;
    }
    let definitions = inventory.definitions(record);
    for name in definitions.iter().filter(|name| !inventory.is_anothers(name, Metadata::definition)) {
        delete(hub, DEFINITIONS, name, API_VERSION).await?;
    }
    for own in inventory.metadata.iter().filter(|own| !own.is_about_active_item(&inventory.connectors)) {
        delete(hub, METADATA, &own.name, API_VERSION).await?;
    }
    // Registered or not: deleting what is not there is no error, and the list may lag behind.
    delete(hub, INSTALLED, content_id, API_VERSION).await?;
    for other in inventory.registrations.iter().filter(|other| !other.name.eq_ignore_ascii_case(content_id)) {
        delete(hub, INSTALLED, &other.name, API_VERSION).await?;
    }
    hub.session.written(hub.workspace.resource_id());
    until_gone(hub, content_id).await
}

/// The templates go with the registration; those that do not are deleted one by one. Azure's lists follow with some
/// delay.
async fn until_gone(hub: &ContentHub<'_>, content_id: &str) -> Result<(), UninstallError> {
    let deadline = hub.deadline.at_most(PROPAGATION);
    let mut backoff = Backoff::growing(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let (installed, templates) = tokio::try_join!(hub.installed(), hub.templates_of(content_id))?;
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
