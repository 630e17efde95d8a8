//! Detects the defects of an installed solution. Pure functions.

use std::cmp::Ordering;

use super::{Defect, InstallationRecord, Observation};
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::version::compare;
use crate::sentinel::data_connector::Document;

/// Returns the defects of a solution. With a record of the installed version, every missing part is a defect. Without a
/// record, only content that is missing entirely is a defect.
#[must_use]
pub fn detect_defects(observation: &Observation, content_id: &str, record: Option<&InstallationRecord>) -> Vec<Defect> {
    // A solution that the catalog does not contain cannot be reinstalled.
    let Some(entry) = &observation.entry else { return Vec::new() };
    let mut defects = Vec::new();
    let has_own_name = |name: &str| name.eq_ignore_ascii_case(content_id);
    let registrations = observation.registrations.iter().map(|package| package.name.as_str());
    let mut orphans: Vec<&str> = registrations.filter(|name| !has_own_name(name)).collect();
    let registered_as = entry.registration_name.as_deref();
    if let Some(name) = registered_as.filter(|name| !has_own_name(name) && !orphans.contains(name)) {
        orphans.push(name);
    }
    defects.extend(orphans.into_iter().map(|name| Defect::OrphanedRegistration(name.to_owned())));
    let Some(installed) = observation.installed_version() else {
        if observation.registrations.iter().any(|package| has_own_name(&package.name)) {
            defects.push(Defect::StaleRegistration);
        } else if defects.is_empty() && record.is_some() && observation.is_present_with(record) {
            defects.push(Defect::MissingRegistration);
        }
        return defects;
    };
    if record.is_some_and(|record| record.is_unfinished) {
        defects.push(Defect::Unfinished);
    }
    let record_of_version = record.filter(|record| record.is_of(installed));
    let is_newest = observation.available_version() == Some(installed);
    let content = entry.content.as_ref().filter(|_| is_newest);

    let expected_pages = match (record_of_version, content) {
        (Some(record), _) => [record.pages.clone(), record.definitions.clone()].concat(),
        (None, Some(content)) => [content.page_names(), content.definition_names()].concat(),
        (None, None) => Vec::new(),
    };
    let (pages, definitions) = (observation.pages(record), observation.definitions(record));
    let present = pages.iter().map(Document::name).chain(definitions.iter().map(String::as_str)).collect::<Vec<_>>();
    let is_present = |name: &String| present.iter().any(|own| own.eq_ignore_ascii_case(name));
    let missing: Vec<String> = expected_pages.into_iter().filter(|name| !is_present(name)).collect();
    if !missing.is_empty() {
        defects.push(Defect::MissingPages(missing));
    }

    let own = observation.templates.own.len();
    let (present, expected) = match (record_of_version, content) {
        (Some(record), _) => (observation.templates.count_present(&record.templates), record.templates.len()),
        (None, Some(content)) => (own, content.template_count().min(1)),
        (None, None) => (own, 0),
    };
    if present < expected {
        defects.push(Defect::MissingTemplates { present, expected });
    } else if is_newest && let Some(version) = other_version_of_templates(observation, installed) {
        defects.push(Defect::OtherTemplates(version));
    }
    defects
}

/// Returns the defects of a solution before its adoption. It has no record, and an interrupted installation may look
/// complete. Therefore, a single missing template is a defect here. In a refresh it is not: if a reinstallation did not
/// restore the template, the plan would never be empty.
#[must_use]
pub fn detect_defects_for_adoption(observation: &Observation, content_id: &str) -> Vec<Defect> {
    let mut defects = detect_defects(observation, content_id, None);
    let is_reported = defects.iter().any(|defect| matches!(defect, Defect::MissingTemplates { .. }));
    let is_newest =
        observation.installed_version().is_some() && observation.installed_version() == observation.available_version();
    let content = observation.packaged_content().filter(|_| is_newest && !is_reported);
    let (present, expected) =
        (observation.templates.own.len(), content.map_or(0, PackagedContent::minimum_template_count));
    if present < expected {
        defects.push(Defect::MissingTemplates { present, expected });
    }
    defects
}

/// The version of the templates, if none of them belongs to the installed version.
fn other_version_of_templates(observation: &Observation, installed: &str) -> Option<String> {
    let versions: Vec<&str> =
        observation.templates.own.iter().filter_map(|template| template.package_version.as_deref()).collect();
    let is_installed = |version: &&str| compare(version, installed) == Some(Ordering::Equal);
    if versions.iter().any(is_installed) { None } else { versions.first().map(|version| (*version).to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::content_hub::api::catalog_entry::CatalogEntry;
    use crate::content_hub::api::content_templates::ContentTemplates;
    use crate::content_hub::api::data_connectors::DataConnectors;
    use crate::content_hub::api::package::Package;

    const ID: &str = "contoso.solution";

    fn entry(installed: Option<&str>) -> CatalogEntry {
        CatalogEntry::from_document(json!({"name": ID, "properties": {
            "contentId": ID, "version": "3.0.3", "installedVersion": installed,
            "packagedContent": {"resources": [
                {"type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectors", "kind": "GenericUI",
                 "name": "w/Microsoft.SecurityInsights/Page"},
                {"type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectorDefinitions", "name": "w/s/Codeless"},
                {"type": "Microsoft.OperationalInsights/workspaces/providers/contentTemplates", "name": "t"},
                {"type": "Microsoft.OperationalInsights/workspaces/providers/contentTemplates", "name": "u"},
            ]},
        }}))
        .expect("an entry")
    }

    fn registration(name: &str) -> Package {
        Package::from_document(&json!({"name": name, "properties": {"contentId": ID, "version": "3.0.3"}}))
            .expect("a package")
    }

    fn template(name: &str, version: &Value) -> Value {
        json!({"name": name, "properties": {"packageId": ID, "packageVersion": version}})
    }

    fn connectors(kind: &str) -> DataConnectors {
        DataConnectors::new(Arc::new(vec![json!({"name": "Page", "kind": kind})]))
    }

    fn templates(documents: &[Value]) -> ContentTemplates {
        ContentTemplates::from_documents(ID, documents)
    }

    /// A complete installation.
    fn complete() -> Observation {
        Observation {
            entry: Some(entry(Some("3.0.3"))),
            registrations: vec![registration(ID)],
            connectors: connectors("GenericUI"),
            definition_names: vec!["Codeless".to_owned(), "Another".to_owned()],
            templates: templates(&[template("t", &json!("3.0.3")), template("u", &json!(null))]),
        }
    }

    #[test]
    fn complete_or_absent_solution_has_no_defects() {
        assert_eq!(detect_defects(&complete(), ID, None), []);
        assert_eq!(detect_defects(&complete(), ID, Some(&complete().to_record())), []);
        assert_eq!(detect_defects(&Observation { entry: Some(entry(None)), ..Observation::default() }, ID, None), []);
    }

    #[test]
    fn detects_each_defect() {
        let record = complete().to_record();
        let table: [(Observation, Option<&InstallationRecord>, Defect); 8] = [
            (Observation { entry: Some(entry(None)), ..complete() }, None, Defect::StaleRegistration),
            (
                Observation { registrations: vec![registration("product-sl-1")], ..complete() },
                None,
                Defect::OrphanedRegistration("product-sl-1".to_owned()),
            ),
            (
                Observation { connectors: DataConnectors::default(), ..complete() },
                None,
                Defect::MissingPages(vec!["Page".to_owned()]),
            ),
            (
                Observation { connectors: connectors("AzureSecurityCenter"), ..complete() },
                Some(&record),
                Defect::MissingPages(vec!["Page".to_owned()]),
            ),
            (
                Observation { definition_names: Vec::new(), ..complete() },
                None,
                Defect::MissingPages(vec!["Codeless".to_owned()]),
            ),
            (
                Observation { templates: ContentTemplates::default(), ..complete() },
                None,
                Defect::MissingTemplates { present: 0, expected: 1 },
            ),
            (
                Observation { templates: templates(&[template("t", &json!("3.0.3"))]), ..complete() },
                Some(&record),
                Defect::MissingTemplates { present: 1, expected: 2 },
            ),
            (
                Observation { templates: templates(&[template("t", &json!("2.0.1"))]), ..complete() },
                None,
                Defect::OtherTemplates("2.0.1".to_owned()),
            ),
        ];
        for (observation, record, expected) in table {
            assert_eq!(detect_defects(&observation, ID, record), [expected]);
        }
    }

    #[test]
    fn reports_an_orphaned_registration_once() {
        let registered_as = |name: &str| {
            let entry = CatalogEntry { registration_name: Some(name.to_owned()), ..entry(Some("3.0.3")) };
            Observation { entry: Some(entry), registrations: Vec::new(), ..complete() }
        };
        let orphan = || Defect::OrphanedRegistration("product-sl-1".to_owned());

        assert_eq!(detect_defects(&registered_as("Contoso.Solution"), ID, None), []);
        assert_eq!(detect_defects(&registered_as("product-sl-1"), ID, None), [orphan()]);
        let listed = Observation { registrations: vec![registration("product-sl-1")], ..registered_as("product-sl-1") };
        assert_eq!(detect_defects(&listed, ID, None), [orphan()]);
    }

    #[test]
    fn ignores_a_record_of_another_version() {
        let record = InstallationRecord {
            version: Some("2.0.1".to_owned()),
            pages: vec!["Old".to_owned()],
            ..InstallationRecord::default()
        };

        assert_eq!(detect_defects(&complete(), ID, Some(&record)), []);
    }

    #[test]
    fn counts_a_template_of_another_solution_as_present() {
        let mut documents = [template("t", &json!("3.0.3")), template("U", &json!("1.0.0"))];
        documents[1]["properties"]["packageId"] = "another.solution".into();
        let observation = Observation { templates: templates(&documents), ..complete() };

        assert_eq!(detect_defects(&observation, ID, Some(&complete().to_record())), []);
        assert_eq!(observation.template_count(&complete().to_record()), 2);
    }

    #[test]
    fn missing_registration_is_a_defect_only_with_a_record() {
        let observation = Observation { entry: Some(entry(None)), registrations: Vec::new(), ..complete() };

        assert_eq!(detect_defects(&observation, ID, Some(&complete().to_record())), [Defect::MissingRegistration]);
        assert_eq!(
            detect_defects(&observation, ID, None),
            [],
            "without a record, the adoption reports the remaining content"
        );
    }

    #[test]
    fn adoption_reports_a_single_missing_template() {
        let incomplete = Observation { templates: templates(&[template("t", &json!("3.0.3"))]), ..complete() };

        assert_eq!(detect_defects(&incomplete, ID, None), [], "a refresh ignores a single missing template");
        assert_eq!(
            detect_defects_for_adoption(&incomplete, ID),
            [Defect::MissingTemplates { present: 1, expected: 2 }]
        );
        assert_eq!(detect_defects_for_adoption(&complete(), ID), []);
    }

    #[test]
    fn adoption_reports_missing_templates_once() {
        let empty = Observation { templates: ContentTemplates::default(), ..complete() };

        assert_eq!(detect_defects_for_adoption(&empty, ID), [Defect::MissingTemplates { present: 0, expected: 1 }]);
    }

    #[test]
    fn adoption_does_not_compare_an_old_version_with_the_catalog() {
        let old = Observation {
            entry: Some(entry(Some("2.0.1"))),
            templates: templates(&[template("t", &json!("2.0.1"))]),
            ..complete()
        };

        assert_eq!(detect_defects_for_adoption(&old, ID), []);
    }

    #[test]
    fn unfinished_installation_is_a_defect_even_if_complete() {
        assert_eq!(detect_defects(&complete(), ID, Some(&complete().to_record().unfinished())), [Defect::Unfinished]);
        assert_eq!(detect_defects(&complete(), ID, Some(&InstallationRecord::lost())), [Defect::Unfinished]);
    }

    #[test]
    fn compares_an_old_version_only_with_its_record() {
        let old = Observation {
            entry: Some(entry(Some("2.0.1"))),
            connectors: DataConnectors::default(),
            templates: ContentTemplates::default(),
            ..complete()
        };
        let record = InstallationRecord {
            version: Some("2.0.1".to_owned()),
            pages: vec!["Old".to_owned()],
            ..InstallationRecord::default()
        };

        assert_eq!(detect_defects(&old, ID, None), []);
        assert_eq!(detect_defects(&old, ID, Some(&record)), [Defect::MissingPages(vec!["Old".to_owned()])]);
    }

    #[test]
    fn solution_outside_the_catalog_has_no_defects() {
        assert_eq!(
            detect_defects(&Observation { entry: None, connectors: DataConnectors::default(), ..complete() }, ID, None),
            []
        );
    }
}
