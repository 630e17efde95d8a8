//! The attributes of the resource `sentinel_workspace_onboarding`.

use crate::framework::{Attribute, Schema, Timeouts};
use crate::sentinel::WorkspaceId;

pub(super) const WORKSPACE_ID: Attribute<WorkspaceId> = Attribute::required("workspace_id")
    .description("The ID of the Log Analytics workspace to onboard to Microsoft Sentinel.")
    .semantic_equality(WorkspaceId::normal_form)
    .requires_replace();

pub(super) const CUSTOMER_MANAGED_KEY_ENABLED: Attribute<bool> =
    Attribute::optional_with_default("customer_managed_key_enabled", || false)
        .description(
            "Whether the workspace's data is encrypted with a key that you manage. The key is configured on the \
             workspace's cluster before onboarding.",
        )
        .requires_replace();

pub(super) const DELETION_PROTECTION: Attribute<bool> =
    Attribute::optional_with_default("deletion_protection", || false).description(
        "Whether to prevent the destruction and replacement of this resource. Offboarding removes all data connectors, \
     rules and incidents of the workspace. To destroy a protected resource, set this to `false` and apply first. A plan \
     refuses a destroy and a replacement. If the resource is tainted or replaced with `-replace`, only the apply refuses \
     it.",
    );

pub(super) const ADOPT_EXISTING: Attribute<bool> = Attribute::optional_with_default("adopt_existing", || false)
    .description(
        "Whether to adopt an existing onboarding. Adopting an onboarding does not change anything in Azure. If `false` \
         and the workspace is onboarded, the apply fails, and the error contains the `import` block for it.",
    );

pub(super) const ID: Attribute<Option<String>> =
    Attribute::computed("id").description("The ID of the onboarding state.").use_state_for_unknown();

pub(super) fn schema() -> Schema {
    Schema::new(
        "Onboards a Log Analytics workspace to Microsoft Sentinel. All other resources of this provider need an \
         onboarded workspace. In them, reference the `workspace_id` of this resource.\n\nCreation waits until all APIs \
         of Microsoft Sentinel accept the workspace. This can take some minutes.\n\nDestroying this resource offboards \
         the workspace. Azure then removes **all** data connectors of Microsoft Sentinel at once, and all rules, \
         incidents and solutions after 30 days, also those that other configurations manage. The destroy plan shows how \
         many there are. Set `deletion_protection` to prevent this.\n\nA `moved` block moves the state of an \
         `azurerm_sentinel_log_analytics_workspace_onboarding`, or of an `azapi_resource` of the same Azure type, \
         without a change in Azure.",
    )
    .attribute(&WORKSPACE_ID)
    .attribute(&CUSTOMER_MANAGED_KEY_ENABLED)
    .attribute(&DELETION_PROTECTION)
    .attribute(&ADOPT_EXISTING)
    .attribute(&ID)
    .timeouts(Timeouts::RESOURCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::SchemaKind;

    #[test]
    fn the_schema_is_one_that_the_cli_takes() {
        assert_eq!(schema().problems(SchemaKind::Resource), Vec::<String>::new());
    }
}
