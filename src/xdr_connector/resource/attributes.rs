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
    .description("Whether the incidents of Microsoft Defender XDR arrive in the workspace.");

pub(super) const ALERT_PROVIDERS: Attribute<Option<BTreeSet<String>>> = Attribute::optional("alert_providers")
    .description(
        "The products whose alerts stream through the connector, for example `microsoftDefenderForCloudApps` and \
         `microsoftDefenderForIdentity`. Not case-sensitive. An empty set turns the alerts of all products off except \
         Defender for Cloud, which belongs to `sentinel_dfc_tenant_connector` and cannot be in the set. If not set, \
         alert providers are not managed.",
    )
    .validate(&[Validator::Each(&NOT_BLANK), PROVIDERS])
    .semantic_equality(lower_case_elements);

pub(super) const ADVANCED_HUNTING_TABLES: Attribute<Option<BTreeSet<String>>> =
    Attribute::optional("advanced_hunting_tables")
        .description(
            "The advanced hunting tables that stream into the workspace, for example `DeviceInfo`. An empty set turns \
             all tables off. If not set, tables are not managed. Microsoft has not published this part of the API.",
        )
        .validate(&[Validator::Each(&TABLE_FORMAT)]);

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt a connector that is already on. What this resource manages becomes as configured. If \
         `false`, an existing connector is an error of the apply, and the message contains the `import` block for it. A \
         connector that only `sentinel_dfc_tenant_connector` uses does not count as existing. If the resource is replaced \
         with `create_before_destroy`, set it to `true`.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the data connector.").use_state_for_unknown();

pub(super) const NAME: Attribute<Option<String>> = Attribute::computed("name")
    .description(
        "The name of the data connector, usually a GUID. It changes if the portal creates the connector again.",
    )
    .use_state_for_unknown();

const NOT_BLANK: Validator =
    Validator::pattern("a name without spaces at its ends", "microsoftDefenderForIdentity", |text| {
        !text.is_empty() && text.trim() == text
    });

const TABLE_FORMAT: Validator =
    Validator::pattern("the name of a table: a letter, then letters, digits or _", "DeviceInfo", |text| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    });

const PROVIDERS: Validator = Validator::Custom(Custom {
    expected: "a set without Defender for Cloud and without the same product twice",
    check: check_providers,
});

fn check_providers(value: &Value) -> Result<(), String> {
    let Value::Set(elements) = value else { return Ok(()) };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for provider in elements.iter().filter_map(Value::as_str) {
        if is_defender_for_cloud(provider) {
            return Err(format!(
                "{provider:?} is Defender for Cloud, whose alerts the resource sentinel_dfc_tenant_connector connects. \
                 Remove it here, and add that resource for the same workspace."
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
        "Manages the Microsoft Defender XDR data connector of a Microsoft Sentinel workspace: incidents, the alerts of \
         products other than Defender for Cloud, and advanced hunting tables.\n\n\
         A workspace has one such connector. Connect it on the tenant's primary workspace. The resource \
         `sentinel_dfc_tenant_connector` uses the same connector for Defender for Cloud alerts. The two can be created, \
         changed and destroyed in any order, also by different configurations: each changes only its own part.\n\n\
         If alerts stream without a provider filter, those of every product stream. Setting `alert_providers` would add a \
         filter and stop the products that it does not contain, so the apply refuses that. Leave `alert_providers` out, or \
         add a filter in Azure first.\n\n\
         Destroying this resource turns off what it manages. It deletes the connector only if this provider created it and \
         nothing else in it is in use.\n\n\
         A `moved` block takes over the state of an `azurerm_sentinel_data_connector_microsoft_threat_protection`, or of an \
         `azapi_resource` of the same Azure type and kind, without a change in Azure.",
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
    fn the_schema_is_one_that_the_cli_takes() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }

    #[test]
    fn rejects_defender_for_cloud_and_duplicate_products() {
        let check =
            |names: &[&str]| check_providers(&Value::Set(names.iter().map(|name| Value::string(*name)).collect()));

        assert!(check(&["microsoftDefenderForIdentity", "microsoftDefenderForCloudApps"]).is_ok());
        let rejection = check(&["MicrosoftDefenderForCloud"]).expect_err("refused");
        assert!(rejection.contains("sentinel_dfc_tenant_connector"), "{rejection}");
        assert!(check(&["a", "A"]).is_err());
    }
}
