//! What can be wrong with an installed solution, so that only installing it again mends it. Pure.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Observation, Record};
use crate::content_hub::api::packaged_content::PackagedContent;
use crate::content_hub::version::compare;
use crate::sentinel::data_connector::Document;

/// Something that is wrong with an installation. Prints as a reason that reads after "because".
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// The installed list has it and the catalogue says that it is not installed: a left-over of an earlier workspace of
    /// the same name.
    StaleRegistration,
    /// A registration of another name owns the content id: what a failed installation leaves.
    Orphan(String),
    /// An installation was begun and not finished.
    Unfinished,
    /// Connector pages are gone.
    MissingPages(Vec<String>),
    /// The registration is gone, and content is there.
    Unregistered,
    /// Content templates are gone.
    MissingTemplates {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The content templates are those of another version than the registration says.
    OtherTemplates(String),
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StaleRegistration => f.write_str(
                "it is on the list of installed solutions while the catalogue says that it is not installed: a left-over \
                 of an earlier workspace of the same name",
            ),
            Self::Orphan(name) => {
                write!(f, "the registration \"{name}\", a left-over of a failed installation, owns its content id")
            }
            Self::Unfinished => f.write_str("its last installation did not come to its end"),
            Self::MissingPages(names) => {
                write!(f, "its connector pages are missing from the workspace: {}", names.join(", "))
            }
            Self::Unregistered => f.write_str(
                "its registration is gone while content of it is there: somebody has uninstalled it in part",
            ),
            Self::MissingTemplates { found: 0, .. } => {
                f.write_str("its content templates are missing from the workspace")
            }
            Self::MissingTemplates { found, expected } => {
                write!(f, "the workspace has {found} of its {expected} content templates")
            }
            Self::OtherTemplates(version) => write!(f, "its content templates are those of version {version}"),
        }
    }
}

/// What is wrong, by this observation. What was whole once is known in detail from its record; of anything else only what is
/// missing altogether is wrong.
#[must_use]
pub fn defects(observation: &Observation, content_id: &str, record: Option<&Record>) -> Vec<Defect> {
    // What the catalogue does not have cannot be mended by it.
    let Some(entry) = &observation.entry else { return Vec::new() };
    let mut found = Vec::new();
    let has_own_name = |name: &str| name.eq_ignore_ascii_case(content_id);
    let registrations = observation.registrations.iter().map(|package| package.name.as_str());
    let mut orphans: Vec<&str> = registrations.filter(|name| !has_own_name(name)).collect();
    if let Some(named) = entry.registration.as_deref().filter(|name| !has_own_name(name) && !orphans.contains(name)) {
        orphans.push(named);
    }
    found.extend(orphans.into_iter().map(|name| Defect::Orphan(name.to_owned())));
    let Some(installed) = observation.installed_version() else {
        if observation.registrations.iter().any(|package| has_own_name(&package.name)) {
            found.push(Defect::StaleRegistration);
        } else if found.is_empty() && record.is_some() && observation.is_present_of(record) {
            found.push(Defect::Unregistered);
        }
        return found;
    };
    if record.is_some_and(|record| record.is_unfinished) {
        found.push(Defect::Unfinished);
    }
    let on_record = record.filter(|record| record.is_of(installed));
    let is_newest = observation.available_version() == Some(installed);
    let offered = entry.content.as_ref().filter(|_| is_newest);

    let expected_pages = match (on_record, offered) {
        (Some(record), _) => [record.pages.clone(), record.definitions.clone()].concat(),
        (None, Some(content)) => [content.pages(), content.definitions()].concat(),
        (None, None) => Vec::new(),
    };
    let (pages, definitions) = (observation.pages(record), observation.definitions(record));
    let there = pages.iter().map(Document::name).chain(definitions.iter().map(String::as_str)).collect::<Vec<_>>();
    let is_there = |name: &String| there.iter().any(|own| own.eq_ignore_ascii_case(name));
    let missing: Vec<String> = expected_pages.into_iter().filter(|name| !is_there(name)).collect();
    if !missing.is_empty() {
        found.push(Defect::MissingPages(missing));
    }

    let own = observation.templates.own.len();
    let (there, expected) = match (on_record, offered) {
        (Some(record), _) => (observation.templates.found(&record.templates), record.templates.len()),
        (None, Some(content)) => (own, content.template_count().min(1)),
        (None, None) => (own, 0),
    };
    if there < expected {
        found.push(Defect::MissingTemplates { found: there, expected });
    } else if is_newest && let Some(version) = templates_version(observation, installed) {
        found.push(Defect::OtherTemplates(version));
    }
    found
}

/// As [`defects`], of what is about to be taken over and so is on nobody's record: what an installation that was broken off
/// has left may pass for whole at a glance. For a refresh it would be too strict: what cannot be mended by installing the
/// solution again would be found again and again.
#[must_use]
pub fn defects_at_adoption(observation: &Observation, content_id: &str) -> Vec<Defect> {
    let mut found = defects(observation, content_id, None);
    let is_told = found.iter().any(|defect| matches!(defect, Defect::MissingTemplates { .. }));
    let is_newest =
        observation.installed_version().is_some() && observation.installed_version() == observation.available_version();
    let offered = observation.entry.as_ref().and_then(|entry| entry.content.as_ref()).filter(|_| is_newest && !is_told);
    let (there, expected) = (observation.templates.own.len(), offered.map_or(0, PackagedContent::least_template_count));
    if there < expected {
        found.push(Defect::MissingTemplates { found: there, expected });
    }
    found
}

/// The version that the templates are of, where none is of the installed one.
fn templates_version(observation: &Observation, installed: &str) -> Option<String> {
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
    use crate::content_hub::api::entry::Entry;
    use crate::content_hub::api::installed_content::{Connectors, Templates};
    use crate::content_hub::api::package::Package;

    const ID: &str = "contoso.solution";

    fn entry(installed: Option<&str>) -> Entry {
        Entry::from_document(json!({"name": ID, "properties": {
            "contentId": ID, "version": "3.0.3", "installedVersion": installed,
            "packagedContent": {"resources": [
                {"type": "Microsoft.OperationalInsights/workspaces/providers/dataConnectors", "kind": "GenericUI",
                 "name": "w/Microsoft.SecurityInsights/Card"},
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

    fn connectors(kind: &str) -> Connectors {
        Connectors::of(Arc::new(vec![json!({"name": "Card", "kind": kind})]))
    }

    fn templates(documents: &[Value]) -> Templates {
        Templates::of(ID, documents)
    }

    /// Installed and whole.
    fn whole() -> Observation {
        Observation {
            entry: Some(entry(Some("3.0.3"))),
            registrations: vec![registration(ID)],
            connectors: connectors("GenericUI"),
            definitions: vec!["Codeless".to_owned(), "Another".to_owned()],
            templates: templates(&[template("t", &json!("3.0.3")), template("u", &json!(null))]),
        }
    }

    #[test]
    fn nothing_is_wrong_with_what_is_whole_or_not_there() {
        assert_eq!(defects(&whole(), ID, None), []);
        assert_eq!(defects(&whole(), ID, Some(&whole().record())), []);
        assert_eq!(defects(&Observation { entry: Some(entry(None)), ..Observation::default() }, ID, None), []);
    }

    #[test]
    fn each_defect_is_recognised() {
        let record = whole().record();
        let table: [(Observation, Option<&Record>, Defect); 8] = [
            (Observation { entry: Some(entry(None)), ..whole() }, None, Defect::StaleRegistration),
            (
                Observation { registrations: vec![registration("product-sl-1")], ..whole() },
                None,
                Defect::Orphan("product-sl-1".to_owned()),
            ),
            (
                Observation { connectors: Connectors::default(), ..whole() },
                None,
                Defect::MissingPages(vec!["Card".to_owned()]),
            ),
            (
                Observation { connectors: connectors("AzureSecurityCenter"), ..whole() },
                Some(&record),
                Defect::MissingPages(vec!["Card".to_owned()]),
            ),
            (
                Observation { definitions: Vec::new(), ..whole() },
                None,
                Defect::MissingPages(vec!["Codeless".to_owned()]),
            ),
            (
                Observation { templates: Templates::default(), ..whole() },
                None,
                Defect::MissingTemplates { found: 0, expected: 1 },
            ),
            (
                Observation { templates: templates(&[template("t", &json!("3.0.3"))]), ..whole() },
                Some(&record),
                Defect::MissingTemplates { found: 1, expected: 2 },
            ),
            (
                Observation { templates: templates(&[template("t", &json!("2.0.1"))]), ..whole() },
                None,
                Defect::OtherTemplates("2.0.1".to_owned()),
            ),
        ];
        for (observation, record, expected) in table {
            assert_eq!(defects(&observation, ID, record), [expected]);
        }
    }

    #[test]
    fn a_template_that_another_solution_has_brought_anew_is_there() {
        let mut documents = [template("t", &json!("3.0.3")), template("U", &json!("1.0.0"))];
        documents[1]["properties"]["packageId"] = "another.solution".into();
        let observation = Observation { templates: templates(&documents), ..whole() };

        assert_eq!(defects(&observation, ID, Some(&whole().record())), []);
        assert_eq!(observation.template_count(&whole().record()), 2);
    }

    #[test]
    fn content_without_its_registration_is_left_of_what_was_installed() {
        let observation = Observation { entry: Some(entry(None)), registrations: Vec::new(), ..whole() };

        assert_eq!(defects(&observation, ID, Some(&whole().record())), [Defect::Unregistered]);
        assert_eq!(defects(&observation, ID, None), [], "somebody else's remains are told when they are taken over");
    }

    #[test]
    fn half_an_installation_is_not_taken_over_as_it_is() {
        let half = Observation { templates: templates(&[template("t", &json!("3.0.3"))]), ..whole() };

        assert_eq!(defects(&half, ID, None), [], "at a refresh it may be all that there can be");
        assert_eq!(defects_at_adoption(&half, ID), [Defect::MissingTemplates { found: 1, expected: 2 }]);
        assert_eq!(defects_at_adoption(&whole(), ID), []);
    }

    #[test]
    fn an_unfinished_installation_is_one_whatever_is_there() {
        assert_eq!(defects(&whole(), ID, Some(&whole().record().unfinished())), [Defect::Unfinished]);
    }

    #[test]
    fn of_an_old_version_only_what_is_on_record_can_be_missing() {
        let old = Observation {
            entry: Some(entry(Some("2.0.1"))),
            connectors: Connectors::default(),
            templates: Templates::default(),
            ..whole()
        };
        let record = Record { version: Some("2.0.1".to_owned()), pages: vec!["Old".to_owned()], ..Record::default() };

        assert_eq!(defects(&old, ID, None), []);
        assert_eq!(defects(&old, ID, Some(&record)), [Defect::MissingPages(vec!["Old".to_owned()])]);
    }

    #[test]
    fn what_the_catalogue_does_not_have_cannot_be_mended() {
        assert_eq!(defects(&Observation { entry: None, connectors: Connectors::default(), ..whole() }, ID, None), []);
    }
}
