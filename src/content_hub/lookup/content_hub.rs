//! Reads the Content Hub of a workspace: the catalog and the installed solutions.
//!
//! | request | result |
//! |---|---|
//! | `GET …/contentProductPackages/{name}` | a complete catalog entry with `installedVersion`; its name is usually the content ID |
//! | `GET …/contentProductPackages` | all catalog entries, in pages, without `installedVersion` |
//! | the same with `$search` | the results of Azure's own search |
//! | `GET …/contentPackages` | the registrations of installed solutions, including stale ones |
//! | `GET …/contentPackages/{name}` | one registration, to confirm the list |
//! | `GET …/contentTemplates` | the content templates |
//! | `GET …/dataConnectors` | connector pages and connections |
//! | `GET …/dataConnectorDefinitions` | the pages of codeless connectors; read only for solutions that contain one |
//! | `GET …/metadata` | the solution that each item came from |
//!
//! A look-up by content ID sends two concurrent requests. A look-up by display name also lists the catalog, which the
//! provider does once per run. Concurrent look-ups share the other lists. With [`ContentHub::cached`], later look-ups
//! share them too.

use std::sync::Arc;

use serde_json::Value;

use crate::azure::{Deadline, Error, Request, Response};
use crate::sentinel::data_connector::kind::RESOURCE_TYPE as CONNECTORS;
use crate::sentinel::{Collection, WorkspaceId, while_onboarded};
use crate::session::Session;

use super::catalog::Catalog;
use super::error::LookupError;
use super::selector::Selector;
use super::solution::Solution;
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::api::collection::{
    API_VERSION, CATALOG, CONNECTORS_API_VERSION, DEFINITIONS, INSTALLED_PACKAGES, METADATA, TEMPLATES,
};
use crate::content_hub::api::content_templates::ContentTemplates;
use crate::content_hub::api::data_connectors::DataConnectors;
use crate::content_hub::api::metadata::Metadata;
use crate::content_hub::api::package::Package;

/// The Content Hub of one workspace.
#[derive(Clone, Copy, Debug)]
pub struct ContentHub<'a> {
    pub(crate) session: &'a Session,
    pub(crate) workspace: &'a WorkspaceId,
    pub(crate) deadline: &'a Deadline,
    uses_cache: bool,
    waits_for_onboarding: bool,
}

impl<'a> ContentHub<'a> {
    /// The Content Hub of `workspace`. Its requests end with `deadline`.
    #[must_use]
    pub fn new(session: &'a Session, workspace: &'a WorkspaceId, deadline: &'a Deadline) -> Self {
        Self { session, workspace, deadline, uses_cache: false, waits_for_onboarding: false }
    }

    /// Returns this Content Hub with another deadline.
    #[must_use]
    pub(crate) fn within(self, deadline: &'a Deadline) -> Self {
        Self { deadline, ..self }
    }

    /// Allows lists that are a few minutes old, for refreshes and plans of many solutions.
    #[must_use]
    pub fn cached(self) -> Self {
        Self { uses_cache: true, ..self }
    }

    /// Retries requests until the deadline while Azure rejects them because a recent onboarding has not taken effect.
    /// An onboarding takes minutes to reach all APIs.
    #[must_use]
    pub fn waiting_for_onboarding(self) -> Self {
        Self { waits_for_onboarding: true, ..self }
    }

    /// Finds the solution that `selector` selects in the catalog and in the list of installed solutions.
    ///
    /// # Errors
    /// [`LookupError`].
    pub async fn find(&self, selector: &Selector) -> Result<Solution, LookupError> {
        let installed =
            async { self.installed().await.map_err(LookupError::during("reading the installed solutions")) };
        let (entry, installed) = tokio::try_join!(self.look_up(selector), installed)?;
        if let Some(CatalogEntry { package, .. }) = entry {
            // A content ID is never ambiguous.
            let registered = Selector::ContentId(package.content_id.clone()).select(&installed).ok().flatten();
            return Ok(Solution::in_catalog(package, registered));
        }
        match selector.select(&installed)? {
            Some(registered) => Ok(Solution::only_registered(registered)),
            None => Err(self.not_found(selector, false).await),
        }
    }

    /// Finds the catalog entry that `selector` selects.
    ///
    /// # Errors
    /// [`LookupError`].
    pub async fn find_entry(&self, selector: &Selector) -> Result<CatalogEntry, LookupError> {
        if let Some(entry) = self.look_up(selector).await? {
            return Ok(entry);
        }
        // An installed solution may no longer be in the catalog. A list that cannot be read counts as empty.
        let installed = self.installed().await.unwrap_or_default();
        let is_installed = selector.select(&installed).is_ok_and(|found| found.is_some());
        Err(self.not_found(selector, is_installed).await)
    }

    async fn look_up(&self, selector: &Selector) -> Result<Option<CatalogEntry>, LookupError> {
        let reading = || LookupError::during("looking up the solution in Content Hub");
        match selector {
            Selector::ContentId(content_id) => self.entry_by_content_id(content_id).await.map_err(reading()),
            Selector::DisplayName(_) => {
                let catalog =
                    self.catalog().await.map_err(LookupError::during("reading the catalog of Content Hub"))?;
                match selector.select(&catalog)? {
                    Some(listed) => self.entry_by_name(&listed.name).await.map_err(reading()),
                    None => Ok(None),
                }
            }
        }
    }

    async fn not_found(&self, selector: &Selector, is_installed: bool) -> LookupError {
        match self.catalog().await {
            Ok(catalog) => LookupError::NotFound {
                selector: selector.clone(),
                suggestions: selector.suggestions(&catalog),
                catalog_size: catalog.len(),
                is_installed,
            },
            Err(error) => LookupError::during("reading the catalog of Content Hub")(error),
        }
    }

    /// Lists all catalog entries, without `installed_version`.
    ///
    /// # Errors
    /// A request failed.
    pub async fn catalog(&self) -> Result<Arc<Vec<Package>>, Error> {
        self.run(async || self.session.look_up(&Catalog::of(self.workspace), self.deadline).await).await
    }

    /// Searches the catalog with Azure's own search.
    ///
    /// # Errors
    /// A request failed.
    pub async fn search(&self, words: &str) -> Result<Vec<Package>, Error> {
        let request = Request::get(self.workspace.sentinel(CATALOG), API_VERSION).query("$search", words);
        let documents = self.session.arm().list(&request, self.deadline).await?;
        Ok(documents.iter().filter_map(Package::from_document).collect())
    }

    /// Lists the registrations of installed solutions, including stale ones.
    ///
    /// # Errors
    /// A request failed.
    pub async fn installed(&self) -> Result<Vec<Package>, Error> {
        let documents = self.list(INSTALLED_PACKAGES, API_VERSION).await?;
        Ok(documents.iter().filter_map(Package::from_document).collect())
    }

    /// Reads the registration whose name is this content ID; `None` if it does not exist.
    ///
    /// # Errors
    /// The request failed.
    pub async fn registration(&self, content_id: &str) -> Result<Option<Package>, Error> {
        let id = self.workspace.sentinel_resource(INSTALLED_PACKAGES, content_id);
        let response = self.get_optional(&Request::get(id, API_VERSION)).await?;
        Ok(response.and_then(|response| Package::from_document(&response.body)))
    }

    /// Reads the complete catalog entry with this name; `None` if it does not exist.
    ///
    /// # Errors
    /// A request failed.
    pub async fn entry_by_name(&self, name: &str) -> Result<Option<CatalogEntry>, Error> {
        let id = self.workspace.sentinel_resource(CATALOG, name);
        let response = self.get_optional(&Request::get(id, API_VERSION)).await?;
        Ok(response.and_then(|response| CatalogEntry::from_document(response.body)))
    }

    /// Reads the complete catalog entry with this content ID; `None` if it does not exist.
    ///
    /// # Errors
    /// A request failed.
    pub async fn entry_by_content_id(&self, content_id: &str) -> Result<Option<CatalogEntry>, Error> {
        let entry = self.entry_by_name(content_id).await?;
        if let Some(entry) = entry.filter(|entry| entry.package.has_content_id(content_id)) {
            return Ok(Some(entry));
        }
        let catalog = self.catalog().await?;
        match catalog.iter().find(|package| package.has_content_id(content_id)) {
            Some(listed) if !listed.name.eq_ignore_ascii_case(content_id) => self.entry_by_name(&listed.name).await,
            _ => Ok(None),
        }
    }

    /// Lists the data connectors of the workspace: pages and connections.
    ///
    /// # Errors
    /// A request failed.
    pub async fn connectors(&self) -> Result<DataConnectors, Error> {
        self.list(CONNECTORS, CONNECTORS_API_VERSION).await.map(DataConnectors::new)
    }

    /// Lists the names of the data connector definitions of the workspace.
    ///
    /// # Errors
    /// A request failed.
    pub async fn definition_names(&self) -> Result<Vec<String>, Error> {
        let documents = self.list(DEFINITIONS, API_VERSION).await?;
        Ok(documents.iter().filter_map(|document| document["name"].as_str().map(str::to_owned)).collect())
    }

    /// Lists the content templates of the workspace, grouped by whether they belong to the solution with this content
    /// ID.
    ///
    /// # Errors
    /// A request failed.
    pub async fn templates(&self, content_id: &str) -> Result<ContentTemplates, Error> {
        Ok(ContentTemplates::from_documents(content_id, &self.list(TEMPLATES, API_VERSION).await?))
    }

    /// Lists the metadata of the workspace.
    ///
    /// # Errors
    /// A request failed.
    pub async fn metadata(&self) -> Result<Vec<Metadata>, Error> {
        let documents = self.list(METADATA, API_VERSION).await?;
        Ok(documents.iter().filter_map(Metadata::from_document).collect())
    }

    async fn list(&self, resource_type: &'static str, api_version: &str) -> Result<Arc<Vec<Value>>, Error> {
        let collection = Collection::new(self.workspace, resource_type, api_version);
        self.run(async || {
            if self.uses_cache {
                self.session.look_up(&collection, self.deadline).await
            } else {
                self.session.look_up_now(&collection, self.deadline).await
            }
        })
        .await
    }

    async fn get_optional(&self, request: &Request) -> Result<Option<Response>, Error> {
        self.run(async || self.session.arm().get_optional(request, self.deadline).await).await
    }

    /// Sends a request that writes.
    ///
    /// # Errors
    /// The request failed.
    pub(crate) async fn send(&self, request: &Request) -> Result<Response, Error> {
        self.run(async || self.session.arm().send(request, self.deadline).await).await
    }

    async fn run<T, F: Future<Output = Result<T, Error>>>(&self, call: impl Fn() -> F) -> Result<T, Error> {
        if self.waits_for_onboarding {
            while_onboarded(self.session, self.workspace, self.deadline, call).await
        } else {
            call().await
        }
    }
}
