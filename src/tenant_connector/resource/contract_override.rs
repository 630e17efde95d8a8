//! The argument `contract = { kind, provider, api_version }`, which overrides the request format of the connector.

use crate::framework::{Attribute, AttributeValue, Invalid, Validator, Value, nested_object};
use crate::sentinel::data_connector::{Role, kind, role};

use crate::tenant_connector::contract::{API_VERSION, Contract, Form};

nested_object! {
    /// The configured parts of the contract. The others keep their defaults.
    #[derive(Clone, Debug, Default, Eq, PartialEq)]
    pub(super) struct ContractOverride {
        kind: Option<String> = Attribute::optional("kind")
            .description(
                "The kind of the data connector. Any kind other than `MicrosoftThreatProtection` is treated as a \
                 dedicated connector. Defaults to `MicrosoftThreatProtection`.",
            )
            .validate(&[Validator::pattern(
                "letters and digits only",
                "MicrosoftThreatProtection",
                is_word,
            )]),
        provider: Option<String> = Attribute::optional("provider")
            .description(
                "The name of Defender for Cloud in the connector's `filteredProviders.alerts`. Only for the kind \
                 `MicrosoftThreatProtection`, because other kinds have no filter. Defaults to \
                 `microsoftDefenderForCloud`.",
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
    }
    check = Self::check;
}

impl ContractOverride {
    /// An override of only the provider.
    #[cfg(test)]
    pub(super) fn of_provider(provider: &str) -> Self {
        Self { provider: Some(provider.to_owned()), ..Self::default() }
    }

    /// An override of only the kind.
    pub(super) fn of_kind(kind: &str) -> Self {
        Self { kind: Some(kind.to_owned()), ..Self::default() }
    }

    /// The default contract with this override applied.
    pub(super) fn in_force(given: Option<&Self>) -> Contract {
        given.map_or_else(Contract::default, |given| {
            Contract::new(given.kind.as_deref(), given.provider.as_deref(), given.api_version.as_deref())
        })
    }

    /// Checks that the override results in a valid contract.
    fn check(&self) -> Result<(), Invalid> {
        if let Some(kind) = self.kind.as_deref().filter(|kind| role(kind) == Role::ConnectorPage) {
            return Err(Invalid::new(
                "A connector page, not a connection",
                format!(
                    "Data connectors of kind {kind:?} are connector pages. Alerts never stream through them. Expected the \
                     kind of a connection, for example {:?}.",
                    kind::MICROSOFT_THREAT_PROTECTION
                ),
            )
            .at(&Self::kind()));
        }
        if self.provider.is_some() && Self::in_force(Some(self)).form == Form::Dedicated {
            return Err(Invalid::new(
                "A provider without a filter",
                format!(
                    "`provider` is the name of Defender for Cloud in the filter of the kind {:?}. A connector of kind \
                     {:?} has no filter. Remove `provider` or `kind`.",
                    kind::MICROSOFT_THREAT_PROTECTION,
                    self.kind.as_deref().unwrap_or_default()
                ),
            )
            .at(&Self::provider()));
        }
        let contract = Self::in_force(Some(self));
        if matches!(contract.form, Form::Shared { .. }) && !contract.api_version.ends_with("-preview") {
            return Err(Invalid::new(
                "Not an API version of this kind",
                format!(
                    "The kind {:?} requires a preview API version, but {} is not one. Expected a version such as \
                     {API_VERSION:?}.",
                    contract.kind, contract.api_version
                ),
            )
            .at(&Self::api_version()));
        }
        Ok(())
    }
}

/// A change of the effective contract replaces the object. Writing out a default is not a change.
pub(super) fn changes_contract(prior: &Value, planned: &Value) -> bool {
    let in_force = |value: &Value| {
        Option::<ContractOverride>::from_value(value).ok().map(|given| ContractOverride::in_force(given.as_ref()))
    };
    in_force(prior) != in_force(planned)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric())
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
        ContractOverride { kind: owned(kind), provider: owned(provider), api_version: owned(api_version) }.into_value()
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
    fn the_kind_of_a_connector_page_is_invalid() {
        let invalid =
            ContractOverride::from_value(&given(Some("genericUI"), None, None)).expect_err("a connector page");

        assert_eq!(invalid.path.to_string(), "kind");
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
