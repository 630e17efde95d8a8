//! The attributes of the resource `sentinel_incident_creation_rule`.

use std::collections::BTreeSet;

use crate::azure::is_guid;
use crate::framework::{Attribute, Diagnostics, Schema, State, Timeouts, Validator, Value};
use crate::incident_rule::product;
use crate::incident_rule::rule::Rule;
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.")
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const NAME: Attribute<Option<String>> = Attribute::optional_computed("name")
    .description("The name of the rule (the last part of its ID). Not case-sensitive. Defaults to a new GUID.")
    .validate(&[NAME_FORMAT])
    .semantic_equality(lower_case)
    .use_state_for_unknown()
    .requires_replace();

/// The name in the identity, which requires it.
pub(super) const IDENTITY_NAME: Attribute<String> = Attribute::required(NAME.name())
    .description("The name of the rule (the last part of its ID).")
    .semantic_equality(lower_case)
    .requires_replace();

pub(super) const DISPLAY_NAME: Attribute<String> =
    Attribute::required("display_name").description("The display name of the rule.").validate(&[NOT_BLANK]);

pub(super) const PRODUCT_FILTER: Attribute<String> = Attribute::required("product_filter")
    .description(
        "The product whose alerts create incidents. Possible values are `Microsoft Defender for Cloud`, `Azure \
         Security Center` (the name that Azure stores for Microsoft Defender for Cloud), `Azure Security Center for \
         IoT`, `Azure Active Directory Identity Protection`, `Azure Advanced Threat Protection`, `Microsoft Cloud App \
         Security`, `Microsoft Defender Advanced Threat Protection` and `Office 365 Advanced Threat Protection`.",
    )
    .validate(&[Validator::OneOf(product::NAMES)])
    .semantic_equality(product::normal_form);

pub(super) const SEVERITY_FILTER: Attribute<Option<BTreeSet<String>>> = Attribute::optional("severity_filter")
    .description(
        "The alert severities that create incidents. Possible values are `High`, `Medium`, `Low` and `Informational`. \
         Defaults to all severities.",
    )
    .validate(&[Validator::NonEmpty, Validator::Each(&Validator::OneOf(SEVERITIES))]);

pub(super) const DISPLAY_NAME_FILTER: Attribute<Option<BTreeSet<String>>> = Attribute::optional("display_name_filter")
    .description("Create incidents only for alerts whose name contains one of these strings. Defaults to all alerts.")
    .validate(&[Validator::NonEmpty, Validator::Each(&NOT_BLANK)]);

pub(super) const DISPLAY_NAME_EXCLUDE_FILTER: Attribute<Option<BTreeSet<String>>> =
    Attribute::optional("display_name_exclude_filter")
        .description("Do not create incidents for alerts whose name contains one of these strings.")
        .validate(&[Validator::NonEmpty, Validator::Each(&NOT_BLANK)]);

pub(super) const DESCRIPTION: Attribute<Option<String>> =
    Attribute::optional("description").description("The description of the rule.").validate(&[Validator::NonEmpty]);

pub(super) const ENABLED: Attribute<bool> =
    Attribute::optional_with_default("enabled", || true).description("Whether the rule creates incidents.");

pub(super) const ALERT_RULE_TEMPLATE_GUID: Attribute<Option<String>> =
    Attribute::optional_computed("alert_rule_template_guid")
        .description("The GUID of the alert rule template.")
        .validate(&[GUID_FORMAT])
        .semantic_equality(lower_case)
        .use_state_for_unknown()
        .requires_replace_if_configured();

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing rule with this `name`. The apply changes its settings to those of this resource. \
         If `false` and the rule exists, the apply fails, and the error contains the `import` block for it.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the rule.").use_state_for_unknown();

const SEVERITIES: &[&str] = &["High", "Medium", "Low", "Informational"];

const NOT_BLANK: Validator = Validator::pattern("not be blank", "Suspicious", |text| !text.trim().is_empty());

const GUID_FORMAT: Validator = Validator::pattern("a GUID", "b3cfc7c0-092c-481c-a55b-34a3979758cb", is_guid);

const NAME_FORMAT: Validator = Validator::pattern(
    "not contain leading or trailing spaces or any of `/ \\ ? # %`",
    "d90b7e4c-1f63-4a28-95be-7c0a2d8f6e15",
    |text| {
        !text.is_empty()
            && text.trim() == text
            && !text.chars().any(|character| character.is_control() || "/\\?#%".contains(character))
    },
);

pub(super) fn schema() -> Schema {
    Schema::new(
        "Manages a rule that creates Microsoft Sentinel incidents from the alerts of a Microsoft security \
         product.\n\nDo not enable a rule in these cases, because Microsoft Defender XDR creates the same \
         incidents:\n\n- Defender XDR incidents are enabled in the Defender XDR connector \
         (`sentinel_defender_xdr_connector`). The plan warns in this case.\n- The workspace is onboarded to the Defender \
         portal.\n\nIn all other cases, rules are the only source of incidents from Defender for Cloud alerts. The \
         tenant-based connector (`sentinel_dfc_tenant_connector`) streams only alerts.\n\nTo migrate from `azurerm_sentinel_alert_rule_ms_security_incident`, or from an \
         `azapi_resource` of the same Azure type and kind, use a `moved` block. It changes only the state, not Azure.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&NAME)
    .attribute(&DISPLAY_NAME)
    .attribute(&PRODUCT_FILTER)
    .attribute(&SEVERITY_FILTER)
    .attribute(&DISPLAY_NAME_FILTER)
    .attribute(&DISPLAY_NAME_EXCLUDE_FILTER)
    .attribute(&DESCRIPTION)
    .attribute(&ENABLED)
    .attribute(&ALERT_RULE_TEMPLATE_GUID)
    .attribute(&ADOPT_EXISTING)
    .attribute(&ID)
    .timeouts(Timeouts::RESOURCE)
}

/// The rule that a state or a plan describes.
pub(super) fn rule_in(state: &State) -> Result<Rule, Diagnostics> {
    Ok(Rule {
        display_name: state.get(&DISPLAY_NAME)?,
        product: product::azure_name(&state.get(&PRODUCT_FILTER)?).to_owned(),
        severities: state.get(&SEVERITY_FILTER)?,
        names: state.get(&DISPLAY_NAME_FILTER)?,
        excluded_names: state.get(&DISPLAY_NAME_EXCLUDE_FILTER)?,
        description: state.get(&DESCRIPTION)?,
        enabled: state.get(&ENABLED)?,
        template: state.get(&ALERT_RULE_TEMPLATE_GUID)?,
    })
}

fn lower_case(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.to_lowercase()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn schema_is_valid() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }
}
