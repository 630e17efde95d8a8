//! The attributes of the resource `sentinel_defender_xdr_connector`.

use std::collections::BTreeSet;

use crate::defender_xdr::{TENANT_ID, is_defender_for_cloud};
use crate::framework::{Attribute, Custom, Diagnostics, Schema, State, Timeouts, Validator, Value};
use crate::sentinel::WorkspaceId;
use crate::xdr_connector::settings::Settings;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description(
        "The ID of the Log Analytics workspace that Microsoft Sentinel runs on. Use the tenant's primary workspace.",
    )
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const INCIDENTS_ENABLED: Attribute<bool> = Attribute::optional_with_default("incidents_enabled", || true)
    .description("Whether the connector streams Microsoft Defender XDR incidents to the workspace.");

pub(super) const ALERT_PROVIDERS: Attribute<Option<BTreeSet<String>>> = Attribute::optional("alert_providers")
    .description(
        "The products whose alerts the connector streams, for example `microsoftDefenderForCloudApps`: the items of \
         `filteredProviders.alerts` in the [REST \
         API](https://learn.microsoft.com/rest/api/securityinsights/data-connectors). Not case-sensitive. Defender for \
         Cloud is not one of them, because `sentinel_dfc_tenant_connector` manages it. An empty set disables the \
         alerts of all other products. If not set, this resource does not manage alerts.",
    )
    .validate(&[Validator::Each(&NOT_BLANK), PROVIDERS])
    .semantic_equality(lower_case_elements);

pub(super) const ADVANCED_HUNTING_TABLES: Attribute<Option<BTreeSet<String>>> =
    Attribute::optional("advanced_hunting_tables")
        .description(
            "The [advanced hunting tables](https://learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables) \
             that the connector streams, for example `DeviceInfo`. An empty set disables all tables. If not set, this \
             resource does not manage tables. Microsoft has not published this part of the API.",
        )
        .validate(&[Validator::Each(&TABLE_FORMAT)]);

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing connector. The apply changes its settings to those of this resource. If `false` \
         and the connector exists, the apply fails, and the error contains the `import` block for it. This is not \
         needed if only `sentinel_dfc_tenant_connector` uses the connector. Set this to `true` if the resource is \
         replaced with `create_before_destroy`.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the data connector.").use_state_for_unknown();

pub(super) const NAME: Attribute<Option<String>> = Attribute::computed("name")
    .description(
        "The name of the data connector, usually a GUID. It changes if the portal creates the connector again.",
    )
    .use_state_for_unknown();

const NOT_BLANK: Validator =
    Validator::pattern("a name without leading or trailing spaces", "microsoftDefenderForIdentity", |text| {
        !text.is_empty() && text.trim() == text
    });

const TABLE_FORMAT: Validator = Validator::pattern(
    "a name that starts with a letter and contains only letters, digits and `_`",
    "DeviceInfo",
    |text| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    },
);

const PROVIDERS: Validator = Validator::Custom(Custom {
    expected: "not contain Defender for Cloud or the same product twice",
    check: check_providers,
});

fn check_providers(value: &Value) -> Result<(), String> {
    let Value::Set(elements) = value else { return Ok(()) };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for provider in elements.iter().filter_map(Value::as_str) {
        if is_defender_for_cloud(provider) {
            return Err(format!(
                "{provider:?} is Defender for Cloud, which sentinel_dfc_tenant_connector manages. Remove it from the set, and \
                 add that resource for the same workspace."
            ));
        }
        if !seen.insert(provider.to_ascii_lowercase()) {
            return Err(format!("{provider:?} is in the set twice, because names are not case-sensitive."));
        }
    }
    Ok(())
}

fn lower_case_elements(value: &Value) -> Value {
    match value {
        Value::Set(elements) => Value::Set(elements.iter().map(lower_case_elements).collect()),
        Value::String(text) => Value::String(text.to_ascii_lowercase()),
        other => other.clone(),
    }
}

pub(super) fn schema() -> Schema {
    Schema::new(
        "Manages the Microsoft Defender XDR data connector of a Microsoft Sentinel workspace: incidents, alerts of \
         products other than Defender for Cloud, and advanced hunting tables.\n\nA workspace has one such connector. \
         Connect it in the tenant's primary workspace. The resource `sentinel_dfc_tenant_connector` uses the same \
         connector for Defender for Cloud alerts. You can create, change and destroy both resources in any order, and \
         from different configurations. Each resource changes only its own settings.\n\nIf the connector has alerts \
         enabled and no product filter, it streams the alerts of all products. In this case, do not set \
         `alert_providers`: the apply fails, because a filter would stop the alerts of all products that it does not \
         list. To use `alert_providers`, first add the filter in Azure.\n\nDestroying this resource disables the \
         incidents, alerts and tables that it manages. The provider deletes the connector only if it created it and \
         no other setting is enabled.\n\nTo migrate from \
         `azurerm_sentinel_data_connector_microsoft_threat_protection`, or from an `azapi_resource` of the same Azure \
         type and kind, use a `moved` block. It changes only the state, not Azure.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&TENANT_ID)
    .attribute(&INCIDENTS_ENABLED)
    .attribute(&ALERT_PROVIDERS)
    .attribute(&ADVANCED_HUNTING_TABLES)
    .attribute(&ADOPT_EXISTING)
    .attribute(&ID)
    .attribute(&NAME)
    .timeouts(Timeouts::RESOURCE)
}

/// The settings in a state or a plan.
pub(super) fn settings_in(state: &State) -> Result<Settings, Diagnostics> {
    Ok(Settings {
        incidents: state.get(&INCIDENTS_ENABLED)?,
        alert_providers: state.get(&ALERT_PROVIDERS)?,
        hunting_tables: state.get(&ADVANCED_HUNTING_TABLES)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn schema_is_valid() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }

    #[test]
    fn rejects_defender_for_cloud_and_duplicate_products() {
        let check =
            |names: &[&str]| check_providers(&Value::Set(names.iter().map(|name| Value::string(*name)).collect()));

        assert!(check(&["microsoftDefenderForIdentity", "microsoftDefenderForCloudApps"]).is_ok());
        let rejection = check(&["MicrosoftDefenderForCloud"]).expect_err("rejected");
        assert!(rejection.contains("sentinel_dfc_tenant_connector"), "{rejection}");
        assert!(check(&["a", "A"]).is_err());
    }
}
