//! The attributes of the resource `sentinel_dfc_subscription_connector`.

use crate::framework::{Attribute, Schema, Timeouts, Validator, Value};
use crate::sentinel::WorkspaceId;
use crate::subscription_connector::subscription_id::SubscriptionId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace that Microsoft Sentinel runs on.")
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const SUBSCRIPTION_ID: Attribute<Option<SubscriptionId>> = Attribute::optional_computed("subscription_id")
    .description(
        "The ID of the subscription whose alerts the connector streams: a GUID, or `/subscriptions/{GUID}`. Must be in \
         the same tenant as the workspace's subscription. Defaults to the workspace's subscription.",
    )
    .semantic_equality(SubscriptionId::normal_form)
    .use_state_for_unknown()
    .requires_replace();

/// The subscription in the identity, which requires it.
pub(super) const IDENTITY_SUBSCRIPTION_ID: Attribute<SubscriptionId> = Attribute::required(SUBSCRIPTION_ID.name())
    .description("The ID of the subscription whose alerts the connector streams.")
    .semantic_equality(SubscriptionId::normal_form)
    .requires_replace();

pub(super) const NAME: Attribute<Option<String>> = Attribute::optional_computed("name")
    .description(
        "The name of the data connector (the last part of its ID). Not case-sensitive. Defaults to the name of an \
         existing connector of the subscription, or to a GUID that is derived from the workspace and the subscription.",
    )
    .validate(&[NAME_FORMAT])
    .semantic_equality(lower_case)
    .use_state_for_unknown()
    .requires_replace_if_configured();

pub(super) const BIDIRECTIONAL_SYNC_ENABLED: Attribute<Option<bool>> =
    Attribute::optional("bidirectional_sync_enabled").description(
        "Whether Defender for Cloud closes an alert when its incident is closed in Microsoft Sentinel. This setting \
         belongs to the monitored subscription, so all connectors of the subscription share it. If not set, the \
         provider does not change it. Destroying this resource does not change it.",
    );

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing connector of the subscription. Adopting it does not change the connector. If \
         `false` and the connector exists, the apply fails, and the error contains the `import` block for it. Set this \
         to `true` if the resource is replaced with `create_before_destroy`.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the data connector.").use_state_for_unknown();

const NAME_FORMAT: Validator = Validator::pattern(
    "not contain leading or trailing spaces or any of `/ \\ ? # %`",
    "c2e84b70-5d1f-4936-8a7e-b41f0d6c9e53",
    |text| {
        !text.is_empty()
            && text.trim() == text
            && !text.chars().any(|character| character.is_control() || "/\\?#%".contains(character))
    },
);

pub(super) fn schema() -> Schema {
    Schema::new(
        "Connects the Microsoft Defender for Cloud alerts of one subscription to a Microsoft Sentinel workspace. In \
         the portal, this is the data connector \"Subscription-based Microsoft Defender for Cloud \
         (Legacy)\".\n\nMicrosoft recommends the tenant-based connector (`sentinel_dfc_tenant_connector`). If both \
         connectors are connected, alerts arrive twice, and the plan warns about this.\n\nA workspace has one such \
         connector for each subscription. If the connector is disconnected outside of Terraform, the next apply \
         connects it again. Destroying this resource deletes the connector.\n\nTo migrate from \
         `azurerm_sentinel_data_connector_azure_security_center`, or from an `azapi_resource` of the same Azure type \
         and kind, use a `moved` block. It changes only the state, not Azure.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&SUBSCRIPTION_ID)
    .attribute(&NAME)
    .attribute(&BIDIRECTIONAL_SYNC_ENABLED)
    .attribute(&ADOPT_EXISTING)
    .attribute(&ID)
    .timeouts(Timeouts::RESOURCE)
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
