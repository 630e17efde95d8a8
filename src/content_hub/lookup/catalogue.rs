//! Looking solutions up in Azure: the catalogue of a workspace and its installed list.
//!
//! | request | tells |
//! |---|---|
//! | `GET …/contentProductPackages/{name}` | everything of one entry, `installedVersion` included; the name is mostly the content id |
//! | `GET …/contentProductPackages` | all entries, in pages, without `installedVersion` |
//! | the same with `$search` | what Azure's own search finds |
//! | `GET …/contentPackages` | what is registered as installed, left-overs included |
//! | `GET …/contentTemplates` | the templates that solutions have brought |
//! | `GET …/dataConnectors` | connector pages and connections |
//! | `GET …/dataConnectorDefinitions` | pages of codeless connectors; asked only for solutions that bring some |
//! | `GET …/metadata` | which item came from which solution |
//!
//! A look-up by content id takes two requests, sent together; one by display name takes three, or as many more as the
//! catalogue has pages. The catalogue is only listed when an entry is not named by its content id, and once a run. Other
//! lists are shared by look-ups at the same time; by [`ContentHub::recent`] they are remembered as well.

use std::sync::Arc;

use serde_json::Value;

use crate::azure::Request;
use crate::azure::{Deadline, Error};
use crate::sentinel::data_connector::kind::RESOURCE_TYPE as CONNECTORS;
use crate::sentinel::{Collection, WorkspaceId};
use crate::session::Session;

use super::listing::Listing;
use super::selector::{Ambiguous, Candidate, Selector};
use super::solution::Solution;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::api::installed_content::{Connectors, Metadata, Templates};
use crate::content_hub::api::package::Package;

/// The newest stable version of Microsoft.SecurityInsights; it has all of Content Hub.
pub const API_VERSION: &str = "2025-09-01";

/// Connector pages of kind `GenericUI` are listed by preview versions only.
pub(crate) const CONNECTORS_API_VERSION: &str = "2025-10-01-preview";

pub(super) const CATALOGUE: &str = "contentProductPackages";
pub(crate) const INSTALLED: &str = "contentPackages";
pub(crate) const DEFINITIONS: &str = "dataConnectorDefinitions";
pub(crate) const TEMPLATES: &str = "contentTemplates";
pub(crate) const METADATA: &str = "metadata";

/// The Content Hub of one workspace.
#[derive(Clone, Copy, Debug)]
pub struct ContentHub<'a> {
    pub(crate) session: &'a Session,
    pub(crate) workspace: &'a WorkspaceId,
    pub(crate) deadline: &'a Deadline,
    is_recent_enough: bool,
}

impl<'a> ContentHub<'a> {
    /// The Content Hub of `workspace`; look-ups end with `deadline`.
    #[must_use]
    pub fn new(session: &'a Session, workspace: &'a WorkspaceId, deadline: &'a Deadline) -> Self {
        Self { session, workspace, deadline, is_recent_enough: false }
    }

    /// The same, ending with another deadline.
    #[must_use]
    pub(crate) fn within(self, deadline: &'a Deadline) -> Self {
        Self { deadline, ..self }
    }

    /// The same, content with lists of a few minutes ago: for refreshes and plans of many solutions.
    #[must_use]
    pub fn recent(self) -> Self {
        Self { is_recent_enough: true, ..self }
    }

    /// The solution that `selector` means.
    ///
    /// # Errors
    /// None or several are meant, or Azure refused.
    pub async fn find(&self, selector: &Selector) -> Result<Solution, LookupError> {
        match selector {
            Selector::ContentId(content_id) => {
                let (entry, installed) = tokio::try_join!(self.entry(content_id), self.installed())
                    .map_err(LookupError::reading("looking the solution up in Content Hub"))?;
                match entry.map(|entry| entry.package).filter(|entry| selector.matches(entry)) {
                    Some(entry) => Ok(registered_with(entry, &installed)),
                    None => self.find_in_lists(selector, &installed).await,
                }
            }
            Selector::DisplayName(_) => {
                let installed =
                    self.installed().await.map_err(LookupError::reading("reading the installed solutions"))?;
                self.find_in_lists(selector, &installed).await
            }
        }
    }

    /// All entries of the catalogue. None of them has its `installed_version`, installed or not.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn catalogue(&self) -> Result<Arc<Vec<Package>>, Error> {
        self.session.look_up(&Listing::of(self.workspace), self.deadline).await
    }

    /// The entries of the catalogue that Azure's own search finds for these words.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn search(&self, words: &str) -> Result<Vec<Package>, Error> {
        let request = Request::get(self.workspace.sentinel(CATALOGUE), API_VERSION).query("$search", words);
        let documents = self.session.arm().list(&request, self.deadline).await?;
        Ok(documents.iter().filter_map(Package::from_document).collect())
    }

    /// All entries of the installed list, left-overs of earlier workspaces included.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn installed(&self) -> Result<Vec<Package>, Error> {
        let documents = self.list(INSTALLED, API_VERSION).await?;
        Ok(documents.iter().filter_map(Package::from_document).collect())
    }

    /// The entry of the catalogue with this name, complete; none where there is none.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn entry(&self, name: &str) -> Result<Option<Entry>, Error> {
        let id = self.workspace.sentinel_resource(CATALOGUE, name);
        let response = self.session.arm().get_optional(&Request::get(id, API_VERSION), self.deadline).await?;
        Ok(response.and_then(|response| Entry::from_document(response.body)))
    }

    /// The entry of the catalogue with this content id, complete; none where there is none.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn entry_of(&self, content_id: &str) -> Result<Option<Entry>, Error> {
        if let Some(entry) = self.entry(content_id).await?.filter(|entry| entry.package.has_content_id(content_id)) {
            return Ok(Some(entry));
        }
        let catalogue = self.catalogue().await?;
        match catalogue.iter().find(|package| package.has_content_id(content_id)) {
            Some(listed) if !listed.name.eq_ignore_ascii_case(content_id) => self.entry(&listed.name).await,
            _ => Ok(None),
        }
    }

    /// The entry of the catalogue that `selector` means.
    ///
    /// # Errors
    /// None or several are meant, or Azure refused.
    pub async fn select(&self, selector: &Selector) -> Result<Entry, LookupError> {
        let reading = || LookupError::reading("looking the solution up in Content Hub");
        if let Selector::ContentId(content_id) = selector
            && let Some(entry) = self.entry_of(content_id).await.map_err(reading())?
        {
            return Ok(entry);
        }
        let catalogue = self.catalogue().await.map_err(LookupError::reading("reading the catalogue of Content Hub"))?;
        let listed = selector.pick(&catalogue)?;
        if let Some(listed) = listed
            && let Some(entry) = self.entry(&listed.name).await.map_err(reading())?
        {
            return Ok(entry);
        }
        // Withdrawn from the catalogue, and still installed? A list that cannot be read says nothing.
        let installed = self.installed().await.unwrap_or_default();
        Err(LookupError::NotFound {
            selector: selector.clone(),
            nearest: selector.nearest(&catalogue),
            searched: catalogue.len(),
            is_installed: selector.pick(&installed).is_ok_and(|found| found.is_some()),
        })
    }

    /// The workspace's data connectors: pages and connections.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn connectors(&self) -> Result<Connectors, Error> {
        self.list(CONNECTORS, CONNECTORS_API_VERSION).await.map(Connectors::of)
    }

    /// Names of the pages of codeless connectors in the workspace.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn definitions(&self) -> Result<Vec<String>, Error> {
        let documents = self.list(DEFINITIONS, API_VERSION).await?;
        Ok(documents.iter().filter_map(|document| document["name"].as_str().map(str::to_owned)).collect())
    }

    /// The content templates of the workspace, those of the package with this content id apart.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn templates_of(&self, content_id: &str) -> Result<Templates, Error> {
        Ok(Templates::of(content_id, &self.list(TEMPLATES, API_VERSION).await?))
    }

    /// Metadata of items that came from solutions.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn metadata(&self) -> Result<Vec<Metadata>, Error> {
        let documents = self.list(METADATA, API_VERSION).await?;
        Ok(documents.iter().filter_map(Metadata::from_document).collect())
    }

    async fn find_in_lists(&self, selector: &Selector, installed: &[Package]) -> Result<Solution, LookupError> {
        let catalogue = self.catalogue().await.map_err(LookupError::reading("reading the catalogue of Content Hub"))?;
        if let Some(listed) = selector.pick(&catalogue)? {
            let entry =
                self.entry(&listed.name).await.map_err(LookupError::reading("reading an entry of Content Hub"))?;
            return Ok(registered_with(entry.map_or(listed, |entry| entry.package), installed));
        }
        match selector.pick(installed)? {
            Some(registered) => Ok(Solution::only_registered(registered)),
            None => Err(LookupError::NotFound {
                selector: selector.clone(),
                nearest: selector.nearest(&catalogue),
                searched: catalogue.len(),
                is_installed: false,
            }),
        }
    }

    async fn list(&self, resource_type: &'static str, api_version: &str) -> Result<Arc<Vec<Value>>, Error> {
        let collection = Collection::new(self.workspace, resource_type, api_version);
        if self.is_recent_enough {
            self.session.look_up(&collection, self.deadline).await
        } else {
            self.session.look_up_now(&collection, self.deadline).await
        }
    }
}

/// Why a look-up gave no solution.
#[derive(Clone, Debug)]
pub enum LookupError {
    /// The catalogue does not have it.
    NotFound {
        /// What was looked for.
        selector: Selector,
        /// What may have been meant.
        nearest: Vec<Candidate>,
        /// The number of entries of the catalogue.
        searched: usize,
        /// It is on the list of what is installed, so that it was on offer once.
        is_installed: bool,
    },
    /// Several packages have the name.
    Ambiguous(Ambiguous),
    /// Azure refused, or there was no answer.
    Azure {
        /// What was being done, as a phrase that follows "while".
        doing: &'static str,
        /// What happened.
        error: Box<Error>,
    },
}

impl LookupError {
    fn reading(doing: &'static str) -> impl FnOnce(Error) -> Self {
        move |error| Self::Azure { doing, error: Box::new(error) }
    }
}

impl From<Ambiguous> for LookupError {
    fn from(ambiguous: Ambiguous) -> Self {
        Self::Ambiguous(ambiguous)
    }
}

fn registered_with(entry: Package, installed: &[Package]) -> Solution {
    let own = Selector::ContentId(entry.content_id.clone());
    // one content id is one package, so that this cannot be ambiguous
    let registered = own.pick(installed).ok().flatten();
    Solution::in_catalogue(entry, registered)
}
