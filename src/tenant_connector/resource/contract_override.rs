//! The argument `contract = { kind, provider, api_version, data_types, properties }`, which overrides the request that
//! connects the alerts.

use std::collections::BTreeSet;

use serde_json::Map;

use crate::azure::api_version;
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
                api_version::FORMAT,
                "2025-10-01-preview",
                api_version::is_api_version,
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
    /// Overrides only the provider.
    #[cfg(test)]
    pub(super) fn of_provider(provider: &str) -> Self {
        Self { provider: Some(provider.to_owned()), ..Self::default() }
    }

    /// Converts arguments to an override.
    #[cfg(test)]
    pub(super) fn of_arguments(arguments: &ContractArguments) -> Self {
        let ContractArguments { kind, provider, api_version, data_types, properties } = arguments.clone();
        let properties = properties.map(|properties| serde_json::Value::Object(properties).to_string());
        Self { kind, provider, api_version, data_types, properties }
    }

    /// Overrides only the kind.
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

/// Whether the effective contract changes, which replaces the resource. Setting a default explicitly is not a change.
pub(super) fn changes_contract(prior: &Value, planned: &Value) -> bool {
    let in_force = |value: &Value| {
        Option::<ContractOverride>::from_value(value).ok().map(|given| ContractOverride::in_force(given.as_ref()))
    };
    in_force(prior) != in_force(planned)
}

/// Parses a JSON object. Returns `None` for any other text.
fn object(text: &str) -> Option<Map<String, serde_json::Value>> {
    serde_json::from_str(text).ok()
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

    /// The path of the invalid argument.
    fn invalid_argument(given: ContractOverride) -> String {
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
    fn rejects_data_types_of_other_resources() {
        for names in [
            &["incidents"][..],
            &["alerts", "advancedHunting.DeviceInfo"],
            &["Incidents"],
            &[],
            &["alerts.state"],
            &["Alerts.cloud"],
            &["cloudAlerts.State"],
        ] {
            assert_eq!(invalid_argument(data_types(names)), "data_types", "{names:?}");
        }
        let state = ContractOverride { kind: Some(DEDICATED_KIND.to_owned()), ..data_types(&["alerts.state"]) };
        assert_eq!(invalid_argument(state), "data_types", "for any kind");
        let provider = ContractOverride { provider: Some("mdc".to_owned()), ..data_types(&["x"]) };
        assert_eq!(invalid_argument(provider), "provider");
        for names in [&["alerts", "cloudAlerts"][..], &["cloudAlerts"], &["cloud.alerts"], &["alertsOfCloud"]] {
            ContractOverride::from_value(&data_types(names).into_value()).expect("data types of the shared connector");
        }
        let dedicated = ContractOverride { kind: Some(DEDICATED_KIND.to_owned()), ..data_types(&[]) };
        ContractOverride::from_value(&dedicated.into_value()).expect("a dedicated connector without data types");
    }

    #[test]
    fn accepts_properties_only_for_a_dedicated_connector() {
        for text in [r#"{"tenantId": "x"}"#, r#"{"dataTypes": {}}"#] {
            assert_eq!(invalid_argument(properties(text)), "properties", "{text}");
        }
        assert_eq!(invalid_argument(ContractOverride { kind: None, ..properties(r#"{"a": 1}"#) }), "properties");
        ContractOverride::from_value(&properties(r#"{"a": {"b": 1}}"#).into_value()).expect("valid properties");
    }

    #[test]
    fn equal_properties_in_another_format_are_not_a_change() {
        let value = |text: &str| properties(text).into_value();

        assert!(!changes_contract(&value(r#"{"a": 1, "b": 2}"#), &value(r#"{"b":2,"a":1}"#)));
        assert!(changes_contract(&value(r#"{"a": 1}"#), &value(r#"{"a": 2}"#)));
        assert!(changes_contract(&Value::Null, &data_types(&["cloudAlerts"]).into_value()));
        assert!(!changes_contract(&Value::Null, &data_types(&["Alerts"]).into_value()));
    }

    #[test]
    fn unset_arguments_keep_their_defaults() {
        let parsed = ContractOverride::from_value(&given(None, Some("mdc"), None)).expect("an override");

        assert_eq!(ContractOverride::in_force(Some(&parsed)), Contract::new(None, Some("mdc"), None));
    }

    #[test]
    fn explicit_defaults_are_not_a_change() {
        assert!(!changes_contract(&Value::Null, &given(None, None, None)));
        assert!(!changes_contract(&Value::Null, &given(Some("MicrosoftThreatProtection"), None, None)));
        assert!(changes_contract(&Value::Null, &given(None, Some("mdc"), None)));
    }

    #[test]
    fn rejects_a_provider_for_a_kind_without_a_filter() {
        let invalid =
            ContractOverride::from_value(&given(Some(DEDICATED_KIND), Some("mdc"), None)).expect_err("no filter");

        assert_eq!(invalid.path.to_string(), "provider");
    }

    #[test]
    fn requires_a_preview_version_for_the_defender_xdr_kind() {
        let invalid = ContractOverride::from_value(&given(None, None, Some("2025-09-01"))).expect_err("stable version");

        assert_eq!(invalid.path.to_string(), "api_version");
        ContractOverride::from_value(&given(Some(DEDICATED_KIND), None, Some("2025-09-01")))
            .expect("a stable version of a dedicated kind");
    }

    #[test]
    fn known_words_in_another_case_are_not_a_change() {
        assert!(!changes_contract(&Value::Null, &given(Some("microsoftthreatprotection"), None, None)));
        assert!(!changes_contract(&Value::Null, &given(None, Some("MICROSOFTDEFENDERFORCLOUD"), None)));
    }

    #[test]
    fn rejects_known_kinds_of_other_connectors() {
        for kind in ["genericUI", "AzureSecurityCenter", "office365", "MicrosoftDefenderAdvancedThreatProtection"] {
            assert_eq!(invalid_argument(ContractOverride::of_kind(kind)), "kind", "{kind}");
            let without_data_types = ContractOverride { kind: Some(kind.to_owned()), ..data_types(&[]) };
            assert_eq!(invalid_argument(without_data_types), "kind", "{kind}");
        }
    }

    #[test]
    fn words_contain_only_letters_and_digits() {
        assert!(is_word("MicrosoftThreatProtection"));
        for malformed in ["", "a b", "1a", "a/b", "ä"] {
            assert!(!is_word(malformed), "{malformed:?}");
        }
    }
}
