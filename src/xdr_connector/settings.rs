//! What the connector manages of the shared document, and the document to write.

use std::collections::BTreeSet;

use crate::defender_xdr::{
    DataType, Part, Unfiltered, also_enables, candidate, enable, is_defender_for_cloud, named_providers,
    with_part_disabled,
};
use crate::sentinel::data_connector::Document;

/// What is on, or is to be on, in the document. Defender for Cloud is not part of it: it belongs to the tenant connector.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Whether incidents are on.
    pub incidents: bool,
    /// The alert providers that are on. As a wish, `None` is: not managed. In a document: the alerts of all products stream.
    pub alert_providers: Option<BTreeSet<String>>,
    /// The advanced hunting tables that are on. As a wish, `None` is: not managed.
    pub hunting_tables: Option<BTreeSet<String>>,
}

/// Alerts stream without a filter. A filter would stop the alerts of products that it does not name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WouldNarrow;

impl Settings {
    /// What is on in a document.
    #[must_use]
    pub fn in_document(document: &Document) -> Self {
        let is_other = |name: &&str| !is_defender_for_cloud(name);
        Self {
            incidents: DataType::incidents().is_enabled(document),
            alert_providers: named_providers(document)
                .map(|names| names.into_iter().filter(is_other).map(str::to_owned).collect()),
            hunting_tables: Some(DataType::enabled_hunting_tables(document).into_iter().collect()),
        }
    }

    /// Whether nothing is on. A document that is missing means the same.
    #[must_use]
    pub fn is_off(&self) -> bool {
        let is_empty = |names: &Option<BTreeSet<String>>| names.as_ref().is_none_or(BTreeSet::is_empty);
        !self.incidents && is_empty(&self.alert_providers) && is_empty(&self.hunting_tables)
    }

    /// All of it, as a part of the document.
    #[must_use]
    pub fn part(&self) -> Part {
        let tables = self.hunting_tables.iter().flatten().map(|table| DataType::hunting_table(table));
        let data_types = self.incidents.then(DataType::incidents).into_iter().chain(tables);
        Part::new(data_types.collect(), self.alert_providers.iter().flatten().cloned().collect())
    }

    /// Whether a document has something on that these settings manage. It is then in use without this resource.
    #[must_use]
    pub fn are_in_use(&self, document: &Document) -> bool {
        let on = Self::in_document(document);
        let managed = Self {
            alert_providers: on.alert_providers.filter(|_| self.alert_providers.is_some()),
            hunting_tables: on.hunting_tables.filter(|_| self.hunting_tables.is_some()),
            ..on
        };
        !managed.is_off()
    }

    /// The document that has exactly this on, of what is managed. `None` if `found` has.
    ///
    /// # Errors
    /// The alert providers are managed, and alerts stream without a filter.
    pub fn applied_to(&self, found: &Document) -> Result<Option<Document>, WouldNarrow> {
        if self.alert_providers.is_some() && named_providers(found).is_none() {
            return Err(WouldNarrow);
        }
        let on = enable(found, &self.part()).unwrap_or_else(|| found.clone());
        let unwanted = self.extra_in(&on);
        let document = with_part_disabled(&on, &unwanted.part(), Unfiltered::Keep).unwrap_or(on);
        Ok((document != *found).then_some(document))
    }

    /// Providers of others that start to stream: they are in the filter while the alerts are off.
    #[must_use]
    pub fn also_enables(&self, found: &Document) -> Vec<String> {
        // Those that are no part of Defender for Cloud are turned off again.
        also_enables(found, &self.part()).into_iter().filter(|provider| is_defender_for_cloud(provider)).collect()
    }

    /// What is on in the document, is managed, and is not wanted.
    fn extra_in(&self, document: &Document) -> Self {
        let on = Self::in_document(document);
        let rest =
            |on: Option<BTreeSet<String>>, desired: &Option<BTreeSet<String>>, is_same: fn(&str, &str) -> bool| {
                let desired = desired.as_ref()?;
                Some(on?.into_iter().filter(|name| !desired.iter().any(|desired| is_same(desired, name))).collect())
            };
        Self {
            incidents: on.incidents && !self.incidents,
            alert_providers: rest(on.alert_providers, &self.alert_providers, str::eq_ignore_ascii_case),
            hunting_tables: rest(on.hunting_tables, &self.hunting_tables, |one, other| one == other),
        }
    }
}

/// The document of the connector, among all of a workspace: with incidents on, if there is one; then the one with this
/// name; then the one that the other owners choose.
#[must_use]
pub fn document_of<'a>(documents: &'a [Document], name: Option<&str>) -> Option<&'a Document> {
    let any = Part::new(Vec::new(), Vec::new());
    let chosen = candidate(documents, &any)?;
    let fits = |document: &&Document| document.is_kind(chosen.kind());
    let with_incidents = documents.iter().filter(fits).filter(|document| DataType::incidents().is_enabled(document));
    with_incidents
        .min_by_key(|document| document.name().to_ascii_lowercase())
        .or_else(|| documents.iter().filter(fits).find(|document| name.is_some_and(|name| document.is_named(name))))
        .or(Some(chosen))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::defender_xdr::{DEFENDER_FOR_CLOUD, Stream, stream};
    use crate::sentinel::data_connector::kind::MICROSOFT_THREAT_PROTECTION;

    const IDENTITY: &str = "microsoftDefenderForIdentity";

    fn document(incidents: &str, alerts: &str, filter: &Value) -> Document {
        let mut properties = json!({"dataTypes": {"incidents": {"state": incidents}, "alerts": {"state": alerts}}});
        if !filter.is_null() {
            properties["filteredProviders"] = json!({ "alerts": filter });
        }
        Document::new("c1", MICROSOFT_THREAT_PROTECTION, properties)
    }

    fn set(names: &[&str]) -> Option<BTreeSet<String>> {
        Some(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn incidents() -> Settings {
        Settings { incidents: true, ..Settings::default() }
    }

    #[test]
    fn keeps_unmanaged_settings_and_always_defender_for_cloud() {
        let found = document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD, IDENTITY]));
        assert_eq!(
            incidents().applied_to(&found),
            Ok(Some(document("Enabled", "Enabled", &json!([DEFENDER_FOR_CLOUD, IDENTITY]))))
        );

        let nothing = Settings { alert_providers: set(&[]), ..Settings::default() };
        assert_eq!(nothing.applied_to(&found), Ok(Some(document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD])))));
    }

    #[test]
    fn exactly_the_configured_providers_stream_in_any_case() {
        let found = document("Disabled", "Enabled", &json!(["MICROSOFTDEFENDERFORIDENTITY", "old"]));
        let desired = Settings { alert_providers: set(&[IDENTITY]), ..Settings::default() };

        let written = desired.applied_to(&found).expect("a filter").expect("a change");

        assert_eq!(written, document("Disabled", "Enabled", &json!(["MICROSOFTDEFENDERFORIDENTITY"])));
        assert_eq!(desired.applied_to(&written), Ok(None));
    }

    #[test]
    fn enabling_alerts_replaces_an_old_filter() {
        let found = document("Enabled", "Disabled", &json!(["old", DEFENDER_FOR_CLOUD]));
        let desired = Settings { alert_providers: set(&[IDENTITY]), ..incidents() };

        assert_eq!(desired.also_enables(&found), [DEFENDER_FOR_CLOUD]);
        assert_eq!(
            desired.applied_to(&found),
            Ok(Some(document("Enabled", "Enabled", &json!([DEFENDER_FOR_CLOUD, IDENTITY]))))
        );
    }

    #[test]
    fn unfiltered_stream_allows_managing_incidents_but_not_providers() {
        let found = document("Disabled", "enabled", &Value::Null);

        for providers in [set(&[]), set(&[IDENTITY])] {
            let desired = Settings { alert_providers: providers, ..incidents() };
            assert_eq!(desired.applied_to(&found), Err(WouldNarrow));
        }
        let written = incidents().applied_to(&found).expect("not managed").expect("a change");
        assert_eq!(stream(&written, &Part::alerts_of(DEFENDER_FOR_CLOUD)), Some(Stream::Unfiltered));
    }

    #[test]
    fn manages_tables_as_a_set() {
        let mut found = document("Enabled", "Disabled", &Value::Null);
        found.set(&["properties", "dataTypes", "advancedHunting"], json!({"Old": {"state": "Enabled"}}));
        let desired = Settings { hunting_tables: set(&["DeviceInfo"]), ..incidents() };

        let written = desired.applied_to(&found).expect("no filter").expect("a change");

        assert_eq!(Settings::in_document(&written).hunting_tables, set(&["DeviceInfo"]));
        assert_eq!(incidents().applied_to(&written), Ok(None));
    }

    #[test]
    fn document_is_in_use_if_a_managed_setting_is_on() {
        let beside_cloud = document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD]));
        let identity = document("Disabled", "Enabled", &json!([IDENTITY]));
        let managing = Settings { alert_providers: set(&[]), ..incidents() };

        assert!(!managing.are_in_use(&beside_cloud));
        assert!(managing.are_in_use(&identity));
        assert!(!incidents().are_in_use(&identity));
        assert!(Settings::default().are_in_use(&document("enabled", "Disabled", &Value::Null)));
    }

    #[test]
    fn prefers_the_document_with_incidents() {
        let named = |name: &str, incidents: &str| {
            let mut document = document(incidents, "Disabled", &Value::Null);
            document.set(&["name"], name.into());
            document
        };
        let page = Document::new("page", "GenericUI", json!({}));
        let name = |documents: &[Document], own| document_of(documents, own).map(|found| found.name().to_owned());

        assert_eq!(name(&[page.clone(), named("b", "Disabled"), named("a", "Disabled")], None).as_deref(), Some("a"));
        let two = [named("a", "Disabled"), named("b", "Disabled")];
        assert_eq!(name(&two, Some("B")).as_deref(), Some("b"));
        assert_eq!(name(&[named("a", "Enabled"), named("b", "Disabled")], Some("b")).as_deref(), Some("a"));
        assert_eq!(name(&[page], Some("page")), None);
    }
}
