//! An incident creation rule, and its document in Azure: an alert rule of kind `MicrosoftSecurityIncidentCreation`.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The kind of the alert rules.
pub const KIND: &str = "MicrosoftSecurityIncidentCreation";

/// The settings of a rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rule {
    /// The name in the portal.
    pub display_name: String,
    /// Azure's name of the product.
    pub product: String,
    /// The severities of the alerts. `None` for all severities.
    pub severities: Option<BTreeSet<String>>,
    /// Strings, of which the name of an alert must contain one. `None` for all names.
    pub names: Option<BTreeSet<String>>,
    /// Strings that the name of an alert must not contain.
    pub excluded_names: Option<BTreeSet<String>>,
    /// The description.
    pub description: Option<String>,
    /// Whether the rule creates incidents.
    pub enabled: bool,
    /// The GUID of the template that the rule was created from.
    pub template: Option<String>,
}

impl Rule {
    /// Parses an alert rule. Returns `None` if it has another kind.
    #[must_use]
    pub fn parse(document: &Value) -> Option<Self> {
        if !document["kind"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(KIND)) {
            return None;
        }
        Some(Self::from_properties(&document["properties"]))
    }

    /// Parses the properties of a rule of this kind.
    #[must_use]
    pub fn from_properties(properties: &Value) -> Self {
        let text = |name: &str| properties[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let texts = |name: &str| {
            let texts: BTreeSet<String> =
                properties[name].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            (!texts.is_empty()).then_some(texts)
        };
        Self {
            display_name: text("displayName").unwrap_or_default(),
            product: text("productFilter").unwrap_or_default(),
            severities: texts("severitiesFilter"),
            names: texts("displayNamesFilter"),
            excluded_names: texts("displayNamesExcludeFilter"),
            description: text("description"),
            enabled: properties["enabled"].as_bool().unwrap_or(true),
            template: text("alertRuleTemplateName"),
        }
    }

    /// The document to write. It keeps the etag and the unknown properties of `existing`.
    #[must_use]
    pub fn document(&self, existing: Option<&Value>) -> Value {
        let member = |name: &str| existing.and_then(|existing| existing.get(name)).cloned().unwrap_or_default();
        let mut properties = match member("properties") {
            Value::Object(properties) => properties,
            _ => Map::new(),
        };
        properties.shift_remove("lastModifiedUtc");
        for (name, value) in [
            ("displayName", json!(self.display_name)),
            ("productFilter", json!(self.product)),
            ("severitiesFilter", json!(self.severities)),
            ("displayNamesFilter", json!(self.names)),
            ("displayNamesExcludeFilter", json!(self.excluded_names)),
            ("description", json!(self.description)),
            ("enabled", json!(self.enabled)),
            ("alertRuleTemplateName", json!(self.template)),
        ] {
            if value.is_null() && name == "alertRuleTemplateName" {
                continue; // The rule keeps its template.
            } else if value.is_null() {
                properties.shift_remove(name);
            } else {
                properties.insert(name.to_owned(), value);
            }
        }
        let mut document = json!({"kind": KIND, "properties": properties});
        if let etag @ Value::String(_) = member("etag") {
            document["etag"] = etag;
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn existing() -> Value {
        json!({
            "id": "i", "name": "n", "type": "t", "etag": "\"1\"", "kind": "microsoftSecurityIncidentCreation",
            "properties": {
                "displayName": "D", "productFilter": "Azure Security Center", "severitiesFilter": ["High"],
                "displayNamesFilter": null, "displayNamesExcludeFilter": [], "description": "", "enabled": false,
                "alertRuleTemplateName": null, "lastModifiedUtc": "2026-01-01T00:00:00Z", "novelty": 1,
            },
        })
    }

    #[test]
    fn empty_filters_and_texts_are_not_set() {
        let rule = Rule::parse(&existing()).expect("a rule");

        assert_eq!(
            (&rule.names, &rule.excluded_names, &rule.description, &rule.template),
            (&None, &None, &None, &None)
        );
        assert_eq!(rule.severities, Some(BTreeSet::from(["High".to_owned()])));
        assert!(!rule.enabled);
    }

    #[test]
    fn ignores_a_rule_of_another_kind() {
        assert_eq!(Rule::parse(&json!({"kind": "Scheduled", "properties": {}})), None);
    }

    #[test]
    fn document_keeps_unknown_properties_and_the_etag() {
        let rule = Rule { severities: None, enabled: true, ..Rule::parse(&existing()).expect("a rule") };

        assert_eq!(
            rule.document(Some(&existing())),
            json!({"kind": KIND, "etag": "\"1\"", "properties": {
                    "displayName": "D", "productFilter": "Azure Security Center", "enabled": true, "novelty": 1,
                "alertRuleTemplateName": null,
            }})
        );
        assert_eq!(Rule::parse(&rule.document(None)), Some(rule));
    }
}
