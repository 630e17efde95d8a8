//! The settings of the shared document that the connector manages, and the document to write.

use std::collections::BTreeSet;

use crate::defender_xdr::{
    DataType, Part, Unfiltered, also_enables, candidate, enable, is_defender_for_cloud, named_providers,
    with_part_disabled,
};
use crate::sentinel::data_connector::Document;

/// The enabled or desired settings of the document, without Defender for Cloud, which the tenant connector manages.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Whether incidents are enabled.
    pub incidents: bool,
    /// The enabled alert providers. `None` in desired settings: not managed. `None` in a document: the alerts of all
    /// products stream.
    pub alert_providers: Option<BTreeSet<String>>,
    /// The enabled advanced hunting tables. `None` in desired settings: not managed.
    pub hunting_tables: Option<BTreeSet<String>>,
}

/// The error if alerts stream without a filter. Adding a filter would stop the alerts of products that it does not
/// contain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WouldNarrow;

impl Settings {
    /// The enabled settings of a document.
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

    /// Whether nothing is enabled. A missing document is equal to this.
    #[must_use]
    pub fn is_off(&self) -> bool {
        let is_empty = |names: &Option<BTreeSet<String>>| names.as_ref().is_none_or(BTreeSet::is_empty);
        !self.incidents && is_empty(&self.alert_providers) && is_empty(&self.hunting_tables)
    }

    /// The settings as a part of the document.
    #[must_use]
    pub fn part(&self) -> Part {
        let tables = self.hunting_tables.iter().flatten().map(|table| DataType::hunting_table(table));
        let data_types = self.incidents.then(DataType::incidents).into_iter().chain(tables);
        Part::new(data_types.collect(), self.alert_providers.iter().flatten().cloned().collect())
    }

    /// Whether a setting that these settings manage is already enabled in a document.
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

    /// Changes a document so that exactly these settings are enabled. Unmanaged settings are not changed. Returns
    /// `None` if
    /// `found` needs no change.
    ///
    /// # Errors
    /// The settings manage alert providers, and alerts stream without a filter.
    pub fn applied_to(&self, found: &Document) -> Result<Option<Document>, WouldNarrow> {
        if self.alert_providers.is_some() && named_providers(found).is_none() {
            return Err(WouldNarrow);
        }
        let on = enable(found, &self.part()).unwrap_or_else(|| found.clone());
        let undesired = self.undesired_in(&on);
        let document = with_part_disabled(&on, &undesired.part(), Unfiltered::Keep).unwrap_or(on);
        Ok((document != *found).then_some(document))
    }

    /// The providers of other owners that the change also enables: they are in the filter, but the alerts are disabled.
    #[must_use]
    pub fn also_enables(&self, found: &Document) -> Vec<String> {
        // `applied_to` disables all other providers again.
        also_enables(found, &self.part()).into_iter().filter(|provider| is_defender_for_cloud(provider)).collect()
    }

    /// The managed settings that are enabled in the document and not desired.
    fn undesired_in(&self, document: &Document) -> Self {
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

/// Selects the document of the connector among all documents of a workspace: a document with enabled incidents, else
/// the document with this name, else the document that the other owners select.
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
    fn keeps_unmanaged_settings_and_defender_for_cloud() {
        let found = document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD, IDENTITY]));
        assert_eq!(
            incidents().applied_to(&found),
            Ok(Some(document("Enabled", "Enabled", &json!([DEFENDER_FOR_CLOUD, IDENTITY]))))
        );

        let nothing = Settings { alert_providers: set(&[]), ..Settings::default() };
        assert_eq!(nothing.applied_to(&found), Ok(Some(document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD])))));
    }

    #[test]
    fn enables_exactly_the_configured_providers_ignoring_case() {
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
    fn manages_incidents_but_not_providers_of_an_unfiltered_stream() {
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
    fn document_is_in_use_if_a_managed_setting_is_enabled() {
        let only_cloud = document("Disabled", "Enabled", &json!([DEFENDER_FOR_CLOUD]));
        let identity = document("Disabled", "Enabled", &json!([IDENTITY]));
        let managing = Settings { alert_providers: set(&[]), ..incidents() };

        assert!(!managing.are_in_use(&only_cloud));
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
