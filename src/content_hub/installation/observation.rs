//! One look at a solution in a workspace: what the catalogue says, what is registered, and what is there.

use super::Record;
use crate::azure::Error;
use crate::content_hub::api::entry::Entry;
use crate::content_hub::api::installed_content::{Connectors, Templates};
use crate::content_hub::api::package::Package;
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::lookup::catalogue::ContentHub;
use crate::sentinel::data_connector::Document;

/// What one look has found.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The catalogue's entry; none where the catalogue does not have the solution (any more).
    pub entry: Option<Entry>,
    /// Registrations with the solution's content id, whatever they are called. Empty where nobody needed to look: the
    /// catalogue says that the solution is installed, and under its own name.
    pub registrations: Vec<Package>,
    /// The workspace's data connectors, pages and connections.
    pub connectors: Connectors,
    /// Names of the pages of codeless connectors in the workspace. Empty where the solution brings none.
    pub definitions: Vec<String>,
    /// The workspace's content templates.
    pub templates: Templates,
}

impl Observation {
    /// Looks at the solution with this content id. Three reads, two of which all solutions of a workspace share; a
    /// further one, shared as well, where the catalogue leaves something open, and one where there are, or were, pages of
    /// codeless connectors.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn at(hub: &ContentHub<'_>, content_id: &str, record: Option<&Record>) -> Result<Self, Error> {
        let (entry, connectors, templates) =
            tokio::try_join!(hub.entry_of(content_id), hub.connectors(), hub.templates_of(content_id))?;
        Self::completed(hub, content_id, record, entry, connectors, templates).await
    }

    /// The same where the entry has been read already.
    ///
    /// # Errors
    /// What a call can end with.
    pub async fn with(hub: &ContentHub<'_>, entry: Entry) -> Result<Self, Error> {
        let content_id = entry.package.content_id.clone();
        let (connectors, templates) = tokio::try_join!(hub.connectors(), hub.templates_of(&content_id))?;
        Self::completed(hub, &content_id, None, Some(entry), connectors, templates).await
    }

    async fn completed(
        hub: &ContentHub<'_>,
        content_id: &str,
        record: Option<&Record>,
        entry: Option<Entry>,
        connectors: Connectors,
        templates: Templates,
    ) -> Result<Self, Error> {
        let mut observation = Self { entry, connectors, templates, ..Self::default() };
        let is_on_record = record.is_some_and(|record| !record.definitions.is_empty());
        if is_on_record || observation.offered().is_some_and(|content| !content.definitions().is_empty()) {
            observation.definitions = hub.definitions().await?;
        }
        if observation.is_registered_plainly(content_id) {
            return Ok(observation);
        }
        let installed = hub.installed().await?;
        let registrations = installed.into_iter().filter(|package| package.has_content_id(content_id)).collect();
        Ok(Self { registrations, ..observation })
    }

    /// The catalogue says that it is installed, and that its registration has the name that it should have.
    fn is_registered_plainly(&self, content_id: &str) -> bool {
        let registration = self.entry.as_ref().and_then(|entry| entry.registration.as_deref());
        self.installed_version().is_some() && registration.is_some_and(|name| name.eq_ignore_ascii_case(content_id))
    }

    /// The version in the workspace, as Azure writes it. Where the catalogue does not have the solution, its registration
    /// counts.
    #[must_use]
    pub fn installed_version(&self) -> Option<&str> {
        match &self.entry {
            Some(entry) => entry.package.installed_version.as_deref(),
            None => self.registrations.first().and_then(|package| package.version.as_deref()),
        }
    }

    /// The version on offer, as Azure writes it.
    #[must_use]
    pub fn available_version(&self) -> Option<&str> {
        self.entry.as_ref()?.package.version.as_deref()
    }

    /// The template of the version on offer.
    fn offered(&self) -> Option<&PackagedContent> {
        self.entry.as_ref()?.content.as_ref()
    }

    /// What describes the solution: the catalogue's entry, else a registration.
    #[must_use]
    pub fn package(&self) -> Option<&Package> {
        self.entry.as_ref().map(|entry| &entry.package).or_else(|| self.registrations.first())
    }

    /// Whether there is anything of the solution that a destroy would have to take away.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.installed_version().is_some() || !self.registrations.is_empty() || !self.templates.own.is_empty()
    }

    /// The same for what is on record: also where only connector pages of it are left.
    #[must_use]
    pub fn is_present_of(&self, record: Option<&Record>) -> bool {
        self.is_present()
            || record.is_some_and(|record| {
                let has_definition = |name: &String| self.definitions.iter().any(|own| own.eq_ignore_ascii_case(name));
                !self.connectors.pages_named(&record.pages).is_empty() || record.definitions.iter().any(has_definition)
            })
    }

    /// Names of the connector pages that the solution should have brought: those on record, and those that the template
    /// of the version on offer names.
    #[must_use]
    pub fn expected_pages(&self, record: Option<&Record>) -> Vec<String> {
        let mut names: Vec<String> = record.map(|record| record.pages.clone()).unwrap_or_default();
        for name in self.offered().map(PackagedContent::pages).unwrap_or_default() {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// Names of the pages of codeless connectors that are there, of those on record and those that the template of the
    /// version on offer names.
    #[must_use]
    pub fn definitions(&self, record: Option<&Record>) -> Vec<String> {
        let mut expected = self.offered().map(PackagedContent::definitions).unwrap_or_default();
        expected.extend(record.into_iter().flat_map(|record| record.definitions.iter().cloned()));
        let is_expected = |name: &&String| expected.iter().any(|own| own.eq_ignore_ascii_case(name));
        self.definitions.iter().filter(is_expected).cloned().collect()
    }

    /// The connector pages that are there.
    #[must_use]
    pub fn pages(&self, record: Option<&Record>) -> Vec<Document> {
        self.connectors.pages_named(&self.expected_pages(record))
    }

    /// How many content templates of the solution are there. One on record counts also where another solution has
    /// brought it anew.
    #[must_use]
    pub fn template_count(&self, record: &Record) -> usize {
        self.templates.found(&self.templates.own_names().and(&record.templates))
    }

    /// What to keep of an installation that is whole.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            version: self.installed_version().map(str::to_owned),
            pages: self.pages(None).iter().map(|page| page.name().to_owned()).collect(),
            definitions: self.definitions(None),
            templates: self.templates.own_names(),
            is_unfinished: false,
            defects: Vec::new(),
        }
    }
}
