//! The arguments of `contract = { … }`: the contract that they result in, and which combinations are valid.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::contract::{API_VERSION, Contract, Form, is_word};
use crate::azure::api_version::is_preview;
use crate::defender_xdr::is_of_xdr_connector;
use crate::sentinel::data_connector::{ALERTS, Category, category, kind};

/// The arguments that a configuration sets. Without arguments, the default contract applies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContractArguments {
    pub kind: Option<String>,
    pub provider: Option<String>,
    pub api_version: Option<String>,
    /// The paths below `dataTypes`, with dots between the segments.
    pub data_types: Option<BTreeSet<String>>,
    pub properties: Option<Map<String, Value>>,
}

/// An argument of `contract`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Argument {
    Kind,
    Provider,
    ApiVersion,
    DataTypes,
    Properties,
}

/// Why arguments are invalid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidContract {
    /// The argument to change.
    pub argument: Argument,
    /// The summary of the diagnostic.
    pub summary: &'static str,
    /// The detail of the diagnostic: what was found, what was expected, and what to do.
    pub detail: String,
}

impl ContractArguments {
    /// The contract that the arguments result in.
    #[must_use]
    pub fn contract(&self) -> Contract {
        Contract::new(self.kind.as_deref(), self.provider.as_deref(), self.api_version.as_deref())
            .with_data_types(self.data_types.as_ref())
            .with_properties(self.properties.clone().unwrap_or_default())
    }

    /// Whether the arguments result in the default contract.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.contract() == Contract::default()
    }

    /// Removes the arguments that equal the default.
    #[must_use]
    pub fn normalized(mut self) -> Self {
        let contract = self.contract();
        let kind = self.kind.take();
        if self.contract() != contract {
            self.kind = kind;
        }
        let provider = self.provider.take();
        if self.contract() != contract {
            self.provider = provider;
        }
        let api_version = self.api_version.take();
        if self.contract() != contract {
            self.api_version = api_version;
        }
        let data_types = self.data_types.take();
        if self.contract() != contract {
            self.data_types = data_types;
        }
        self.properties = self.properties.filter(|properties| !properties.is_empty());
        self
    }

    /// The arguments as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut fields = Map::new();
        for (name, text) in [("kind", &self.kind), ("provider", &self.provider), ("api_version", &self.api_version)] {
            if let Some(text) = text {
                fields.insert(name.to_owned(), text.as_str().into());
            }
        }
        if let Some(data_types) = &self.data_types {
            fields.insert("data_types".to_owned(), data_types.iter().cloned().collect());
        }
        if let Some(properties) = &self.properties {
            fields.insert("properties".to_owned(), Value::Object(properties.clone()));
        }
        Value::Object(fields)
    }

    /// Checks that the resource can manage the resulting contract.
    ///
    /// # Errors
    /// The first invalid argument.
    pub fn check(&self) -> Result<(), InvalidContract> {
        let contract = self.contract();
        self.check_words()?;
        self.check_kind(&contract)?;
        self.check_provider(&contract)?;
        check_data_types(&contract)?;
        check_properties(&contract)?;
        check_api_version(&contract)
    }

    fn check_words(&self) -> Result<(), InvalidContract> {
        let not_a_word = |argument, text: &str| {
            let detail = format!("{text:?} must contain only letters and digits, and begin with a letter.");
            InvalidContract { argument, summary: "Invalid name", detail }
        };
        for (argument, text) in [(Argument::Kind, &self.kind), (Argument::Provider, &self.provider)] {
            if let Some(text) = text.as_deref().filter(|text| !is_word(text)) {
                return Err(not_a_word(argument, text));
            }
        }
        match self.data_types.iter().flatten().find(|name| !is_data_type(name)) {
            Some(name) => Err(not_a_word(Argument::DataTypes, name)),
            None => Ok(()),
        }
    }

    /// Rejects the known kinds of other connectors, because destroying the resource could delete them.
    fn check_kind(&self, contract: &Contract) -> Result<(), InvalidContract> {
        let kind = contract.kind.as_str();
        let invalid = |summary, detail| Err(InvalidContract { argument: Argument::Kind, summary, detail });
        let expected =
            format!("Expected the kind of a connection, for example {:?}.", kind::MICROSOFT_THREAT_PROTECTION);
        match category(kind) {
            Category::ConnectorPage => invalid(
                "The data connector is only a connector page",
                format!(
                    "Data connectors of kind {kind:?} are connector pages. Alerts never stream through them. {expected}"
                ),
            ),
            Category::SubscriptionConnector => invalid(
                "The kind of another resource",
                format!(
                    "Data connectors of kind {kind:?} connect the alerts of one subscription, and \
                     `sentinel_dfc_subscription_connector` manages them. {expected}"
                ),
            ),
            Category::OtherProduct => invalid(
                "The kind of another product",
                format!(
                    "Data connectors of kind {kind:?} belong to another product. Alerts of Defender for Cloud do not stream \
                     through them, and destroying this resource could disconnect that product. {expected}"
                ),
            ),
            Category::DefenderXdr | Category::Unpublished => Ok(()),
        }
    }

    fn check_provider(&self, contract: &Contract) -> Result<(), InvalidContract> {
        let invalid = |summary, detail| Err(InvalidContract { argument: Argument::Provider, summary, detail });
        if self.provider.is_none() || contract.has_filter() {
            return Ok(());
        }
        if contract.form == Form::Dedicated {
            return invalid(
                "A provider without a filter",
                format!(
                    "`provider` is the name of Defender for Cloud in the filter of the kind {:?}. A connector of kind {:?} \
                     has no filter. Remove `provider` or `kind`.",
                    kind::MICROSOFT_THREAT_PROTECTION,
                    contract.kind
                ),
            );
        }
        invalid(
            "A provider without alerts",
            "`provider` filters the data type \"alerts\", which is not in `data_types`. Add \"alerts\", or remove `provider`."
                .to_owned(),
        )
    }
}

/// Checks that a destroy disables no data type that another resource manages.
fn check_data_types(contract: &Contract) -> Result<(), InvalidContract> {
    let invalid = |summary, detail| Err(InvalidContract { argument: Argument::DataTypes, summary, detail });
    let has_state_step = |name: &&String| name.split('.').any(|step| step.eq_ignore_ascii_case("state"));
    if let Some(name) = contract.data_types.iter().find(has_state_step) {
        return invalid(
            "Not a data type",
            format!(
                "{name:?} contains \"state\", which is the state of a data type. Use only the name of the data type, for \
                 example \"alerts\"."
            ),
        );
    }
    if contract.form == Form::Dedicated {
        return Ok(());
    }
    let kind = &contract.kind;
    if contract.data_types.is_empty() {
        return invalid(
            "No data type",
            format!(
                "`data_types` is empty, but the kind {kind:?} is shared with other products, so this resource \
                 must enable at least one data type. Add one, for example \"alerts\"."
            ),
        );
    }
    if let Some(name) = contract.data_types.iter().find(|name| is_of_xdr_connector(name)) {
        return invalid(
            "A data type of another resource",
            format!(
                "{name:?} of the kind {kind:?} belongs to `sentinel_defender_xdr_connector`: destroying this resource would \
                 disable it there too. Remove it from this `contract`."
            ),
        );
    }
    if let Some(name) = contract.data_types.iter().find(|name| is_below(name, ALERTS)) {
        return invalid(
            "A part of the alerts",
            format!(
                "{name:?} is below the data type \"alerts\" of the kind {kind:?}, which several products share. Use \
                 \"alerts\", and `provider` for the product."
            ),
        );
    }
    Ok(())
}

/// Checks that the properties belong only to this connector and have no argument of their own.
fn check_properties(contract: &Contract) -> Result<(), InvalidContract> {
    let invalid = |summary, detail| Err(InvalidContract { argument: Argument::Properties, summary, detail });
    if contract.properties.is_empty() {
        return Ok(());
    }
    if contract.form != Form::Dedicated {
        return invalid(
            "Properties of a shared connector",
            format!(
                "Several products share the connector of kind {:?}, so its other properties may belong to another one. \
                 Remove `properties`, or set `kind`.",
                contract.kind
            ),
        );
    }
    for (name, instead) in [("tenantId", "`tenant_id`"), ("dataTypes", "`contract.data_types`")] {
        if let Some(found) = contract.properties.keys().find(|found| found.eq_ignore_ascii_case(name)) {
            return invalid(
                "A property with an argument of its own",
                format!("`properties` contains {found:?}. Remove it, and set {instead} instead."),
            );
        }
    }
    Ok(())
}

fn check_api_version(contract: &Contract) -> Result<(), InvalidContract> {
    // The Defender XDR connector exists only in preview versions.
    if contract.form == Form::Dedicated || is_preview(&contract.api_version) {
        return Ok(());
    }
    let detail = format!(
        "The kind {:?} requires a preview API version, but {} is not one. Expected a version such as {API_VERSION:?}.",
        contract.kind, contract.api_version
    );
    Err(InvalidContract { argument: Argument::ApiVersion, summary: "Not an API version of this kind", detail })
}

/// Whether a text can be a data type: words separated by dots.
#[must_use]
pub fn is_data_type(text: &str) -> bool {
    text.split('.').all(is_word)
}

/// Whether a data type is nested in another one.
fn is_below(name: &str, other: &str) -> bool {
    let start = name.get(..other.len()).is_some_and(|start| start.eq_ignore_ascii_case(other));
    start && name[other.len()..].starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Option<BTreeSet<String>> {
        Some(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn normalizing_removes_default_arguments() {
        let spelled = ContractArguments {
            kind: text("MicrosoftThreatProtection"),
            provider: text("MicrosoftDefenderForCloud"),
            api_version: text("2025-10-01-preview"),
            data_types: set(&["alerts"]),
            properties: Some(Map::new()),
        };

        assert!(spelled.is_default());
        assert_eq!(spelled.normalized(), ContractArguments::default());
    }

    #[test]
    fn normalizing_keeps_other_arguments() {
        let arguments = ContractArguments {
            provider: text("mdc"),
            data_types: set(&["alerts", "x"]),
            ..ContractArguments::default()
        };
        let own = ContractArguments {
            kind: text("Own"),
            data_types: set(&[]),
            api_version: text("2026-07-01"),
            ..ContractArguments::default()
        };

        assert_eq!(arguments.clone().normalized(), arguments);
        assert_eq!(own.clone().normalized(), own);
        assert!(!arguments.is_default() && !own.is_default());
    }
}
