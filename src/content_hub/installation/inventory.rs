//! The content of a solution in a workspace, which an uninstallation deletes or keeps.

use super::{InstallationRecord, Observation};
use crate::azure::Error;
use crate::content_hub::api::metadata::Metadata;
use crate::content_hub::api::package::Package;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::sentinel::data_connector::Document;

/// The content of a solution in a workspace, and the metadata of other sources.
#[derive(Debug)]
pub struct Inventory {
    /// The observed solution and its content.
    pub observation: Observation,
    /// The data connectors of the workspace: pages and connections.
    pub connectors: Vec<Document>,
    /// All registrations with the content ID.
    pub registrations: Vec<Package>,
    /// The metadata of items from this solution.
    pub metadata: Vec<Metadata>,
    /// The metadata of items from other sources.
    other_metadata: Vec<Metadata>,
}

impl Inventory {
    /// Reads the content and the metadata.
    ///
    /// # Errors
    /// A request failed.
    pub async fn read(
        hub: &ContentHub<'_>,
        content_id: &str,
        record: Option<&InstallationRecord>,
    ) -> Result<Self, Error> {
        let (observation, mut registrations, own, metadata) = tokio::try_join!(
            Observation::read(hub, content_id, record),
            hub.installed(),
            hub.registration(content_id),
            hub.metadata()
        )?;
        registrations.retain(|package| package.has_content_id(content_id));
        // The list may lag behind, so the registration is also read by its name.
        registrations
            .extend(own.filter(|own| !registrations.iter().any(|listed| listed.name.eq_ignore_ascii_case(&own.name))));
        let (metadata, other_metadata) = metadata.into_iter().partition(|metadata| metadata.has_source(content_id));
        let connectors = observation.connectors.documents();
        Ok(Self { observation, connectors, registrations, metadata, other_metadata })
    }

    /// Whether there is nothing to delete.
    #[must_use]
    pub fn is_empty(&self, record: Option<&InstallationRecord>) -> bool {
        self.registrations.is_empty()
            && self.observation.templates.own.is_empty()
            && self.pages(record).is_empty()
            && self.definitions(record).is_empty()
            && self.deletable_metadata().next().is_none()
    }

    /// The connector pages to delete: the expected pages, and the pages in the solution's metadata. A page that another
    /// solution installed later is not deleted.
    #[must_use]
    pub fn pages(&self, record: Option<&InstallationRecord>) -> Vec<Document> {
        let mut names = self.observation.expected_pages(record);
        names.extend(self.metadata.iter().filter_map(Metadata::connector_name));
        let mut pages = self.observation.connectors.pages_named(&names);
        pages.retain(|page| !self.belongs_to_another(page.name(), Metadata::connector_name));
        pages
    }

    /// The names of the data connector definitions to delete, selected like [`Self::pages`].
    #[must_use]
    pub fn definitions(&self, record: Option<&InstallationRecord>) -> Vec<String> {
        let mut names = self.observation.definitions(record);
        for name in self.metadata.iter().filter_map(Metadata::definition_name) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names.retain(|name| !self.belongs_to_another(name, Metadata::definition_name));
        names
    }

    /// Whether metadata of other sources names this item, and the solution's own metadata does not.
    fn belongs_to_another(&self, name: &str, name_in: impl Fn(&Metadata) -> Option<String>) -> bool {
        let is_about = |metadata: &Metadata| name_in(metadata).is_some_and(|own| own.eq_ignore_ascii_case(name));
        self.other_metadata.iter().any(is_about) && !self.metadata.iter().any(is_about)
    }

    /// The metadata to delete, which excludes that of active items.
    pub fn deletable_metadata(&self) -> impl Iterator<Item = &Metadata> {
        self.metadata.iter().filter(|metadata| !metadata.is_about_active_item(&self.connectors))
    }

    /// The active items that users created from the solution's templates, for messages.
    #[must_use]
    pub fn active_items(&self) -> Vec<&str> {
        let active = self.metadata.iter().filter(|metadata| metadata.is_about_active_item(&self.connectors));
        active.map(Metadata::item).collect()
    }
}
