//! The argument `contract = { kind, provider, api_version, data_types, properties }`, which overrides the request format of
//! the connector.

use std::collections::BTreeSet;

use serde_json::Map;

use crate::framework::{Attribute, AttributeValue, Invalid, Validator, Value, nested_object};

use crate::tenant_connector::contract::{Contract, is_word};
use crate::tenant_connector::contract_arguments::{Argument, ContractArguments, InvalidContract, is_data_type};

nested_object! {
    /// The configured parts of the contract. The others keep their defaults.
    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct ContractOverride {
        kind: Option<String> = Attribute::optional("kind")
            .description(
                "The kind of the data connector. Any kind other than `MicrosoftThreatProtection` is treated as a \
                 dedicated connector. The published kinds of other products, such as `Office365`, are not allowed. \
                 Defaults to `MicrosoftThreatProtection`.",
            )
            .validate(&[Validator::pattern(
                "letters and digits only",
                "MicrosoftThreatProtection",
                is_word,
            )]),
        provider: Option<String> = Attribute::optional("provider")
            .description(
                "The product name of Defender for Cloud in the connector's product filter \
                 (`filteredProviders.alerts`). Allowed only for the kind `MicrosoftThreatProtection`, because other \
                 kinds have no filter. Defaults to `microsoftDefenderForCloud`.",
            )
            .validate(&[Validator::pattern(
                "letters and digits only",
                "microsoftDefenderForCloud",
                is_word,
            )]),
        api_version: Option<String> = Attribute::optional("api_version")
            .description(
                "The API version of `Microsoft.SecurityInsights/dataConnectors`. The kind `MicrosoftThreatProtection` \
                 requires a preview version. Defaults to `2025-10-01-preview`.",
            )
            .validate(&[Validator::pattern(
                "in the format `YYYY-MM-DD` or `YYYY-MM-DD-preview`",
                "2025-10-01-preview",
                is_api_version,
            )]),
        data_types: Option<BTreeSet<String>> = Attribute::optional("data_types")
            .description(
                "The data types to enable, for example `alerts`. For the kind `MicrosoftThreatProtection`, `incidents` \
                 and `advancedHunting` are not allowed, because `sentinel_defender_xdr_connector` manages them. For \
                 other kinds, use an empty set if the connector has no data types: the connector is then connected as \
                 long as it exists, and destroying this resource deletes it. Defaults to `[\"alerts\"]`.",
            )
            .validate(&[Validator::Each(&DATA_TYPE)]),
        properties: Option<String> = Attribute::optional("properties")
            .description(
                "Other properties to send, as a JSON object (`jsonencode`). Not allowed for the kind \
                 `MicrosoftThreatProtection`, because other products use its properties.",
            )
            .validate(&[Validator::pattern("a JSON object", "{\"scope\":\"Tenant\"}", |text| object(text).is_some())]),
    }
    check = Self::check;
}

const DATA_TYPE: Validator = Validator::pattern("words separated by dots", "alerts", is_data_type);

impl ContractOverride {
    /// An override of only the provider.
    #[cfg(test)]
    pub(super) fn of_provider(provider: &str) -> Self {
        Self { provider: Some(provider.to_owned()), ..Self::default() }
    }

    /// An override with these arguments.
    #[cfg(test)]
    pub(super) fn of_arguments(arguments: &ContractArguments) -> Self {
        let ContractArguments { kind, provider, api_version, data_types, properties } = arguments.clone();
        let properties = properties.map(|properties| serde_json::Value::Object(properties).to_string());
        Self { kind, provider, api_version, data_types, properties }
    }

    /// An override of only the kind.
    pub(super) fn of_kind(kind: &str) -> Self {
        Self { kind: Some(kind.to_owned()), ..Self::default() }
    }

    /// The default contract with this override applied.
    pub(super) fn in_force(given: Option<&Self>) -> Contract {
        given.map_or_else(Contract::default, |given| given.arguments().contract())
    }

    fn arguments(&self) -> ContractArguments {
        ContractArguments {
            kind: self.kind.clone(),
            provider: self.provider.clone(),
            api_version: self.api_version.clone(),
            data_types: self.data_types.clone(),
            properties: self.properties.as_deref().and_then(object),
        }
    }

    /// Checks that the override results in a valid contract.
    fn check(&self) -> Result<(), Invalid> {
        self.arguments().check().map_err(|InvalidContract { argument, summary, detail }| {
            let invalid = Invalid::new(summary, detail);
            match argument {
                Argument::Kind => invalid.at(&Self::kind()),
                Argument::Provider => invalid.at(&Self::provider()),
                Argument::ApiVersion => invalid.at(&Self::api_version()),
                Argument::DataTypes => invalid.at(&Self::data_types()),
                Argument::Properties => invalid.at(&Self::properties()),
            }
        })
    }
}

/// A change of the effective contract replaces the object. Writing out a default is not a change.
pub(super) fn changes_contract(prior: &Value, planned: &Value) -> bool {
    let in_force = |value: &Value| {
        Option::<ContractOverride>::from_value(value).ok().map(|given| ContractOverride::in_force(given.as_ref()))
    };
    in_force(prior) != in_force(planned)
}

/// The JSON object in a text, if it is one.
fn object(text: &str) -> Option<Map<String, serde_json::Value>> {
    serde_json::from_str(text).ok()
}

fn is_api_version(text: &str) -> bool {
    let date = text.strip_suffix("-preview").unwrap_or(text);
    let parts: Vec<&str> = date.split('-').collect();
    let number = |text: &str, length| -> Option<u32> {
        (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    };
    match parts[..] {
        [year, month, day] => {
            number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenant_connector::contract::DEDICATED_KIND;

    fn given(kind: Option<&str>, provider: Option<&str>, api_version: Option<&str>) -> Value {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (kind, provider, api_version) = (owned(kind), owned(provider), owned(api_version));
        ContractOverride { kind, provider, api_version, ..ContractOverride::default() }.into_value()
    }

    /// The attribute that is refused.
    fn refused(given: ContractOverride) -> String {
        ContractOverride::from_value(&given.into_value()).expect_err("an invalid contract").path.to_string()
    }

    fn data_types(names: &[&str]) -> ContractOverride {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        ContractOverride { data_types: Some(names), ..ContractOverride::default() }
    }

    fn properties(text: &str) -> ContractOverride {
        ContractOverride { properties: Some(text.to_owned()), ..ContractOverride::of_kind(DEDICATED_KIND) }
    }

    #[test]
    fn data_types_of_other_resources_are_refused() {
        for names in [
            &["incidents"][..],
            &["alerts", "advancedHunting.DeviceInfo"],
            &["Incidents"],
            &[],
            &["alerts.state"],
            &["Alerts.cloud"],
            &["cloudAlerts.State"],
        ] {
            assert_eq!(refused(data_types(names)), "data_types", "{names:?}");
        }
        let switch = ContractOverride { kind: Some(DEDICATED_KIND.to_owned()), ..data_types(&["alerts.state"]) };
        assert_eq!(refused(switch), "data_types", "of any kind");
        assert_eq!(refused(ContractOverride { provider: Some("mdc".to_owned()), ..data_types(&["x"]) }), "provider");
        for names in [&["alerts", "cloudAlerts"][..], &["cloudAlerts"], &["cloud.alerts"], &["alertsOfCloud"]] {
            ContractOverride::from_value(&data_types(names).into_value()).expect("of the shared connector");
        }
        let dedicated = ContractOverride { kind: Some(DEDICATED_KIND.to_owned()), ..data_types(&[]) };
        ContractOverride::from_value(&dedicated.into_value()).expect("on while it exists");
    }

    #[test]
    fn properties_are_those_of_a_dedicated_connector() {
        for text in [r#"{"tenantId": "x"}"#, r#"{"dataTypes": {}}"#] {
            assert_eq!(refused(properties(text)), "properties", "{text}");
        }
        assert_eq!(refused(ContractOverride { kind: None, ..properties(r#"{"a": 1}"#) }), "properties");
        ContractOverride::from_value(&properties(r#"{"a": {"b": 1}}"#).into_value()).expect("properties of its own");
    }

    #[test]
    fn properties_that_are_spelled_otherwise_are_no_change() {
        let value = |text: &str| properties(text).into_value();

        assert!(!changes_contract(&value(r#"{"a": 1, "b": 2}"#), &value(r#"{"b":2,"a":1}"#)));
        assert!(changes_contract(&value(r#"{"a": 1}"#), &value(r#"{"a": 2}"#)));
        assert!(changes_contract(&Value::Null, &data_types(&["cloudAlerts"]).into_value()));
        assert!(!changes_contract(&Value::Null, &data_types(&["Alerts"]).into_value()));
    }

    #[test]
    fn an_override_says_only_what_differs() {
        let parsed = ContractOverride::from_value(&given(None, Some("mdc"), None)).expect("an override");

        assert_eq!(ContractOverride::in_force(Some(&parsed)), Contract::new(None, Some("mdc"), None));
    }

    #[test]
    fn the_same_contract_spelled_otherwise_is_no_change() {
        assert!(!changes_contract(&Value::Null, &given(None, None, None)));
        assert!(!changes_contract(&Value::Null, &given(Some("MicrosoftThreatProtection"), None, None)));
        assert!(changes_contract(&Value::Null, &given(None, Some("mdc"), None)));
    }

    #[test]
    fn a_provider_needs_the_kind_that_has_a_filter() {
        let invalid =
            ContractOverride::from_value(&given(Some(DEDICATED_KIND), Some("mdc"), None)).expect_err("no filter");

        assert_eq!(invalid.path.to_string(), "provider");
    }

    #[test]
    fn the_defender_xdr_kind_needs_a_preview_version() {
        let invalid = ContractOverride::from_value(&given(None, None, Some("2025-09-01"))).expect_err("too stable");

        assert_eq!(invalid.path.to_string(), "api_version");
        ContractOverride::from_value(&given(Some(DEDICATED_KIND), None, Some("2025-09-01")))
            .expect("a kind of its own may");
    }

    #[test]
    fn a_known_kind_in_another_spelling_is_no_change() {
        assert!(!changes_contract(&Value::Null, &given(Some("microsoftthreatprotection"), None, None)));
        assert!(!changes_contract(&Value::Null, &given(None, Some("MICROSOFTDEFENDERFORCLOUD"), None)));
    }

    #[test]
    fn kinds_that_are_known_to_be_something_else_are_refused() {
        for kind in ["genericUI", "AzureSecurityCenter", "office365", "MicrosoftDefenderAdvancedThreatProtection"] {
            assert_eq!(refused(ContractOverride::of_kind(kind)), "kind", "{kind}");
            let without_data_types = ContractOverride { kind: Some(kind.to_owned()), ..data_types(&[]) };
            assert_eq!(refused(without_data_types), "kind", "{kind}");
        }
    }

    #[test]
    fn api_versions_are_dates() {
        assert!(is_api_version("2025-10-01-preview") && is_api_version("2025-09-01"));
        for malformed in
            ["", "latest", "2025-13-01", "2025-1-01", "2025-10-01-beta", "2025-10-01-preview ", "２０25-10-01"]
        {
            assert!(!is_api_version(malformed), "{malformed:?}");
        }
    }

    #[test]
    fn kinds_and_providers_are_words() {
        assert!(is_word("MicrosoftThreatProtection"));
        for malformed in ["", "a b", "1a", "a/b", "ä"] {
            assert!(!is_word(malformed), "{malformed:?}");
        }
    }
}
