//! An observation of a solution: its content in the catalog and in the workspace.

use super::InstallationRecord;
use crate::azure::Error;
use crate::content_hub::api::catalog_entry::CatalogEntry;
use crate::content_hub::api::content_templates::ContentTemplates;
use crate::content_hub::api::data_connectors::DataConnectors;
use crate::content_hub::api::package::Package;
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::lookup::content_hub::ContentHub;
use crate::sentinel::data_connector::Document;

/// A solution and its content, as observed at one moment.
#[derive(Clone, Debug, Default)]
pub struct Observation {
    /// The catalog entry; `None` if the catalog does not contain the solution.
    pub entry: Option<CatalogEntry>,
    /// The registrations with the solution's content ID, under any name. Not read, and therefore empty, if the catalog
    /// reports a registration under the content ID.
    pub registrations: Vec<Package>,
    /// The data connectors of the workspace: pages and connections.
    pub connectors: DataConnectors,
    /// The names of the data connector definitions of the workspace. Not read, and therefore empty, if the solution has
    /// none.
    pub definition_names: Vec<String>,
    /// The content templates of the workspace.
    pub templates: ContentTemplates,
}

impl Observation {
    /// Reads the solution with this content ID. This takes three requests, two of which all solutions of a workspace
    /// share. If needed, two more shared requests read the registrations and the definitions.
    ///
    /// # Errors
    /// A request failed.
    pub async fn read(
        hub: &ContentHub<'_>,
        content_id: &str,
        record: Option<&InstallationRecord>,
    ) -> Result<Self, Error> {
        let (entry, connectors, templates) =
            tokio::try_join!(hub.entry_by_content_id(content_id), hub.connectors(), hub.templates(content_id))?;
        Self { entry, connectors, templates, ..Self::default() }.complete(hub, content_id, record).await
    }

    /// Reads the content of a solution whose catalog entry is known.
    ///
    /// # Errors
    /// A request failed.
    pub async fn read_with(hub: &ContentHub<'_>, entry: CatalogEntry) -> Result<Self, Error> {
        let content_id = entry.package.content_id.clone();
        let (connectors, templates) = tokio::try_join!(hub.connectors(), hub.templates(&content_id))?;
        let entry = Some(entry);
        Self { entry, connectors, templates, ..Self::default() }.complete(hub, &content_id, None).await
    }

    async fn complete(
        mut self,
        hub: &ContentHub<'_>,
        content_id: &str,
        record: Option<&InstallationRecord>,
    ) -> Result<Self, Error> {
        let had_definitions = record.is_some_and(|record| !record.definitions.is_empty());
        if had_definitions || self.packaged_content().is_some_and(|content| !content.definition_names().is_empty()) {
            self.definition_names = hub.definition_names().await?;
        }
        if !self.is_registered_under_own_name(content_id) {
            self.registrations = hub.installed().await?;
            self.registrations.retain(|package| package.has_content_id(content_id));
        }
        Ok(self)
    }

    fn is_registered_under_own_name(&self, content_id: &str) -> bool {
        let name = self.entry.as_ref().and_then(|entry| entry.registration_name.as_deref());
        self.installed_version().is_some() && name.is_some_and(|name| name.eq_ignore_ascii_case(content_id))
    }

    /// The installed version in Azure's spelling. If the catalog does not contain the solution, the version of its
    /// registration.
    #[must_use]
    pub fn installed_version(&self) -> Option<&str> {
        match &self.entry {
            Some(entry) => entry.package.installed_version.as_deref(),
            None => self.registrations.first().and_then(|package| package.version.as_deref()),
        }
    }

    /// The version in the catalog, in Azure's spelling.
    #[must_use]
    pub fn available_version(&self) -> Option<&str> {
        self.entry.as_ref()?.package.version.as_deref()
    }

    /// The template of the version in the catalog.
    #[must_use]
    pub fn packaged_content(&self) -> Option<&PackagedContent> {
        self.entry.as_ref()?.content.as_ref()
    }

    /// The description of the solution: the catalog entry, or else a registration.
    #[must_use]
    pub fn package(&self) -> Option<&Package> {
        self.entry.as_ref().map(|entry| &entry.package).or_else(|| self.registrations.first())
    }

    /// Whether the workspace contains a registration or a template of the solution.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.installed_version().is_some() || !self.registrations.is_empty() || !self.templates.own.is_empty()
    }

    /// Whether the workspace contains a registration, a template, or a recorded connector page of the solution.
    #[must_use]
    pub fn is_present_with(&self, record: Option<&InstallationRecord>) -> bool {
        let has_definition = |name: &String| self.definition_names.iter().any(|own| own.eq_ignore_ascii_case(name));
        self.is_present()
            || record.is_some_and(|record| {
                !self.connectors.pages_named(&record.pages).is_empty() || record.definitions.iter().any(has_definition)
            })
    }

    /// The names of the expected connector pages: those in the record, and those in the catalog's template.
    #[must_use]
    pub fn expected_pages(&self, record: Option<&InstallationRecord>) -> Vec<String> {
        let mut names: Vec<String> = record.map(|record| record.pages.clone()).unwrap_or_default();
        for name in self.packaged_content().map(PackagedContent::page_names).unwrap_or_default() {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// The expected connector pages that are present.
    #[must_use]
    pub fn pages(&self, record: Option<&InstallationRecord>) -> Vec<Document> {
        self.connectors.pages_named(&self.expected_pages(record))
    }

    /// The names of the expected data connector definitions that are present. Expected are those in the record, and
    /// those in the catalog's template.
    #[must_use]
    pub fn definitions(&self, record: Option<&InstallationRecord>) -> Vec<String> {
        let mut expected = self.packaged_content().map(PackagedContent::definition_names).unwrap_or_default();
        expected.extend(record.into_iter().flat_map(|record| record.definitions.iter().cloned()));
        let is_expected = |name: &&String| expected.iter().any(|own| own.eq_ignore_ascii_case(name));
        self.definition_names.iter().filter(is_expected).cloned().collect()
    }

    /// The number of content templates that are present. A template in the record counts even if Azure now assigns it
    /// to another solution.
    #[must_use]
    pub fn template_count(&self, record: &InstallationRecord) -> usize {
        self.templates.count_present(&self.templates.own_names().union(&record.templates))
    }

    /// The record of this observation, as a complete installation.
    #[must_use]
    pub fn to_record(&self) -> InstallationRecord {
        InstallationRecord {
            version: self.installed_version().map(str::to_owned),
            pages: self.pages(None).iter().map(|page| page.name().to_owned()).collect(),
            definitions: self.definitions(None),
            templates: self.templates.own_names(),
            is_unfinished: false,
            defects: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    const ID: &str = "contoso.solution";

    fn package() -> Package {
        Package::from_document(&json!({"name": ID, "properties": {"contentId": ID, "version": "2.0.1"}}))
            .expect("a package")
    }

    fn entry(installed: Option<&str>, registration: Option<&str>) -> CatalogEntry {
        CatalogEntry {
            package: Package { installed_version: installed.map(str::to_owned), ..package() },
            content: None,
            registration_name: registration.map(str::to_owned),
        }
    }

    fn definitions_named(name: &str) -> InstallationRecord {
        InstallationRecord { definitions: vec![name.to_owned()], ..InstallationRecord::default() }
    }

    #[test]
    fn recognizes_a_registration_under_the_content_id() {
        let table = [
            (Some("2.0.1"), Some("Contoso.Solution"), true),
            (Some("2.0.1"), Some("product-sl-1"), false),
            (Some("2.0.1"), None, false),
            (None, Some(ID), false),
        ];
        for (installed, registration, expected) in table {
            let observation = Observation { entry: Some(entry(installed, registration)), ..Observation::default() };
            assert_eq!(observation.is_registered_under_own_name(ID), expected, "{installed:?} {registration:?}");
        }
    }

    #[test]
    fn installation_registration_or_template_counts_as_present() {
        let absent = || Observation { entry: Some(entry(None, None)), ..Observation::default() };
        let installed = Observation { entry: Some(entry(Some("2.0.1"), None)), ..absent() };
        let registered = Observation { registrations: vec![package()], ..absent() };
        let template = json!({"name": "t", "properties": {"packageId": ID}});
        let templates = Observation { templates: ContentTemplates::from_documents(ID, &[template]), ..absent() };

        assert!(!absent().is_present());
        for present in [installed, registered, templates] {
            assert!(present.is_present() && present.is_present_with(None), "{present:?}");
        }
    }

    #[test]
    fn pages_and_definitions_count_only_with_a_record() {
        let observation = Observation {
            connectors: DataConnectors::new(Arc::new(vec![json!({"name": "Page", "kind": "GenericUI"})])),
            definition_names: vec!["Codeless".to_owned()],
            ..Observation::default()
        };
        let pages = InstallationRecord { pages: vec!["page".to_owned()], ..InstallationRecord::default() };
        let definitions = definitions_named("codeless");
        let others = InstallationRecord { pages: vec!["other".to_owned()], ..definitions_named("other") };

        assert!(observation.is_present_with(Some(&pages)));
        assert!(observation.is_present_with(Some(&definitions)));
        assert!(!observation.is_present_with(Some(&others)));
        assert!(!observation.is_present_with(None));
    }

    #[test]
    fn uses_the_registration_if_the_catalog_has_no_entry() {
        let removed = Observation { registrations: vec![package()], ..Observation::default() };

        assert_eq!(removed.package(), Some(&package()));
        assert_eq!(Observation::default().package(), None);
    }
}
