//! Looking solutions up in Azure: the catalogue of a workspace and its installed list.
//!
//! | request | tells |
//! |---|---|
//! | `GET …/contentProductPackages/{name}` | everything of one entry, `installedVersion` included; the name is mostly the content id |
//! | `GET …/contentProductPackages` | all entries, in pages, without `installedVersion` |
//! | `GET …/contentPackages` | what is registered as installed, left-overs included |
//!
//! A look-up by content id takes two requests, sent together; one by display name takes three, or as many more as the
//! catalogue has pages. The catalogue is only listed when an entry is not named by its content id. Look-ups at the same
//! time share their lists.

use crate::azure::arm::Request;
use crate::azure::{Budget, Error};
use crate::workspace::{Session, WorkspaceId};

use super::package::Package;
use super::selector::{Ambiguous, Candidate, Selector};
use super::solution::Solution;

/// The newest stable version of Microsoft.SecurityInsights; it has all of Content Hub.
pub const API_VERSION: &str = "2025-09-01";

const CATALOGUE: &str = "contentProductPackages";
const INSTALLED: &str = "contentPackages";

/// The Content Hub of one workspace.
#[derive(Clone, Debug)]
pub struct ContentHub<'a> {
    session: &'a Session,
    workspace: &'a WorkspaceId,
    budget: &'a Budget,
}

impl<'a> ContentHub<'a> {
    /// The Content Hub of `workspace`; look-ups end with `budget`.
    #[must_use]
    pub fn new(session: &'a Session, workspace: &'a WorkspaceId, budget: &'a Budget) -> Self {
        Self { session, workspace, budget }
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
                match entry.filter(|entry| selector.matches(entry)) {
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
    pub async fn catalogue(&self) -> Result<Vec<Package>, Error> {
        self.list(CATALOGUE).await
    }

    /// All entries of the installed list, left-overs of earlier workspaces included.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn installed(&self) -> Result<Vec<Package>, Error> {
        self.list(INSTALLED).await
    }

    /// The entry of the catalogue with this name, complete; none where there is none.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn entry(&self, name: &str) -> Result<Option<Package>, Error> {
        let id = self.workspace.sentinel_resource(CATALOGUE, name);
        let response = self.session.arm().get_optional(&Request::get(id, API_VERSION), self.budget).await?;
        Ok(response.and_then(|response| Package::from_document(&response.body)))
    }

    async fn find_in_lists(&self, selector: &Selector, installed: &[Package]) -> Result<Solution, LookupError> {
        let catalogue = self.catalogue().await.map_err(LookupError::reading("reading the catalogue of Content Hub"))?;
        if let Some(listed) = selector.pick(&catalogue)? {
            let entry =
                self.entry(&listed.name).await.map_err(LookupError::reading("reading an entry of Content Hub"))?;
            return Ok(registered_with(entry.unwrap_or(listed), installed));
        }
        match selector.pick(installed)? {
            Some(registered) => Ok(Solution::only_registered(registered)),
            None => Err(LookupError::NotFound {
                selector: selector.clone(),
                nearest: selector.nearest(&catalogue),
                searched: catalogue.len(),
            }),
        }
    }

    async fn list(&self, collection: &str) -> Result<Vec<Package>, Error> {
        let documents = self.session.list(self.workspace, collection, API_VERSION, self.budget).await?;
        Ok(documents.iter().filter_map(Package::from_document).collect())
    }
}

/// Why a look-up gave no solution.
#[derive(Clone, Debug)]
pub enum LookupError {
    /// Neither the catalogue nor the installed list has it.
    NotFound {
        /// What was looked for.
        selector: Selector,
        /// What may have been meant.
        nearest: Vec<Candidate>,
        /// The number of entries of the catalogue.
        searched: usize,
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
